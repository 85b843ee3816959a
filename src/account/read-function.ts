/** One function of an account, as far as it may be read: every part that fails is a finding, the rest goes on. */
import type { FunctionConfiguration, LambdaClient } from '@aws-sdk/client-lambda';
import { diagnostic } from '../diagnostics/catalog.js';
import type { Diagnostic } from '../diagnostics/diagnostic.js';
import { hasSecretValue, looksLikeSecret } from '../planning/secrets.js';
import { objectOf } from '../project/data.js';
import { endsTheRun, failureKind, failureReason } from './failures.js';
import type { FunctionRecord, MappingRecord, PermissionRecord } from './record.js';

export interface FunctionSource {
  client: LambdaClient;
  /** Mappings of the whole account by the ARN of the function. */
  mappings: ReadonlyMap<string, readonly MappingRecord[]>;
  /** Values of the environment were asked for. */
  values: boolean;
}

export interface FunctionAnswer {
  record: FunctionRecord;
  /** Where its code can be fetched for a few minutes; undefined for images and where it is not told. */
  location: string | undefined;
}

/** @throws only what ends the whole run: credentials and the network. */
export async function readFunction(listed: FunctionConfiguration, source: FunctionSource): Promise<FunctionAnswer> {
  const name = listed.FunctionName ?? '';
  const { client } = source;
  const sdk = await import('@aws-sdk/client-lambda');
  const diagnostics: Diagnostic[] = [];
  const ask = <T>(call: string, send: () => Promise<T>) => part(name, call, send, diagnostics);
  const got = await ask('GetFunction', () => client.send(new sdk.GetFunctionCommand({ FunctionName: name })));
  const configuration = { ...listed, ...got?.Configuration };
  const aliases = await ask('ListAliases', async () => {
    const found: FunctionRecord['aliases'] = [];
    for await (const page of sdk.paginateListAliases({ client }, { FunctionName: name })) {
      found.push(
        ...(page.Aliases ?? []).map((alias) => ({ name: alias.Name ?? '', version: alias.FunctionVersion ?? '', provisioned: null })),
      );
    }
    return found;
  });
  const provisioned = await ask('ListProvisionedConcurrencyConfigs', () =>
    client.send(new sdk.ListProvisionedConcurrencyConfigsCommand({ FunctionName: name })),
  );
  const ready = new Map(
    (provisioned?.ProvisionedConcurrencyConfigs ?? []).map((each) => [
      /:([\w-]+)$/.exec(each.FunctionArn ?? '')?.[1] ?? '',
      each.RequestedProvisionedConcurrentExecutions ?? null,
    ]),
  );
  const qualifiers = [undefined, ...(aliases ?? []).map((alias) => alias.name)];
  const urls: FunctionRecord['urls'] = [];
  const permissions: PermissionRecord[] = [];
  for (const qualifier of qualifiers) {
    const of = { FunctionName: name, ...(qualifier !== undefined && { Qualifier: qualifier }) };
    const url = await ask('GetFunctionUrlConfig', () => client.send(new sdk.GetFunctionUrlConfigCommand(of)));
    if (url) {
      const cors = url.Cors ? { ...url.Cors } : null;
      urls.push({ qualifier: qualifier ?? null, authType: url.AuthType ?? 'unknown', invokeMode: url.InvokeMode ?? 'BUFFERED', cors });
    }
    const policy = await ask('GetPolicy', () => client.send(new sdk.GetPolicyCommand(of)));
    permissions.push(...permissionsOf(policy?.Policy, qualifier ?? null));
  }
  const invoke = await ask('GetFunctionEventInvokeConfig', () =>
    client.send(new sdk.GetFunctionEventInvokeConfigCommand({ FunctionName: name })),
  );
  const { environment, left } = environmentOf(configuration, source.values);
  if (left > 0 && source.values)
    diagnostics.push(diagnostic('ACCOUNT_SECRETS_LEFT_OUT', { args: { function: name, count: left }, function: name }));
  if (configuration.Environment?.Error) diagnostics.push(unreadPart(name, 'environment', 'Lambda could not decrypt it'));
  return {
    record: {
      ...settingsOf(name, configuration),
      environment,
      tags: got?.Tags ?? {},
      image: got?.Code?.ImageUri ?? null,
      reservedConcurrency: got?.Concurrency?.ReservedConcurrentExecutions ?? null,
      aliases: (aliases ?? []).map((alias) => ({ ...alias, provisioned: ready.get(alias.name) ?? null })),
      urls,
      permissions,
      mappings: [...(source.mappings.get(configuration.FunctionArn ?? '') ?? [])],
      destinations: invoke?.DestinationConfig ? { ...objectOf(invoke.DestinationConfig) } : null,
      code: null,
      sourceHandler: null,
      diagnostics,
    },
    location: got?.Code?.Location,
  };
}

/** What is not there is an answer too. */
async function part<T>(name: string, call: string, send: () => Promise<T>, diagnostics: Diagnostic[]): Promise<T | undefined> {
  try {
    return await send();
  } catch (error) {
    if (endsTheRun(error)) throw error;
    const kind = failureKind(error);
    if (call !== 'GetFunction' && (kind === 'absent' || kind === 'no-such-call')) return undefined;
    diagnostics.push(unreadPart(name, call, failureReason(error)));
    return undefined;
  }
}

function unreadPart(name: string, call: string, reason: string): Diagnostic {
  return diagnostic('ACCOUNT_PART_UNREAD', { args: { function: name, call, reason }, function: name });
}

type Settings = Omit<
  FunctionRecord,
  | 'environment'
  | 'tags'
  | 'image'
  | 'reservedConcurrency'
  | 'aliases'
  | 'urls'
  | 'permissions'
  | 'mappings'
  | 'destinations'
  | 'code'
  | 'sourceHandler'
  | 'diagnostics'
>;

/** What the list of functions tells too; Lambda's defaults where it does not. */
function settingsOf(name: string, configuration: FunctionConfiguration): Settings {
  const description = configuration.Description ?? '';
  return {
    name,
    arn: configuration.FunctionArn ?? '',
    revision: configuration.RevisionId ?? null,
    codeSha256: configuration.CodeSha256 ?? null,
    runtime: configuration.Runtime ?? null,
    handler: configuration.Handler ?? null,
    description: hasSecretValue(description) ? '' : description,
    packageType: configuration.PackageType === 'Image' ? 'Image' : 'Zip',
    architecture: configuration.Architectures?.[0] === 'arm64' ? 'arm64' : 'x86_64',
    memoryMb: configuration.MemorySize ?? 128,
    timeoutSeconds: configuration.Timeout ?? 3,
    ephemeralStorageMb: configuration.EphemeralStorage?.Size ?? 512,
    role: configuration.Role ?? null,
    subnets: configuration.VpcConfig?.SubnetIds ?? [],
    layers: (configuration.Layers ?? []).flatMap(({ Arn: arn }) => arn ?? []),
  };
}

function environmentOf({ Environment: environment }: FunctionConfiguration, wanted: boolean) {
  const entries = Object.entries(environment?.Variables ?? {});
  const kept = entries.map(([key, value]) => [key, wanted && !looksLikeSecret(key, value) ? value : null] as const);
  return { environment: Object.fromEntries(kept), left: kept.filter(([, value]) => value === null).length };
}

/** Statements that let a service call the function. */
function permissionsOf(policy: string | undefined, qualifier: string | null): PermissionRecord[] {
  if (policy === undefined) return [];
  let statements: unknown;
  try {
    statements = objectOf(JSON.parse(policy))['Statement'];
  } catch {
    return [];
  }
  return (Array.isArray(statements) ? statements : [statements]).flatMap((each) => {
    const statement = objectOf(each);
    const conditions = Object.values(objectOf(statement['Condition'])).map(objectOf);
    const condition = (wanted: RegExp) =>
      conditions.flatMap((entries) => Object.entries(entries)).find(([key, value]) => wanted.test(key) && typeof value === 'string')?.[1] as
        | string
        | undefined;
    const principal = objectOf(statement['Principal'])['Service'];
    if (statement['Effect'] !== 'Allow' || typeof principal !== 'string') return [];
    return [
      { qualifier, principal, sourceArn: condition(/^aws:sourcearn$/i) ?? null, sourceAccount: condition(/^aws:sourceaccount$/i) ?? null },
    ];
  });
}
