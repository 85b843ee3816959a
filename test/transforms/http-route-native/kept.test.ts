/**
 * Handlers that stay beside their routes (`--keep-handler`), run by the built-in Lambda runner: through the front, they answer as the
 * originals do, for every pair of the rewrite.
 */
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { transformSync } from 'esbuild';
import { afterAll, describe, expect, it } from 'vitest';
import type { HttpTrigger } from '../../../src/project/trigger.js';
import { frontModels } from '../../../src/verify/fronts/index.js';
import { type Original, startOriginal } from '../../../src/verify/lambda/original.js';
import { keepHandler } from '../../../transforms/http-route-native/lambda-entry.js';
import { repositoryRoot } from '../../support/fixtures.js';
import { requestsFor, rewriteText, routeOf, type Sent } from '../../support/native.js';
import { settings } from '../../verify/lambda/shapes.js';
import { fixturesRoot } from '../fixtures.js';

const folder = join(fixturesRoot, 'http-route-native');
const fronts = { rest: 'rest-api', http: 'http-api', url: 'function-url', alb: 'alb' } as const;
const taskRoot = mkdtempSync(join(tmpdir(), 'kept-'));
const originals: Original[] = [];

afterAll(async () => {
  await Promise.all(originals.map((each) => each.stop()));
  rmSync(taskRoot, { recursive: true });
});

const cases = readdirSync(folder).flatMap((file) => {
  const found = /^(?<name>(?<front>rest|http|url|alb)-.+)\.input\.(?<extension>\w+)$/.exec(file)?.groups;
  if (!found) return [];
  const front = fronts[found['front'] as keyof typeof fronts];
  const extension = found['extension'] === 'ts' ? 'ts' : 'js';
  const input = readFileSync(join(folder, file), 'utf8');
  const rewritten = rewriteText({ text: input, extension: found['extension'] ?? 'js', routes: [routeOf(front)] });
  if (rewritten.kind === 'refused') throw new Error(`${file}: ${rewritten.because}`);
  const kept = keepHandler({ file: `handler.${extension}`, text: rewritten.text, name: 'handler', specifier: './on-lambda' });
  return [{ name: found['name'] ?? '', front, input, kept: kept?.text ?? '', extension: extension as 'js' | 'ts' }];
});

/** One process runs all handlers of a kind: the event says which, so that nothing but its own code is between it and the runtime. */
function dispatcher(kind: 'before' | 'kept'): Promise<Original> {
  for (const each of cases) {
    const { code } = transformSync(kind === 'kept' ? each.kept : each.input, { loader: each.extension, format: 'cjs', target: 'node20' });
    writeFileSync(join(taskRoot, `${each.name}.${kind}.js`), code);
  }
  const text = readFileSync(join(repositoryRoot, 'templates/service/on-lambda.ts'), 'utf8');
  writeFileSync(join(taskRoot, 'on-lambda.js'), transformSync(text, { loader: 'ts', format: 'cjs', target: 'node20' }).code);
  const dispatch = `exports.handler = ({ name, event }, context, callback) => require('./' + name + '.${kind}.js').handler(event, context, callback);`;
  writeFileSync(join(taskRoot, `${kind}.js`), dispatch);
  return startOriginal(settings(`${kind}.handler`, { taskRoot, runtime: 'nodejs22.x', functionName: 'Test', memoryMb: 128 }));
}

const claims = { sub: 'user-1', email: 'Ada@Example.com', 'cognito:groups': 'a,b' };

/** What the front makes of the function's outcome, with nothing left in it that differs from call to call. */
async function answerOf(original: Original, { name, front, input }: (typeof cases)[number], sent: Sent): Promise<unknown> {
  const { method, path, payload, stage } = routeOf(front);
  const trigger: HttpTrigger = { type: front, method, path, payload, stage, api: 'api', gateway: [] };
  // REST APIs hand names on as they were sent: in the spelling that the handler reads.
  const spell = (key: string) => {
    const capitalised = key.replace(/(^|-)[a-z]/g, (start) => start.toUpperCase());
    return input.includes(capitalised) && !input.includes(key) ? capitalised : key;
  };
  const headers = Object.entries({ host: 'api.example.com', ...sent.headers }).flatMap(([key, value]) =>
    [value].flat().map((each): [string, string] => [spell(key), each]),
  );
  const request = { method: sent.method, target: sent.url, headers, body: Buffer.from(sent.body ?? '') };
  const variable = /^\/items\/([^?]*)/.exec(sent.url)?.[1];
  const hit = { trigger, parameters: (variable === undefined ? {} : { id: variable }) as Record<string, string> };
  const arrival = {
    requestId: 'gateway-id',
    time: 0,
    sourceIp: '127.0.0.1',
    accountId: '123456789012',
    region: 'eu-central-1',
  };
  const model = frontModels[front];
  const event = model.toEvent(request, hit, arrival) as { requestContext: Record<string, unknown> };
  if (sent.headers?.['authorization'] && front !== 'alb')
    event.requestContext['authorizer'] = payload === '2.0' ? { jwt: { claims, scopes: null } } : { claims, principalId: 'user-1' };
  const { outcome, requestId } = await original.invoke({ name, event });
  const { status, headers: lines, body } = model.toResponse(outcome, hit, request);
  const shown = JSON.stringify({ status, headers: lines.map(([key, value]) => [key.toLowerCase(), value]).sort(), body: body.toString() });
  return JSON.parse(shown.replaceAll(requestId, 'ID').replaceAll('gateway-id', 'ID'));
}

it('keeps every handler of the pairs', () => {
  expect(cases.filter(({ kept }) => kept === '').map(({ name }) => name)).toEqual([]);
  expect(cases.length).toBeGreaterThan(100);
});

describe.each(Object.values(fronts))('%s', (front) => {
  it('answers through the front as the original handler does', { timeout: 120_000 }, async () => {
    const [before, kept] = (await Promise.all([dispatcher('before'), dispatcher('kept')])) as [Original, Original];
    originals.push(before, kept);
    for (const each of cases.filter((one) => one.front === front))
      for (const sent of requestsFor(front)) {
        const expected = await answerOf(before, each, sent);
        expect(await answerOf(kept, each, sent), `${each.name} ${sent.method} ${sent.url}`).toEqual(expected);
      }
  });
});
