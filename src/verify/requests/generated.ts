import fc from 'fast-check';
import type { HttpTrigger } from '../../project/trigger.js';
import type { HeaderLine } from '../fronts/http.js';
import { acceptedBy } from './accepted.js';
import { type RequestPlan, variableCount } from './plan.js';

/** Random requests to a route; what they are made of is what migrations get wrong. */
export function requestPlans(trigger: HttpTrigger): fc.Arbitrary<RequestPlan> {
  const method = trigger.method === 'ANY' ? fc.constantFrom('GET', 'POST', 'PUT', 'PATCH', 'DELETE') : fc.constant(trigger.method);
  const count = variableCount(trigger);
  const accepted = acceptedBy(trigger);
  const taken = accepted.body && fc.constant({ type: accepted.body.type, body: accepted.body.content });
  const whole = trigger.path.endsWith('+}') || trigger.path.includes('$default') || trigger.path.includes('*');
  return fc
    .record({
      method,
      variables: fc.array(
        whole
          ? fc.oneof(
              pathText,
              fc.tuple(pathText, pathText).map(([a, b]) => `${a}/${b}`),
            )
          : pathText,
        {
          minLength: count,
          maxLength: count,
        },
      ),
      query: fc.array(queryPair, { maxLength: 4 }),
      headers: fc.array(header, { maxLength: 4 }).map(withoutRepeatedSingletons),
      payload: fc.option(taken ? fc.oneof(taken, payload) : payload, { nil: null }),
    })
    .map(({ query, headers, ...rest }) => ({ ...rest, query: [...accepted.query, ...query], headers: [...accepted.headers, ...headers] }))
    .map(({ payload: content, headers, ...rest }) =>
      content === null || !['POST', 'PUT', 'PATCH', 'DELETE'].includes(rest.method)
        ? { ...rest, headers, body: null }
        : {
            ...rest,
            headers: content.type === '' ? headers : [...headers, ['Content-Type', content.type] as HeaderLine],
            body: content.body,
          },
    );
}

const pathText = fc.oneof(
  fc.constantFrom('1', 'abc', 'a%20b', 'a%2Fb', '%E2%98%83', 'a+b', 'a.b', 'x~y', 'a%25b', '%41', 'true', '0', '-1'),
  fc.stringMatching(/^[a-z0-9_-]{1,8}$/),
);

const queryText = fc.oneof(
  fc.constantFrom('a', 'a%20b', 'a+b', '%2B', '%25', 'caf%C3%A9', '1', '', 'a,b', 'a%2Cb', '%3D', '%26', 'null'),
  fc.stringMatching(/^[A-Za-z0-9._~-]{0,6}$/),
);

const queryPair = fc.oneof(
  fc.tuple(fc.constantFrom('a', 'b', 'name', 'limit', 'id', 'X', 'a%5B%5D', 'a%20b'), queryText).map(([name, value]) => `${name}=${value}`),
  fc.constantFrom('a', 'name', 'b='),
);

const header: fc.Arbitrary<HeaderLine> = fc.oneof(
  fc.tuple(
    fc.constantFrom('X-Custom', 'x-custom', 'X-Other', 'X-Api-Version'),
    fc.stringMatching(/^[A-Za-z0-9][A-Za-z0-9 ,;=/-]{0,8}[A-Za-z0-9]$/),
  ),
  fc.constantFrom<HeaderLine>(
    ['Accept', '*/*'],
    ['Accept', 'application/json'],
    ['Accept', 'image/png,*/*;q=0.8'],
    ['Accept-Language', 'de, en;q=0.5'],
    ['Authorization', 'Bearer abc.def'],
    ['Cookie', 'a=1'],
    ['Cookie', 'a=1; b=2; c'],
    ['If-None-Match', 'W/"1"'],
    ['Origin', 'https://example.com'],
    ['Referer', 'https://example.com/a?b'],
  ),
);

/** Headers that HTTP allows once; in which one of two counts, proxies do not agree. */
const singletons = new Set(['authorization', 'cookie', 'origin', 'referer', 'if-none-match']);

function withoutRepeatedSingletons(headers: HeaderLine[]): HeaderLine[] {
  const seen = new Set<string>();
  return headers.filter(([name]) => {
    const lower = name.toLowerCase();
    const repeated = singletons.has(lower) && seen.has(lower);
    seen.add(lower);
    return !repeated;
  });
}

const text = (value: string) => Buffer.from(value, 'utf8').toString('base64');

const payload: fc.Arbitrary<{ type: string; body: string }> = fc.oneof(
  fc.record({ type: fc.constantFrom('application/json', 'application/json; charset=utf-8'), body: fc.json({ maxDepth: 2 }).map(text) }),
  fc.record({
    type: fc.constant('application/json'),
    body: fc
      .record({ id: fc.string(), name: fc.string(), count: fc.integer() }, { requiredKeys: [] })
      .map((value) => text(JSON.stringify(value))),
  }),
  fc.record({ type: fc.constantFrom('text/plain', 'application/xml', 'text/csv; charset=utf-8'), body: fc.string().map(text) }),
  fc.record({ type: fc.constant('application/x-www-form-urlencoded'), body: fc.webQueryParameters().map(text) }),
  fc.record({
    type: fc.constantFrom('application/octet-stream', 'image/png', ''),
    body: fc.uint8Array({ maxLength: 20 }).map((bytes) => Buffer.from(bytes).toString('base64')),
  }),
);
