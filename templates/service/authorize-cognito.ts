import { identityOf, refusalsOf } from './authorize.js';
import { scopesOf, tokenIn } from './authorize-jwt.js';
import { logLine } from './log.js';
import type { Claims } from './tokens.js';
import { claimsOf } from './tokens.js';
import type { Authorize } from './types.js';

/** An authorizer of a REST API for Cognito user pools. */
export interface CognitoAuthorizer {
  /** ARNs of the user pools, each of whose tokens counts. Without a valid one every request is refused. */
  userPools: string[];
  /** With scopes an access token that has one of them is asked for, without an ID token. */
  scopes?: string[];
  /** Where the token is; default `header.Authorization`. */
  identitySource?: string;
  /** Text that the token must match. */
  validation?: string;
}

/** Lets users of the pools through, by the rules of API Gateway. */
export function cognitoAuthorizer(given: CognitoAuthorizer): Authorize {
  const { userPools, scopes = [], identitySource = 'header.Authorization', validation } = given;
  const issuers = userPools.flatMap((pool) => issuerOf(pool) ?? []);
  if (issuers.length === 0) logLine('error', 'no user pool is known: every request is refused', { userPools });
  const pattern = validation === undefined ? undefined : new RegExp(`^(?:${validation})$`);
  return async (request, called) => {
    const { unauthorized } = refusalsOf(called);
    const text = identityOf(identitySource, request, called);
    const token = tokenIn(text);
    if (text === undefined || token === undefined || pattern?.test(text) === false) return unauthorized;
    const claims = await firstClaims(token, issuers);
    return claims && isAllowed(claims, scopes) ? { authorizer: { claims: textsOf(claims) } } : unauthorized;
  };
}

async function firstClaims(token: string, issuers: readonly string[]): Promise<Claims | undefined> {
  const named = claimedIssuer(token);
  const issuer = issuers.find((each) => each === named);
  return issuer === undefined ? undefined : claimsOf(token, issuer);
}

/** Which pool the token says it is from; only that one's keys can prove it. */
function claimedIssuer(token: string): unknown {
  try {
    return (JSON.parse(Buffer.from(token.split('.')[1] ?? '', 'base64url').toString('utf8')) as Claims)['iss'];
  } catch {
    return undefined;
  }
}

function isAllowed(claims: Claims, scopes: readonly string[]): boolean {
  if (scopes.length === 0) return claims['token_use'] === 'id';
  const granted = scopesOf(claims);
  return claims['token_use'] === 'access' && scopes.some((scope) => granted.includes(scope));
}

/** `arn:aws:cognito-idp:eu-west-1:123456789012:userpool/eu-west-1_abc` → the `iss` of its tokens. */
function issuerOf(userPool: string): string | undefined {
  const [, partition, region, id] = /^arn:(aws[\w-]*):cognito-idp:([a-z0-9-]+):\d{12}:userpool\/([\w-]+)$/.exec(userPool) ?? [];
  if (!region || !id) return undefined;
  return `https://cognito-idp.${region}.amazonaws.com${partition === 'aws-cn' ? '.cn' : ''}/${id}`;
}

/** Events hold claims as texts: lists joined by commas, `exp` and `iat` as dates. */
function textsOf(claims: Claims): Record<string, string> {
  const entries = Object.entries(claims).filter(([, value]) => value !== null && value !== undefined);
  return Object.fromEntries(
    entries.map(([name, value]) => [name, typeof value === 'number' && (name === 'exp' || name === 'iat') ? dateOf(value) : textOf(value)]),
  );
}

function textOf(value: unknown): string {
  if (Array.isArray(value)) return value.map(textOf).join(',');
  return typeof value === 'object' && value !== null ? JSON.stringify(value) : String(value);
}

/** `Wed Nov 06 17:20:11 UTC 2019` */
function dateOf(seconds: number): string {
  const [weekday, day, month, year, clock] = new Date(seconds * 1000).toUTCString().replace(',', '').split(' ');
  return `${weekday} ${month} ${day} ${clock} UTC ${year}`;
}
