/** Values of the model in the words of a template. */
import type { JobPlan } from '../../planning/plan.js';
import { isPlainObject, objectOf, type PlainObject } from '../../project/data.js';
import type { LambdaFunction, Project, Value } from '../../project/model.js';
import { attributeOf, intrinsicOf } from '../../project/readers/cloudformation/intrinsics.js';
import type { ScheduleTrigger, SqsTrigger } from '../../project/trigger.js';
import { readYaml } from '../../project/yaml.js';
import { getAtt, join, part, ref } from '../cloudformation.js';
import type { WrittenQueue, WrittenSchedule } from './origin.js';

/** The function that a reference was written with (`!Sub "${A}-b"`, `{"Ref":"A"}`); undefined when its text tells only a part. */
export function intrinsicIn(text: string): unknown {
  if (!/^(!|\{)/.test(text) || text.includes('…')) return undefined;
  const { value } = readYaml('', text, { yesIsTrue: true });
  return intrinsicOf(value) && !JSON.stringify(value).includes('"!') ? value : undefined;
}

/** Literals as they are, references by {@link intrinsicIn}. */
export function valueInTemplate(value: Value): unknown {
  return value.kind === 'literal' ? value.value : intrinsicIn(value.text);
}

/** A queue of the template by its logical id, any other by the parts of its ARN. */
export function queueOf(trigger: SqsTrigger, arn: unknown): WrittenQueue | undefined {
  const { queueResource: id } = trigger;
  if (id !== undefined) return { arn: getAtt(id, 'Arn'), url: ref(id), name: getAtt(id, 'QueueName') };
  if (typeof arn !== 'string' && !isPlainObject(arn)) return undefined;
  const parts = typeof arn === 'string' ? /^arn:[\w-]+:sqs:([\w-]+):(\d+):([\w.-]+)$/.exec(arn) : null;
  const [, region, account, name] = parts ?? [];
  if (typeof arn === 'string' && !parts && !arn.includes('${')) return undefined;
  const at = (index: number, known: string | undefined) => known ?? part(index, ':', arn);
  const suffix = ref('AWS::URLSuffix');
  return {
    arn,
    url: join('', ['https://sqs.', at(3, region), '.', suffix, '/', at(4, account), '/', at(5, name)]),
    name: at(5, name),
  };
}

/** Name of the dead-letter queue of a queue of the template. `declared`: the resources with their conditions. */
export function deadLettersOf(resources: Project['resources'], declared: PlainObject, { queueResource }: SqsTrigger): unknown {
  const queue = queueResource === undefined ? undefined : resources[queueResource];
  const { deadLetterTargetArn: arn } = objectOf(queue?.properties['RedrivePolicy']);
  if (typeof arn === 'string') return /^arn:[\w-]+:sqs:[\w-]+:\d+:([\w.-]+)$/.exec(arn)?.[1];
  const found = intrinsicOf(arn);
  const { id = '', attribute } = (found?.name === 'Fn::GetAtt' && attributeOf(found.argument)) || {};
  // One under a condition is not always there.
  if (attribute !== 'Arn' || objectOf(declared[id])['Type'] !== 'AWS::SQS::Queue' || objectOf(declared[id])['Condition'] !== undefined)
    return undefined;
  return getAtt(id, 'QueueName');
}

/** All schedules that send the event of a job: the plan names the first of them. */
export function schedulesOf(job: JobPlan, lambda: LambdaFunction | undefined): ScheduleTrigger[] {
  const key = ({ scheduler, input }: ScheduleTrigger) => JSON.stringify([scheduler, input ?? null]);
  const all = (lambda?.triggers ?? []).filter((trigger): trigger is ScheduleTrigger => trigger.type === 'schedule');
  const same = all.filter((trigger) => key(trigger) === key(job.trigger));
  return same.length === 0 ? [job.trigger] : same;
}

export function literalSchedules(job: JobPlan, lambda: LambdaFunction | undefined, express: (text: string) => unknown): WrittenSchedule[] {
  return schedulesOf(job, lambda).flatMap(({ expression, timezone, enabled }) => {
    const found = express(expression);
    if (found === undefined) return [];
    return [{ expression: found, ...(timezone !== undefined && { timezone: express(timezone) ?? timezone }), enabled: enabled !== false }];
  });
}
