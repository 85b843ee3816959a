/** `httpApi` events: routes of the service's HTTP API; `*` is the catch-all. */
import type { ServerlessEventContext } from '../../../../triggers/kind.js';
import { objectOf } from '../../../data.js';
import type { HttpTrigger, Trigger } from '../../../trigger.js';
import { httpApiAuthorizer } from './authorizer.js';
import { httpApiCors } from './cors.js';
import { domainFeatures } from './domain.js';
import { describe, eventsOf, providerOf, routeOf } from './service.js';

export function httpApiEvent(value: unknown, context: ServerlessEventContext): Trigger[] {
  const route = httpApiRoute(value);
  if (!route) return [];
  const settings = objectOf(providerOf(context)['httpApi']);
  const methods = eventsOf(context.service, 'httpApi').flatMap((event) => httpApiRoute(event)?.method ?? []);
  const trigger: HttpTrigger = {
    type: 'http-api',
    ...route,
    api: settings['id'] === undefined ? 'HttpApi' : describe(settings['id']),
    payload: payloadOf(context),
    stage: '$default',
    gateway: [
      ...httpApiCors(settings['cors'], methods),
      ...httpApiAuthorizer(objectOf(value)['authorizer'], context),
      ...domainFeatures('http', context),
    ],
    ...(context.range && { range: context.range }),
  };
  return [trigger];
}

function httpApiRoute(value: unknown): { method: string; path: string } | undefined {
  const route = value === '*' || value === true ? { method: 'ANY', path: '*' } : routeOf(value);
  if (!route) return undefined;
  if (route.path === '*') return { method: 'ANY', path: '$default' };
  return { method: route.method, path: route.path.startsWith('/') ? route.path : `/${route.path}` };
}

/** `httpApi.payload` of the function, else of the provider; version 1 of Serverless had the old format as its default. */
function payloadOf(context: ServerlessEventContext): '1.0' | '2.0' {
  const own = objectOf(objectOf(objectOf(context.service['functions'])[context.functionId])['httpApi'])['payload'];
  const stated = String(own ?? objectOf(providerOf(context)['httpApi'])['payload'] ?? '');
  if (/^1(\.0)?$/.test(stated)) return '1.0';
  if (/^2(\.0)?$/.test(stated)) return '2.0';
  return /^\D*1(\.|\b)/.test(String(context.service['frameworkVersion'] ?? '')) ? '1.0' : '2.0';
}
