import { provisionedLines } from '../../assess/cost/quantities.js';
import { isPlainObject } from '../../project/data.js';
import type { LambdaFunction, Project } from '../../project/model.js';
import type { Profile } from '../assessment.js';
import { lambdaFit, lambdaRequires } from '../stay.js';
import type { FunctionTarget } from '../target.js';
import { provisionedEdits } from './edits.js';

const profile: Profile = {
  requires: (needs) => ['lambda-provisioned-concurrency', ...lambdaRequires(needs)],
  fit: lambdaFit,
  sharedState: 'none',
  effort: { level: 'low', reason: { key: 'effort.setting' } },
  risk: { level: 'low', reason: { key: 'risk.established' } },
  oneRequest: true,
  advantages: ['advantage.no-code', 'advantage.event-sources', 'advantage.no-cold-start'],
  drawbacks: ['drawback.standing-price', 'drawback.one-request', 'drawback.alias'],
  nextSteps: ['next.alias', 'next.provisioned', 'next.measure'],
  variants: () => [{ id: 'variant.provisioned', lines: provisionedLines }],
};

/** The functions stay as they are, and some instances of each are always ready. */
export const lambdaProvisionedConcurrency: FunctionTarget = {
  id: 'lambda-provisioned-concurrency',
  title: 'Lambda with provisioned concurrency',
  available: true,
  availability: 'wherever Lambda is; believed to be in China',
  profile,
  because: 'it is called by an alias with provisioned concurrency; its code does not change',
  leaves,
  editFunctions: provisionedEdits,
  describe: ({ project, functions, edited }) => {
    const values = {
      region: project.region ?? '<region>',
      hasSchedules: functions.some(({ triggers }) => triggers.some(({ type }) => type === 'schedule')),
    };
    return {
      steps: { template: edited ? 'lambda/provisioned.hbs' : 'lambda/provisioned-by-hand.hbs', values },
      rollBack: { template: 'lambda/provisioned-back.hbs', values: { edited } },
    };
  },
};

/** What cannot have it, or has it. */
function leaves({ id, triggers, reservedConcurrency }: LambdaFunction, { resources }: Project): string | undefined {
  if (triggers.some(({ type }) => type === 'lambda-edge')) return 'Lambda@Edge has no provisioned concurrency';
  if (reservedConcurrency === 0) return 'its reserved concurrency is 0: it does not run';
  const properties = resources[id]?.properties ?? {};
  const { ProvisionedConcurrencyConfig: config, AutoPublishAlias: alias } = properties;
  if (properties['CapacityProviderConfig'] !== undefined) return 'it runs on Managed Instances';
  if (config !== undefined && !JSON.stringify(config).includes('{"Ref":"Provisioned')) return 'it has provisioned concurrency';
  if (isPlainObject(alias)) return 'the name of its alias is not known before it is deployed';
  return undefined;
}
