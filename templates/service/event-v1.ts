import { bodyOf, clfTime, domain, forwardedHeaders, group, isBinaryType, isText, lastOf, mediaType, orNull } from './event-parts.js';
import type { HttpRequest } from './request.js';
import { headerValue } from './request.js';
import type { Match } from './router.js';
import { decode } from './router.js';

/** Event of a REST API, or of an HTTP API with payload format 1.0. Absent things are null. */
export function eventV1(request: HttpRequest, { route, parameters, authorizer }: Match): Record<string, unknown> {
  const isRest = route.front === 'rest-api';
  const headers = group(forwardedHeaders(request, route.front));
  const query = group(new URLSearchParams(request.query));
  const type = mediaType(headerValue(request.headers, 'content-type'));
  const { text, isBase64Encoded } = bodyOf(request, isRest ? isBinaryType(type, route.binaryMediaTypes) : !isText(type));
  const stage = route.stage ?? (isRest ? 'Prod' : '$default');
  const stagePrefix = stage === '$default' ? '' : `/${stage}`;
  // HTTP APIs decode the path and leave a named stage in it; REST APIs do neither.
  const path = isRest ? request.path : stagePrefix + decode(request.path);
  return {
    ...(!isRest && { version: '1.0' }),
    resource: route.path,
    path,
    httpMethod: request.method,
    headers: withAliases(lastOf(headers)),
    multiValueHeaders: withAliases(Object.fromEntries(headers)),
    queryStringParameters: orNull(lastOf(query)),
    multiValueQueryStringParameters: orNull(Object.fromEntries(query)),
    pathParameters: parameters,
    stageVariables: orNull(route.stageVariables ?? {}),
    requestContext: {
      ...domain(request),
      resourceId: isRest ? resourceId(route.path) : `${route.method} ${route.path}`,
      resourcePath: route.path,
      httpMethod: request.method,
      extendedRequestId: request.requestId,
      requestId: request.requestId,
      requestTime: clfTime(request.time),
      requestTimeEpoch: request.time.getTime(),
      path: isRest ? stagePrefix + request.path : path,
      protocol: request.protocol,
      stage,
      ...(isRest && { deploymentId: 'service' }),
      ...(authorizer && { authorizer }),
      identity: {
        ...noIdentity,
        ...(!isRest && { cognitoAmr: null }),
        sourceIp: request.sourceIp,
        userAgent: headerValue(request.headers, 'user-agent') ?? (isRest ? null : ''),
      },
    },
    body: text === '' ? null : text,
    isBase64Encoded,
  };
}

const noIdentity = {
  accessKey: null,
  accountId: null,
  caller: null,
  cognitoAuthenticationProvider: null,
  cognitoAuthenticationType: null,
  cognitoIdentityId: null,
  cognitoIdentityPoolId: null,
  principalOrgId: null,
  user: null,
  userArn: null,
};

/** Made from the path: stays the same as long as the route does. */
function resourceId(path: string): string {
  let hash = 0;
  for (const character of path) hash = (hash * 31 + (character.codePointAt(0) ?? 0)) % 2_176_782_336;
  return hash.toString(36).padStart(6, '0');
}

/**
 * Headers keep the case in which they came, and a handler may read `headers.Authorization`. CloudFront in front of a REST API
 * wrote names that way, a load balancer may hand on lower case: other spellings are found too, but not enumerated.
 */
function withAliases<T>(headers: Record<string, T>): Record<string, T> {
  const aliases: PropertyDescriptorMap = {};
  for (const [name, value] of Object.entries(headers)) {
    const lower = name.toLowerCase();
    for (const alias of [lower, lower.replace(/(^|-)[a-z]/g, (start) => start.toUpperCase())]) {
      aliases[alias] = { value, configurable: true, writable: true };
    }
  }
  return Object.assign(Object.create(Object.defineProperties({}, aliases)) as Record<string, T>, headers);
}
