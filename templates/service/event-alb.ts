import type { EventBody, RequestParts } from './event-parts.js';
import { bodyOf, forwardedHeaders, group, isText, lastOf, mediaType } from './event-parts.js';
import type { HttpRequest } from './request.js';
import { headerValue } from './request.js';
import type { Match } from './router.js';

/** Event of an Application Load Balancer. Path and query are as they were sent: it decodes nothing. */
export function eventAlb(request: HttpRequest, { route }: Match): Record<string, unknown> {
  const { text, isBase64Encoded } = bodyOfAlb(request);
  return {
    requestContext: { elb: { targetGroupArn: targetGroupArn(route.function.name) } },
    httpMethod: request.method,
    path: request.path,
    ...(route.multiValueHeaders
      ? {
          multiValueQueryStringParameters: Object.fromEntries(queryOf(request)),
          multiValueHeaders: Object.fromEntries(headersOf(request)),
        }
      : { queryStringParameters: lastOf(queryOf(request)), headers: lastOf(headersOf(request)) }),
    body: text,
    isBase64Encoded,
  };
}

/** The same for route handlers; with multi-value headers on there are no single ones. */
export const partsAlb: RequestParts = {
  path: ({ path }) => path,
  headers: (request, { multiValueHeaders }) => (multiValueHeaders ? {} : lastOf(headersOf(request))),
  query: (request, { multiValueHeaders }) => (multiValueHeaders ? {} : lastOf(queryOf(request))),
  headerValues: (request) => Object.fromEntries(headersOf(request)),
  queryValues: (request) => Object.fromEntries(queryOf(request)),
  parameters: () => null,
  body: bodyOfAlb,
  noBody: '',
};

function headersOf(request: HttpRequest): [string, string[]][] {
  return group(forwardedHeaders(request, 'alb').map(([name, value]): [string, string] => [name.toLowerCase(), value]));
}

function queryOf({ query }: HttpRequest): [string, string[]][] {
  return group(rawQuery(query));
}

function bodyOfAlb(request: HttpRequest): EventBody {
  const isEncoded = headerValue(request.headers, 'content-encoding') !== undefined;
  return bodyOf(request, isEncoded || !isText(mediaType(headerValue(request.headers, 'content-type'))));
}

function rawQuery(query: string): [string, string][] {
  const parts = query.split('&').filter((part) => part !== '');
  return parts.map((part) => {
    const equals = part.indexOf('=');
    return equals < 0 ? [part, ''] : [part.slice(0, equals), part.slice(equals + 1)];
  });
}

/** A service does not know the function's target group: handlers only look whether there is one. */
function targetGroupArn(name: string): string {
  const { AWS_REGION: region = 'us-east-1', AWS_ACCOUNT_ID: account = '000000000000' } = process.env;
  return `arn:aws:elasticloadbalancing:${region}:${account}:targetgroup/${name}/0000000000000000`;
}
