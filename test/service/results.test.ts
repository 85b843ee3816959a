import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { Front, Route } from '../../templates/service/types.js';
import { type Answer, lambda, route, type Sent, send, withService } from './client.js';

let log = '';
beforeEach(() => {
  log = '';
  vi.spyOn(process.stdout, 'write').mockImplementation((chunk) => {
    log += String(chunk);
    return true;
  });
});
afterEach(() => vi.restoreAllMocks());

type Contract = Front | 'http-api 1.0' | 'alb multi';
const made: Record<Contract, Partial<Route>> = {
  'rest-api': {},
  'http-api 1.0': { payload: '1.0' },
  'http-api': {},
  'function-url': {},
  alb: {},
  'alb multi': { multiValueHeaders: true },
};

/** The answer to a request whose handler gives this result. */
function answerTo(contract: Contract, result: unknown, sent: Sent = {}, more: Partial<Route> = {}): Promise<Answer> {
  const front = contract.split(' ')[0] as Front;
  return withService([route(front, async () => result, { ...made[contract], ...more })], (port) => send(port, { path: '/a', ...sent }));
}

const failed: Record<Contract, { status: number; text: string | RegExp; type: string }> = {
  'rest-api': { status: 502, text: '{"message": "Internal server error"}', type: 'application/json' },
  'http-api 1.0': { status: 500, text: '{"message":"Internal Server Error"}', type: 'application/json' },
  'http-api': { status: 500, text: '{"message":"Internal Server Error"}', type: 'application/json' },
  'function-url': { status: 502, text: 'Internal Server Error', type: 'application/json' },
  alb: { status: 502, text: expect.stringContaining('502 Bad Gateway') as string, type: 'text/html' },
  'alb multi': { status: 502, text: expect.stringContaining('502 Bad Gateway') as string, type: 'text/html' },
};
const contracts = Object.keys(made) as Contract[];
const isV2 = (contract: Contract) => contract === 'http-api' || contract === 'function-url';
const v1 = contracts.filter((contract) => !isV2(contract));
const v2 = contracts.filter(isV2);

function expectFailed(contract: Contract, answer: Answer): void {
  expect({ status: answer.status, text: answer.text, type: answer.headers['content-type']?.join() }).toEqual(failed[contract]);
}

describe('a plain answer', () => {
  it.each([
    ['rest-api', 'application/json'],
    ['http-api 1.0', 'text/plain; charset=utf-8'],
    ['http-api', 'text/plain; charset=utf-8'],
    ['function-url', 'application/json'],
    ['alb', 'application/octet-stream'],
    ['alb multi', 'application/octet-stream'],
  ] as const)('of %s has the type %s by default', async (contract, type) => {
    const answer = await answerTo(contract, { statusCode: 201, body: '<b>é</b>' });
    expect({ status: answer.status, text: answer.text }).toEqual({ status: 201, text: '<b>é</b>' });
    expect(answer.headers['content-type']).toEqual([type]);
    expect(answer.headers['content-length']).toEqual(['9']);
  });

  it.each(contracts)("of %s keeps the handler's type, whatever its case", async (contract) => {
    const answer = await answerTo(contract, { statusCode: 200, headers: { 'CONTENT-TYPE': 'text/csv' }, body: 'a' });
    expect(answer.headers['content-type']).toEqual(['text/csv']);
  });

  it.each(contracts)('of %s may have no body', async (contract) => {
    const answer = await answerTo(contract, { statusCode: 200 });
    expect({ status: answer.status, text: answer.text, length: answer.headers['content-length'] }).toEqual({
      status: 200,
      text: '',
      length: ['0'],
    });
  });
});

describe('identification', () => {
  it.each([
    ['rest-api', ['x-amzn-requestid', 'x-amzn-trace-id']],
    ['http-api', ['apigw-requestid']],
    ['function-url', ['x-amzn-requestid', 'x-amzn-trace-id']],
    ['alb', []],
  ] as const)('%s adds %s', async (contract, names) => {
    const answer = await answerTo(contract, { statusCode: 200 }, { headers: [['X-Amzn-Trace-Id', 'Root=1-2-3']] });
    const found = Object.keys(answer.headers).filter((name) => /^(x-amz|apigw)/.test(name));
    expect(found.sort()).toEqual([...names].sort());
    if (found.includes('x-amzn-trace-id')) expect(answer.headers['x-amzn-trace-id']).toEqual(['Root=1-2-3']);
  });
});

describe('status', () => {
  it.each(contracts)('%s takes a status in text', async (contract) => {
    expect((await answerTo(contract, { statusCode: '404', body: '' })).status).toBe(404);
  });

  const bad = [0, 99, 101, 600, 200.5, 'ok', null, {}, true];
  it.each(contracts.flatMap((contract) => bad.map((status) => [contract, status] as const)))(
    '%s refuses %j',
    async (contract, statusCode) => {
      expectFailed(contract, await answerTo(contract, { statusCode, body: 'x' }));
    },
  );

  it('is 204 without a body and a length', async () => {
    const answer = await answerTo('http-api', { statusCode: 204, body: 'dropped' });
    expect(answer.text).toBe('');
    expect(answer.headers).not.toHaveProperty('content-length');
  });

  it.each([
    ['418 I am a teapot', 'I am a teapot'],
    ['Fine\r\nX-Evil: 1', 'FineX-Evil: 1'],
  ])('description of a load balancer: %j', async (statusDescription, expected) => {
    expect((await answerTo('alb', { statusCode: 200, statusDescription, body: '' })).statusText).toBe(expected);
  });
});

describe('results that are no answer', () => {
  const results = [undefined, null, 'text', 7, true, [1], {}, { ok: true }, { body: 'x' }];
  it.each(v1.flatMap((contract) => results.map((result) => [contract, result] as const)))('%s refuses %j', async (contract, result) => {
    expectFailed(contract, await answerTo(contract, result));
    expect(log).toContain('the function failed');
  });

  it.each(
    v2.flatMap((contract) =>
      (
        [
          [undefined, 'null'],
          [null, 'null'],
          ['text', 'text'],
          ['', ''],
          [7, '7'],
          [false, 'false'],
          [[1, 'a'], '[1,"a"]'],
          [{ ok: true }, '{"ok":true}'],
          [{ body: 'x', headers: { 'content-type': 'text/html' } }, '{"body":"x","headers":{"content-type":"text/html"}}'],
          [{ nested: { statusCode: 400 } }, '{"nested":{"statusCode":400}}'],
          [new Date(0), '1970-01-01T00:00:00.000Z'],
        ] as const
      ).map(([result, text]) => [contract, result, text] as const),
    ),
  )('%s makes %j its body', async (contract, result, text) => {
    const answer = await answerTo(contract, result);
    expect({ status: answer.status, text: answer.text }).toEqual({ status: 200, text });
    expect(answer.headers['content-type']).toEqual(['application/json']);
  });

  it.each(contracts.flatMap((contract) => [{ a: 1 }, 7, false, ['x'], Buffer.from('x')].map((body) => [contract, body] as const)))(
    '%s refuses the body %j',
    async (contract, body) => expectFailed(contract, await answerTo(contract, { statusCode: 200, body })),
  );

  it.each(contracts)('%s: a result that JSON cannot hold', async (contract) => {
    const circular: Record<string, unknown> = { statusCode: 200 };
    circular['self'] = circular;
    expectFailed(contract, await answerTo(contract, circular));
    expectFailed(contract, await answerTo(contract, { statusCode: 200, body: 1n }));
  });

  it('a null body is none, except for a load balancer', async () => {
    expect(await answerTo('rest-api', { statusCode: 200, body: null })).toMatchObject({ status: 200, text: '' });
    expect(await answerTo('http-api', { statusCode: 200, body: null })).toMatchObject({ status: 200, text: '' });
    expectFailed('alb', await answerTo('alb', { statusCode: 200, body: null }));
  });
});

describe('headers', () => {
  it.each(['rest-api', 'http-api 1.0', 'http-api', 'function-url'] as const)(
    '%s writes numbers and booleans, and skips null',
    async (contract) => {
      const { headers } = await answerTo(contract, {
        statusCode: 200,
        headers: { 'X-Count': 7, 'X-Flag': true, 'X-None': null },
        body: '',
      });
      expect(headers).toMatchObject({ 'x-count': ['7'], 'x-flag': ['true'] });
      expect(headers).not.toHaveProperty('x-none');
    },
  );

  it.each([
    ['alb', { 'X-Flag': true }],
    ['alb', { 'X-None': null }],
    ['rest-api', { 'X-List': ['a'] }],
    ['http-api', { 'X-Object': {} }],
    ['rest-api', { 'X-Evil': 'a\r\nSet-Cookie: x=1' }],
    ['http-api', { 'bad name': 'a' }],
  ] as const)('%s refuses %j', async (contract, headers) => {
    expectFailed(contract, await answerTo(contract, { statusCode: 200, headers, body: '' }));
  });

  it.each(contracts)('%s leaves framing to the server', async (contract) => {
    const headers = { Connection: 'upgrade', 'Transfer-Encoding': 'chunked', 'Content-Length': '1', 'Keep-Alive': 'timeout=1' };
    const answer = await answerTo(contract, { statusCode: 200, headers, body: 'hello' });
    expect(answer.text).toBe('hello');
    expect(answer.headers['content-length']).toEqual(['5']);
    expect(answer.headers).not.toHaveProperty('transfer-encoding');
  });

  it.each([
    ['rest-api', ['1', '2', '0']],
    ['http-api 1.0', ['1', '2', '0']],
    ['alb multi', ['1', '2', '0']],
    ['http-api', ['0']],
    ['function-url', ['0']],
    ['alb', ['0']],
  ] as const)('%s: both kinds of headers', async (contract, expected) => {
    const result = { statusCode: 200, headers: { 'x-a': '0' }, multiValueHeaders: { 'X-A': ['1', '2'] }, body: '' };
    expect((await answerTo(contract, result)).headers['x-a']).toEqual(expected);
  });

  it('the same value in both comes once', async () => {
    const result = { statusCode: 200, headers: { 'X-A': '1' }, multiValueHeaders: { 'x-a': ['1', '2'] }, body: '' };
    expect((await answerTo('rest-api', result)).headers['x-a']).toEqual(['1', '2']);
  });

  it.each([
    ['rest-api', { multiValueHeaders: { 'Set-Cookie': ['a=1; Expires=Thu, 01 Jan 1970', 'b=2'] } }],
    ['http-api', { cookies: ['a=1; Expires=Thu, 01 Jan 1970', 'b=2'] }],
    ['function-url', { cookies: ['a=1; Expires=Thu, 01 Jan 1970', 'b=2'] }],
    ['alb multi', { multiValueHeaders: { 'set-cookie': ['a=1; Expires=Thu, 01 Jan 1970', 'b=2'] } }],
    ['rest-api', { headers: { 'Set-Cookie': 'a=1; Expires=Thu, 01 Jan 1970', 'set-cookie': 'b=2' } }],
  ] as const)('%s: cookies are lines of their own', async (contract, more) => {
    const answer = await answerTo(contract, { statusCode: 200, ...more, body: '' });
    expect(answer.headers['set-cookie']).toEqual(['a=1; Expires=Thu, 01 Jan 1970', 'b=2']);
  });

  it('are sent as UTF-8', async () => {
    const answer = await answerTo('http-api', { statusCode: 200, headers: { 'X-Name': 'é☕' }, body: '' });
    expect(Buffer.from(answer.headers['x-name']?.[0] ?? '', 'latin1').toString('utf8')).toBe('é☕');
  });
});

describe('base64', () => {
  const png = Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x00, 0xff]);
  const result = { statusCode: 200, headers: { 'content-type': 'image/png' }, body: png.toString('base64'), isBase64Encoded: true };

  it.each(['http-api 1.0', 'http-api', 'function-url', 'alb', 'alb multi'] as const)('%s decodes', async (contract) => {
    expect((await answerTo(contract, result)).body).toEqual(png);
  });

  it.each([
    ['no binary types', undefined, 'image/png', false],
    ['accepted type', ['image/png'], 'image/png, */*', true],
    ['only the first accepted type counts', ['image/png'], 'text/html, image/png', false],
    ['wildcard', ['image/*'], 'image/webp', true],
    ['all types', ['*/*'], undefined, true],
    ['no Accept header', ['image/png'], undefined, false],
  ] as const)('rest-api, %s', async (_name, binaryMediaTypes, accept, isDecoded) => {
    const more = binaryMediaTypes ? { binaryMediaTypes: [...binaryMediaTypes] } : {};
    const { body } = await answerTo('rest-api', result, { headers: accept ? [['Accept', accept]] : [] }, more);
    expect(body).toEqual(isDecoded ? png : Buffer.from(png.toString('base64')));
  });

  it('is text without the flag', async () => {
    expect((await answerTo('http-api', { ...result, isBase64Encoded: 'true' })).text).toBe(png.toString('base64'));
  });
});

describe('failures', () => {
  const secret = 'password=hunter2';
  const failures: [string, () => unknown][] = [
    [
      'throws',
      () => {
        throw new Error(secret);
      },
    ],
    ['rejects', () => Promise.reject(new Error(secret))],
    ['rejects with a text', () => Promise.reject(secret)],
    ['rejects with nothing', () => Promise.reject()],
  ];

  it.each(contracts.flatMap((contract) => failures.map(([name, fail]) => [contract, name, fail] as const)))(
    '%s: a handler that %s',
    async (contract, name, fail) => {
      const front = contract.split(' ')[0] as Front;
      const answer = await withService([route(front, fail, made[contract])], (port) => send(port, { path: '/a' }));
      expectFailed(contract, answer);
      expect(JSON.stringify(answer.headers) + answer.text).not.toContain('hunter2');
      if (name !== 'rejects with nothing') expect(log).toContain(secret);
    },
  );

  it.each(contracts)('%s: a handler that never answers', async (contract) => {
    const front = contract.split(' ')[0] as Front;
    const slow = lambda(() => new Promise(() => undefined), { timeoutSeconds: 0.05 });
    const answer = await withService([{ ...route(front, slow.handler, made[contract]), function: slow }], (port) =>
      send(port, { path: '/a' }),
    );
    expectFailed(contract, answer);
    expect(log).toContain('Task timed out after 0.05 seconds');
  });

  it.each([
    ['rest-api', 29, 504, '{"message": "Endpoint request timed out"}'],
    ['http-api', 30, 503, '{"message":"Service Unavailable"}'],
  ] as const)('%s gives up after %d seconds', async (contract, seconds, status, text) => {
    const real = globalThis.setTimeout;
    vi.spyOn(globalThis, 'setTimeout').mockImplementation(((callback: () => void, milliseconds?: number) =>
      real(callback, milliseconds === seconds * 1000 ? 20 : milliseconds)) as typeof setTimeout);
    const slow = lambda(() => new Promise(() => undefined), { timeoutSeconds: 600 });
    const answer = await withService([{ ...route(contract, slow.handler), function: slow }], (port) => send(port, { path: '/a' }));
    expect({ status: answer.status, text: answer.text }).toEqual({ status, text });
  });
});

describe('HEAD', () => {
  it.each(contracts)("%s: the head alone, of the handler's answer", async (contract) => {
    const answer = await answerTo(contract, { statusCode: 200, headers: { 'x-a': '1' }, body: 'hello' }, { method: 'HEAD' });
    expect({ status: answer.status, text: answer.text, length: answer.headers['content-length'], a: answer.headers['x-a'] }).toEqual({
      status: 200,
      text: '',
      length: ['5'],
      a: ['1'],
    });
  });
});
