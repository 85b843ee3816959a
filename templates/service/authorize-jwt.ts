import { identityOf, refusalsOf } from './authorize.js';
import { logLine } from './log.js';
import type { Claims } from './tokens.js';
import { claimsOf, isIssuer } from './tokens.js';
import type { Authorization, Authorize } from './types.js';

/** A JWT authorizer of an HTTP API. */
export interface JwtAuthorizer {
  /** As tokens name it in `iss`. Without one every request is refused. */
  issuer: string;
  /** One of these must stand in `aud`, or in `client_id` of a token without `aud`. */
  audience: string[];
  /** One of these must stand in `scope` or `scp`; none are asked for when it is empty. */
  scopes?: string[];
  /** Where the token is; default `header.Authorization`. */
  identitySource?: string;
}

/** Lets through whom the issuer's token says the route is for, by the rules of API Gateway. */
export function jwtAuthorizer({ issuer, audience, scopes = [], identitySource = 'header.Authorization' }: JwtAuthorizer): Authorize {
  const known = audience.filter((each) => each !== '');
  const isKnown = isIssuer(issuer) && known.length > 0;
  if (!isKnown) logLine('error', 'the issuer or audience of tokens is not known: every request is refused', { issuer, audience });
  return async (request, called) => {
    const { unauthorized, forbidden } = refusalsOf(called);
    const token = tokenIn(identityOf(identitySource, request, called));
    if (token === undefined || !isKnown) return challenge(unauthorized, 'Bearer');
    const claims = await claimsOf(token, issuer);
    if (!claims || !isFor(claims, known)) return challenge(unauthorized, `Bearer scope="${scopes.join(' ')}" error="invalid_token"`);
    const granted = scopesOf(claims);
    if (scopes.length > 0 && !scopes.some((scope) => granted.includes(scope)))
      return challenge(forbidden, `Bearer scope="${scopes.join(' ')}" error="insufficient_scope"`);
    const told = { claims: textsOf(claims), scopes: scopes.length > 0 ? granted : null };
    return { authorizer: called.route.payload === '2.0' ? { jwt: told } : told };
  };
}

/** The token with or without `Bearer` before it. */
export function tokenIn(text: string | undefined): string | undefined {
  return text?.replace(/^Bearer +/i, '') || undefined;
}

/** Values of `scope` (a text) or `scp` (a text or a list). */
export function scopesOf({ scope, scp }: Claims): string[] {
  const found = scope ?? scp;
  if (typeof found === 'string') return found.split(' ').filter((each) => each !== '');
  return Array.isArray(found) ? found.filter((each): each is string => typeof each === 'string') : [];
}

function isFor({ aud, client_id: client }: Claims, audience: readonly string[]): boolean {
  const named: unknown[] = aud === undefined ? [client] : [aud].flat();
  return named.some((each) => typeof each === 'string' && audience.includes(each));
}

/** Tells the client what kind of credentials is wanted (RFC 6750, 3). */
function challenge(authorization: Authorization, value: string): Authorization {
  const { refusal } = authorization;
  return refusal ? { refusal: { ...refusal, headers: [...refusal.headers, ['www-authenticate', value]] } } : authorization;
}

/** Events hold claims as texts: lists as `[a b]`. */
function textsOf(claims: Claims): Record<string, string> {
  const entries = Object.entries(claims).filter(([, value]) => value !== null && value !== undefined);
  return Object.fromEntries(entries.map(([name, value]) => [name, textOf(value)]));
}

function textOf(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(textOf).join(' ')}]`;
  if (typeof value !== 'object' || value === null) return String(value);
  const entries = Object.entries(value).sort(([one], [other]) => (one < other ? -1 : 1));
  return `map[${entries.map(([name, each]) => `${name}:${textOf(each)}`).join(' ')}]`;
}
