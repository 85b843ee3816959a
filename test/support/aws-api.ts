import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { type Iam, iamAnswer, iamCall, iamError } from './aws-iam.js';
import { type ZipEntry, zipOf } from './zip.js';

/** A function of the account, as far as a test says it; the rest is what Lambda says of a plain one. */
interface DeployedFunction {
  name: string;
  files?: readonly ZipEntry[];
  /** In place of `files`. */
  archive?: Buffer;
  configuration?: Record<string, unknown>;
  tags?: Record<string, string>;
  concurrency?: number;
  aliases?: { Name: string; FunctionVersion: string }[];
  provisioned?: Record<string, unknown>[];
  /** By qualifier, '' for none. */
  policies?: Record<string, unknown[]>;
  urls?: Record<string, Record<string, unknown>>;
  destinations?: Record<string, unknown>;
}

/** Answers instead of the account: `[status, error type, message]`; undefined lets the account answer. */
type Disturbance = (call: RecordedCall) => [number, string, string?] | undefined;

export interface RecordedCall {
  method: string;
  /** With the query. */
  path: string;
  /** Of the protocols with one address: `AWSEvents.DescribeRule`, `IAM.GetRole`. */
  target: string;
  /** How often the same was asked before. */
  count: number;
}

export interface Account {
  functions: DeployedFunction[];
  mappings?: Record<string, unknown>[];
  /** OpenAPI documents by id. */
  restApis?: Record<string, { settings?: Record<string, unknown>; stages: Record<string, unknown>[]; document: unknown }>;
  httpApis?: Record<
    string,
    {
      settings?: Record<string, unknown>;
      stages: Record<string, unknown>[];
      document?: unknown;
      routes?: unknown[];
      integrations?: unknown[];
    }
  >;
  rules?: Record<string, { rule: Record<string, unknown>; targets: Record<string, unknown>[] }>;
  iam?: Partial<Iam>;
  /** Schedules of EventBridge Scheduler as `GetSchedule` answers. */
  schedules?: (Record<string, unknown> & { Name: string })[];
  layers?: Record<string, readonly ZipEntry[]>;
  /** Sums by function and metric. */
  metrics?: Record<string, Record<string, number[]>>;
  capacityProviders?: unknown[];
  disturb?: Disturbance;
  /** Functions a page; 50 like the API. */
  pageSize?: number;
}

export const accountId = '123456789012';

export function arnOf(name: string): string {
  return `arn:aws:lambda:eu-west-1:${accountId}:function:${name}`;
}

/** The APIs of AWS as far as an account is read, on loopback: shapes as in the public models of the SDK. */
export class AwsApi {
  readonly calls: RecordedCall[] = [];
  private readonly counts = new Map<string, number>();
  private readonly server = createServer((request, response) => void this.answer(request, response));

  constructor(public account: Account) {}

  static async start(account: Account): Promise<AwsApi> {
    const api = new AwsApi(account);
    await new Promise<void>((resolve) => api.server.listen(0, '127.0.0.1', resolve));
    return api;
  }

  get url(): string {
    return `http://127.0.0.1:${(this.server.address() as AddressInfo).port}`;
  }

  async stop(): Promise<void> {
    this.server.closeAllConnections();
    await new Promise((resolve) => this.server.close(resolve));
  }

  private async answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk as Buffer);
    const { method = '', url: path = '' } = request;
    const body = Buffer.concat(chunks);
    const iam = iamCall(body.toString('utf8'));
    const target = iam ? `IAM.${iam.action}` : String(request.headers['x-amz-target'] ?? '');
    const key = `${method} ${path} ${target}`;
    const call = { method, path, target, count: this.counts.get(key) ?? 0 };
    this.counts.set(key, call.count + 1);
    this.calls.push(call);
    const disturbed = this.account.disturb?.(call);
    if (disturbed) {
      const [status, type, message = type] = disturbed;
      if (iam) return void response.writeHead(status, { 'content-type': 'text/xml' }).end(iamError(type, message));
      response.writeHead(status, { 'content-type': 'application/json', 'x-amzn-errortype': type });
      response.end(JSON.stringify({ __type: type, message, Message: message }));
      return;
    }
    if (iam) {
      const answer = iamAnswer({ roles: {}, policies: {}, ...this.account.iam }, iam.action, iam.parameters);
      response.writeHead(answer ? 200 : 404, { 'content-type': 'text/xml' });
      return void response.end(answer ?? iamError('NoSuchEntity', 'not there'));
    }
    const found = this.found(new URL(path, 'http://localhost'), target, body);
    if (found === undefined) {
      response.writeHead(404, { 'content-type': 'application/json', 'x-amzn-errortype': 'ResourceNotFoundException' });
      response.end(JSON.stringify({ message: 'not there' }));
    } else if (Buffer.isBuffer(found)) {
      response.writeHead(200, { 'content-type': 'application/octet-stream' });
      response.end(found);
    } else {
      response.writeHead(200, { 'content-type': 'application/json' });
      response.end(JSON.stringify(found));
    }
  }

  private found({ pathname, searchParams }: URL, target: string, body: Buffer): unknown {
    const { functions, mappings = [], layers = {}, rules = {}, capacityProviders } = this.account;
    const at = (pattern: RegExp) => pattern.exec(decodeURIComponent(pathname));
    if (at(/^\/2015-03-31\/functions\/?$/)) return this.page(searchParams.get('Marker'));
    if (at(/event-source-mappings/)) return { EventSourceMappings: mappings };
    if (at(/capacity-providers/)) return capacityProviders && { CapacityProviders: capacityProviders };
    if (at(/^\/schedules$/)) return this.schedulePage(Number(searchParams.get('NextToken') ?? 0));
    const schedule = at(/^\/schedules\/([^/]+)$/)?.[1];
    if (schedule !== undefined) return this.account.schedules?.find(({ Name }) => Name === schedule);
    const code = at(/^\/code\/(.+)$/)?.[1];
    if (code !== undefined) {
      const fn = functions.find(({ name }) => name === code);
      const layer = layers[code];
      return fn ? (fn.archive ?? zipOf(fn.files ?? [])) : layer && zipOf(layer);
    }
    if (at(/\/layers$/)) {
      const arn = searchParams.get('Arn') ?? '';
      return layers[arn] && { LayerVersionArn: arn, Content: { Location: `${this.url}/code/${encodeURIComponent(arn)}` } };
    }
    const [, name = '', part = ''] = at(/\/functions\/([^/]+)(?:\/(.+))?$/) ?? [];
    if (name !== '') return this.ofFunction(name, part, searchParams.get('Qualifier') ?? '');
    if (target.endsWith('.GetMetricData')) return this.metrics(body.toString('utf8'));
    if (target !== '') return ofRule(rules, target, body);
    return this.ofApi(pathname);
  }

  /** Two schedules a page. */
  private schedulePage(start: number) {
    const { schedules = [] } = this.account;
    const Schedules = schedules.slice(start, start + 2).map(({ Name, GroupName, Target }) => {
      const { Arn } = Target as { Arn: string };
      return { Name, GroupName, Target: { Arn } };
    });
    return { Schedules, ...(start + 2 < schedules.length && { NextToken: String(start + 2) }) };
  }

  private page(marker: string | null) {
    const { functions, pageSize = 50 } = this.account;
    const start = Number(marker ?? 0);
    const more = start + pageSize < functions.length ? { NextMarker: String(start + pageSize) } : {};
    return { Functions: functions.slice(start, start + pageSize).map(configurationOf), ...more };
  }

  private ofFunction(name: string, part: string, qualifier: string): unknown {
    const fn = this.account.functions.find((each) => each.name === name);
    if (!fn) return undefined;
    const { aliases = [], provisioned = [], policies = {}, urls = {}, destinations, tags, concurrency } = fn;
    if (part === '') {
      const Concurrency = concurrency === undefined ? {} : { Concurrency: { ReservedConcurrentExecutions: concurrency } };
      return {
        Configuration: configurationOf(fn),
        Code: { Location: `${this.url}/code/${name}?signature=hidden` },
        Tags: tags,
        ...Concurrency,
      };
    }
    if (part === 'aliases') return { Aliases: aliases };
    if (part === 'provisioned-concurrency') return { ProvisionedConcurrencyConfigs: provisioned };
    if (part === 'policy')
      return policies[qualifier] && { Policy: JSON.stringify({ Version: '2012-10-17', Statement: policies[qualifier] }) };
    if (part === 'url') return urls[qualifier];
    return part === 'event-invoke-config' ? destinations && { DestinationConfig: destinations } : undefined;
  }

  private ofApi(path: string): unknown {
    const [, kind = '', id = '', part = ''] = /^\/(restapis|v2\/apis)\/(\w+)(?:\/(.+))?$/.exec(path) ?? [];
    const api = kind === 'restapis' ? this.account.restApis?.[id] : this.account.httpApis?.[id];
    if (!api) return undefined;
    if (part === '') return { id, ApiId: id, ...lowerOrUpper(kind, api.settings ?? {}) };
    if (part === 'stages') return kind === 'restapis' ? { item: api.stages } : { items: api.stages };
    if (part === 'routes') return { items: 'routes' in api ? api.routes : [] };
    if (part === 'integrations') return { items: 'integrations' in api ? api.integrations : [] };
    return Buffer.from(JSON.stringify(api.document));
  }

  private metrics(body: string) {
    const results = Object.entries(this.account.metrics ?? {}).flatMap(([name, sums], index) =>
      body.includes(`"${name}"`)
        ? Object.entries(sums).map(([kind, Values]) => ({ Id: `${kind}${index}`, Label: name, Values, Timestamps: [] }))
        : [],
    );
    return { MetricDataResults: results };
  }
}

/** Names of fields begin small in the JSON of API Gateway. */
function lowerOrUpper(kind: string, settings: Record<string, unknown>): Record<string, unknown> {
  return kind === 'restapis'
    ? settings
    : Object.fromEntries(Object.entries(settings).map(([key, value]) => [key[0]?.toLowerCase() + key.slice(1), value]));
}

function configurationOf({ name, configuration }: DeployedFunction) {
  return {
    FunctionName: name,
    FunctionArn: arnOf(name),
    Runtime: 'nodejs22.x',
    Handler: 'index.handler',
    Role: `arn:aws:iam::${accountId}:role/${name}`,
    CodeSha256: `hash-of-${name}`,
    RevisionId: `revision-of-${name}`,
    MemorySize: 256,
    Timeout: 10,
    PackageType: 'Zip',
    ...configuration,
  };
}

function ofRule(rules: NonNullable<Account['rules']>, target: string, body: Buffer): unknown {
  const { Name, Rule } = JSON.parse(body.toString('utf8')) as { Name?: string; Rule?: string };
  const found = rules[Name ?? Rule ?? ''];
  return target.endsWith('DescribeRule') ? found?.rule : found && { Targets: found.targets };
}
