import { identityOf, refusalsOf } from './authorize.js';
import { eventV1 } from './event-v1.js';
import { eventV2 } from './event-v2.js';
import { invoke, withinLimit } from './invoke.js';
import { describeError, logLine } from './log.js';
import { evaluate } from './policy.js';
import type { Authorization, Authorize, AuthorizerContext, CalledRoute, IncomingRequest, ServiceFunction } from './types.js';

/** A function that decides for an API who may call. */
export interface LambdaAuthorizer {
  function: ServiceFunction;
  /** `token`: it gets nothing but the token; `request`: it gets what the handler will get, without the body. */
  kind: 'token' | 'request';
  /** Format of its event; REST APIs have 1.0 alone. */
  payload: '1.0' | '2.0';
  /** It answers `{ isAuthorized }` instead of a policy. */
  simpleResponses?: boolean;
  /** What a request must have for the function to be asked at all, e.g. `header.Authorization`. */
  identitySources: string[];
  /** How long an answer is used for requests with the same identity; 0: for one request. */
  ttlSeconds: number;
  /** Text that the token must match. */
  validation?: string;
}

/** What the function said, before it is applied to one call. */
interface Answered {
  result: unknown;
  milliseconds: number;
}

/** Seconds that API Gateway waits for an authorizer of a REST API, and of an HTTP API. */
const limitSeconds = { rest: 29, http: 10 };

/** Answers that are kept at most; the oldest goes first. */
const cacheSize = 10_000;

/** Asks the function and does what it says. Whatever is not a clear yes refuses the request. */
export function lambdaAuthorizer(given: LambdaAuthorizer): Authorize {
  const { identitySources, ttlSeconds, validation, kind } = given;
  const pattern = validation === undefined ? undefined : new RegExp(`^(?:${validation})$`);
  const cache = new Map<string, Answered & { until: number }>();

  const ask = async (request: IncomingRequest, called: CalledRoute, identity: string[]): Promise<Answered> => {
    const key = JSON.stringify(identity);
    const known = cache.get(key);
    if (known && known.until > Date.now()) return { ...known, milliseconds: 0 };
    cache.delete(key);
    const answered = await call(given, request, called, identity);
    if (ttlSeconds > 0 && identity.length > 0) {
      if (cache.size >= cacheSize) cache.delete(cache.keys().next().value as string);
      cache.set(key, { ...answered, until: Date.now() + ttlSeconds * 1000 });
    }
    return answered;
  };

  return async (request, called) => {
    const { unauthorized, failed } = refusalsOf(called);
    const identity = identitySources.map((source) => identityOf(source, request, called));
    if (!identity.every((value) => value !== undefined)) return unauthorized;
    if (kind === 'token' && pattern?.test(identity[0] ?? '') === false) return unauthorized;
    try {
      return decide(given, await ask(request, called, identity), arnOf(request, called), called);
    } catch (error) {
      // The one error by which an authorizer says no instead of failing.
      if (error === 'Unauthorized' || (error instanceof Error && error.message === 'Unauthorized')) return unauthorized;
      logLine('error', 'the authorizer failed', { function: given.function.name, error: describeError(error) });
      return failed;
    }
  };
}

async function call(given: LambdaAuthorizer, request: IncomingRequest, called: CalledRoute, identity: string[]): Promise<Answered> {
  const started = Date.now();
  const seconds = called.route.front === 'rest-api' ? limitSeconds.rest : limitSeconds.http;
  const late = Symbol('late');
  const asked = invoke(given.function, eventOf(given, request, called, identity), request.requestId);
  const result = await withinLimit(asked, seconds, late);
  if (result === late) throw new Error('the authorizer took longer than the gateway waits');
  // It left Lambda as JSON; a handler must not be able to change what is cached.
  return { result: JSON.parse(JSON.stringify(result) ?? 'null') as unknown, milliseconds: Date.now() - started };
}

function decide(
  { simpleResponses = false, payload }: LambdaAuthorizer,
  { result, milliseconds }: Answered,
  arn: string,
  called: CalledRoute,
): Authorization {
  const { forbidden, denied } = refusalsOf(called);
  if (typeof result !== 'object' || result === null) throw new Error('the authorizer returned no object');
  const { isAuthorized, policyDocument, principalId, context } = result as Record<string, unknown>;
  const isSimple = simpleResponses && payload === '2.0' && policyDocument === undefined;
  if (isSimple) {
    if (typeof isAuthorized !== 'boolean') throw new Error('the authorizer did not say isAuthorized');
    return isAuthorized ? { authorizer: told(contextOf(context), called) } : forbidden;
  }
  const isNamed = typeof principalId === 'string' && principalId !== '';
  if (called.route.front === 'rest-api' && !isNamed) throw new Error('the authorizer named no principalId');
  const verdict = evaluate(policyDocument, arn);
  if (verdict !== 'allow') return verdict === 'deny' ? denied : forbidden;
  const found = contextOf(context);
  if (called.route.front !== 'rest-api') return { authorizer: told(found, called, isNamed ? principalId : undefined) };
  return { authorizer: { ...textsOf(found), principalId, integrationLatency: milliseconds } };
}

function contextOf(context: unknown): AuthorizerContext | null {
  if (context === undefined || context === null) return null;
  if (typeof context !== 'object' || Array.isArray(context)) throw new Error('the context of the authorizer is no object');
  return context as AuthorizerContext;
}

/** What the events of an HTTP API's handler tell of it. */
function told(context: AuthorizerContext | null, { route }: CalledRoute, principalId?: string): AuthorizerContext {
  if (route.payload === '2.0') return { lambda: context };
  return { ...context, ...(principalId !== undefined && { principalId }) };
}

/** REST APIs hand over texts, and take no lists or objects. */
function textsOf(context: AuthorizerContext | null): Record<string, string> {
  const entries = Object.entries(context ?? {}).filter(([, value]) => value !== null);
  if (entries.some(([, value]) => typeof value === 'object')) throw new Error('the context of the authorizer holds a list or an object');
  return Object.fromEntries(entries.map(([name, value]) => [name, String(value)]));
}

function eventOf({ kind, payload }: LambdaAuthorizer, request: IncomingRequest, called: CalledRoute, identity: string[]): object {
  const arn = arnOf(request, called);
  if (kind === 'token') return { type: 'TOKEN', methodArn: arn, authorizationToken: identity[0] };
  if (payload === '2.0') {
    const { version, body, isBase64Encoded, ...event } = eventV2(request, called);
    return { version, type: 'REQUEST', routeArn: arn, identitySource: identity.length > 0 ? identity : null, ...event };
  }
  const { version, body, isBase64Encoded, ...event } = eventV1(request, called);
  if (called.route.front === 'rest-api') return { type: 'REQUEST', methodArn: arn, ...event };
  const source = identity.join(',');
  return { version, type: 'REQUEST', methodArn: arn, identitySource: source, authorizationToken: source, ...event };
}

/**
 * ARN of what is called. Nothing of it but the path, which comes last, is the caller's: a Host header as API id could make a policy
 * match another route.
 */
function arnOf({ method, path }: IncomingRequest, { route }: CalledRoute): string {
  const env = process.env;
  const region = env['AWS_REGION'] ?? env['AWS_DEFAULT_REGION'] ?? 'us-east-1';
  const partition = region.startsWith('cn-') ? 'aws-cn' : region.startsWith('us-gov-') ? 'aws-us-gov' : 'aws';
  const stage = route.stage ?? (route.front === 'rest-api' ? 'Prod' : '$default');
  return `arn:${partition}:execute-api:${region}:${env['AWS_ACCOUNT_ID'] ?? '000000000000'}:service/${stage}/${method}${path}`;
}
