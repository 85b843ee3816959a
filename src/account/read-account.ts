/** What is deployed in an account → a folder of code and templates, which is assessed and migrated like any other. */
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import type { FunctionConfiguration, LambdaClient } from '@aws-sdk/client-lambda';
import writeFileAtomic from 'write-file-atomic';
import { diagnostic } from '../diagnostics/catalog.js';
import type { Diagnostic } from '../diagnostics/diagnostic.js';
import { UserError } from '../errors.js';
import { type Access, AccountApis } from './access.js';
import { readApis } from './apis.js';
import { BadArchive } from './archive.js';
import { fetchCode, fetchLayer } from './code.js';
import { accessError, endsTheRun, failureReason } from './failures.js';
import { type Filter, hasTags, listFunctions, listMappings } from './list.js';
import { readFunction } from './read-function.js';
import type { FunctionRecord } from './record.js';
import { readRoles } from './roles.js';
import { readRules } from './rules.js';
import { readSchedules } from './schedules.js';
import { several } from './several.js';
import { AccountState } from './state.js';
import { deployedFile, logicalIds, templateOf } from './template.js';

export interface AccountOptions {
  access: Access;
  /** New, empty, or of an earlier run. */
  folder: string;
  filter: Filter;
  /** Take values of environment variables that are no secrets. */
  values: boolean;
  /** Stage of APIs that have several. */
  stage?: string | undefined;
  signal?: AbortSignal | undefined;
  onProgress?: ((progress: { done: number; total: number; next: string }) => void) | undefined;
}

export interface ReadAccount {
  /** What could not be read, with files of the folder. */
  diagnostics: Diagnostic[];
  /** Function names with their logical ids. */
  functions: { name: string; id: string }[];
  apis: AccountApis;
}

/** Functions read at a time; the clients slow down together when they are throttled. */
const concurrency = 8;

/**
 * Reads the functions of an account and region into a folder. Only calls that read; what was read before an interruption is
 * not read again.
 *
 * @throws UserError when nothing can be read: no credentials, no region, not allowed, no function that fits, a folder in use.
 */
export async function readAccount(options: AccountOptions): Promise<ReadAccount> {
  const { access, folder, filter, values, stage } = options;
  const apis = new AccountApis(access);
  const client = await apis.lambda();
  const listed = await listFunctions(client, filter);
  const region = await client.config.region();
  const state = await AccountState.open(folder, { region, endpoint: access.endpointUrl ?? null, values });
  const diagnostics: Diagnostic[] = [];
  const report = (found: Diagnostic) => void diagnostics.push(found);
  /** A finding of a function is placed in its template. */
  const reportOf = (found: Diagnostic, of?: FunctionRecord) => void (of?.diagnostics ?? diagnostics).push(found);
  const source = { client, mappings: await listMappings(client, report), values };
  const read = await readAll(listed, options, (each) => readOne(each, { source, state, options }));
  const records = read.filter(({ tags }) => hasTags(tags, filter.tags));
  if (records.length === 0)
    throw new UserError('No function of the account and region fits', 'Look at --name, --prefix, --tag and --aws-region.');
  const around = {
    apis: await readApis(apis, records, stage, report),
    rules: await readRules(apis, records, report),
    schedules: await readSchedules(apis, records, reportOf),
    roles: await readRoles(apis, records, reportOf),
  };
  const functions: ReadAccount['functions'] = [];
  for (const [stack, own] of byStack(records)) {
    const layers = await readLayers(client, own, stack, options, report);
    const template = templateOf(own, { ...around, layers }, stack);
    await mkdir(join(folder, stack), { recursive: true });
    await writeFileAtomic(join(folder, stack, deployedFile), `${JSON.stringify(template, null, 2)}\n`);
    const ids = logicalIds(own.map(({ name }) => name));
    functions.push(...own.map(({ name }) => ({ name, id: ids.get(name) as string })));
    for (const { name, diagnostics: of } of own) {
      diagnostics.push(...of.map(({ function: _, ...found }) => placed(found, `${stack}/${deployedFile}`, ids.get(name) as string)));
    }
  }
  await state.end();
  return { diagnostics, functions, apis };
}

function placed(found: Omit<Diagnostic, 'function'>, file: string, id: string): Diagnostic {
  return { ...found, file, function: id };
}

/** A few functions at a time, in the order of the list; what is at work when the run ends is still written to the state. */
async function readAll(
  listed: readonly FunctionConfiguration[],
  { signal, onProgress }: AccountOptions,
  read: (each: FunctionConfiguration) => Promise<FunctionRecord>,
): Promise<FunctionRecord[]> {
  let done = 0;
  try {
    return await several(listed, concurrency, async (each) => {
      signal?.throwIfAborted();
      const record = await read(each);
      onProgress?.({ done: ++done, total: listed.length, next: each.FunctionName ?? '' });
      return record;
    });
  } catch (error) {
    throw endsTheRun(error) ? accessError('Reading the functions', error) : error;
  }
}

interface Reading {
  source: Parameters<typeof readFunction>[1];
  state: AccountState;
  options: AccountOptions;
}

async function readOne(listed: FunctionConfiguration, { source, state, options }: Reading): Promise<FunctionRecord> {
  const name = listed.FunctionName ?? '';
  const known = state.unchanged(name, listed.RevisionId ?? null);
  if (known) return known;
  const { record, location } = await readFunction(listed, source);
  const { folder, filter, signal } = options;
  if (!hasTags(record.tags, filter.tags)) return record;
  const isNode = record.packageType === 'Zip' && /^nodejs/.test(record.runtime ?? '');
  const same = state.sameCode(name, record.codeSha256);
  const code = `${stackOf(record)}/functions/${name}`;
  const complete =
    same?.code === code
      ? { ...record, code, sourceHandler: same.sourceHandler }
      : isNode
        ? withCode(record, await fetchCode(record, location, { root: folder, folder: code, signal }))
        : record;
  await state.add(complete);
  return complete;
}

function withCode(record: FunctionRecord, { diagnostics, ...fetched }: Awaited<ReturnType<typeof fetchCode>>): FunctionRecord {
  return { ...record, ...fetched, diagnostics: [...record.diagnostics, ...diagnostics] };
}

/** What was deployed together stays together. */
function stackOf({ tags }: FunctionRecord): string {
  const stack = tags['aws:cloudformation:stack-name'];
  return stack !== undefined && /^[A-Za-z][A-Za-z0-9-]{0,127}$/.test(stack) ? stack : 'without-stack';
}

function byStack(records: readonly FunctionRecord[]): Map<string, FunctionRecord[]> {
  const found = new Map<string, FunctionRecord[]>();
  for (const record of records) found.set(stackOf(record), [...(found.get(stackOf(record)) ?? []), record]);
  return found;
}

/** Folders of the layers of Node functions, by ARN. */
async function readLayers(
  client: LambdaClient,
  records: readonly FunctionRecord[],
  stack: string,
  { folder, signal }: AccountOptions,
  report: (found: Diagnostic) => void,
): Promise<Map<string, string>> {
  const { GetLayerVersionByArnCommand } = await import('@aws-sdk/client-lambda');
  const arns = records.filter(({ code }) => code !== null).flatMap(({ layers }) => layers);
  const found = new Map<string, string>();
  for (const arn of new Set(arns)) {
    const [, account = '', name = '', version = ''] = /^arn:[\w-]+:lambda:[^:]*:(\d*):layer:([\w-]+):(\d+)$/.exec(arn) ?? [];
    if (name === '') continue;
    const path = `layers/${account}-${name}-${version}`;
    try {
      const { Content: content } = await client.send(new GetLayerVersionByArnCommand({ Arn: arn }));
      if (content?.Location === undefined) throw new BadArchive('the API did not tell where it is');
      await fetchLayer(content.Location, folder, `${stack}/${path}`, signal);
      found.set(arn, path);
    } catch (error) {
      if (endsTheRun(error)) throw accessError('GetLayerVersionByArn', error);
      const reason = error instanceof BadArchive ? error.message : failureReason(error);
      report(diagnostic('ACCOUNT_LAYER_UNREAD', { args: { layer: `${name}:${version}`, reason } }));
    }
  }
  return found;
}
