import { describe, expect, test } from 'vitest';
import type { OutsideCall } from '../../../src/verify/outside/call.js';
import { compareCalls, withoutUnstableCalls } from '../../../src/verify/outside/compare-calls.js';

const context = { now: Date.now(), roots: [], used: () => undefined };

function call(operation: string, parameters: unknown, group = 0): OutsideCall {
  return { group, service: 'sns', operation, parameters: JSON.stringify(parameters), answered: true };
}

const event = { version: '2.0', requestContext: { requestId: 'x', stage: 'dev' }, body: 'b' };
const turned = { body: 'b', requestContext: { stage: 'dev', requestId: 'x' }, version: '2.0' };

describe('calls are the same', () => {
  test.each<[string, OutsideCall[], OutsideCall[]]>([
    ['in any order side by side', [call('Publish', 1), call('Publish', 2)], [call('Publish', 2), call('Publish', 1)]],
    [
      'with an event in another order of its keys',
      [call('Publish', { Message: JSON.stringify(event) })],
      [call('Publish', { Message: JSON.stringify(turned) })],
    ],
  ])('%s', (_name, before, after) => expect(compareCalls(before, after, context)).toEqual([]));
});

describe('calls differ', () => {
  test.each<[string, OutsideCall[], OutsideCall[]]>([
    ['in their order', [call('Publish', 1, 0), call('Publish', 2, 1)], [call('Publish', 2, 0), call('Publish', 1, 1)]],
    ['in number', [call('Publish', 1)], []],
    ['in a parameter', [call('Publish', { id: 1 })], [call('Publish', { id: 2 })]],
  ])('%s', (_name, before, after) => expect(compareCalls(before, after, context)).toMatchObject([{ what: 'calls' }]));
});

describe('what the original does not repeat', () => {
  const made = (id: string, name: string) => [call('Publish', { id, name })];
  const compared = (before: OutsideCall[], after: OutsideCall[], again: OutsideCall[]) => {
    const stable = withoutUnstableCalls(before, after, again, context);
    return compareCalls(stable.before, stable.after, context);
  };

  test('is not compared', () => expect(compared(made('V1StGXR8', 'a'), made('Uakgb_J5', 'a'), made('B-myT4kP', 'a'))).toEqual([]));

  test('hides nothing else', () => {
    expect(compared(made('V1StGXR8', 'a'), made('Uakgb_J5', 'b'), made('B-myT4kP', 'a'))).toHaveLength(1);
    expect(compared(made('same', 'a'), made('other', 'a'), made('same', 'a'))).toHaveLength(1);
    expect(compared(made('V1StGXR8', 'a'), [], made('B-myT4kP', 'a'))).toHaveLength(1);
  });
});
