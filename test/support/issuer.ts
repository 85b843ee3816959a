/** An issuer of tokens on the loopback interface, with keys of its own. */
import { createHmac, createSign, generateKeyPairSync, type KeyObject } from 'node:crypto';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';

export interface Issuer {
  url: string;
  /** A token with these claims, over those of a good one: `undefined` leaves one out. */
  token(claims?: Record<string, unknown>, options?: SignOptions): string;
  /** PEM of the public key, which everybody knows. */
  publicKey: string;
  /** What it was asked for, in order. */
  asked: string[];
  /** Takes a new key into use, which its published keys hold from then on. */
  rotate(): void;
  /** Answers 500 from now on. */
  fail(): void;
  close(): Promise<void>;
}

interface SignOptions {
  /** Over `{ alg: 'RS256', kid }`. */
  header?: Record<string, unknown>;
  /** In place of the signature with the issuer's key. */
  sign?: (input: string) => string;
}

export const audience = 'shop';

export function base64url(text: string): string {
  return Buffer.from(text).toString('base64url');
}

/** As an attacker would who takes the public key for a shared secret. */
export function hmac(key: string): (input: string) => string {
  return (input) => createHmac('sha256', key).update(input).digest('base64url');
}

export async function startIssuer(): Promise<Issuer> {
  const keys: { kid: string; privateKey: KeyObject; publicKey: KeyObject }[] = [];
  const addKey = () => keys.push({ kid: `key-${keys.length}`, ...generateKeyPairSync('rsa', { modulusLength: 2048 }) });
  addKey();
  const asked: string[] = [];
  let isFailing = false;
  const server = createServer((request, response) => {
    asked.push(request.url ?? '');
    if (isFailing) return response.writeHead(500).end();
    const jwks = { keys: keys.map(({ kid, publicKey }) => ({ ...publicKey.export({ format: 'jwk' }), kid, use: 'sig', alg: 'RS256' })) };
    const isDiscovery = request.url?.endsWith('/.well-known/openid-configuration') ?? false;
    response.setHeader('content-type', 'application/json');
    return response.end(JSON.stringify(isDiscovery ? { issuer: url, jwks_uri: `${url}/keys` } : jwks));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  return {
    url,
    asked,
    publicKey: keys[0]?.publicKey.export({ format: 'pem', type: 'spki' }).toString() ?? '',
    token: (claims = {}, { header = {}, sign } = {}) => {
      const now = Math.floor(Date.now() / 1000);
      const key = keys.at(-1);
      const payload = { iss: url, aud: audience, sub: 'user-1', iat: now, exp: now + 300, ...claims };
      const input = `${base64url(JSON.stringify({ alg: 'RS256', kid: key?.kid, ...header }))}.${base64url(JSON.stringify(payload))}`;
      const signed = (text: string) =>
        createSign('RSA-SHA256')
          .update(text)
          .sign(key?.privateKey as KeyObject, 'base64url');
      return `${input}.${(sign ?? signed)(input)}`;
    },
    rotate: () => void addKey(),
    fail: () => {
      isFailing = true;
    },
    close: () => new Promise((resolve) => server.close(() => resolve())),
  };
}
