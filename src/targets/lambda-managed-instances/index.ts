import { gatewayLines, logLines, managedLines, natLines } from '../../assess/cost/quantities.js';
import { limitOf } from '../../aws/facts.js';
import type { LambdaFunction, Project } from '../../project/model.js';
import type { CostInput, CostLine, Profile } from '../assessment.js';
import { noCallback, nodeFrom, within } from '../fits.js';
import type { FunctionTarget } from '../target.js';
import { managedEdits } from './edits.js';

const profile: Profile = {
  requires: () => ['lambda-managed-instances', 'lambda', 'ec2'],
  fit: (need) => [
    ...nodeFrom(need, 'lmi-node-minimum'),
    ...noCallback(need),
    ...within(need.memoryMb, 'lmi-memory', 'fit.memory'),
    ...(need.outcome === 'failed' ? [{ fit: 'unknown' as const, reason: { key: 'fit.not-understood' as const } }] : []),
  ],
  sharedState: 'managed',
  effort: { level: 'medium', reason: { key: 'effort.capacity-provider' } },
  risk: { level: 'medium', reason: { key: 'risk.young' } },
  oneRequest: false,
  advantages: ['advantage.event-sources', 'advantage.many-requests', 'advantage.commitments'],
  drawbacks: ['drawback.three-instances', 'drawback.new-function', 'drawback.memory-minimum', 'drawback.slow-scaling'],
  nextSteps: ['next.check-managed', 'next.probe-managed', 'next.capacity-provider', 'next.load-test', 'next.cut-over'],
  variants: () => [
    { id: 'variant.on-demand', lines: (input) => around(input, managedLines(input)) },
    { id: 'variant.commitment-1y', lines: (input) => around(input, managedLines(input, { item: 'ec2-commitment-1y', mode: 'rest' })) },
    { id: 'variant.commitment-3y', lines: (input) => around(input, managedLines(input, { item: 'ec2-commitment-3y', mode: 'rest' })) },
  ],
};

/** What is in front of the instances and around them. */
function around({ scenario, needs }: CostInput, instances: CostLine[]): CostLine[] {
  return [...instances, ...gatewayLines(scenario, needs), ...natLines(scenario, needs), ...logLines(scenario, needs)];
}

/** Functions that serve many requests at a time, on instances of the account: each beside the one that is there. */
export const lambdaManagedInstances: FunctionTarget = {
  id: 'lambda-managed-instances',
  title: 'Lambda Managed Instances',
  available: true,
  availability: 'in some AWS regions since November 2025 (`migrate-lambda facts availability`); not in China',
  profile,
  because: 'a function on Managed Instances stands beside it, without events until they are moved',
  concurrency: 'lambda-managed-instances',
  leaves,
  editFunctions: managedEdits,
  describe: ({ project, functions, edited }) => {
    const called = new Set(functions.flatMap(({ triggers }) => triggers.map(({ type }) => type)));
    const values = {
      region: project.region ?? '<region>',
      hasSam: project.dialect === 'sam',
      isServerless: project.dialect === 'serverless',
      hasQueues: called.has('sqs'),
    };
    return {
      steps: { template: edited ? 'lambda/managed.hbs' : 'lambda/managed-by-hand.hbs', values },
      rollBack: { template: 'lambda/managed-back.hbs', values: {} },
    };
  },
};

/** What cannot run there, as far as is known. */
function leaves({ id, triggers, packageType, runtime, memoryMb }: LambdaFunction, { resources }: Project): string | undefined {
  if (triggers.some(({ type }) => type === 'lambda-edge')) return 'Lambda@Edge does not run on Managed Instances';
  if (resources[id]?.properties['CapacityProviderConfig'] !== undefined) return 'it runs on Managed Instances';
  if (packageType === 'image') return 'nothing certain is known of images on Managed Instances';
  if (runtime === null) return 'its runtime is not known';
  if (memoryMb > limitOf('lmi-memory').value) return `its memory is more than Managed Instances give`;
  return undefined;
}
