import type { HttpTrigger } from '../../project/trigger.js';
import type { HeaderLine } from '../fronts/http.js';
import { acceptedBy } from './accepted.js';
import { type RequestPlan, variableCount } from './plan.js';

/** A request that looks for a certain trouble. */
export interface KnownRequest {
  name: string;
  plan: RequestPlan;
}

/** Methods that stand for `ANY`. */
const anyMethods = ['GET', 'POST', 'PUT', 'PATCH', 'DELETE'];

/** The requests that every route is asked: the ordinary one first, then one for each thing that migrations get wrong. */
export function knownRequests(trigger: HttpTrigger): KnownRequest[] {
  const methods = trigger.method === 'ANY' ? anyMethods : [trigger.method];
  return methods.flatMap((method, index) => [
    { name: `${method}, nothing more`, plan: plain(trigger, method) },
    ...(index === 0 || takesBody(method) ? troubles(trigger, method) : []),
  ]);
}

function plain(trigger: HttpTrigger, method: string): RequestPlan {
  const variables = Array.from({ length: variableCount(trigger) }, (_, index) => String(index + 1));
  const { query, headers, body } = acceptedBy(trigger);
  if (!takesBody(method)) return { method, variables, query, headers, body: null };
  if (!body) return { method, variables, query, headers, body: base64('{}') };
  return { method, variables, query, headers: [...headers, ['Content-Type', body.type]], body: body.content };
}

function troubles(trigger: HttpTrigger, method: string): KnownRequest[] {
  const base = plain(trigger, method);
  // What is asked for must be there in all of them: a gateway that refuses a request hides the handler.
  const changed = (name: string, { query = [], headers = [], ...change }: Partial<RequestPlan>): KnownRequest => ({
    name: `${method}, ${name}`,
    plan: { ...base, ...change, query: [...base.query, ...query], headers: withHeaders(base.headers, headers) },
  });
  const asked = base.query.length + base.headers.length > 0;
  return [
    ...(asked ? [{ name: `${method}, nothing of what the gateway asks for`, plan: { ...base, query: [], headers: [] } }] : []),
    changed('a query', { query: ['name=Ada', 'limit=5', 'id=1'] }),
    changed('the same query key twice', { query: ['name=a', 'name=b'] }),
    changed('an encoded query', { query: ['name=a%20b%2Bc%25', 'q=a+b', 'caf%C3%A9=%E2%98%83'] }),
    changed('query keys without values', { query: ['name', 'empty='] }),
    ...(base.variables.length > 0
      ? [
          changed('an encoded path', { variables: base.variables.map(() => 'a%20b%2Fc%25') }),
          changed('a path beyond ASCII', { variables: base.variables.map(() => 'caf%C3%A9') }),
        ]
      : []),
    changed('headers in lower case', {
      headers: [
        ['accept', 'application/json'],
        ['authorization', 'Bearer token'],
        ['x-custom', 'one'],
      ],
    }),
    changed('the same header twice', {
      headers: [
        ['X-Custom', 'one'],
        ['X-Custom', 'two'],
        ['Accept', 'text/html, */*;q=0.5'],
      ],
    }),
    changed('cookies', { headers: [['Cookie', 'session=abc; theme=dark; empty=']] }),
    changed('an origin', { headers: [['Origin', 'https://example.com']] }),
    changed('a condition', { headers: [['If-None-Match', '"abc"']] }),
    changed('compression accepted', { headers: [['Accept-Encoding', 'gzip, br']] }),
    ...(takesBody(method) ? bodies(changed, trigger) : []),
  ];
}

/**
 * Bytes of a body that each front still hands to a function. Payloads of an invocation have 6 MB, behind a load balancer 1 MB:
 * https://docs.aws.amazon.com/lambda/latest/dg/gettingstarted-limits.html,
 * https://docs.aws.amazon.com/elasticloadbalancing/latest/application/lambda-functions.html
 */
const nearLimit = (front: HttpTrigger['type']) => (front === 'alb' ? 900_000 : 5_000_000);

function bodies(changed: (name: string, change: Partial<RequestPlan>) => KnownRequest, { type: front }: HttpTrigger): KnownRequest[] {
  const typed = (type: string, ...more: HeaderLine[]): HeaderLine[] => [['Content-Type', type], ...more];
  const json = typed('application/json');
  return [
    changed('no body', { body: null }),
    changed('an empty body', { headers: json, body: '' }),
    changed('JSON', { headers: json, body: base64('{ "name": "Ada",\n  "id": "1", "items": [1, 2.50], "nested": { "a": null } }') }),
    changed('JSON with a charset', { headers: typed('application/json; charset=utf-8'), body: base64('{"name":"caf\u00e9 \u2603"}') }),
    changed('invalid JSON', { headers: json, body: base64('{"name":') }),
    changed('JSON that is no object', { headers: json, body: base64('null') }),
    changed('a form', { headers: typed('application/x-www-form-urlencoded'), body: base64('name=a+b&name=c%26d') }),
    changed('text', { headers: typed('text/plain'), body: base64('plain \u2603') }),
    changed('bytes', { headers: typed('application/octet-stream'), body: Buffer.from([0, 255, 128, 10, 13]).toString('base64') }),
    changed('a body without a type', { body: base64('{"name":"Ada"}') }),
    changed('a large body', { headers: json, body: base64(JSON.stringify({ name: 'x'.repeat(150_000) })) }),
    changed('a body near the limit', { headers: json, body: base64(JSON.stringify({ name: 'x'.repeat(nearLimit(front)) })) }),
  ];
}

function withHeaders(base: readonly HeaderLine[], more: readonly HeaderLine[]): HeaderLine[] {
  const names = new Set(more.map(([name]) => name.toLowerCase()));
  return [...base.filter(([name]) => !names.has(name.toLowerCase())), ...more];
}

/** Requests to the API itself, not to one of its routes. */
export function apiRequests(trigger: HttpTrigger): KnownRequest[] {
  const base = plain(trigger, trigger.method === 'ANY' ? 'GET' : trigger.method);
  const preflight: HeaderLine[] = [
    ['Origin', 'https://example.com'],
    ['Access-Control-Request-Method', base.method],
    ['Access-Control-Request-Headers', 'content-type'],
  ];
  return [
    { name: 'HEAD', plan: { ...base, method: 'HEAD', body: null } },
    { name: 'OPTIONS', plan: { ...base, method: 'OPTIONS', body: null } },
    { name: 'a preflight', plan: { ...base, method: 'OPTIONS', body: null, headers: preflight } },
    {
      name: 'a preflight of a stranger',
      plan: { ...base, method: 'OPTIONS', body: null, headers: [['Origin', 'https://evil.example'], ...preflight.slice(1)] },
    },
    { name: 'a method that no route has', plan: { ...base, method: 'PURGE', body: null } },
  ];
}

/** A route that no API of a project has. */
export const unknownRoute: Pick<HttpTrigger, 'path' | 'method'> = { path: '/no-such-route-c2b4/at-all', method: 'GET' };

function takesBody(method: string): boolean {
  return ['POST', 'PUT', 'PATCH'].includes(method);
}

function base64(text: string): string {
  return Buffer.from(text, 'utf8').toString('base64');
}
