/** Integrations that hand requests on to a service as they came, with what only the API knows of them. */
import type { PlainObject } from '../../project/data.js';
import { join } from '../cloudformation.js';
import type { Backend } from '../origins/origin.js';

/** What `templates/service/request.ts` reads: name after `x-api-gateway-` → value of the context. */
const told = {
  'source-ip': 'identity.sourceIp',
  domain: 'domainName',
  'request-id': 'requestId',
  'api-id': 'apiId',
};

const toldWithKey = { ...told, 'api-key': 'identity.apiKey', 'api-key-id': 'identity.apiKeyId' };

export interface RestRoute {
  /** Upper case, or `ANY`. */
  method: string;
  /** `/orders/{id}` */
  path: string;
  /** The API asks for a key. */
  isPrivate: boolean;
}

/** `Integration` of a method of a REST API. Parameters of the path have to be named, and be parameters of the method. */
export function restIntegration({ method, path, isPrivate }: RestRoute, to: Backend): PlainObject {
  const headers = Object.entries(isPrivate ? toldWithKey : told).map(([name, value]) => [
    `integration.request.header.x-api-gateway-${name}`,
    `context.${value}`,
  ]);
  const variables = pathVariables(path).map((name) => [`integration.request.path.${name}`, `method.request.path.${name}`]);
  return {
    Type: 'HTTP_PROXY',
    IntegrationHttpMethod: method,
    ConnectionType: 'VPC_LINK',
    ConnectionId: to.link('rest-api'),
    Uri: join('', ['http://', ...to.address, path.replaceAll('+}', '}')]),
    RequestParameters: Object.fromEntries([...variables, ...headers]),
  };
}

/** `id` and `proxy` of `/{id}/{proxy+}`. */
export function pathVariables(path: string): string[] {
  return [...path.matchAll(/\{([^}+]+)\+?\}/g)].map(([, name]) => name as string);
}

/** Properties of an integration of an HTTP API. Without a path of its own a request would keep the stage in it. */
export function httpIntegration(to: Backend): PlainObject {
  const headers = Object.entries(told).map(([name, value]) => [`overwrite:header.x-api-gateway-${name}`, `$context.${value}`]);
  return {
    IntegrationType: 'HTTP_PROXY',
    IntegrationMethod: 'ANY',
    IntegrationUri: to.listener,
    PayloadFormatVersion: '1.0',
    ConnectionType: 'VPC_LINK',
    ConnectionId: to.link('http-api'),
    RequestParameters: Object.fromEntries([['overwrite:path', '$request.path'], ...headers]),
  };
}
