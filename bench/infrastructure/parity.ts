/** Compares what a service is given by an edited definition with what its functions were given by the one before. */
import type { Plan, ServicePlan } from '../../src/planning/plan.js';
import { listOf, objectOf, type PlainObject } from '../../src/project/data.js';
import { readYaml } from '../../src/project/yaml.js';
import { Deployed } from './deployed.js';
import { addPolicies, type Given, givenByService, givenByTemplate, policyName, scheduleText, statementsIn } from './functions.js';
import { routeDifferences } from './routes.js';
import { templateOf, withParameters } from './template-of.js';

interface Definition {
  dialect: string;
  before: string;
  after: string;
  /** Texts of the entry files of services, by name; routes are not compared without them. */
  entries?: ReadonlyMap<string, string>;
}

/** One line a difference, `[]` when the services have what the functions had. `told`: codes of what the tool itself said is missing. */
export function differences({ dialect, before, after, entries }: Definition, plan: Plan, told: ReadonlySet<string>): string[] {
  const old = new Deployed(templateOf({ dialect }, before));
  const now = new Deployed(withParameters(templateOf({ dialect }, after)));
  const service = objectOf(readYaml('', before, { yesIsTrue: true }).value);
  const givenTo = (id: string) => (dialect === 'serverless' ? givenByService(old, service, id) : givenByTemplate(old, id));
  const routes = entries ? routeDifferences({ dialect, before, after, entries }, plan, told) : [];
  const given = plan.services.flatMap((each) => {
    const functions = each.functions.flatMap((id) => givenTo(id) ?? []);
    return [
      ...environmentDifferences(now, each, functions),
      ...permissionDifferences(now, each, functions, told),
      ...scheduleDifferences(now, each, functions, told),
    ].map((difference) => `${each.name}: ${difference}`);
  });
  return [...given, ...routes];
}

/** Set by Lambda or by the service itself: nothing to compare. */
const ownVariables = new Set(['NODE_ENV', 'PORT', 'STOP_TIMEOUT', 'AWS_REGION', 'NODE_OPTIONS', 'AWS_NODEJS_CONNECTION_REUSE_ENABLED']);

/** The task definition whose container is the service. */
function containerOf(now: Deployed, { name }: ServicePlan): PlainObject | undefined {
  return now
    .ids()
    .filter((id) => id.startsWith('Container'))
    .flatMap((id) => listOf(now.resource(id)?.properties['ContainerDefinitions']))
    .map(objectOf)
    .find((container) => container['Name'] === name);
}

function environmentDifferences(now: Deployed, service: ServicePlan, functions: readonly Given[]): string[] {
  const container = containerOf(now, service);
  if (!container) return ['it has no task definition'];
  const has = new Map(listOf(container['Environment']).map((each) => [objectOf(each)['Name'], objectOf(each)['Value']]));
  const secrets = new Map(listOf(container['Secrets']).map((each) => [objectOf(each)['Name'], objectOf(each)['ValueFrom']]));
  const polled = new Set(service.queues.map(({ urlVariable }) => urlVariable));
  return functions.flatMap(({ environment }) =>
    Object.entries(environment).flatMap(([name, value]) => {
      if (ownVariables.has(name) || polled.has(name) || /^(AWS_LAMBDA_|LAMBDA_)/.test(name)) return [];
      if (secrets.has(name))
        return isSecretOf(now, secrets.get(name), value) ? [] : [`the secret ${name} is not where the functions read it`];
      const expected = typeof value === 'object' ? JSON.stringify(value) : String(value);
      return has.get(name) === expected ? [] : [`${name} is ${JSON.stringify(has.get(name))}, and was ${JSON.stringify(expected)}`];
    }),
  );
}

/** Given at deployment, because it stood there as text; kept in a secret of the stack; or read from where it was read from. */
function isSecretOf(now: Deployed, from: unknown, value: unknown): boolean {
  const source = String(from);
  if (/^given-/i.test(source)) return true;
  const kept = now.resource(/^<(\w+)>$/.exec(source)?.[1] ?? '');
  if (kept) {
    const variable = /^\$\{(?:env|param):(\w+)/.exec(String(value))?.[1];
    return [String(value), `given-${variable}`].includes(String(kept.properties['SecretString']));
  }
  const named = /\{\{resolve:(?:ssm(?:-secure)?|secretsmanager):([^:}]+)|\$\{ssm:([^,}~]+)/.exec(String(value));
  const name = named?.[1] ?? named?.[2];
  return name !== undefined && source.includes(name.replace(/^\//, ''));
}

function permissionDifferences(now: Deployed, service: ServicePlan, functions: readonly Given[], told: ReadonlySet<string>): string[] {
  const role = roleOf(now, service);
  if (!role) return ['it has no role'];
  const has = { statements: new Set<string>(), managed: new Set<string>() };
  const policies = listOf(role['Policies']).map(objectOf);
  addPolicies(has, { ...role, Policies: policies.filter((policy) => policy['PolicyName'] !== 'queues') });
  const polled = policies.filter((policy) => policy['PolicyName'] === 'queues').flatMap((policy) => statementsIn(policy['PolicyDocument']));
  const queues = new Set(functions.flatMap((each) => [...each.queues]));
  const wanted = (of: 'statements' | 'managed') => new Set(functions.flatMap((each) => [...each[of]]));
  const unpolled =
    service.kind === 'worker'
      ? [...queues].filter((queue) => !polled.join().includes(JSON.stringify(JSON.stringify(queue)).slice(1, -1)))
      : [];
  const lacking = told.has('PERMISSIONS_TO_GIVE')
    ? []
    : (['statements', 'managed'] as const).flatMap((kind) => [...wanted(kind)].filter((each) => !has[kind].has(each)));
  const beyond = (['statements', 'managed'] as const).flatMap((kind) => [...has[kind]].filter((each) => !wanted(kind).has(each)));
  return [
    ...lacking.map((each) => `its role lacks ${each}`),
    ...beyond.filter((each) => !each.startsWith('given-')).map((each) => `its role may do more: ${each}`),
    ...unpolled.map((queue) => `its role cannot poll ${queue}`),
  ];
}

function roleOf(now: Deployed, service: ServicePlan): PlainObject | undefined {
  for (const id of now.ids().filter((each) => each.startsWith('Container'))) {
    const properties = now.resource(id)?.properties ?? {};
    const isIts = listOf(properties['ContainerDefinitions']).some((each) => objectOf(each)['Name'] === service.name);
    const arn = /^<(\w+)\.Arn>$/.exec(policyName(properties['TaskRoleArn']))?.[1];
    if (isIts && arn !== undefined) return now.resource(arn)?.properties;
  }
  return undefined;
}

function scheduleDifferences(now: Deployed, service: ServicePlan, functions: readonly Given[], told: ReadonlySet<string>): string[] {
  if (service.kind !== 'job' || told.has('SCHEDULE_TO_GIVE')) return [];
  const has = new Set(
    now
      .ids()
      .filter((id) => id.startsWith('Container'))
      .map((id) => now.resource(id))
      .filter(
        (found) =>
          found?.type === 'AWS::Scheduler::Schedule' &&
          JSON.stringify(found.properties).includes(JSON.stringify(`"name":"${service.name}"`).slice(1, -1)),
      )
      .map((found) => scheduleText(found?.properties['ScheduleExpression'], found?.properties['ScheduleExpressionTimezone'])),
  );
  const wanted = new Set(functions.flatMap(({ schedules }) => [...schedules]));
  return [
    ...[...wanted].filter((each) => !has.has(each)).map((each) => `it has no schedule ${each}`),
    ...[...has].filter((each) => wanted.size > 0 && !wanted.has(each)).map((each) => `it has one more schedule ${each}`),
  ];
}
