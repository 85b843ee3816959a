import { bodyOf, forwardedHeaders, group, isText, lastOf, mediaType } from './event-parts.js';
import type { HttpRequest } from './request.js';
import { headerValue } from './request.js';
import type { Match } from './router.js';

/** Event of an Application Load Balancer. Path and query are as they were sent: it decodes nothing. */
export function eventAlb(request: HttpRequest, { route }: Match): Record<string, unknown> {
  const headers = group(forwardedHeaders(request, 'alb').map(([name, value]): [string, string] => [name.toLowerCase(), value]));
  const query = group(rawQuery(request.query));
  const isEncoded = headerValue(request.headers, 'content-encoding') !== undefined;
  const { text, isBase64Encoded } = bodyOf(request, isEncoded || !isText(mediaType(headerValue(request.headers, 'content-type'))));
  return {
    requestContext: { elb: { targetGroupArn: targetGroupArn(route.function.name) } },
    httpMethod: request.method,
    path: request.path,
    ...(route.multiValueHeaders
      ? { multiValueQueryStringParameters: Object.fromEntries(query), multiValueHeaders: Object.fromEntries(headers) }
      : { queryStringParameters: lastOf(query), headers: lastOf(headers) }),
    body: text,
    isBase64Encoded,
  };
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
