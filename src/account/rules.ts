/** Rules of EventBridge that call the functions: what a policy names is only the rule, not when it fires. */
import { diagnostic } from '../diagnostics/catalog.js';
import type { Diagnostic } from '../diagnostics/diagnostic.js';
import { hasSecretValue } from '../planning/secrets.js';
import type { PlainObject } from '../project/data.js';
import type { AccountApis } from './access.js';
import { failureReason } from './failures.js';
import type { FunctionRecord } from './record.js';

interface RuleName {
  name: string;
  bus: string | undefined;
}

/** `arn:aws:events:eu-west-1:123456789012:rule/nightly`, `…:rule/bus/placed` */
export function ruleOf(sourceArn: string | null): RuleName | undefined {
  const [, path = ''] = /^arn:[\w-]+:events:[^:]*:[^:]*:rule\/(.+)$/.exec(sourceArn ?? '') ?? [];
  const [name, bus] = path.split('/').reverse();
  return name === undefined || name === '' || path.includes('*') ? undefined : { name, bus };
}

/** Properties of `AWS::Events::Rule` by the rule's ARN; a rule that cannot be read is a finding. */
export async function readRules(
  apis: AccountApis,
  records: readonly FunctionRecord[],
  report: (found: Diagnostic) => void,
): Promise<Map<string, PlainObject>> {
  const arns = new Set(
    records.flatMap(({ permissions }) => permissions.flatMap(({ sourceArn }) => (ruleOf(sourceArn) ? [sourceArn ?? ''] : []))),
  );
  const found = new Map<string, PlainObject>();
  if (arns.size === 0) return found;
  const { DescribeRuleCommand, ListTargetsByRuleCommand } = await import('@aws-sdk/client-eventbridge');
  const client = await apis.events();
  for (const arn of arns) {
    const { name = '', bus } = ruleOf(arn) ?? {};
    const of = bus === undefined ? {} : { EventBusName: bus };
    try {
      const rule = await client.send(new DescribeRuleCommand({ Name: name, ...of }));
      const { Targets: targets = [] } = await client.send(new ListTargetsByRuleCommand({ Rule: name, ...of }));
      found.set(arn, {
        Name: name,
        ...of,
        State: rule.State,
        ...(rule.ScheduleExpression !== undefined && { ScheduleExpression: rule.ScheduleExpression }),
        ...(rule.EventPattern !== undefined && { EventPattern: parsed(rule.EventPattern) }),
        Targets: targets.map(({ Id, Arn, Input, InputPath, InputTransformer }) => {
          const secret = hasSecretValue(`${Input ?? ''} ${InputTransformer?.InputTemplate ?? ''}`);
          if (secret) report(diagnostic('ACCOUNT_INPUT_LEFT_OUT', { args: { rule: name } }));
          return secret ? { Id, Arn, InputPath: '$' } : { Id, Arn, Input, InputPath, InputTransformer };
        }),
      });
    } catch (error) {
      report(diagnostic('ACCOUNT_RULE_UNREAD', { args: { rule: name, reason: failureReason(error) } }));
    }
  }
  return found;
}

function parsed(pattern: string): unknown {
  try {
    return JSON.parse(pattern);
  } catch {
    return pattern;
  }
}
