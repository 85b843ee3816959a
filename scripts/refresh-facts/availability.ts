/** Services by region from the public parameters of Systems Manager, and managed instances from the Lambda API itself. */
import type { SSMClient } from '@aws-sdk/client-ssm';
import type { ProbeAnswer } from '../../src/account/probe.js';
import type { AvailabilityFact, RegionFact } from '../../src/aws/facts.js';
import type { Refreshed } from './prices.js';

/** https://docs.aws.amazon.com/systems-manager/latest/userguide/parameter-store-public-parameters-global-infrastructure.html */
const infrastructure = '/aws/service/global-infrastructure';

/** Our subjects and the ids of the parameters. An id that the API does not list is told, and its rows stay. */
const serviceIds: Readonly<Record<string, string>> = {
  lambda: 'lambda',
  ecs: 'ecs',
  ecr: 'ecr',
  eks: 'eks',
  ec2: 'ec2',
  fargate: 'fargate',
  'elastic-load-balancing': 'elb',
  'auto-scaling': 'autoscaling',
  'application-auto-scaling': 'application-autoscaling',
  'api-gateway': 'apigateway',
  eventbridge: 'eventbridge',
  'step-functions': 'stepfunctions',
  sqs: 'sqs',
  sns: 'sns',
  s3: 's3',
  dynamodb: 'dynamodb',
  kinesis: 'kinesis',
  firehose: 'firehose',
  documentdb: 'docdb',
  ses: 'ses',
  appsync: 'appsync',
  connect: 'connect',
  config: 'config',
  kms: 'kms',
  'secrets-manager': 'secretsmanager',
  'systems-manager': 'ssm',
  cloudwatch: 'cloudwatch',
  'cloudwatch-logs': 'logs',
  'x-ray': 'xray',
  codebuild: 'codebuild',
  codedeploy: 'codedeploy',
  efs: 'efs',
  cloudformation: 'cloudformation',
  waf: 'waf',
  rds: 'rds',
  elasticache: 'elasticache',
};

export interface Today {
  regions: readonly RegionFact[];
  /** `2026-11-27` */
  date: string;
}

/**
 * The rows with what the parameters list put in. A region is without a service only when the parameters know the region and do not
 * name it for the service; regions that they do not know keep the row for everywhere else.
 * @throws what the SDK throws when the API cannot be asked.
 */
export async function refreshServices(
  client: SSMClient,
  rows: readonly AvailabilityFact[],
  today: Today,
): Promise<Refreshed<AvailabilityFact>> {
  const listed = new Set(await valuesAt(client, `${infrastructure}/regions`));
  const services = new Set(await valuesAt(client, `${infrastructure}/services`));
  const told: string[] = [];
  let refreshed = [...rows];
  for (const [subject, id] of Object.entries(serviceIds)) {
    const own = rows.filter((row) => row.subject === subject);
    if (own.some(({ note }) => note !== undefined && note !== 'no-endpoint'))
      told.push(`${subject}: its rows say more than a list can; left as they were`);
    else if (!services.has(id)) told.push(`${subject}: the parameters do not list "${id}"; left as it was`);
    else {
      const path = `${infrastructure}/services/${id}/regions`;
      const found = partitionRows(subject, path, { there: new Set(await valuesAt(client, path)), listed, own, today });
      refreshed = replaced(refreshed, subject, found);
    }
  }
  return { rows: refreshed, told };
}

async function valuesAt(client: SSMClient, Path: string): Promise<string[]> {
  const { paginateGetParametersByPath } = await import('@aws-sdk/client-ssm');
  const values: string[] = [];
  for await (const { Parameters: parameters = [] } of paginateGetParametersByPath({ client, pageSize: 10 }, { Path })) {
    values.push(...parameters.flatMap(({ Name: name }) => name?.slice(name.lastIndexOf('/') + 1) ?? []));
  }
  return values;
}

interface Found {
  there: ReadonlySet<string>;
  /** Every region that the parameters know. */
  listed: ReadonlySet<string>;
  /** Rows as they were. */
  own: readonly AvailabilityFact[];
  today: Today;
}

/** Rows of each partition: one when all its regions are alike, else the exceptions before the rest. */
function partitionRows(subject: string, path: string, { there, listed, own, today: { regions, date } }: Found): AvailabilityFact[] {
  const source = `SSM public parameters, ${path}`;
  const partitions = [...new Set(regions.map(({ partition }) => partition))];
  const found = partitions.flatMap((partition): AvailabilityFact[] => {
    const ids = regions.filter((region) => region.partition === partition).map(({ id }) => id);
    const known = ids.filter((id) => listed.has(id));
    if (known.length === 0) return own.filter(({ where }) => where.includes(partition) || where.some((id) => ids.includes(id)));
    const yes = known.filter((id) => there.has(id));
    const no = known.filter((id) => !there.has(id));
    const row = (id: string, where: string[], available: 'yes' | 'no'): AvailabilityFact => ({
      id: `${subject}@${id}`,
      subject,
      where,
      available,
      source,
      date,
      sure: 'primary',
    });
    const complete = known.length === ids.length;
    if (no.length === 0) return [row(partition, complete ? [partition] : yes, 'yes')];
    if (yes.length === 0) return [row(partition, complete ? [partition] : no, 'no')];
    return [row(`${partition}-others`, no, 'no'), row(partition, complete ? [partition] : yes, 'yes')];
  });
  return [...found, ...own.filter(({ where }) => where.includes('*'))];
}

function replaced(rows: readonly AvailabilityFact[], subject: string, found: readonly AvailabilityFact[]): AvailabilityFact[] {
  const first = rows.findIndex((row) => row.subject === subject);
  const others = (part: readonly AvailabilityFact[]) => part.filter((row) => row.subject !== subject);
  return [...others(rows.slice(0, first)), ...found, ...others(rows.slice(first))];
}

const managedInstances = 'lambda-managed-instances';

/** The rows with what the Lambda API of a region answers; anything but "there" and "not there" changes nothing. */
export function refreshManagedInstances(
  rows: readonly AvailabilityFact[],
  answers: ReadonlyMap<string, ProbeAnswer>,
  date: string,
): Refreshed<AvailabilityFact> {
  const told: string[] = [];
  const asked: AvailabilityFact[] = [];
  for (const [region, answer] of answers) {
    if (answer !== 'yes' && answer !== 'not-in-region') {
      told.push(`${managedInstances} in ${region}: ${answer}; left as it was`);
      continue;
    }
    const available = answer === 'yes' ? 'yes' : 'no';
    const source = 'Lambda API, ListCapacityProviders';
    asked.push({
      id: `${managedInstances}@${region}`,
      subject: managedInstances,
      where: [region],
      available,
      source,
      date,
      sure: 'primary',
    });
  }
  const probed = new Set(asked.flatMap(({ where }) => where));
  const others = rows
    .filter(({ subject }) => subject === managedInstances)
    .map((row) => ({ ...row, where: row.where.filter((each) => !probed.has(each)) }))
    .filter(({ where }) => where.length > 0);
  return { rows: asked.length === 0 ? [...rows] : replaced(rows, managedInstances, [...asked, ...others]), told };
}
