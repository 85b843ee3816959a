import { diagnostic } from '../../diagnostics/catalog.js';
import type { Diagnostic } from '../../diagnostics/diagnostic.js';
import { join, ref } from '../../infrastructure/cloudformation.js';
import { type FunctionAlias, type KeptCall, movedCalls } from '../../infrastructure/functions/calls.js';
import { type DeclaredFunction, declaredFunction } from '../../infrastructure/functions/definition.js';
import { StackDraft } from '../../infrastructure/stack-draft.js';
import type { FunctionEdits, FunctionInput } from '../target.js';
import { aliasOf } from './aliases.js';

/** Begins the logical ids of what is added. */
const prefix = 'Provisioned';

/** Busy share of the instances at which more are made; Lambda takes 0.1 to 0.9. */
const busyShare = 0.7;

/**
 * Publishes each function behind an alias with provisioned concurrency, scales it, and moves what calls the function to the alias.
 * https://docs.aws.amazon.com/lambda/latest/dg/provisioned-concurrency.html
 */
export function provisionedEdits({ project, functions, definition }: FunctionInput): FunctionEdits {
  const draft = new StackDraft({ ...definition.origin, deploys: 'instead' }, prefix);
  const { definition: file } = project;
  const edits: FunctionEdits = { stack: draft.stack, parameters: draft.parameters, added: [], replaced: [], diagnostics: [] };
  const aliases: FunctionAlias[] = [];
  const least = () =>
    draft.parameter('Minimum', { type: 'Number', description: 'Instances of each function that always stand ready', default: '1' });
  const most = () => draft.parameter('Maximum', { type: 'Number', description: 'Instances of each function at most', default: '10' });
  for (const { id } of functions) {
    const declared = declaredFunction(definition, id);
    const reason = declared ? obstacleIn(declared) : 'it stands elsewhere';
    if (!declared || reason !== undefined) {
      edits.diagnostics.push(
        diagnostic('FUNCTION_NOT_EDITED', { args: { function: id, file, reason: reason ?? '' }, place: { file }, function: id }),
      );
      continue;
    }
    const reserved = declared.settings['ReservedConcurrentExecutions'] ?? declared.settings['reservedConcurrency'];
    // There can be no more of them than the function may run at all.
    const bounds = reserved === undefined ? { least: least(), most: most() } : { least: 1, most: reserved };
    const { alias, added } = aliasOf[declared.kind](draft, declared, bounds.least, definition);
    aliases.push(alias);
    edits.added.push(...added);
    scale(draft, declared, alias, bounds);
    if (hasUrl(declared)) edits.diagnostics.push(diagnostic('ALIAS_ADDRESS', { args: { function: id }, place: { file }, function: id }));
  }
  const { replaced, kept, deployments } = movedCalls(definition, aliases);
  edits.replaced.push(...replaced);
  edits.diagnostics.push(...told(kept, aliases, file));
  for (const api of deployments) edits.diagnostics.push(diagnostic('API_TO_DEPLOY', { args: { deployment: api }, place: { file } }));
  return edits;
}

/** https://docs.aws.amazon.com/lambda/latest/dg/provisioned-concurrency.html#managing-provisioned-concurency */
function scale(
  draft: StackDraft,
  { logicalId, condition }: DeclaredFunction,
  alias: FunctionAlias,
  { least, most }: { least: unknown; most: unknown },
): void {
  const under = condition === undefined ? {} : { Condition: condition };
  const target = draft.resource(
    `${logicalId}Capacity`,
    'AWS::ApplicationAutoScaling::ScalableTarget',
    {
      ServiceNamespace: 'lambda',
      ScalableDimension: 'lambda:function:ProvisionedConcurrency',
      ResourceId: join('', ['function:', ref(logicalId), `:${alias.name}`]),
      MinCapacity: least,
      MaxCapacity: most,
    },
    { DependsOn: [alias.id], ...under },
  );
  draft.resource(
    `${logicalId}Scaling`,
    'AWS::ApplicationAutoScaling::ScalingPolicy',
    {
      PolicyName: 'utilization',
      PolicyType: 'TargetTrackingScaling',
      ScalingTargetId: ref(target),
      TargetTrackingScalingPolicyConfiguration: {
        TargetValue: busyShare,
        PredefinedMetricSpecification: { PredefinedMetricType: 'LambdaProvisionedConcurrencyUtilization' },
      },
    },
    under,
  );
}

/** What the model does not tell. */
function obstacleIn({ settings }: DeclaredFunction): string | undefined {
  if (settings['provisionedConcurrency'] !== undefined) return 'it has provisioned concurrency already';
  if (settings['snapStart'] !== undefined && settings['snapStart'] !== false)
    return 'SnapStart and provisioned concurrency exclude each other';
  return undefined;
}

/** SAM and Serverless make the URL of the alias, which is another one. */
function hasUrl({ settings }: DeclaredFunction): boolean {
  return settings['FunctionUrlConfig'] !== undefined || (settings['url'] !== undefined && settings['url'] !== false);
}

const reasons: Readonly<Record<KeptCall['reason'], string>> = {
  role: 'it calls with a role, which is allowed the function and not its alias',
  name: 'it has the name or ARN of the function as a variable of its environment',
  address: 'the URL of an alias has another address',
};

function told(kept: readonly KeptCall[], aliases: readonly FunctionAlias[], file: string): Diagnostic[] {
  return kept.map(({ function: name, by, reason }) => {
    const alias = aliases.find((each) => each.function === name)?.name ?? '';
    return diagnostic('CALLER_NOT_MOVED', { args: { by, function: name, reason: reasons[reason], alias }, place: { file } });
  });
}
