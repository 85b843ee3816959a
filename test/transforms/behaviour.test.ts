import { execFileSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { transformSync } from 'esbuild';
import { describe, expect, it } from 'vitest';
import { casesOf, type TransformCase } from './fixtures.js';

const runner = fileURLToPath(new URL('./run-handlers.mjs', import.meta.url));
const events = [
  {},
  { id: '1', name: 'Ada', body: '{"id":"1"}', callback: 'x', path: '/a' },
  { id: 'fail', fail: true },
  { id: 'x', body: '{bad' },
  { id: 'a', name: '', body: '' },
];

type Outcomes = Record<string, { result?: unknown; error?: { type: string; message: string } }[]>;

function outcomes(text: string, extension: string): Outcomes {
  const source = transformSync(text, { loader: extension === 'ts' ? 'ts' : 'js', format: 'cjs', target: 'node20' }).code;
  return JSON.parse(
    execFileSync(process.execPath, [runner, JSON.stringify({ source, events })], { encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] }),
  ) as Outcomes;
}

describe.each(['callback-to-promise', 'context-legacy-done'])('handlers converted by %s settle as before', (id) => {
  const converted = casesOf(id).filter(({ input, output }) => input !== output);
  it.each(converted.map((each): [string, TransformCase] => [each.name, each]))('%s', (_, { input, output, extension }) => {
    const before = outcomes(input, extension);
    expect(Object.values(before).flat().length).toBe(events.length * Object.keys(before).length);
    expect(Object.keys(before).length).toBeGreaterThan(0);
    expect(outcomes(output, extension)).toEqual(before);
  });
});

describe('the runner', () => {
  it('waits for the event loop before a callback answers, and lets the first completion win', () => {
    const source = `exports.a = (e, c, cb) => { const r = { n: 1 }; cb(null, r); cb('late'); setTimeout(() => { r.n = 2; }, 2); };
      exports.b = () => 5; exports.c = async () => { throw 'no'; }; exports.d = () => { throw new TypeError('t'); };`;
    expect(outcomes(source, 'js')).toEqual({
      a: events.map(() => ({ result: { n: 2 } })),
      b: events.map(() => ({ result: null })),
      c: events.map(() => ({ error: { type: 'string', message: 'no' } })),
      d: events.map(() => ({ error: { type: 'TypeError', message: 't' } })),
    });
  });
});
