import { bodyOf, clfTime, domain, forwardedHeaders, group, isText, mediaType } from './event-parts.js';
import type { HttpRequest } from './request.js';
import { headerValue } from './request.js';
import type { Match } from './router.js';
import { decode } from './router.js';

/** Event of an HTTP API with payload format 2.0, or of a function URL. What there is not is absent. */
export function eventV2(request: HttpRequest, { route, parameters, authorizer }: Match): Record<string, unknown> {
  const isUrl = route.front === 'function-url';
  const all = forwardedHeaders(request, route.front).map(([name, value]): [string, string] => [name.toLowerCase(), value]);
  const cookies = all.filter(([name]) => name === 'cookie').flatMap(([, value]) => value.split(/;\s*/).filter((each) => each !== ''));
  // HTTP APIs move cookies out of the headers; function URLs leave the header as well.
  const headers = group(all.filter(([name]) => isUrl || name !== 'cookie'));
  const query = group(new URLSearchParams(request.query));
  const { text, isBase64Encoded } = bodyOf(request, !isText(mediaType(headerValue(request.headers, 'content-type'))));
  const stage = isUrl ? '$default' : (route.stage ?? '$default');
  const routeKey = isUrl || route.path === '$default' ? '$default' : `${route.method} ${route.path}`;
  // HTTP APIs give the path decoded and with a named stage; function URLs give it as it was sent.
  const path = isUrl ? request.path : (stage === '$default' ? '' : `/${stage}`) + decode(request.path);
  const caller = domain(request);
  return {
    version: '2.0',
    routeKey,
    rawPath: path,
    rawQueryString: request.query,
    ...(cookies.length > 0 && { cookies }),
    headers: joined(headers, isUrl ? 'cookie' : undefined),
    ...(query.length > 0 && { queryStringParameters: joined(query) }),
    requestContext: {
      ...caller,
      // A function URL names the caller's account; without IAM there is none.
      ...(isUrl && { accountId: 'anonymous' }),
      ...(authorizer && { authorizer }),
      http: {
        method: request.method,
        path,
        protocol: request.protocol,
        sourceIp: request.sourceIp,
        userAgent: headerValue(request.headers, 'user-agent') ?? '',
      },
      requestId: request.requestId,
      routeKey,
      stage,
      time: clfTime(request.time),
      timeEpoch: request.time.getTime(),
    },
    ...(parameters && !isUrl && { pathParameters: parameters }),
    ...(route.stageVariables && { stageVariables: route.stageVariables }),
    ...(text !== '' && { body: text }),
    isBase64Encoded,
  };
}

function joined(groups: [string, string[]][], cookieName?: string): Record<string, string> {
  return Object.fromEntries(groups.map(([name, values]) => [name, values.join(name === cookieName ? '; ' : ',')]));
}
