import type { Answer } from './fronts.js';
import type { HttpRequest } from './request.js';
import { headerValue } from './request.js';
import type { Cors } from './types.js';

/** The gateway's answer to a preflight. */
export function preflight(cors: Cors, request: HttpRequest): Answer {
  const origin = allowedOrigin(cors, request);
  const { allowMethods, allowHeaders, maxAgeSeconds } = cors;
  const headers: Answer['headers'] = cors.mode === 'preflight' ? [['content-type', 'application/json']] : [];
  if (origin !== undefined) {
    headers.push(...originHeaders(cors, origin));
    if (allowMethods.length > 0) headers.push(['access-control-allow-methods', allowMethods.join(',')]);
    if (allowHeaders.length > 0) headers.push(['access-control-allow-headers', allowHeaders.join(',')]);
    if (maxAgeSeconds !== undefined) headers.push(['access-control-max-age', String(maxAgeSeconds)]);
  }
  return { status: cors.preflightStatus, headers, body: '' };
}

/** Would the gateway have answered the request itself? REST APIs had an OPTIONS method; the others look at the headers. */
export function isPreflight(cors: Cors, request: HttpRequest): boolean {
  if (request.method !== 'OPTIONS') return false;
  return cors.mode === 'preflight' || (has(request, 'origin') && has(request, 'access-control-request-method'));
}

/** Mode `headers`: the gateway's CORS headers in place of the handler's. Mode `preflight`: the answer as it is. */
export function withCors(answer: Answer, cors: Cors, request: HttpRequest): Answer {
  if (cors.mode === 'preflight') return answer;
  const origin = has(request, 'origin') ? allowedOrigin(cors, request) : undefined;
  const headers = answer.headers.filter(([name]) => !name.toLowerCase().startsWith('access-control-'));
  if (origin !== undefined) {
    headers.push(...originHeaders(cors, origin));
    if (cors.exposeHeaders.length > 0) headers.push(['access-control-expose-headers', cors.exposeHeaders.join(',')]);
  }
  return { ...answer, headers };
}

function originHeaders({ allowCredentials }: Cors, origin: string): Answer['headers'] {
  return [
    ['access-control-allow-origin', origin],
    ...(origin === '*' ? [] : [['vary', 'Origin'] as [string, string]]),
    ...(allowCredentials ? [['access-control-allow-credentials', 'true'] as [string, string]] : []),
  ];
}

function allowedOrigin({ mode, allowOrigins, allowCredentials }: Cors, request: HttpRequest): string | undefined {
  const origin = headerValue(request.headers, 'origin');
  // A browser refuses `*` together with credentials.
  if (allowOrigins.includes('*')) return allowCredentials && origin !== undefined ? origin : '*';
  const allowed = allowOrigins.find((each) => origin !== undefined && matches(each, origin));
  if (allowed !== undefined) return origin;
  // A mock integration had its headers in the definition and sent them to everybody.
  return mode === 'preflight' ? allowOrigins[0] : undefined;
}

/** `https://*` is any origin of that scheme. */
function matches(pattern: string, origin: string): boolean {
  const source = pattern.replace(/[.+?^${}()|[\]\\]/g, '\\$&').replace(/\*/g, '.*');
  return new RegExp(`^${source}$`, 'i').test(origin);
}

function has(request: HttpRequest, name: string): boolean {
  return headerValue(request.headers, name) !== undefined;
}
