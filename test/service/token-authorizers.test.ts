import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { cognitoAuthorizer } from '../../templates/service/authorize-cognito.js';
import { type JwtAuthorizer, jwtAuthorizer } from '../../templates/service/authorize-jwt.js';
import type { Authorize, Route } from '../../templates/service/types.js';
import { audience, base64url, hmac, type Issuer, startIssuer } from '../support/issuer.js';
import { type Answer, lambda, route, type Sent, send, withService } from './client.js';

let issuer: Issuer;
beforeEach(async () => {
  vi.spyOn(process.stdout, 'write').mockReturnValue(true);
  issuer = await startIssuer();
});
afterEach(async () => {
  vi.restoreAllMocks();
  vi.unstubAllGlobals();
  vi.useRealTimers();
  await issuer.close();
});

interface Asked {
  answer: Answer;
  event: Record<string, unknown> | undefined;
}

async function ask(
  authorize: Authorize,
  sent: Sent,
  front: 'rest-api' | 'http-api' = 'http-api',
  more: Partial<Route> = {},
): Promise<Asked> {
  let event: Record<string, unknown> | undefined;
  const handler = async (given: Record<string, unknown>) => {
    event = given;
    return { statusCode: 200, body: 'called' };
  };
  const answer = await withService([route(front, handler, { authorize, ...more })], (port) => send(port, { path: '/a', ...sent }));
  return { answer, event };
}

const bearer = (token: string): Sent => ({ headers: [['Authorization', `Bearer ${token}`]] });
const authorizerOf = (event: Asked['event']) => (event?.['requestContext'] as { authorizer?: unknown } | undefined)?.authorizer;
const now = () => Math.floor(Date.now() / 1000);

describe('JWT authorizers', () => {
  const authorizer = (more: Partial<JwtAuthorizer> = {}) => jwtAuthorizer({ issuer: issuer.url, audience: [audience], ...more });

  it('lets a good token through and hands its claims over as texts', async () => {
    const claims = {
      scope: 'read write',
      groups: ['admin', 'user'],
      email_verified: true,
      address: { city: 'Ulm' },
      exp: 4102444800,
      iat: 1,
    };
    const { answer, event } = await ask(authorizer(), bearer(issuer.token(claims)));
    expect(answer).toMatchObject({ status: 200, text: 'called' });
    expect(authorizerOf(event)).toEqual({
      jwt: {
        claims: {
          iss: issuer.url,
          aud: audience,
          sub: 'user-1',
          scope: 'read write',
          groups: '[admin user]',
          email_verified: 'true',
          address: 'map[city:Ulm]',
          exp: '4102444800',
          iat: '1',
        },
        scopes: null,
      },
    });
  });

  it('puts the claims where payload format 1.0 has them', async () => {
    const { event } = await ask(authorizer(), bearer(issuer.token()), 'http-api', { payload: '1.0' });
    expect(authorizerOf(event)).toMatchObject({ claims: { sub: 'user-1' }, scopes: null });
  });

  it.each<[string, (text: string) => Sent]>([
    ['without Bearer', (token) => ({ headers: [['authorization', token]] })],
    ['with bearer in lower case', (token) => ({ headers: [['Authorization', `bearer ${token}`]] })],
  ])('takes a token %s', async (_, sent) => {
    expect((await ask(authorizer(), sent(issuer.token()))).answer.status).toBe(200);
  });

  it.each(['header.X-Token', 'querystring.token'])('finds the token in %s', async (identitySource) => {
    const token = issuer.token();
    const sent: Sent = identitySource.startsWith('header') ? { headers: [['x-token', token]] } : { path: `/?token=${token}` };
    expect((await ask(authorizer({ identitySource }), sent)).answer.status).toBe(200);
    expect((await ask(authorizer({ identitySource }), bearer(token))).answer.status).toBe(401);
  });

  it('takes client_id for the audience of a token without one', async () => {
    expect((await ask(authorizer(), bearer(issuer.token({ aud: undefined, client_id: audience })))).answer.status).toBe(200);
    expect((await ask(authorizer(), bearer(issuer.token({ aud: 'other', client_id: audience })))).answer.status).toBe(401);
    expect((await ask(authorizer(), bearer(issuer.token({ aud: ['other', audience] })))).answer.status).toBe(200);
    expect((await ask(authorizer(), bearer(issuer.token({ aud: undefined })))).answer.status).toBe(401);
  });

  it.each<[string, () => string]>([
    ['an expired token', () => issuer.token({ exp: now() - 5 })],
    ['one that never expires', () => issuer.token({ exp: undefined })],
    ['one that is not valid yet', () => issuer.token({ nbf: now() + 60 })],
    ['one from the future', () => issuer.token({ iat: now() + 3600 })],
    ['one for somebody else', () => issuer.token({ aud: 'other' })],
    ['one of another issuer, with our key', () => issuer.token({ iss: 'https://other.example' })],
    ['one without a signature', () => issuer.token({}, { header: { alg: 'none' }, sign: () => '' })],
    ['one that says none and is signed', () => issuer.token({}, { header: { alg: 'none' } })],
    ['one signed with the public key as a secret', () => issuer.token({}, { header: { alg: 'HS256' }, sign: hmac(issuer.publicKey) })],
    ['one that says RS256 and is signed with the public key', () => issuer.token({}, { sign: hmac(issuer.publicKey) })],
    ['one of an unknown key', () => issuer.token({}, { header: { kid: 'other' } })],
    ['one without a key', () => issuer.token({}, { header: { kid: undefined } })],
    ['one that brings its own key', () => issuer.token({}, { header: { kid: 'other', jwk: { kty: 'RSA' }, jku: `${issuer.url}/keys` } })],
    ['one with other claims than were signed', () => issuer.token().replace(/\.[^.]+\./, `.${base64url('{"sub":"admin"}')}.`)],
    ['nothing but Bearer', () => ''],
    ['text that is no token', () => 'abc'],
    ['three parts that are none', () => 'a.b.c'],
    ['a token with text after it', () => `${issuer.token()} x`],
  ])('refuses %s', async (_, token) => {
    const { answer, event } = await ask(authorizer(), bearer(token()));
    expect(answer).toMatchObject({ status: 401, text: '{"message":"Unauthorized"}' });
    expect(answer.headers).toMatchObject({
      'content-type': ['application/json'],
      'www-authenticate': [expect.stringContaining('invalid_token')],
      'apigw-requestid': [expect.any(String)],
    });
    expect(event).toBeUndefined();
  });

  it.each<[string, Sent]>([
    ['no token', {}],
    ['an empty header', { headers: [['Authorization', '']] }],
  ])('asks for a token when there is %s', async (_, sent) => {
    const { answer, event } = await ask(authorizer(), sent);
    expect(answer).toMatchObject({ status: 401, text: '{"message":"Unauthorized"}' });
    expect(answer.headers['www-authenticate']).toEqual(['Bearer']);
    expect(event).toBeUndefined();
  });

  it('does not choose between two tokens', async () => {
    const two: Sent = {
      headers: [
        ['Authorization', `Bearer ${issuer.token()}`],
        ['authorization', 'Bearer x'],
      ],
    };
    expect((await ask(authorizer(), two)).answer.status).toBe(401);
  });

  it('asks for one of the scopes', async () => {
    const scoped = authorizer({ scopes: ['read', 'write'] });
    const { answer, event } = await ask(scoped, bearer(issuer.token({ scope: 'other write' })));
    expect(answer.status).toBe(200);
    expect(authorizerOf(event)).toMatchObject({ jwt: { scopes: ['other', 'write'] } });
    expect((await ask(scoped, bearer(issuer.token({ scp: ['read'] })))).answer.status).toBe(200);
    for (const claims of [{}, { scope: 'reader' }, { scope: '' }, { scp: 'other' }]) {
      const refused = await ask(scoped, bearer(issuer.token(claims)));
      expect(refused.answer).toMatchObject({ status: 403, text: '{"message":"Forbidden"}' });
      expect(refused.event).toBeUndefined();
    }
  });

  it.each<[string, Partial<JwtAuthorizer>]>([
    ['no issuer', { issuer: '' }],
    ['a placeholder for the issuer', { issuer: 'REPLACE WITH THE VALUE OF !Ref Issuer' }],
    ['an issuer without TLS', { issuer: 'http://issuer.example' }],
    ['no audience', { audience: [] }],
    ['an empty audience', { audience: [''] }],
  ])('refuses everybody with %s', async (_, more) => {
    const token = issuer.token({ iss: more.issuer ?? issuer.url, aud: '' });
    const { answer, event } = await ask(authorizer(more), bearer(token));
    expect([answer.status, event]).toEqual([401, undefined]);
  });

  it('refuses while the issuer cannot be reached, and asks it again', async () => {
    issuer.fail();
    expect((await ask(authorizer(), bearer(issuer.token()))).answer.status).toBe(401);
    await issuer.close();
    expect((await ask(authorizer(), bearer(issuer.token()))).answer.status).toBe(401);
  });

  it('asks for the keys once, again for a new one, and again when they are old', async () => {
    const authorize = authorizer();
    await ask(authorize, bearer(issuer.token()));
    await ask(authorizer(), bearer(issuer.token()));
    expect(issuer.asked).toEqual(['/.well-known/openid-configuration', '/keys']);
    issuer.rotate();
    expect((await ask(authorize, bearer(issuer.token()))).answer.status).toBe(200);
    expect(issuer.asked).toHaveLength(3);
    vi.useFakeTimers({ toFake: ['Date'], now: Date.now() + 2 * 60 * 60 * 1000 + 1 });
    expect((await ask(authorize, bearer(issuer.token()))).answer.status).toBe(200);
    expect(issuer.asked).toHaveLength(5);
  });

  it('answers preflights without a token, and adds CORS to a refusal', async () => {
    const cors = {
      mode: 'headers' as const,
      allowOrigins: ['https://shop.example'],
      allowMethods: ['GET'],
      allowHeaders: [],
      exposeHeaders: [],
      allowCredentials: false,
      preflightStatus: 204,
    };
    const origin: [string, string] = ['Origin', 'https://shop.example'];
    const preflight = await ask(
      authorizer(),
      { method: 'OPTIONS', headers: [origin, ['Access-Control-Request-Method', 'GET']] },
      'http-api',
      { cors },
    );
    expect([preflight.answer.status, preflight.event]).toEqual([204, undefined]);
    const refused = await ask(authorizer(), { headers: [origin] }, 'http-api', { cors });
    expect(refused.answer.headers['access-control-allow-origin']).toEqual(['https://shop.example']);
  });
});

describe('Cognito authorizers', () => {
  // A pool of its own for each test: keys are remembered.
  let [number, pool, iss] = [0, '', ''];
  const id = () => ({ iss, token_use: 'id' });
  const access = () => ({ iss, token_use: 'access', aud: undefined, client_id: 'app', scope: 'shop/read' });

  /** The pool's address leads to the local issuer. */
  beforeEach(() => {
    number += 1;
    pool = `arn:aws:cognito-idp:eu-west-1:123456789012:userpool/eu-west-1_${number}`;
    iss = `https://cognito-idp.eu-west-1.amazonaws.com/eu-west-1_${number}`;
    const real = globalThis.fetch;
    vi.stubGlobal('fetch', (address: string, init?: RequestInit) => real(address.replace(iss, issuer.url), init));
  });

  it('lets ID tokens of the pool through and hands their claims over as texts', async () => {
    const claims = { ...id(), exp: 4102444800, iat: 1573057211, auth_time: 1573057211, 'cognito:groups': ['a', 'b'], email_verified: true };
    const { answer, event } = await ask(cognitoAuthorizer({ userPools: [pool] }), bearer(issuer.token(claims)), 'rest-api');
    expect(answer.status).toBe(200);
    expect(authorizerOf(event)).toEqual({
      claims: {
        iss,
        aud: audience,
        sub: 'user-1',
        token_use: 'id',
        exp: 'Fri Jan 01 00:00:00 UTC 2100',
        iat: 'Wed Nov 06 16:20:11 UTC 2019',
        auth_time: '1573057211',
        'cognito:groups': 'a,b',
        email_verified: 'true',
      },
    });
  });

  it('asks for an access token when there are scopes', async () => {
    const scoped = cognitoAuthorizer({ userPools: [pool], scopes: ['shop/read'] });
    expect((await ask(scoped, bearer(issuer.token(access())), 'rest-api')).answer.status).toBe(200);
    for (const claims of [id(), { ...access(), scope: 'shop/write' }, { ...id(), scope: 'shop/read' }])
      expect((await ask(scoped, bearer(issuer.token(claims)), 'rest-api')).answer.status).toBe(401);
  });

  it.each<[string, () => Sent]>([
    ['no token', () => ({})],
    ['an access token', () => bearer(issuer.token(access()))],
    ['a token without a use', () => bearer(issuer.token({ iss }))],
    ['an expired token', () => bearer(issuer.token({ ...id(), exp: now() - 1 }))],
    ['a token of another pool', () => bearer(issuer.token({ ...id(), iss: `${iss}0` }))],
    ['a token signed with the public key', () => bearer(issuer.token(id(), { header: { alg: 'HS256' }, sign: hmac(issuer.publicKey) }))],
    ['an unsigned token', () => bearer(issuer.token(id(), { header: { alg: 'none' }, sign: () => '' }))],
    ['text that is no token', () => bearer('abc')],
  ])('refuses %s', async (_, sent) => {
    const { answer, event } = await ask(cognitoAuthorizer({ userPools: [pool] }), sent(), 'rest-api');
    expect(answer).toMatchObject({ status: 401, text: '{"message":"Unauthorized"}' });
    expect(answer.headers['x-amzn-errortype']).toEqual(['UnauthorizedException']);
    expect(event).toBeUndefined();
  });

  it('takes tokens of any of its pools, and of none that it does not know', async () => {
    const other = 'arn:aws:cognito-idp:eu-west-1:123456789012:userpool/eu-west-1_xyz';
    expect((await ask(cognitoAuthorizer({ userPools: [other, pool] }), bearer(issuer.token(id())), 'rest-api')).answer.status).toBe(200);
    for (const userPools of [[], [''], ['REPLACE WITH THE VALUE OF !GetAtt Users.Arn']])
      expect((await ask(cognitoAuthorizer({ userPools }), bearer(issuer.token(id())), 'rest-api')).answer.status).toBe(401);
  });

  it('asks for the form of the token', async () => {
    const checked = cognitoAuthorizer({ userPools: [pool], validation: 'Bearer .+' });
    expect((await ask(checked, bearer(issuer.token(id())), 'rest-api')).answer.status).toBe(200);
    expect((await ask(checked, { headers: [['Authorization', issuer.token(id())]] }, 'rest-api')).answer.status).toBe(401);
  });
});

describe.each(['rest-api', 'http-api', 'function-url', 'alb'] as const)('a closed route of a %s', (front) => {
  /** Nothing but a good token opens it, whatever kind of handler stands behind it. */
  it.each<[string, Partial<Route> & { native?: boolean }]>([
    ['an adapter', {}],
    ['a native handler', { native: true }],
    ['a stream', { streaming: true }],
    ['a validating route', { validate: () => undefined }],
    ['a route of one path', { method: 'GET', path: '/secret' }],
  ])('never calls %s', async (_, { native, ...more }) => {
    const handler = vi.fn();
    const authorize = jwtAuthorizer({ issuer: issuer.url, audience: [audience] });
    const made: Route = { ...route(front, handler, { authorize, ...more }), function: lambda(handler, native ? { native } : {}) };
    const attempts: Sent[] = ['GET', 'HEAD', 'POST', 'PUT', 'DELETE', 'OPTIONS', 'PATCH'].flatMap((method) => [
      { method, path: '/secret' },
      { method, path: '/secret', headers: [['Authorization', 'Bearer a.b.c']] },
      { method, path: '/secret', headers: [['Authorization', `Basic ${base64url('a:b')}`]] },
      { method, path: '//secret?x=1', headers: [['X-Authorization', issuer.token()]] },
      { method, path: 'http://other/secret', headers: [['Cookie', `Authorization=${issuer.token()}`]] },
    ]);
    await withService([made], async (port) => {
      for (const attempt of attempts) expect((await send(port, attempt)).status).toBeGreaterThanOrEqual(400);
    });
    expect(handler).not.toHaveBeenCalled();
  });

  it('stays closed when its authorizer breaks', async () => {
    const handler = vi.fn();
    const broken: Authorize = () => Promise.reject(new Error('broken'));
    const { status } = await withService([route(front, handler, { authorize: broken })], (port) => send(port, { path: '/a' }));
    expect(status).toBeGreaterThanOrEqual(500);
    expect(handler).not.toHaveBeenCalled();
  });
});
