import type { CorsConfig, HttpTrigger } from '../../project/trigger.js';
import { type HeaderLine, lastHeader, type WireRequest, type WireResponse } from './http.js';

/** The CORS settings that the definition gives a route, or undefined. */
export function corsOf(trigger: HttpTrigger): CorsConfig | undefined {
  return trigger.gateway.find((feature) => feature.kind === 'cors')?.cors;
}

/**
 * The gateway's own answer to a preflight; undefined when the request is none.
 * REST: an OPTIONS method with a mock integration, the same for every origin. HTTP APIs and function URLs: the headers decide.
 * @see https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-cors.html
 */
export function preflightAnswer(cors: CorsConfig, request: WireRequest): WireResponse | undefined {
  if (request.method !== 'OPTIONS') return undefined;
  const origin = lastHeader(request.headers, 'origin');
  if (cors.mode === 'headers' && (origin === undefined || lastHeader(request.headers, 'access-control-request-method') === undefined))
    return undefined;
  const allowed = allowedOrigin(cors, origin);
  const headers: HeaderLine[] =
    allowed === undefined
      ? []
      : [
          ['access-control-allow-origin', allowed],
          ...credentials(cors),
          ...list('access-control-allow-methods', cors.allowMethods),
          ...list('access-control-allow-headers', cors.allowHeaders),
          ...list('access-control-max-age', cors.maxAgeSeconds === undefined ? [] : [String(cors.maxAgeSeconds)]),
        ];
  // A mock integration answers with the default type of REST APIs.
  const type: HeaderLine[] = cors.mode === 'preflight' ? [['content-type', 'application/json']] : [];
  return { status: cors.preflightStatus, headers: [...type, ...headers], body: Buffer.alloc(0) };
}

/** HTTP APIs and function URLs replace the handler's CORS headers by the configured ones. */
export function withCorsHeaders(cors: CorsConfig, request: WireRequest, response: WireResponse): WireResponse {
  if (cors.mode !== 'headers') return response;
  const headers = response.headers.filter(([name]) => !name.toLowerCase().startsWith('access-control-'));
  const origin = lastHeader(request.headers, 'origin');
  const allowed = origin === undefined ? undefined : allowedOrigin(cors, origin);
  if (allowed === undefined) return { ...response, headers };
  return {
    ...response,
    headers: [
      ...headers,
      ['access-control-allow-origin', allowed],
      ...credentials(cors),
      ...list('access-control-expose-headers', cors.exposeHeaders),
    ],
  };
}

function allowedOrigin({ mode, allowOrigins, allowCredentials }: CorsConfig, origin: string | undefined): string | undefined {
  if (allowOrigins.includes('*')) return allowCredentials && origin !== undefined ? origin : '*';
  if (origin !== undefined && allowOrigins.some((each) => fits(each, origin))) return origin;
  return mode === 'preflight' ? allowOrigins[0] : undefined;
}

/** `https://*` and `*.example.com` stand for many. */
function fits(pattern: string, origin: string): boolean {
  const [head = '', ...rest] = pattern.toLowerCase().split('*');
  const text = origin.toLowerCase();
  const tail = rest.at(-1);
  return tail === undefined ? text === head : text.startsWith(head) && text.endsWith(tail) && text.length >= head.length + tail.length;
}

function credentials({ allowCredentials }: CorsConfig): HeaderLine[] {
  return allowCredentials ? [['access-control-allow-credentials', 'true']] : [];
}

function list(name: string, values: readonly string[]): HeaderLine[] {
  return values.length === 0 ? [] : [[name, values.join(',')]];
}
