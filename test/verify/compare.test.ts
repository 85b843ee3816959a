import { describe, expect, test } from 'vitest';
import { comparableResponse, compareResponses, withoutUnstable } from '../../src/verify/compare.js';
import type { HeaderLine, WireResponse } from '../../src/verify/fronts/http.js';
import type { RuleId } from '../../src/verify/rules.js';

function response(body: string | Buffer, headers: HeaderLine[] = [], status = 200): WireResponse {
  return { status, headers, body: Buffer.from(body) };
}

/** What differs, and which rules were used to find it. */
function compared(before: WireResponse, after: WireResponse): { what: string[]; rules: RuleId[] } {
  const rules = new Set<RuleId>();
  const context = { now: Date.now(), roots: ['/tmp/one', '/tmp/two'], used: (rule: RuleId) => void rules.add(rule) };
  const differences = compareResponses(comparableResponse(before, context), comparableResponse(after, context));
  return { what: differences.map(({ what }) => what), rules: [...rules] };
}

const presigned = (time: Date, digit: string) =>
  `https://a.s3.amazonaws.com/k?X-Amz-Date=${time.toISOString().replace(/[-:]|\.\d+/g, '')}&X-Amz-Signature=${digit.repeat(64)}&x-id=GetObject`;

describe('what is a difference', () => {
  const cases: [name: string, before: WireResponse, after: WireResponse, what: string[]][] = [
    ['status', response('', [], 200), response('', [], 201), ['status']],
    ['body', response('a'), response('b'), ['body']],
    ['white space', response('{"a":1}'), response('{ "a": 1 }'), ['body']],
    ['key order', response('{"a":1,"b":2}'), response('{"b":2,"a":1}'), ['body']],
    ['bytes', response(Buffer.from([255])), response(Buffer.from([254])), ['body']],
    ['a header more', response(''), response('', [['X-A', 'b']]), ['header x-a']],
    [
      'one cookie less',
      response('', [
        ['Set-Cookie', 'a'],
        ['Set-Cookie', 'b'],
      ]),
      response('', [['Set-Cookie', 'a']]),
      ['header set-cookie'],
    ],
    ['an old local date', response('12/31/2001, 1:14:50 PM'), response('12/31/2001, 1:14:51 PM'), ['body']],
    ['an old date', response('2001-01-01T00:00:00Z'), response('2001-01-02T00:00:00Z'), ['body']],
    ['a small number', response('17'), response('18'), ['body']],
  ];
  test.each(cases)('%s', (_name, before, after, what) => expect(compared(before, after).what).toEqual(what));
});

describe('what is none, by a rule', () => {
  const now = new Date();
  const later = new Date(now.getTime() + 1000);
  const event = { version: '2.0', requestContext: { requestId: 'x', stage: 'dev', resourceId: 'a' }, body: 'b' };
  const other = { body: 'b', requestContext: { resourceId: 'c', deploymentId: 'd', stage: 'dev', requestId: 'x' }, version: '2.0' };
  const cases: [name: string, before: WireResponse, after: WireResponse, rules: RuleId[]][] = [
    ['spelling of names', response('', [['X-A', 'b']]), response('', [['x-a', 'b']]), []],
    ['the connection', response('', [['Date', 'a']]), response('', [['connection', 'close']]), []],
    ['request ids', response(''), response('', [['x-amzn-RequestId', 'a']]), ['request-ids']],
    ['vary', response(''), response('', [['vary', 'Origin']]), ['vary-origin']],
    ['UUIDs', response('6fa459ea-ee8a-3ca4-894e-db77e160355e'), response('16fd2706-8baf-433b-82eb-8c7fada847da'), ['uuids']],
    ['ISO times', response(now.toISOString()), response(later.toISOString()), ['clock']],
    ['epochs', response(`{"t":${now.getTime()}}`), response(`{"t":${later.getTime()}}`), ['clock']],
    ['HTTP dates', response(now.toUTCString()), response(later.toUTCString()), ['clock']],
    ...(['en-US', 'en-GB', 'de-DE', 'ko-KR', 'ja-JP', 'sv-SE'] as const).map((locale): (typeof cases)[number] => {
      const text = (time: Date) => response(time.toLocaleString(locale, { timeZone: 'Asia/Seoul' }));
      return [`local times of ${locale}`, text(now), text(later), ['clock']];
    }),
    ['presigned URLs', response(presigned(now, 'a')), response(presigned(later, 'b')), ['clock', 'signatures']],
    ['log streams', response(`2026/01/31/[$LATEST]${'a'.repeat(32)}`), response(`2027/12/01/[$LATEST]${'b'.repeat(32)}`), ['log-streams']],
    [
      'stack traces',
      response(JSON.stringify({ stack: 'Error: a\n    at one (/x/a.js:1:2)\n    at two (/x/b.js:3:4)', at: 1 })),
      response(JSON.stringify({ stack: 'Error: a\n    at Object.one (/y/bundle.js:5:6)', at: 1 })),
      ['stacks'],
    ],
    ['folders', response('at /tmp/one/a.js'), response('at /tmp/two/a.js'), ['paths']],
    ['an echoed event', response(JSON.stringify({ input: event })), response(JSON.stringify({ input: other })), ['echoed-event']],
    [
      'an echoed event as text',
      response(JSON.stringify({ input: JSON.stringify(event) })),
      response(JSON.stringify({ input: JSON.stringify(other) })),
      ['echoed-event'],
    ],
  ];
  test.each(cases)('%s', (_name, before, after, rules) => expect(compared(before, after)).toEqual({ what: [], rules }));
});

test('what the original does not repeat is not compared, all else is', () => {
  const context = { now: Date.now(), roots: [], used: () => undefined };
  const of = (value: unknown) => comparableResponse(response(JSON.stringify(value), [['x-random', String(Math.random())]]), context);
  const [before, again] = [of({ random: 0.1, list: [{ id: 'a' }] }), of({ random: 0.2, list: [{ id: 'a' }] })];
  const same = withoutUnstable(before, of({ random: 0.3, list: [{ id: 'a' }] }), again);
  expect(compareResponses(same.before, same.after)).toEqual([]);
  const wrong = withoutUnstable(before, of({ random: 0.3, list: [{ id: 'b' }] }), again);
  expect(compareResponses(wrong.before, wrong.after).map(({ what }) => what)).toEqual(['body']);
});
