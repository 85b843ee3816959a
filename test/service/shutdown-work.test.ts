import { afterEach, expect, it } from 'vitest';
import { shutdownWorkDone } from '../../templates/service/background.js';

const holder = globalThis as unknown as Record<symbol, unknown>;
const name = Symbol.for('shutdownWork');

afterEach(() => {
  delete holder[name];
});

it('calls what is in the set once, waits for it, and gives what failed', async () => {
  const done: string[] = [];
  const failure = new Error('no connection');
  holder[name] = new Set([
    async () => {
      await Promise.resolve();
      done.push('closed');
    },
    () => {
      throw failure;
    },
  ]);
  expect(await shutdownWorkDone()).toEqual([failure]);
  expect(done).toEqual(['closed']);
  expect(await shutdownWorkDone()).toEqual([]);
  expect(done).toEqual(['closed']);
});

it.each([undefined, 'text', []])('leaves a value that is no set alone: %s', async (value) => {
  holder[name] = value;
  expect(await shutdownWorkDone()).toEqual([]);
});
