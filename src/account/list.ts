/** Which functions of an account are wanted, and what is listed for all of them at once. */
import type { EventSourceMappingConfiguration, FunctionConfiguration, LambdaClient } from '@aws-sdk/client-lambda';
import { diagnostic } from '../diagnostics/catalog.js';
import type { Diagnostic } from '../diagnostics/diagnostic.js';
import { UserError } from '../errors.js';
import { nearest } from '../nearest.js';
import { accessError, endsTheRun, failureReason } from './failures.js';
import type { MappingRecord } from './record.js';

export interface Filter {
  names: readonly string[];
  prefix?: string | undefined;
  /** All of them must be on the function; an empty value stands for any. */
  tags: Readonly<Record<string, string>>;
}

/** Lambda's own rule for names; anything else would be no safe name of a folder. */
const functionName = /^[A-Za-z0-9_-]{1,140}$/;

/**
 * Functions by name and prefix; tags are only known once a function was read.
 * @throws UserError when they cannot be listed, or a name is not there.
 */
export async function listFunctions(client: LambdaClient, { names, prefix }: Filter): Promise<FunctionConfiguration[]> {
  const { paginateListFunctions } = await import('@aws-sdk/client-lambda');
  const all: FunctionConfiguration[] = [];
  try {
    for await (const { Functions: functions = [] } of paginateListFunctions({ client, pageSize: 50 }, {})) {
      all.push(...functions.filter(({ FunctionName: name = '' }) => functionName.test(name)));
    }
  } catch (error) {
    throw accessError('ListFunctions', error);
  }
  const known = all.map(({ FunctionName: name = '' }) => name);
  const unknown = names.find((name) => !known.includes(name));
  if (unknown !== undefined) {
    const near = nearest(unknown, known);
    throw new UserError(
      `There is no function "${unknown}" in the account and region`,
      near.length > 0 ? `Did you mean ${near.join(' or ')}?` : `There are ${known.length} functions there.`,
    );
  }
  return all.filter(
    ({ FunctionName: name = '' }) => (names.length === 0 || names.includes(name)) && (prefix === undefined || name.startsWith(prefix)),
  );
}

export function hasTags(tags: Readonly<Record<string, string>>, wanted: Filter['tags']): boolean {
  return Object.entries(wanted).every(([key, value]) => Object.hasOwn(tags, key) && (value === '' || tags[key] === value));
}

/** Event source mappings by the ARN of their function; a version or alias stands for its function. */
export async function listMappings(client: LambdaClient, report: (found: Diagnostic) => void): Promise<Map<string, MappingRecord[]>> {
  const { paginateListEventSourceMappings } = await import('@aws-sdk/client-lambda');
  const found = new Map<string, MappingRecord[]>();
  try {
    for await (const { EventSourceMappings: mappings = [] } of paginateListEventSourceMappings({ client }, {})) {
      for (const mapping of mappings) {
        const arn = /^(?:[^:]*:){6}[^:]*/.exec(mapping.FunctionArn ?? '')?.[0] ?? '';
        found.set(arn, [...(found.get(arn) ?? []), mappingOf(mapping)]);
      }
    }
  } catch (error) {
    if (endsTheRun(error)) throw accessError('ListEventSourceMappings', error);
    report(diagnostic('ACCOUNT_LIST_UNREAD', { args: { call: 'ListEventSourceMappings', reason: failureReason(error) } }));
  }
  return found;
}

/** Properties of the resource, which have the same names as in the API. */
const settings = [
  'StartingPosition',
  'BatchSize',
  'MaximumBatchingWindowInSeconds',
  'ParallelizationFactor',
  'FilterCriteria',
  'ScalingConfig',
  'DestinationConfig',
  'Topics',
  'Queues',
  'SelfManagedEventSource',
  'MaximumRecordAgeInSeconds',
  'BisectBatchOnFunctionError',
  'MaximumRetryAttempts',
  'TumblingWindowInSeconds',
  'FunctionResponseTypes',
  'DocumentDBEventSourceConfig',
] as const satisfies readonly (keyof EventSourceMappingConfiguration)[];

function mappingOf(mapping: EventSourceMappingConfiguration): MappingRecord {
  const given = settings.flatMap((key) => (mapping[key] === undefined ? [] : [[key, mapping[key]] as const]));
  return {
    source: mapping.EventSourceArn ?? null,
    enabled: !/^disabl/i.test(mapping.State ?? ''),
    settings: JSON.parse(JSON.stringify(Object.fromEntries(given))) as MappingRecord['settings'],
  };
}
