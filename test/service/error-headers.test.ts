import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import type { ErrorHeaders, Route } from '../../templates/service/types.js';
import { lambda, route, type Sent, send, withService } from './client.js';

beforeEach(() => {
  vi.spyOn(process.stdout, 'write').mockReturnValue(true);
});
afterEach(() => vi.restoreAllMocks());

const errorHeaders: ErrorHeaders = { '4XX': [['X-Client', 'yes']], '5XX': [['X-Server', 'yes']] };
const fails = async () => {
  throw new Error('x');
};
const answers = (statusCode: number) => async () => ({ statusCode, body: '' });

it.each<[string, Sent, Partial<Route> & { handler?: () => Promise<unknown> }, number, string[]]>([
  ['a request that no route takes', { path: '/b' }, {}, 403, ['x-client']],
  ['a guarded route', {}, { guard: { status: 401, body: '{}' } }, 401, ['x-client']],
  [
    'a caller whom an authorizer refuses',
    {},
    { authorize: async () => ({ refusal: { status: 403, headers: [], body: '{}' } }) },
    403,
    ['x-client'],
  ],
  ['a request that is not valid', {}, { validate: () => 'no' }, 400, ['x-client']],
  ['a body that is too large', { method: 'POST', body: 'a'.repeat(7 * 1024 * 1024) }, {}, 413, ['x-client']],
  ['a handler that fails', {}, { handler: fails }, 502, ['x-server']],
  ['a native handler that fails', {}, { function: { ...lambda(fails), native: true } }, 502, ['x-server']],
  ['an error that the handler answers', {}, { handler: answers(404) }, 404, []],
  ['a success', {}, { handler: answers(200) }, 200, []],
])('are on the answer to %s, where it is the gateway that answered', async (_, sent, { handler, ...more }, status, names) => {
  const made = route('rest-api', handler ?? answers(200), { method: 'ANY', path: '/a', errorHeaders, ...more });
  const { status: given, headers } = await withService([made], (port) => send(port, { path: '/a', ...sent }));
  expect(given).toBe(status);
  expect(['x-client', 'x-server'].filter((name) => headers[name])).toEqual(names);
});
