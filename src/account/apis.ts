/** APIs that may call the functions, as the OpenAPI documents that API Gateway exports: routes, authorizers, validators and all. */
import type { RestApi } from '@aws-sdk/client-api-gateway';
import type { Api } from '@aws-sdk/client-apigatewayv2';
import { diagnostic } from '../diagnostics/catalog.js';
import type { Diagnostic } from '../diagnostics/diagnostic.js';
import { objectOf, type PlainObject } from '../project/data.js';
import type { AccountApis } from './access.js';
import { failureKind, failureReason } from './failures.js';
import type { FunctionRecord } from './record.js';

/** Resources that describe an API. */
export interface ApiResources {
  id: string;
  resources: Record<string, { Type: string; Properties: PlainObject }>;
}

/** `arn:aws:execute-api:eu-west-1:123456789012:abc123/prod/GET/orders` */
export function apiIdOf(sourceArn: string | null): string | undefined {
  return /^arn:[\w-]+:execute-api:[^:]*:[^:]*:([a-z0-9]+)\//.exec(sourceArn ?? '')?.[1];
}

/** Every API that a policy names; one that cannot be read is a finding, and its routes count as guarded by what is not known. */
export async function readApis(
  apis: AccountApis,
  records: readonly FunctionRecord[],
  stage: string | undefined,
  report: (found: Diagnostic) => void,
): Promise<Map<string, ApiResources>> {
  const arns = records.flatMap(({ permissions }) => permissions.flatMap(({ sourceArn }) => sourceArn ?? []));
  const wanted = [...new Set(arns.flatMap((arn) => apiIdOf(arn) ?? []))];
  const found = new Map<string, ApiResources>();
  for (const id of wanted) {
    const named = arns.flatMap((arn) => (apiIdOf(arn) === id ? (/\/([^/*]+)\//.exec(arn)?.[1] ?? []) : []));
    const stages = { wanted: stage, named: [...new Set(named)] };
    try {
      const api = (await restApi(apis, id, stages)) ?? (await httpApi(apis, id, stages));
      if (api) found.set(id, api);
      else report(unread(id, 'it is not there'));
    } catch (error) {
      report(unread(id, failureReason(error)));
    }
  }
  return found;
}

function unread(api: string, reason: string): Diagnostic {
  return diagnostic('ACCOUNT_API_UNREAD', { args: { api, reason } });
}

interface Stages {
  /** Of `--stage`. */
  wanted: string | undefined;
  /** Of the policies. */
  named: readonly string[];
}

/** The stage asked for, the one that policies name, or the one that was deployed last. */
function chosen<S extends { name: string; changed: number }>(stages: readonly S[], { wanted, named }: Stages): S | undefined {
  const latest = stages.toSorted((a, b) => b.changed - a.changed);
  return latest.find(({ name }) => name === wanted) ?? latest.find(({ name }) => named.includes(name)) ?? latest[0];
}

/** Undefined when no REST API has this id. */
async function restApi(apis: AccountApis, restApiId: string, wanted: Stages): Promise<ApiResources | undefined> {
  const { GetRestApiCommand, GetStagesCommand, GetExportCommand } = await import('@aws-sdk/client-api-gateway');
  const client = await apis.restApis();
  const api = await orAbsent(client.send(new GetRestApiCommand({ restApiId })));
  if (!api) return undefined;
  const { item = [] } = await client.send(new GetStagesCommand({ restApiId }));
  const stage = chosen(
    item.map((each) => ({ ...each, name: each.stageName ?? '', changed: each.lastUpdatedDate?.getTime() ?? 0 })),
    wanted,
  );
  if (!stage) return { id: restApiId, resources: {} };
  const parameters = { extensions: 'apigateway' };
  const { body } = await client.send(
    new GetExportCommand({ restApiId, stageName: stage.name, exportType: 'oas30', parameters, accepts: 'application/json' }),
  );
  const id = `RestApi${restApiId}`;
  const document = documentOf(body, stage.variables ?? {});
  return {
    id: restApiId,
    resources: {
      [id]: { Type: 'AWS::ApiGateway::RestApi', Properties: { ...restSettings(api), Body: document } },
      [`${id}Stage`]: { Type: 'AWS::ApiGateway::Stage', Properties: { RestApiId: { Ref: id }, StageName: stage.name } },
    },
  };
}

function restSettings({ name, apiKeySource, binaryMediaTypes, minimumCompressionSize, policy }: RestApi): PlainObject {
  return {
    Name: name,
    ...(apiKeySource !== undefined && { ApiKeySourceType: apiKeySource }),
    ...(binaryMediaTypes !== undefined && { BinaryMediaTypes: binaryMediaTypes }),
    ...(minimumCompressionSize !== undefined && { MinimumCompressionSize: minimumCompressionSize }),
    ...(policy !== undefined && { Policy: { Text: policy } }),
  };
}

async function httpApi(apis: AccountApis, apiId: string, wanted: Stages): Promise<ApiResources | undefined> {
  const { GetApiCommand, GetStagesCommand, ExportApiCommand } = await import('@aws-sdk/client-apigatewayv2');
  const client = await apis.httpApis();
  const api = await orAbsent(client.send(new GetApiCommand({ ApiId: apiId })));
  if (!api) return undefined;
  const id = `HttpApi${apiId}`;
  if (api.ProtocolType === 'WEBSOCKET') return { id: apiId, resources: await socketResources(apis, apiId, api) };
  const { Items: items = [] } = await client.send(new GetStagesCommand({ ApiId: apiId }));
  const stage = chosen(
    items.map((each) => ({ ...each, name: each.StageName ?? '', changed: each.LastUpdatedDate?.getTime() ?? 0 })),
    wanted,
  );
  const ofStage = stage ? { StageName: stage.name } : {};
  const { body } = await client.send(
    new ExportApiCommand({ ApiId: apiId, Specification: 'OAS30', OutputType: 'JSON', IncludeExtensions: true, ...ofStage }),
  );
  const document = documentOf(body, stage?.StageVariables ?? {});
  const settings = { Name: api.Name, ProtocolType: 'HTTP', Body: document };
  return {
    id: apiId,
    resources: {
      [id]: { Type: 'AWS::ApiGatewayV2::Api', Properties: settings },
      ...(stage && { [`${id}Stage`]: { Type: 'AWS::ApiGatewayV2::Stage', Properties: { ApiId: { Ref: id }, StageName: stage.name } } }),
    },
  };
}

/** WebSocket APIs cannot be exported. */
async function socketResources(apis: AccountApis, apiId: string, api: Partial<Api>): Promise<ApiResources['resources']> {
  const { GetRoutesCommand, GetIntegrationsCommand } = await import('@aws-sdk/client-apigatewayv2');
  const client = await apis.httpApis();
  const { Items: routes = [] } = await client.send(new GetRoutesCommand({ ApiId: apiId, MaxResults: '500' }));
  const { Items: integrations = [] } = await client.send(new GetIntegrationsCommand({ ApiId: apiId, MaxResults: '500' }));
  const id = `SocketApi${apiId}`;
  const resources: ApiResources['resources'] = {
    [id]: {
      Type: 'AWS::ApiGatewayV2::Api',
      Properties: { Name: api.Name, ProtocolType: 'WEBSOCKET', RouteSelectionExpression: api.RouteSelectionExpression },
    },
  };
  for (const { IntegrationId: of = '', IntegrationType: type, IntegrationUri: uri } of integrations) {
    const Properties = { ApiId: { Ref: id }, IntegrationType: type, IntegrationUri: uri };
    resources[`${id}Integration${of}`] = { Type: 'AWS::ApiGatewayV2::Integration', Properties };
  }
  for (const { RouteId: of = '', RouteKey: key, Target: target, AuthorizationType: authorization } of routes) {
    const integration = { 'Fn::Sub': `integrations/\${${id}Integration${target?.split('/').at(-1) ?? ''}}` };
    const Properties = { ApiId: { Ref: id }, RouteKey: key, Target: integration, AuthorizationType: authorization };
    resources[`${id}Route${of}`] = { Type: 'AWS::ApiGatewayV2::Route', Properties };
  }
  return resources;
}

async function orAbsent<T>(answer: Promise<T>): Promise<T | undefined> {
  try {
    return await answer;
  } catch (error) {
    if (failureKind(error) === 'absent') return undefined;
    throw error;
  }
}

/** Stage variables name the function in some integrations. */
function documentOf(body: Uint8Array | undefined, variables: Readonly<Record<string, string>>): PlainObject {
  const text = Buffer.from(body ?? []).toString('utf8');
  const filled = text.replace(/\$\{stageVariables\.(\w+)\}/g, (whole, name: string) => {
    const value = Object.hasOwn(variables, name) ? variables[name] : undefined;
    return value === undefined || !/^[\w:-]+$/.test(value) ? whole : value;
  });
  return objectOf(JSON.parse(filled));
}
