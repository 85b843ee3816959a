/** Generated handlers answer the same before and after the rewrite. */
import { beforeAll, describe, expect, it, vi } from 'vitest';
import { answers, load, requestsFor, rewriteText, routeOf } from '../../support/native.js';
import { picker, randomHandler } from './grammar.js';

const seed = Number(process.env['NATIVE_SEED'] ?? 1);
const perFront = Number(process.env['NATIVE_RUNS'] ?? 120);

beforeAll(() => {
  vi.spyOn(process.stdout, 'write').mockReturnValue(true);
});

describe.each(['rest-api', 'http-api', 'function-url', 'alb'] as const)('%s', (front) => {
  it('answers as before', { timeout: 300_000 }, async () => {
    const pick = picker(seed);
    const routes = [routeOf(front)];
    let rewritten = 0;
    for (let run = 0; run < perFront; run++) {
      const text = randomHandler(pick, routeOf(front));
      const outcome = rewriteText({ text, routes });
      if (outcome.kind !== 'rewritten') continue;
      rewritten++;
      const requests = requestsFor(front);
      const before = await answers(load(text)['handler'], false, routes, requests, true);
      const after = await answers(load(outcome.text)['handler'], true, routes, requests);
      expect(after, `${text}\nbecame\n${outcome.text}`).toEqual(before);
    }
    // Two thousand pairs of answers, over all fronts, unless a run asks for fewer handlers.
    expect(rewritten * requestsFor(front).length).toBeGreaterThanOrEqual(Math.min(500, (perFront / 3) * requestsFor(front).length));
  });
});
