import type { InvokeOutcome } from '../lambda/outcome.js';
import {
  answer,
  commaJoined,
  decodeOrKeep,
  flatten,
  gatewayTime,
  type HeaderLine,
  lastHeader,
  mediaTypeOf,
  multimap,
  splitTarget,
  type WireRequest,
  type WireResponse,
} from './http.js';
import type { Arrival, FrontModel, RouteHit } from './model.js';
import { anonymous, bodyFields, names, payload1Parts, payload1Response } from './rest-api.js';
import { bodyOf, cookieHeaders, isProxyResult, orElse, parsePayload, singleHeaders, statusOf, union, withDefaultType } from './result.js';
import { streamedResponse } from './streamed.js';

const failure = answer(500, 'application/json', '{"message":"Internal Server Error"}');

/**
 * HTTP API of API Gateway, payload formats 1.0 and 2.0.
 * @see https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-develop-integrations-lambda.html
 */
export const httpApi: FrontModel = {
  toEvent: (request, hit, arrival) => (hit.trigger.payload === '1.0' ? event1 : event2)(withLength(request), decoded(hit), arrival),
  toResponse,
  unmatched: answer(404, 'application/json', '{"message":"Not Found"}'),
  failure,
  trailingSlashMatters: true,
};

const defaultType = 'text/plain; charset=utf-8';

/** HTTP APIs tell the length of every body, also of none. */
function withLength(request: WireRequest): WireRequest {
  if (lastHeader(request.headers, 'content-length') !== undefined) return request;
  return { ...request, headers: [...request.headers, ['Content-Length', String(request.body.length)]] };
}

function decoded(hit: RouteHit): RouteHit {
  return { ...hit, parameters: Object.fromEntries(Object.entries(hit.parameters).map(([name, value]) => [name, decodeOrKeep(value)])) };
}

/** Decoded, and with the stage unless it is `$default`. */
function pathOf(request: WireRequest, stage: string): string {
  return (stage === '$default' ? '' : `/${stage}`) + decodeOrKeep(splitTarget(request.target).path);
}

function routeKeyOf({ trigger }: RouteHit): string {
  return trigger.path === '$default' ? '$default' : `${trigger.method} ${trigger.path}`;
}

/** Text types reach the function as text; everything else, forms and bodies without a type too, as base64. */
export function isTextType(type: string): boolean {
  return type.startsWith('text/') || ['application/json', 'application/javascript', 'application/xml'].includes(type);
}

function event1(request: WireRequest, hit: RouteHit, arrival: Arrival): unknown {
  const stage = hit.trigger.stage ?? '$default';
  const path = pathOf(request, stage);
  return {
    version: '1.0',
    resource: hit.trigger.path,
    path,
    httpMethod: request.method,
    ...payload1Parts(request, hit),
    requestContext: {
      ...names(request, arrival),
      resourceId: `${hit.trigger.method} ${hit.trigger.path}`,
      resourcePath: hit.trigger.path,
      httpMethod: request.method,
      extendedRequestId: arrival.requestId,
      requestId: arrival.requestId,
      requestTime: gatewayTime(arrival.time),
      requestTimeEpoch: arrival.time,
      path,
      protocol: 'HTTP/1.1',
      stage,
      identity: { ...anonymous, cognitoAmr: null, sourceIp: arrival.sourceIp, userAgent: lastHeader(request.headers, 'user-agent') ?? '' },
    },
    ...bodyFields(request, !isTextType(mediaTypeOf(request.headers))),
  };
}

function event2(request: WireRequest, hit: RouteHit, arrival: Arrival): unknown {
  const stage = hit.trigger.stage ?? '$default';
  return payload2Event(request, arrival, {
    routeKey: routeKeyOf(hit),
    stage,
    path: pathOf(request, stage),
    context: names(request, arrival),
    keepsCookieHeader: false,
    parameters: hit.parameters,
    stageVariables: hit.trigger.stageVariables,
  });
}

interface Payload2Details {
  routeKey: string;
  stage: string;
  path: string;
  context: Record<string, string>;
  keepsCookieHeader: boolean;
  parameters: Record<string, string>;
  stageVariables: Record<string, string> | undefined;
}

/** Payload format 2.0, also of function URLs: absent things are left out. */
export function payload2Event(request: WireRequest, arrival: Arrival, details: Payload2Details): unknown {
  const lower = request.headers.map(([name, value]): HeaderLine => [name.toLowerCase(), value]);
  const cookies = lower.filter(([name]) => name === 'cookie').flatMap(([, value]) => value.split(';').map((each) => each.trim()));
  const headers = multimap(lower.filter(([name]) => name !== 'cookie'));
  const query = multimap(new URLSearchParams(splitTarget(request.target).query));
  const given = cookies.filter((cookie) => cookie !== '');
  const binary = !isTextType(mediaTypeOf(request.headers));
  return {
    version: '2.0',
    routeKey: details.routeKey,
    rawPath: details.path,
    rawQueryString: splitTarget(request.target).query,
    ...(given.length > 0 && { cookies: given }),
    headers: {
      ...flatten(headers, commaJoined),
      ...(details.keepsCookieHeader && given.length > 0 && { cookie: given.join('; ') }),
    },
    ...(query.size > 0 && { queryStringParameters: flatten(query, commaJoined) }),
    requestContext: {
      ...details.context,
      http: {
        method: request.method,
        path: details.path,
        protocol: 'HTTP/1.1',
        sourceIp: arrival.sourceIp,
        userAgent: lastHeader(request.headers, 'user-agent') ?? '',
      },
      requestId: arrival.requestId,
      routeKey: details.routeKey,
      stage: details.stage,
      time: gatewayTime(arrival.time),
      timeEpoch: arrival.time,
    },
    ...(Object.keys(details.parameters).length > 0 && { pathParameters: details.parameters }),
    ...(details.stageVariables && { stageVariables: details.stageVariables }),
    ...(request.body.length > 0 && { body: request.body.toString(binary ? 'base64' : 'utf8') }),
    isBase64Encoded: binary && request.body.length > 0,
  };
}

function toResponse(outcome: InvokeOutcome, { trigger }: RouteHit): WireResponse {
  if (outcome.kind === 'stream') return orElse(() => streamedResponse(outcome.stream), failure);
  if (outcome.kind !== 'result') return failure;
  const { payload } = outcome;
  return orElse(
    () => (trigger.payload === '1.0' ? payload1Response(payload, defaultType, true) : payload2Response(payload, defaultType)),
    failure,
  );
}

/** A result without `statusCode` is the body itself: text as it is, anything else as JSON. */
export function payload2Response(payload: string, type: string): WireResponse {
  const result = parsePayload(payload);
  if (!isProxyResult(result) || !('statusCode' in result)) {
    return answer(200, 'application/json', typeof result === 'string' ? result : payload);
  }
  const headers = union(singleHeaders(result.headers), cookieHeaders(result.cookies));
  return { status: statusOf(result.statusCode), headers: withDefaultType(headers, type), body: bodyOf(result, true) };
}
