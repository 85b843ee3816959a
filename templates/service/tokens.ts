import { JwtVerifier } from 'aws-jwt-verify';
import { SimpleJwksCache } from 'aws-jwt-verify/jwk';
import { describeError, logLine } from './log.js';

/** What a token says of its bearer. */
export type Claims = Record<string, unknown>;

interface Verifier {
  verify(token: string): Promise<Claims>;
}

/** How long keys of an issuer are used before they are asked for again: as long as API Gateway keeps them. */
const keyMilliseconds = 2 * 60 * 60 * 1000;

const fetchMilliseconds = 5_000;

/** Clocks of issuers may be ahead by this. */
const leewaySeconds = 60;

const verifiers = new Map<string, { verifier: Promise<Verifier>; until: number }>();

/**
 * The claims of a token that this issuer signed and that is valid now. Gateways take RSA signatures alone, and a token that never
 * expires is none of theirs.
 *
 * @returns undefined for every other token, and while the keys of the issuer cannot be had
 */
export async function claimsOf(token: string, issuer: string): Promise<Claims | undefined> {
  try {
    const claims = await (await verifierOf(issuer)).verify(token);
    return claims;
  } catch (error) {
    // The reason is for the log: a caller learns nothing from it, and the token itself is a secret.
    logLine('warn', 'a token was refused', { issuer, error: describeError(error) });
    return undefined;
  }
}

/** Is this the address of an issuer whose keys can be asked for safely? */
export function isIssuer(text: string): boolean {
  try {
    const { protocol, hostname } = new URL(text);
    return protocol === 'https:' || (protocol === 'http:' && /^(localhost|127\.0\.0\.1|\[::1\])$/.test(hostname));
  } catch {
    return false;
  }
}

function verifierOf(issuer: string): Promise<Verifier> {
  const known = verifiers.get(issuer);
  if (known && known.until > Date.now()) return known.verifier;
  const verifier = makeVerifier(issuer);
  verifiers.set(issuer, { verifier, until: Date.now() + keyMilliseconds });
  verifier.catch(() => verifiers.delete(issuer));
  return verifier;
}

async function makeVerifier(issuer: string): Promise<Verifier> {
  const jwksCache = new SimpleJwksCache({ fetcher: { fetch: fetchBytes } });
  const verifier = JwtVerifier.create({ issuer, jwksUri: await keysOf(issuer), audience: null, customJwtCheck: check }, { jwksCache });
  return { verify: (token) => verifier.verify(token) };
}

function check({ header, payload }: { header: { alg?: string }; payload: Claims }): void {
  if (!/^RS\d+$/.test(header.alg ?? '')) throw new Error('the token is not signed with RSA');
  if (typeof payload['exp'] !== 'number') throw new Error('the token does not say when it expires');
  const issued = payload['iat'];
  if (typeof issued === 'number' && issued > Date.now() / 1000 + leewaySeconds) throw new Error('the token was issued in the future');
}

/** Where the issuer publishes its keys (OpenID Connect Discovery, 4). */
async function keysOf(issuer: string): Promise<string> {
  const document = await fetchBytes(`${issuer.replace(/\/$/, '')}/.well-known/openid-configuration`);
  const { jwks_uri: keys } = JSON.parse(Buffer.from(document).toString('utf8')) as { jwks_uri?: unknown };
  if (typeof keys !== 'string' || !isIssuer(keys)) throw new Error('the issuer names no address of its keys');
  return keys;
}

interface Web {
  fetch(address: string, options: object): Promise<{ ok: boolean; status: number; arrayBuffer(): Promise<ArrayBuffer> }>;
  AbortSignal: { timeout(milliseconds: number): object };
}

async function fetchBytes(address: string): Promise<ArrayBuffer> {
  // Types of older Node versions do not know them, which every version that this runs on has.
  const web = globalThis as unknown as Web;
  const response = await web.fetch(address, { signal: web.AbortSignal.timeout(fetchMilliseconds) });
  if (!response.ok) throw new Error(`${address} answered ${response.status}`);
  return response.arrayBuffer();
}
