/**
 * Handlers behind middy answer the same as routes, for every major version of it whose packages are in a folder `v1`, `v2` … of the folder
 * that the variable MIDDY_VERSIONS names. Without it nothing runs.
 */
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { buildSync } from 'esbuild';
import { beforeAll, describe, expect, it, vi } from 'vitest';
import { answers, load, requestsFor, rewriteText, routeOf } from '../../support/native.js';

const root = process.env['MIDDY_VERSIONS'];
const versions = [1, 2, 3, 4, 5, 6].filter((major) => root !== undefined && existsSync(join(root, `v${major}`, 'node_modules')));

it.skipIf(root === undefined)('has the packages', () => expect(versions).toEqual([1, 2, 3, 4, 5, 6]));

beforeAll(() => {
  for (const method of ['log', 'error', 'warn'] as const) vi.spyOn(console, method).mockReturnValue();
  vi.spyOn(process.stdout, 'write').mockReturnValue(true);
});

const head = `
import middy from '@middy/core';
import errors from '@middy/http-error-handler';
import cors from '@middy/http-cors';
import parser from '@middy/http-json-body-parser';
import names from '@middy/http-header-normalizer';
import nothing from '@middy/do-not-wait-for-empty-event-loop';
`;

const fail = (extra = '') => `
const failWith = (status, message, more = {}) => {
  throw Object.assign(new Error(message), status === undefined ? {} : { statusCode: status }, more);
};

const main = async (event) => {
  const query = event.queryStringParameters || {};
  if (query.fail === 'plain') failWith(undefined, 'plain');
  if (query.fail === '404') failWith(404, 'not here');
  if (query.fail === '500') failWith(500, 'secret');
  if (query.fail === 'shown') failWith(503, 'try later', { expose: true });
  if (query.fail === 'json') failWith(400, '{"reason":"because"}');
  if (query.fail === 'brace') failWith(400, '{broken');
  if (query.fail === 'quoted') failWith(400, '"text"');
  if (query.fail === 'empty') failWith(400, '');
  if (query.fail === 'headers') failWith(429, 'slow down', { headers: { 'Retry-After': '5' } });
  if (query.fail === 'object') throw { statusCode: 400 };
  if (query.fail === 'late') return { statusCode: 200, headers: { 'X-Sent': 'no' }, body: JSON.stringify({ a: query.missing.length }) };
  return { statusCode: 201, headers: { 'X-Name': 'a'${extra} }, body: JSON.stringify({ name: query.name, body: event.body, key: event.headers['x-api-key'] }) };
};
`;

const chains: Record<string, string> = {
  errors: 'middy(main).use(errors())',
  'errors with a fallback': `middy(main).use(errors({ fallbackMessage: 'went wrong' }))`,
  'errors with a fallback of JSON': `middy(main).use(errors({ fallbackMessage: '{}', logger: false }))`,
  cors: 'middy(main).use(cors())',
  'cors with credentials': `middy(main).use(cors({ origin: '*', credentials: true }))`,
  'cors for one origin': `middy(main).use(cors({ origin: 'https://shop.example.com', credentials: true, maxAge: 60 }))`,
  'cors for several origins': `middy(main).use(cors({ origins: ['https://a.example.com', 'https://example.com'], headers: 'X-A', methods: 'GET,PUT' }))`,
  'errors, then cors': `middy(main).use(errors()).use(cors({ origin: '*', credentials: true }))`,
  'cors, then errors': `middy(main).use(cors({ origin: '*', credentials: true })).use(errors())`,
  'cors, then errors with a fallback': `middy(main).use([cors({ origin: '*' }), errors({ fallbackMessage: 'went wrong' })])`,
  'parser, errors, cors': `middy(main).use(parser()).use(errors()).use(cors())`,
  'silent parser, errors': `middy(main).use(parser({ disableContentTypeError: true })).use(errors())`,
  'loud parser, errors': `middy(main).use(parser({ disableContentTypeError: false })).use(errors())`,
  'names of headers, errors': `middy(main).use(names()).use(nothing()).use(errors())`,
  'cors, parser, errors': `middy(main).use(cors()).use(parser()).use(errors())`,
};

const own: Record<string, string> = {
  nothing: '',
  origin: `, 'Access-Control-Allow-Origin': '*'`,
  both: `, 'Access-Control-Allow-Origin': '*', 'Access-Control-Allow-Credentials': 'true'`,
  booleans: `, 'Access-Control-Allow-Origin': '*', 'Access-Control-Allow-Credentials': true`,
  other: `, 'Access-Control-Allow-Origin': 'https://own.example.com'`,
  vary: `, Vary: 'Accept'`,
  lower: `, 'access-control-allow-origin': '*'`,
};

const failures = ['plain', '404', '500', 'shown', 'json', 'brace', 'quoted', 'empty', 'headers', 'object', 'late'];

function packageVersionOf(major: number) {
  return (name: string) => {
    const { version } = JSON.parse(readFileSync(join(root ?? '', `v${major}`, 'node_modules', name, 'package.json'), 'utf8')) as {
      version: string;
    };
    const [first = 0, minor = 0, patch = 0] = version.split('.').map(Number);
    return { major: first, minor, patch };
  };
}

/** A module with the packages of a version in it, some of which are ES modules. */
function bundled(contents: string, major: number): Record<string, unknown> {
  const stdin = { contents, resolveDir: join(root ?? '', `v${major}`) };
  const { outputFiles } = buildSync({ stdin, bundle: true, platform: 'node', format: 'cjs', write: false, logLevel: 'error' });
  return load(outputFiles[0]?.text ?? '');
}

describe.each(versions)('version %i', (major) => {
  describe.each(['rest-api', 'http-api'] as const)('%s', (front) => {
    const counts = { rewritten: 0 };
    it.each(Object.keys(chains).flatMap((chain) => Object.keys(own).map((each) => [chain, each] as const)))(
      '%s, own headers: %s',
      async (chain, each) => {
        const routes = [routeOf(front)];
        const text = `${head}\n${fail(own[each])}\nexport const handler = ${chains[chain]};\n`;
        const outcome = rewriteText({ text, routes, versionOf: packageVersionOf(major) });
        if (outcome.kind === 'refused') return;
        counts.rewritten++;
        const requests = requestsFor(front).flatMap((request, index) =>
          index > 0
            ? [request]
            : [undefined, 'https://example.com', 'https://a.example.com'].flatMap((origin) =>
                [...failures, 'none'].map((failure) => ({
                  ...request,
                  url: `${request.url}?fail=${failure}`,
                  headers: { 'content-type': 'application/json', ...(origin !== undefined && { origin }) },
                })),
              ),
        );
        const before = await answers(bundled(text, major)['handler'], false, routes, requests, true);
        const after = await answers(bundled(outcome.text, major)['handler'], true, routes, requests);
        for (const [index, request] of requests.entries())
          expect(after[index], `${JSON.stringify(request)}\n${outcome.text}`).toEqual(before[index]);
      },
    );
    it('rewrites some of them', () => expect(counts.rewritten).toBeGreaterThan(20));
  });
});
