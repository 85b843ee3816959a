/**
 * The pairs of the rewrite: the text it gives, that a second run refuses nothing and changes nothing, and that both answer the same.
 * `UPDATE_FIXTURES=1 npx vitest run test/transforms/http-route-native` writes the outputs; read the diff before committing.
 */
import { existsSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseSync } from 'oxc-parser';
import { beforeAll, describe, expect, it, vi } from 'vitest';
import { parseModule } from '../../../src/analysis/source-module.js';
import { answers, load, requestsFor, rewriteText, routeOf } from '../../support/native.js';
import { fixturesRoot } from '../fixtures.js';

const update = process.env['UPDATE_FIXTURES'] === '1';
const folder = join(fixturesRoot, 'http-route-native');
const fronts = { rest: 'rest-api', http: 'http-api', url: 'function-url', alb: 'alb' } as const;

const cases = readdirSync(folder)
  .map((file) => /^(?<name>(?<refused>refuse-)?(?<front>rest|http|url|alb)-.+)\.input\.(?<extension>\w+)$/.exec(file)?.groups)
  .filter((groups) => groups !== undefined)
  .map(({ name = '', refused, front = '', extension = '' }) => ({
    name,
    isRefused: refused !== undefined,
    routes: [routeOf(fronts[front as keyof typeof fronts])],
    front: fronts[front as keyof typeof fronts],
    extension,
    input: readFileSync(join(folder, `${name}.input.${extension}`), 'utf8'),
    files: { output: join(folder, `${name}.output.${extension}`), reason: join(folder, `${name}.diagnostics.json`) },
  }));

beforeAll(() => {
  vi.spyOn(process.stdout, 'write').mockReturnValue(true);
});

it('has pairs of every front, and nothing else', () => {
  expect(cases.length).toBeGreaterThan(120);
  expect(readdirSync(folder).length).toBe(cases.length + cases.length);
});

describe.each(cases.filter(({ isRefused }) => !isRefused))('$name', ({ input, extension, routes, front, files }) => {
  const outcome = rewriteText({ text: input, extension, routes });
  const text = outcome.kind === 'rewritten' ? outcome.text : JSON.stringify(outcome);
  if (update) writeFileSync(files.output, text);

  it('becomes what is expected', () => {
    expect(text).toBe(readFileSync(files.output, 'utf8'));
    expect(parseSync(`a.${extension}`, text).errors).toEqual([]);
  });

  it('answers as before', async () => {
    const requests = requestsFor(front);
    const before = await answers(load(input, extension)['handler'], false, routes, requests, true);
    expect(before.length).toBe(requests.length);
    expect(await answers(load(text, extension)['handler'], true, routes, requests)).toEqual(before);
  });

  it('keeps line ends', () => {
    const windows = rewriteText({ text: input.replaceAll('\n', '\r\n'), extension, routes });
    expect(windows).toMatchObject({ text: text.replaceAll('\n', '\r\n') });
  });

  it.skipIf(/-held-/.test(files.output))('names nothing of Lambda any more', () => {
    expect(text).not.toMatch(/(?<!request\.)\bevent\.|APIGatewayProxy|statusCode:/);
    expect(parseModule(`a.${extension}`, text).error).toBeNull();
  });
});

describe.each(cases.filter(({ isRefused }) => isRefused))('$name', ({ input, extension, routes, files }) => {
  it('is refused, with its reason and line', () => {
    const outcome = rewriteText({ text: input, extension, routes });
    expect(outcome.kind).toBe('refused');
    if (outcome.kind !== 'refused') return;
    const shown = [{ line: outcome.line, reason: outcome.because }];
    if (update) writeFileSync(files.reason, `${JSON.stringify(shown)}\n`);
    expect(shown).toEqual(JSON.parse(readFileSync(files.reason, 'utf8')));
  });
});

if (update)
  for (const file of readdirSync(folder)) {
    const name = /^(.+)\.(?:output\.\w+|diagnostics\.json)$/.exec(file)?.[1];
    if (
      name !== undefined &&
      !cases.some((each) => each.name === name && existsSync(file.includes('.output.') ? each.files.output : each.files.reason))
    )
      rmSync(join(folder, file));
  }
