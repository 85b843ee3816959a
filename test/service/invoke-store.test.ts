import { setTimeout as sleep } from 'node:timers/promises';
import { beforeEach, describe, expect, it, vi } from 'vitest';
import { invoke } from '../../templates/service/invoke.js';
import { lambda } from './client.js';

interface Store {
  get(key: PropertyKey): unknown;
  set(key: PropertyKey, value: unknown): void;
  run<Result>(context: Record<PropertyKey, unknown>, work: () => Result): Result;
  hasContext(): boolean;
  getRequestId(): string;
}

const { InvokeStore: store, streamifyResponse } = (
  globalThis as unknown as { awslambda: { InvokeStore: Store; streamifyResponse?: unknown } }
).awslambda;

beforeEach(() => {
  vi.spyOn(process.stdout, 'write').mockReturnValue(true);
});

/** As Powertools does it: it looks for the variable, and for the global store. */
const handler = async (event: unknown) => {
  const { user, waits } = event as { user: string; waits: number };
  store.set('keys', { user });
  await sleep(waits);
  return { kept: store.get('keys'), id: store.getRequestId(), hasContext: store.hasContext() };
};

describe('the invoke store', () => {
  it('is what Powertools looks for, beside the rest of the global', () => {
    expect(process.env['AWS_LAMBDA_MAX_CONCURRENCY']).toBeDefined();
    expect(store).toBeDefined();
    expect(streamifyResponse).toBeDefined();
  });

  it('is one for each of many invocations at a time', async () => {
    const fn = lambda(handler);
    const found = await Promise.all([invoke(fn, { user: 'ada', waits: 20 }, 'id-a'), invoke(fn, { user: 'bob', waits: 5 }, 'id-b')]);
    expect(found).toEqual([
      { kept: { user: 'ada' }, id: 'id-a', hasContext: true },
      { kept: { user: 'bob' }, id: 'id-b', hasContext: true },
    ]);
  });

  it('has a place for code outside of invocations', () => {
    store.set('loaded', 1);
    expect([store.get('loaded'), store.hasContext(), store.getRequestId()]).toEqual([1, false, '-']);
  });

  it('holds what it is run with, and keeps the request id from being written', () => {
    const found = store.run({ own: 2 }, () => [store.get('own'), store.get('loaded')]);
    expect(found).toEqual([2, undefined]);
    expect(() => store.set(Symbol.for('_AWS_LAMBDA_REQUEST_ID'), 'x')).toThrow('Cannot modify');
  });
});
