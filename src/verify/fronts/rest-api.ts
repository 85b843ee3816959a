import type { InvokeOutcome } from '../lambda/outcome.js';
import {
  answer,
  flatten,
  gatewayTime,
  type HeaderLine,
  headerValues,
  last,
  lastHeader,
  mediaTypeOf,
  multimap,
  splitTarget,
  type WireRequest,
  type WireResponse,
} from './http.js';
import type { Arrival, FrontModel, RouteHit } from './model.js';
import {
  bodyOf,
  isProxyResult,
  MalformedResult,
  multiHeaders,
  orElse,
  parsePayload,
  singleHeaders,
  statusOf,
  union,
  withDefaultType,
} from './result.js';
import { streamedResponse } from './streamed.js';

const failure = answer(502, 'application/json', '{"message": "Internal server error"}');

/**
 * REST API of API Gateway with a Lambda proxy integration.
 * @see https://docs.aws.amazon.com/apigateway/latest/developerguide/set-up-lambda-proxy-integrations.html
 */
export const restApi: FrontModel = {
  toEvent,
  toResponse,
  unmatched: answer(403, 'application/json', '{"message":"Missing Authentication Token"}'),
  failure,
  trailingSlashMatters: null,
};

function toEvent(request: WireRequest, hit: RouteHit, arrival: Arrival): unknown {
  const { path } = splitTarget(request.target);
  const stage = hit.trigger.stage ?? 'Prod';
  const binary = matchesBinary(mediaTypeOf(request.headers), hit.trigger.binaryMediaTypes);
  return {
    resource: hit.trigger.path,
    path,
    httpMethod: request.method,
    ...payload1Parts(request, hit),
    requestContext: {
      ...names(request, arrival),
      resourceId: 'resource',
      resourcePath: hit.trigger.path,
      httpMethod: request.method,
      extendedRequestId: arrival.requestId,
      requestId: arrival.requestId,
      requestTime: gatewayTime(arrival.time),
      requestTimeEpoch: arrival.time,
      path: `/${stage}${path}`,
      protocol: 'HTTP/1.1',
      stage,
      identity: { ...anonymous, sourceIp: arrival.sourceIp, userAgent: lastHeader(request.headers, 'user-agent') ?? null },
    },
    ...bodyFields(request, binary),
  };
}

/** What REST APIs and payload format 1.0 of HTTP APIs have in common: absent things are null. */
export function payload1Parts(request: WireRequest, { trigger, parameters }: RouteHit): Record<string, unknown> {
  const headers = multimap(request.headers);
  const query = multimap(new URLSearchParams(splitTarget(request.target).query));
  return {
    headers: flatten(headers, last),
    multiValueHeaders: Object.fromEntries(headers),
    queryStringParameters: nullIfEmpty(flatten(query, last)),
    multiValueQueryStringParameters: nullIfEmpty(Object.fromEntries(query)),
    pathParameters: nullIfEmpty(parameters),
    stageVariables: nullIfEmpty(trigger.stageVariables ?? {}),
  };
}

export function names(request: WireRequest, { accountId }: Arrival): Record<string, string> {
  const domainName = (lastHeader(request.headers, 'host') ?? '').replace(/:\d+$/, '');
  const domainPrefix = domainName.split('.')[0] as string;
  return { accountId, apiId: domainPrefix, domainName, domainPrefix };
}

export const anonymous = Object.fromEntries(
  [
    'accessKey',
    'accountId',
    'caller',
    'cognitoAuthenticationProvider',
    'cognitoAuthenticationType',
    'cognitoIdentityId',
    'cognitoIdentityPoolId',
    'principalOrgId',
    'user',
    'userArn',
  ].map((name) => [name, null]),
);

/** Payload format 1.0 and REST: no body is null. */
export function bodyFields({ body }: WireRequest, binary: boolean): { body: string | null; isBase64Encoded: boolean } {
  if (body.length === 0) return { body: null, isBase64Encoded: false };
  return { body: body.toString(binary ? 'base64' : 'utf8'), isBase64Encoded: binary };
}

function nullIfEmpty<T extends object>(value: T): T | null {
  return Object.keys(value).length === 0 ? null : value;
}

/** `*` covers several media types. */
function matchesBinary(type: string, patterns: readonly string[] = []): boolean {
  return patterns.some(
    (pattern) => pattern === '*/*' || new RegExp(`^${pattern.toLowerCase().split('*').map(escapeText).join('.*')}$`).test(type),
  );
}

function escapeText(text: string): string {
  return text.replace(/[.+^${}()|[\]\\/-]/g, '\\$&');
}

function toResponse(outcome: InvokeOutcome, { trigger }: RouteHit, request: WireRequest): WireResponse {
  if (outcome.kind === 'stream') return orElse(() => streamedResponse(outcome.stream), failure);
  if (outcome.kind !== 'result') return failure;
  // The first type of the first Accept header decides whether the client gets bytes.
  const accepted = (headerValues(request.headers, 'accept')[0] ?? '').split(',')[0]?.replace(/;.*$/, '').trim().toLowerCase() ?? '';
  return orElse(() => payload1Response(outcome.payload, 'application/json', matchesBinary(accepted, trigger.binaryMediaTypes)), failure);
}

/** @throws MalformedResult when the result is no proxy result. */
export function payload1Response(payload: string, defaultType: string, decodes: boolean): WireResponse {
  const result = parsePayload(payload);
  if (!isProxyResult(result)) throw new MalformedResult('no object');
  const headers: HeaderLine[] = union(multiHeaders(result.multiValueHeaders), singleHeaders(result.headers));
  return { status: statusOf(result.statusCode), headers: withDefaultType(headers, defaultType), body: bodyOf(result, decodes) };
}
