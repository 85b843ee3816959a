import { afterAll, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import { captureConsole, logLine, requestScope } from '../../templates/service/log.js';

const original = { ...console };
let written: string[] = [];
beforeAll(() => captureConsole());
beforeEach(() => {
  written = [];
  vi.spyOn(process.stdout, 'write').mockImplementation((chunk) => {
    written.push(String(chunk));
    return true;
  });
});
afterAll(() => {
  Object.assign(console, original);
  vi.restoreAllMocks();
});

/** The one line that was written; it must be one line of JSON. */
function line(): Record<string, unknown> {
  expect(written).toHaveLength(1);
  expect(written[0]).toMatch(/^[^\n]*\n$/);
  return JSON.parse(written[0] ?? '') as Record<string, unknown>;
}
const inRequest = (run: () => void) => requestScope.run({ requestId: 'id-1' }, run);

describe('console', () => {
  it.each([
    ['log', 'info'],
    ['info', 'info'],
    ['warn', 'warn'],
    ['error', 'error'],
    ['debug', 'debug'],
    ['trace', 'trace'],
  ] as const)('%s becomes a line with time, level and request id', (method, level) => {
    inRequest(() => console[method]('a %s\nb', 'value', { c: 1 }));
    expect(line()).toMatchObject({ time: expect.stringMatching(/^\d{4}-.*Z$/), level, requestId: 'id-1', message: 'a value\nb { c: 1 }' });
  });

  it('has no request id outside of a request', () => {
    console.log('starting');
    expect(line()).not.toHaveProperty('requestId');
  });

  it('keeps an object as an object', () => {
    console.log({ a: [1] });
    expect(line()).toMatchObject({ message: { a: [1] } });
  });

  it.each([
    ['adds the request id', '{"msg":"x","n":12345678901234567890}', '{"msg":"x","n":12345678901234567890,"requestId":"id-1"}'],
    ['adds it to an empty object', '{}', '{"requestId":"id-1"}'],
    ['keeps one that is there', '{"requestId":"mine"}', '{"requestId":"mine"}'],
    ['brings it on one line', '{\n  "a": "b\\nc"\n}', '{ "a": "b\\nc" ,"requestId":"id-1"}'],
  ])("%s: JSON of the code's own", (_name, text, expected) => {
    inRequest(() => console.log(text));
    expect(written).toEqual([`${expected}\n`]);
  });

  it.each(['[1]', '{not json}', '7'])('%s is text', (text) => {
    console.log(text);
    expect(line()).toMatchObject({ message: text });
  });

  it('writes errors with stack and cause', () => {
    const error = Object.assign(new TypeError('no', { cause: new Error('why') }), { code: 'E1' });
    console.error('failed:', error);
    expect(line()).toMatchObject({
      message: 'failed: TypeError: no',
      error: { name: 'TypeError', message: 'no', code: 'E1', stack: expect.stringContaining('log.test'), cause: { message: 'why' } },
    });
  });
});

describe('values that JSON cannot hold', () => {
  const circular: Record<string, unknown> = { name: 'loop' };
  circular['self'] = circular;
  const twice = { x: 1 };
  const selfCaused = new Error('self');
  selfCaused.cause = selfCaused;
  const deep: Record<string, unknown> = {};
  let end = deep;
  for (let level = 0; level < 20_000; level++) end = end['next'] = {} as Record<string, unknown>;

  it.each<[string, unknown, unknown]>([
    ['circular', circular, { name: 'loop', self: '[Circular]' }],
    ['the same object twice', { a: twice, b: twice }, { a: { x: 1 }, b: { x: 1 } }],
    ['big integer', { n: 1n }, { n: '1' }],
    ['an error that causes itself', { error: selfCaused }, { error: expect.objectContaining({ cause: '[Circular]' }) }],
    [
      'a getter that throws',
      {
        get bad() {
          throw new Error('no');
        },
      },
      expect.any(String),
    ],
    [
      'toJSON that throws',
      {
        toJSON() {
          throw new Error('no');
        },
      },
      expect.any(String),
    ],
    ['a very deep object', deep, expect.anything()],
  ])('%s', (_name, value, expected) => {
    logLine('info', value);
    expect(line()['message']).toEqual(expected);
  });
});
