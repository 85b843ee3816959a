/** What definitions of all dialects say about authorizers, in one form. */
import type { AuthorizerConfig } from './trigger.js';

/** Settings of a Lambda authorizer as texts; a setting that only the deployment knows is undefined. */
export interface WrittenLambdaAuthorizer {
  kind: string | undefined;
  payload: string | undefined;
  simpleResponses: boolean | undefined;
  /** Expressions of the gateway: `method.request.header.Authorization`, `$request.querystring.key`. */
  sources: string[] | undefined;
  ttlSeconds: number | undefined;
  /** Null: none. */
  validation: string | null | undefined;
}

/** The settings when all of them are understood, else what is not. */
export function lambdaSettings(written: WrittenLambdaAuthorizer): Pick<AuthorizerConfig, 'lambda' | 'unclear'> {
  const { simpleResponses, ttlSeconds, validation } = written;
  const kind = written.kind?.toLowerCase();
  if (kind !== 'token' && kind !== 'request') return { unclear: 'its type' };
  const payload = /^1(\.0)?$/.test(written.payload ?? '') ? '1.0' : /^2(\.0)?$/.test(written.payload ?? '') ? '2.0' : undefined;
  if (payload === undefined) return { unclear: 'the format of its event' };
  if (simpleResponses === undefined) return { unclear: 'the format of its answer' };
  if (ttlSeconds === undefined || ttlSeconds < 0) return { unclear: 'how long its answers are kept' };
  const sources = written.sources && identitySources(written.sources);
  if (!sources || (kind === 'token' && sources.length !== 1)) return { unclear: 'its identity sources' };
  if (validation === undefined || (validation !== null && !isPattern(validation))) return { unclear: 'the validation of its token' };
  return {
    lambda: { kind, payload, simpleResponses, identitySources: sources, ttlSeconds, ...(validation !== null && { validation }) },
  };
}

/** Where the token of a JWT or Cognito authorizer is, when that is not the Authorization header; undefined sources are unclear. */
export function tokenSource(written: readonly string[] | undefined): Pick<AuthorizerConfig, 'identitySource' | 'unclear'> {
  const [source, ...more] = (written && identitySources(written)) ?? [];
  if (source === undefined || more.length > 0) return { unclear: 'where its token is' };
  return source.toLowerCase() === 'header.authorization' ? {} : { identitySource: source };
}

/** What stands for an expression of the gateway: `header.Authorization`. Undefined when one of them is not understood. */
function identitySources(expressions: readonly string[]): string[] | undefined {
  const found = expressions
    .flatMap((expression) => expression.split(','))
    .map((expression) => expression.trim())
    .filter((expression) => expression !== '')
    .map(identitySource);
  return found.every((source) => source !== undefined) ? found : undefined;
}

/** Names in `$context` that are the same for the service as they were for the gateway. */
const contextNames = new Set(['httpMethod', 'path', 'resourcePath', 'routeKey', 'identity.sourceIp']);

function identitySource(expression: string): string | undefined {
  const [, request, context] = /^(?:\$request|method\.request)\.(.+)$|^\$?context\.(.+)$/.exec(expression) ?? [];
  if (context !== undefined) return contextNames.has(context) ? `context.${context}` : undefined;
  const [, place, name] = /^(header|querystring)\.([\w.-]+)$/.exec(request ?? '') ?? [];
  if (place !== undefined) return `${place}.${name}`;
  return /^\$?stageVariables\.\w+$/.test(expression) ? expression.replace('$', '') : undefined;
}

function isPattern(text: string): boolean {
  try {
    new RegExp(`^(?:${text})$`);
    return true;
  } catch {
    return false;
  }
}
