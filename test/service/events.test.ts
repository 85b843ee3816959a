import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { Route } from '../../templates/service/types.js';
import { eventOf, type Sent } from './client.js';

beforeEach(() => {
  vi.spyOn(process.stdout, 'write').mockReturnValue(true);
  vi.stubEnv('AWS_ACCOUNT_ID', '123456789012');
  vi.stubEnv('AWS_REGION', 'eu-west-1');
});
afterEach(() => {
  vi.restoreAllMocks();
  vi.unstubAllEnvs();
});

const rest: Omit<Route, 'function'> = { front: 'rest-api', payload: '1.0', method: 'GET', path: '/items/{id}', stage: 'Prod' };
const http1: Omit<Route, 'function'> = { ...rest, front: 'http-api', stage: '$default' };
const http2: Omit<Route, 'function'> = { ...http1, payload: '2.0' };
const url: Omit<Route, 'function'> = { front: 'function-url', payload: '2.0', method: 'ANY', path: '$default' };
const alb: Omit<Route, 'function'> = { front: 'alb', payload: '1.0', method: 'ANY', path: '/items/*' };
const albMulti = { ...alb, multiValueHeaders: true };

const headers: [string, string][] = [
  ['Host', 'shop.example.com:8080'],
  ['User-Agent', 'agent/1'],
  ['X-Forwarded-For', '6.6.6.6, 203.0.113.7'],
  ['X-Forwarded-Proto', 'https'],
  ['X-Forwarded-Port', '443'],
  ['X-Amzn-Trace-Id', 'Root=1-67891233-abcdef012345678912345678'],
  ['X-Dup', 'one'],
  ['x-dup', 'two'],
  ['X-Dup', 'three'],
  ['Cookie', 'a=1; b=2'],
];
const request: Sent = { path: '/items/a%20b%2Fc?x=1&x=2&y=a%2Bb+c&z', headers };
const bare: Sent = { path: '/items/1', headers: [['Host', 'api.example.com']] };

const forwarded = {
  'X-Forwarded-For': '6.6.6.6, 203.0.113.7',
  'X-Forwarded-Proto': 'https',
  'X-Forwarded-Port': '443',
  'X-Amzn-Trace-Id': 'Root=1-67891233-abcdef012345678912345678',
};
const lower = (record: Record<string, unknown>) =>
  Object.fromEntries(Object.entries(record).map(([name, value]) => [name.toLowerCase(), value]));
const lists = (record: Record<string, string>) => Object.fromEntries(Object.entries(record).map(([name, value]) => [name, [value]]));
const clf = expect.stringMatching(/^\d\d\/\w{3}\/\d{4}:\d\d:\d\d:\d\d \+0000$/);
const uuid = expect.stringMatching(/^[0-9a-f-]{36}$/);
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

describe('a full request', () => {
  it('as an event of a REST API', async () => {
    expect(plain(await eventOf(rest, request))).toEqual({
      resource: '/items/{id}',
      path: '/items/a%20b%2Fc',
      httpMethod: 'GET',
      headers: {
        Host: 'shop.example.com:8080',
        'User-Agent': 'agent/1',
        ...forwarded,
        'X-Dup': 'three',
        'x-dup': 'two',
        Cookie: 'a=1; b=2',
      },
      multiValueHeaders: {
        ...lists({ Host: 'shop.example.com:8080', 'User-Agent': 'agent/1', ...forwarded, 'x-dup': 'two', Cookie: 'a=1; b=2' }),
        'X-Dup': ['one', 'three'],
      },
      queryStringParameters: { x: '2', y: 'a+b c', z: '' },
      multiValueQueryStringParameters: { x: ['1', '2'], y: ['a+b c'], z: [''] },
      pathParameters: { id: 'a%20b%2Fc' },
      stageVariables: null,
      requestContext: {
        resourceId: expect.stringMatching(/^[0-9a-z]{6}$/),
        resourcePath: '/items/{id}',
        httpMethod: 'GET',
        extendedRequestId: uuid,
        requestId: uuid,
        requestTime: clf,
        requestTimeEpoch: expect.any(Number),
        path: '/Prod/items/a%20b%2Fc',
        accountId: '123456789012',
        protocol: 'HTTP/1.1',
        stage: 'Prod',
        domainName: 'shop.example.com',
        domainPrefix: 'shop',
        apiId: 'shop',
        deploymentId: 'service',
        identity: { ...noIdentity, sourceIp: '203.0.113.7', userAgent: 'agent/1' },
      },
      body: null,
      isBase64Encoded: false,
    });
  });

  it('as an event of an HTTP API with payload 1.0', async () => {
    expect(plain(await eventOf(http1, request))).toEqual({
      version: '1.0',
      resource: '/items/{id}',
      path: '/items/a b/c',
      httpMethod: 'GET',
      headers: {
        Host: 'shop.example.com:8080',
        'User-Agent': 'agent/1',
        ...forwarded,
        'X-Dup': 'three',
        'x-dup': 'two',
        Cookie: 'a=1; b=2',
        'Content-Length': '0',
      },
      multiValueHeaders: {
        ...lists({
          Host: 'shop.example.com:8080',
          'User-Agent': 'agent/1',
          ...forwarded,
          'x-dup': 'two',
          Cookie: 'a=1; b=2',
          'Content-Length': '0',
        }),
        'X-Dup': ['one', 'three'],
      },
      queryStringParameters: { x: '2', y: 'a+b c', z: '' },
      multiValueQueryStringParameters: { x: ['1', '2'], y: ['a+b c'], z: [''] },
      pathParameters: { id: 'a b/c' },
      stageVariables: null,
      requestContext: {
        resourceId: 'GET /items/{id}',
        resourcePath: '/items/{id}',
        httpMethod: 'GET',
        extendedRequestId: uuid,
        requestId: uuid,
        requestTime: clf,
        requestTimeEpoch: expect.any(Number),
        path: '/items/a b/c',
        accountId: '123456789012',
        protocol: 'HTTP/1.1',
        stage: '$default',
        domainName: 'shop.example.com',
        domainPrefix: 'shop',
        apiId: 'shop',
        identity: { ...noIdentity, cognitoAmr: null, sourceIp: '203.0.113.7', userAgent: 'agent/1' },
      },
      body: null,
      isBase64Encoded: false,
    });
  });

  it('as an event of an HTTP API with payload 2.0', async () => {
    expect(await eventOf(http2, request)).toEqual({
      version: '2.0',
      routeKey: 'GET /items/{id}',
      rawPath: '/items/a b/c',
      rawQueryString: 'x=1&x=2&y=a%2Bb+c&z',
      cookies: ['a=1', 'b=2'],
      headers: {
        host: 'shop.example.com:8080',
        'user-agent': 'agent/1',
        ...lower(forwarded),
        'x-dup': 'one,two,three',
        'content-length': '0',
      },
      queryStringParameters: { x: '1,2', y: 'a+b c', z: '' },
      pathParameters: { id: 'a b/c' },
      requestContext: {
        accountId: '123456789012',
        apiId: 'shop',
        domainName: 'shop.example.com',
        domainPrefix: 'shop',
        http: { method: 'GET', path: '/items/a b/c', protocol: 'HTTP/1.1', sourceIp: '203.0.113.7', userAgent: 'agent/1' },
        requestId: uuid,
        routeKey: 'GET /items/{id}',
        stage: '$default',
        time: clf,
        timeEpoch: expect.any(Number),
      },
      isBase64Encoded: false,
    });
  });

  it('as an event of a function URL', async () => {
    expect(await eventOf(url, request)).toEqual({
      version: '2.0',
      routeKey: '$default',
      rawPath: '/items/a%20b%2Fc',
      rawQueryString: 'x=1&x=2&y=a%2Bb+c&z',
      cookies: ['a=1', 'b=2'],
      headers: {
        host: 'shop.example.com:8080',
        'user-agent': 'agent/1',
        ...lower(forwarded),
        'x-dup': 'one,two,three',
        cookie: 'a=1; b=2',
      },
      queryStringParameters: { x: '1,2', y: 'a+b c', z: '' },
      requestContext: {
        accountId: 'anonymous',
        apiId: 'shop',
        domainName: 'shop.example.com',
        domainPrefix: 'shop',
        http: { method: 'GET', path: '/items/a%20b%2Fc', protocol: 'HTTP/1.1', sourceIp: '203.0.113.7', userAgent: 'agent/1' },
        requestId: uuid,
        routeKey: '$default',
        stage: '$default',
        time: clf,
        timeEpoch: expect.any(Number),
      },
      isBase64Encoded: false,
    });
  });

  const elb = { elb: { targetGroupArn: 'arn:aws:elasticloadbalancing:eu-west-1:123456789012:targetgroup/fn/0000000000000000' } };

  it('as an event of a load balancer', async () => {
    expect(await eventOf(alb, request)).toEqual({
      requestContext: elb,
      httpMethod: 'GET',
      path: '/items/a%20b%2Fc',
      queryStringParameters: { x: '2', y: 'a%2Bb+c', z: '' },
      headers: { host: 'shop.example.com:8080', 'user-agent': 'agent/1', ...lower(forwarded), 'x-dup': 'three', cookie: 'a=1; b=2' },
      body: '',
      isBase64Encoded: false,
    });
  });

  it('as an event of a load balancer with multi-value headers', async () => {
    expect(await eventOf(albMulti, request)).toEqual({
      requestContext: elb,
      httpMethod: 'GET',
      path: '/items/a%20b%2Fc',
      multiValueQueryStringParameters: { x: ['1', '2'], y: ['a%2Bb+c'], z: [''] },
      multiValueHeaders: {
        host: ['shop.example.com:8080'],
        'user-agent': ['agent/1'],
        ...lower(lists(forwarded)),
        'x-dup': ['one', 'two', 'three'],
        cookie: ['a=1; b=2'],
      },
      body: '',
      isBase64Encoded: false,
    });
  });
});

/** Without the prototype that finds other spellings of header names. */
function plain(value: unknown): unknown {
  return JSON.parse(JSON.stringify(value));
}

describe('what there is not', () => {
  it.each([
    ['rest-api', rest, { queryStringParameters: null, multiValueQueryStringParameters: null, body: null, stageVariables: null }],
    ['http-api 1.0', http1, { queryStringParameters: null, multiValueQueryStringParameters: null, body: null, stageVariables: null }],
    ['alb', alb, { queryStringParameters: {}, body: '' }],
    ['alb multi', albMulti, { multiValueQueryStringParameters: {}, body: '' }],
  ] as const)('is null or empty for %s', async (_name, made, expected) => {
    expect(await eventOf(made, bare)).toMatchObject(expected);
  });

  it.each([
    ['http-api 2.0', http2],
    ['function-url', url],
  ] as const)('is absent for %s', async (_name, made) => {
    const event = await eventOf(made, bare);
    for (const name of ['queryStringParameters', 'cookies', 'body', 'stageVariables']) expect(event).not.toHaveProperty(name);
    expect(event).toMatchObject({ rawQueryString: '', isBase64Encoded: false });
    expect(event['requestContext']).toMatchObject({ http: { userAgent: '' } });
  });

  it('has no path parameters where the path has no variables', async () => {
    expect(await eventOf({ ...rest, path: '/items/1' }, bare)).toMatchObject({ pathParameters: null });
    expect(await eventOf({ ...http2, path: '/items/1' }, bare)).not.toHaveProperty('pathParameters');
    expect(await eventOf(alb, bare)).not.toHaveProperty('multiValueHeaders');
    expect(await eventOf(albMulti, bare)).not.toHaveProperty('headers');
  });
});

describe('stages', () => {
  it.each([
    [
      'rest-api keeps it out of path',
      { ...rest, stage: 'dev' },
      { path: '/items/1', requestContext: { path: '/dev/items/1', stage: 'dev' } },
    ],
    [
      'http-api 1.0 leaves it in',
      { ...http1, stage: 'dev' },
      { path: '/dev/items/1', requestContext: { path: '/dev/items/1', stage: 'dev' } },
    ],
    [
      'http-api 2.0 leaves it in',
      { ...http2, stage: 'dev' },
      { rawPath: '/dev/items/1', requestContext: { http: { path: '/dev/items/1' }, stage: 'dev' } },
    ],
    ['function-url has none', { ...url, stage: 'dev' }, { rawPath: '/items/1', requestContext: { stage: '$default' } }],
  ] as const)('%s', async (_name, made, expected) => {
    expect(await eventOf(made, bare)).toMatchObject(expected);
  });

  it('hands on stage variables', async () => {
    const stageVariables = { table: 'orders' };
    expect(await eventOf({ ...rest, stageVariables }, bare)).toMatchObject({ stageVariables });
    expect(await eventOf({ ...http2, stageVariables }, bare)).toMatchObject({ stageVariables });
  });
});

describe('bodies', () => {
  const png = Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x00, 0xff]);
  const form = 'a=1&b=%20';
  const post = (contentType: string | undefined, body: string | Buffer, more: [string, string][] = []): Sent => ({
    method: 'POST',
    path: '/items/1',
    headers: [...(contentType === undefined ? [] : [['Content-Type', contentType] as [string, string]]), ...more],
    body,
  });
  const any = <T extends object>(made: T) => ({ ...made, method: 'ANY' });

  it.each([
    ['rest-api: text, whatever the type', any(rest), post('application/x-www-form-urlencoded', form), form, false],
    ['rest-api: mangled without binary types', any(rest), post('image/png', png), png.toString('utf8'), false],
    ['rest-api: binary type', any({ ...rest, binaryMediaTypes: ['image/png'] }), post('image/png; q=1', png), png.toString('base64'), true],
    ['rest-api: binary wildcard', any({ ...rest, binaryMediaTypes: ['image/*'] }), post('image/png', png), png.toString('base64'), true],
    ['rest-api: all types are binary', any({ ...rest, binaryMediaTypes: ['*/*'] }), post('application/json', '{}'), 'e30=', true],
    ['rest-api: another type is binary', any({ ...rest, binaryMediaTypes: ['image/png'] }), post('text/plain', 'é'), 'é', false],
    ['http-api 1.0: binary', any(http1), post('image/png', png), png.toString('base64'), true],
    ['http-api 2.0: json', any(http2), post('application/json; charset=utf-8', '{"a":"é"}'), '{"a":"é"}', false],
    ['http-api 2.0: text', any(http2), post('text/csv', 'a,b'), 'a,b', false],
    [
      'http-api 2.0: form is base64',
      any(http2),
      post('application/x-www-form-urlencoded', form),
      Buffer.from(form).toString('base64'),
      true,
    ],
    ['http-api 2.0: no type is base64', any(http2), post(undefined, 'x'), 'eA==', true],
    ['function-url: form is base64', url, post('application/x-www-form-urlencoded', form), Buffer.from(form).toString('base64'), true],
    ['function-url: a type that is none', url, post('@@@', 'x'), 'eA==', true],
    ['alb: xml is text', alb, post('application/xml', '<a/>'), '<a/>', false],
    ['alb: form is base64', alb, post('application/x-www-form-urlencoded', form), Buffer.from(form).toString('base64'), true],
    ['alb: encoded json is base64', alb, post('application/json', png, [['Content-Encoding', 'gzip']]), png.toString('base64'), true],
    ['GET with a body', http2, { ...post('text/plain', 'x'), method: 'GET' }, 'x', false],
    ['DELETE with a body', any(rest), { ...post('text/plain', 'x'), method: 'DELETE' }, 'x', false],
  ] as const)('%s', async (_name, made, sent, body, isBase64Encoded) => {
    expect(await eventOf(made, sent)).toMatchObject({ body, isBase64Encoded });
  });

  it('counts the length of a chunked body for an HTTP API', async () => {
    const event = await eventOf(any(http2), { ...post('text/plain', 'hello', [['Transfer-Encoding', 'chunked']]) });
    expect(event).toMatchObject({ body: 'hello', headers: { 'content-length': '5' } });
    expect(event['headers']).not.toHaveProperty('transfer-encoding');
  });
});

describe('headers', () => {
  it('are found in other spellings on REST APIs, but enumerated as sent', async () => {
    const event = await eventOf(rest, {
      path: '/items/1',
      headers: [
        ['authorization', 'Bearer x'],
        ['X-API-KEY', 'k'],
      ],
    });
    const found = event['headers'] as Record<string, string>;
    expect([found['Authorization'], found['authorization'], found['X-Api-Key'], found['x-api-key']]).toEqual([
      'Bearer x',
      'Bearer x',
      'k',
      'k',
    ]);
    expect(Object.keys(found)).not.toContain('Authorization');
    expect(structuredClone(event)).toMatchObject({ headers: { authorization: 'Bearer x' } });
  });

  it('are read as UTF-8', async () => {
    const latin = Buffer.from('é☕', 'utf8').toString('latin1');
    expect(await eventOf(http2, { path: '/items/1', headers: [['X-Name', latin]] })).toMatchObject({ headers: { 'x-name': 'é☕' } });
  });

  it.each([
    ['rest-api', rest, 'X-Forwarded-Proto', 'https'],
    ['http-api', http2, 'x-forwarded-proto', 'https'],
    ['alb', alb, 'x-forwarded-proto', 'http'],
    ['rest-api', rest, 'X-Forwarded-For', '127.0.0.1'],
  ] as const)('%s adds %s', async (_front, made, name, value) => {
    expect(await eventOf(made, bare)).toMatchObject({ headers: { [name]: value } });
  });
});

describe('source address', () => {
  const sourceIp = async (forwardedFor: string | undefined) => {
    const sent = {
      path: '/items/1',
      headers: forwardedFor === undefined ? [] : ([['X-Forwarded-For', forwardedFor]] as [string, string][]),
    };
    const { requestContext } = (await eventOf(http2, sent)) as { requestContext: { http: { sourceIp: string } } };
    return requestContext.http.sourceIp;
  };

  it.each([
    ['the last hop wins over a forged entry', undefined, '1.1.1.1, 203.0.113.7', '203.0.113.7'],
    ['two trusted hops', '2', '1.1.1.1, 203.0.113.7, 10.0.0.1', '203.0.113.7'],
    ['fewer entries than hops', '3', '203.0.113.7', '203.0.113.7'],
    ['no trusted hop', '0', '203.0.113.7', '127.0.0.1'],
    ['no header', undefined, undefined, '127.0.0.1'],
    ['address with a port', undefined, '203.0.113.7:4711', '203.0.113.7'],
    ['IPv6 with a port', undefined, '[2001:db8::1]:4711', '2001:db8::1'],
  ] as const)('%s', async (_name, hops, forwardedFor, expected) => {
    if (hops !== undefined) vi.stubEnv('TRUSTED_PROXY_HOPS', hops);
    expect(await sourceIp(forwardedFor)).toBe(expected);
  });
});

describe('odd requests', () => {
  it.each([
    ['an invalid encoding in the path', '/items/%zz', { rawPath: '/items/%zz', pathParameters: { id: '%zz' } }],
    ['an invalid encoding in the query', '/items/1?a=%zz', { queryStringParameters: { a: '%zz' } }],
    ['__proto__ in the query', '/items/1?__proto__=x', { rawQueryString: '__proto__=x' }],
    ['an empty query', '/items/1?', { rawQueryString: '' }],
    ['a second question mark', '/items/1?a=b?c', { rawQueryString: 'a=b?c' }],
    ['an absolute target', 'http://other.example.com/items/1?a=b', { rawPath: '/items/1', rawQueryString: 'a=b' }],
  ] as const)('%s', async (_name, path, expected) => {
    expect(await eventOf(http2, { path })).toMatchObject(expected);
  });

  it('keeps __proto__ as a key of its own', async () => {
    const event = await eventOf(http2, { path: '/items/1?__proto__=x' });
    expect(Object.keys(event['queryStringParameters'] as object)).toEqual(['__proto__']);
  });
});
