import type { InvokeOutcome } from '../lambda/outcome.js';
import {
  answer,
  flatten,
  type HeaderLine,
  last,
  lastHeader,
  mediaTypeOf,
  multimap,
  splitTarget,
  type WireRequest,
  type WireResponse,
} from './http.js';
import { isTextType } from './http-api.js';
import type { Arrival, FrontModel, RouteHit } from './model.js';
import { bodyOf, isProxyResult, MalformedResult, orElse, parsePayload, statusOf, union, withDefaultType } from './result.js';

const failure = answer(
  502,
  'text/html',
  '<html>\r\n<head><title>502 Bad Gateway</title></head>\r\n<body>\r\n<center><h1>502 Bad Gateway</h1></center>\r\n</body>\r\n</html>\r\n',
);

/**
 * Application Load Balancer with a Lambda target. It decodes nothing, and takes nothing but text in headers and body.
 * @see https://docs.aws.amazon.com/elasticloadbalancing/latest/application/lambda-functions.html
 */
export const alb: FrontModel = { toEvent, toResponse, unmatched: null, failure, trailingSlashMatters: true };

function toEvent(request: WireRequest, { trigger }: RouteHit, { region, accountId }: Arrival): unknown {
  const { path, query } = splitTarget(request.target);
  const headers = multimap(request.headers.map(([name, value]): HeaderLine => [name.toLowerCase(), value]));
  const pairs = multimap(
    query
      .split('&')
      .filter((pair) => pair !== '')
      .map((pair) => /^([^=]*)=?(.*)$/s.exec(pair) as unknown as [string, string, string])
      .map(([, name, value]) => [name, value] as const),
  );
  const binary = lastHeader(request.headers, 'content-encoding') !== undefined || !isTextType(mediaTypeOf(request.headers));
  return {
    requestContext: {
      elb: { targetGroupArn: `arn:aws:elasticloadbalancing:${region}:${accountId}:targetgroup/functions/0000000000000000` },
    },
    httpMethod: request.method,
    path,
    ...(trigger.multiValueHeaders
      ? { multiValueQueryStringParameters: Object.fromEntries(pairs), multiValueHeaders: Object.fromEntries(headers) }
      : { queryStringParameters: flatten(pairs, last), headers: flatten(headers, last) }),
    body: request.body.toString(binary && request.body.length > 0 ? 'base64' : 'utf8'),
    isBase64Encoded: binary && request.body.length > 0,
  };
}

function toResponse(outcome: InvokeOutcome, { trigger }: RouteHit): WireResponse {
  if (outcome.kind !== 'result') return failure;
  return orElse(() => {
    const result = parsePayload(outcome.payload);
    if (!isProxyResult(result) || result.body === null) throw new MalformedResult('no answer');
    const own = textHeaders(result.headers);
    const headers = trigger.multiValueHeaders ? union(textHeaderLists(result.multiValueHeaders), own) : own;
    return {
      status: statusOf(result.statusCode),
      headers: withDefaultType(headers, 'application/octet-stream'),
      body: bodyOf(result, true),
    };
  }, failure);
}

function textHeaderLists(value: unknown): HeaderLine[] {
  return Object.entries((value ?? {}) as Record<string, unknown>).flatMap(([name, each]): HeaderLine[] => {
    if (!Array.isArray(each) || !each.every((item): item is string => typeof item === 'string'))
      throw new MalformedResult('no list of texts');
    return each.map((item): HeaderLine => [name, item]);
  });
}

function textHeaders(value: unknown): HeaderLine[] {
  return Object.entries((value ?? {}) as Record<string, unknown>).map(([name, each]): HeaderLine => {
    if (typeof each !== 'string') throw new MalformedResult('a header value is no text');
    return [name, each];
  });
}
