import type { HttpTrigger } from '../../project/trigger.js';
import type { HeaderLine, WireRequest } from '../fronts/http.js';

/** A request in parts that can be made smaller one by one. */
export interface RequestPlan {
  method: string;
  /** Text of each path variable, in order, as it is sent; a greedy one may hold slashes. */
  variables: string[];
  /** Query pairs as they are sent. */
  query: string[];
  headers: HeaderLine[];
  /** Base64, so that plans can be written down; null for no body. */
  body: string | null;
}

/** Address that clients use; its first label is the API's id. */
export const host = 'a1b2c3d4e5.execute-api.eu-central-1.amazonaws.com';

/** Address of the client. */
export const clientAddress = '203.0.113.7';

/** The request of a plan on a route, with what the load balancer in front of a service adds and every gateway too. */
export function toWire(trigger: HttpTrigger, plan: RequestPlan): WireRequest {
  const body = plan.body === null ? Buffer.alloc(0) : Buffer.from(plan.body, 'base64');
  const headers: HeaderLine[] = [
    ['Host', host],
    ['User-Agent', 'migrate-lambda-verify'],
    ...plan.headers,
    ...(plan.body === null ? [] : [['Content-Length', String(body.length)] as HeaderLine]),
    ['X-Forwarded-For', clientAddress],
    ['X-Forwarded-Proto', 'https'],
    ['X-Forwarded-Port', '443'],
    ['X-Amzn-Trace-Id', 'Root=1-67891233-abcdef012345678912345678'],
  ];
  return { method: plan.method, target: targetOf(trigger, plan), headers, body };
}

function targetOf(trigger: HttpTrigger, { variables, query }: RequestPlan): string {
  const path = fill(pathPattern(trigger), variables);
  return query.length === 0 ? path : `${path}?${query.join('&')}`;
}

/** `$default` and patterns of listener rules become paths with one variable; a request line needs the slash that a pattern may lack. */
function pathPattern({ path }: HttpTrigger): string {
  if (path === '$default' || path === '*' || path === '/*') return '/{anything+}';
  const pattern = path.replace(/\*/g, '{star}').replace(/\?/g, 'x');
  return pattern.startsWith('/') ? pattern : `/${pattern}`;
}

/** Number of variables of a route's path. */
export function variableCount(trigger: HttpTrigger): number {
  return pathPattern(trigger).match(/\{[^}]*\}/g)?.length ?? 0;
}

function fill(pattern: string, values: readonly string[]): string {
  let index = 0;
  return pattern.replace(/\{[^}]*\}/g, () => values[index++] || 'x');
}
