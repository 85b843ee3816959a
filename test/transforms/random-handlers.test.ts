import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { sourceTransforms, transformText } from '../../transforms/index.js';

/** Random handler bodies: every way to end an invocation, in every position, among code that decides by the event. */
const condition = fc.constantFrom('event.a', '!event.a', 'event.b > 1', 'event.a && event.b', 'error', '!error');
const value = fc.constantFrom(
  'null',
  "'text'",
  '{ n: event.b }',
  'event.a',
  'undefined',
  `\`t\${event.b}\``,
  'error',
  "new Error('made')",
  'helper(event)',
  'found',
  'problem',
);
const completion = fc.oneof(
  fc.tuple(value, value).map(([error, result]) => `callback(${error}, ${result})`),
  value.map((result) => `callback(null, ${result})`),
  value.map((error) => `callback(${error})`),
  value.map((result) => `context.succeed(${result})`),
  value.map((error) => `context.fail(${error})`),
  fc.tuple(value, value).map(([error, result]) => `context.done(${error}, ${result})`),
);

const request = fc.constantFrom('db.get({ fail: event.a }, ', 'return db.get({ fail: event.b }, ', 'db.put({ name: event.a }, ');

const { statements } = fc.letrec<{ statement: string; statements: string }>((tie) => ({
  statements: fc.array(tie('statement'), { maxLength: 3, depthIdentifier: 'body' }).map((all) => all.join('\n')),
  statement: fc.oneof(
    { maxDepth: 3, depthIdentifier: 'body', withCrossShrink: true },
    { arbitrary: completion.map((call) => `${call};`), weight: 4 },
    { arbitrary: completion.map((call) => `return ${call};`), weight: 3 },
    { arbitrary: completion.map((call) => `${call};\nreturn;`), weight: 3 },
    {
      arbitrary: fc.constantFrom(
        'total += 1;',
        'console.debug(total);',
        'return;',
        "if (event.t) throw new TypeError('thrown');",
        'return total;',
        'event.missing.property;',
      ),
      weight: 2,
    },
    { arbitrary: fc.tuple(condition, tie('statements')).map(([test, body]) => `if (${test}) {\n${body}\n}`), weight: 3 },
    {
      arbitrary: fc
        .tuple(condition, tie('statements'), tie('statements'))
        .map(([test, yes, no]) => `if (${test}) {\n${yes}\n} else {\n${no}\n}`),
      weight: 3,
    },
    {
      arbitrary: fc
        .tuple(request, tie('statements'), tie('statements'))
        .map(([call, failed, rest]) => `${call}(problem, found) => {\nif (problem) {\n${failed}\nreturn;\n}\n${rest}\n});`),
      weight: 2,
    },
    {
      arbitrary: fc
        .tuple(request, tie('statements'), tie('statements'))
        .map(([call, failed, rest]) => `${call}(problem, found) => {\nif (problem) {\n${failed}\n} else {\n${rest}\n}\n});`),
      weight: 1,
    },
    { arbitrary: fc.tuple(request, tie('statements')).map(([call, body]) => `${call}(problem, found) => {\n${body}\n});`), weight: 1 },
    { arbitrary: request.map((call) => `${call}callback);`), weight: 1 },
    { arbitrary: tie('statements').map((body) => `for (const each of event.list || []) {\n${body}\n}`), weight: 1 },
    {
      arbitrary: fc.tuple(tie('statements'), tie('statements')).map(([body, caught]) => `try {\n${body}\n} catch (error) {\n${caught}\n}`),
      weight: 2,
    },
    {
      arbitrary: fc.tuple(tie('statements'), tie('statements')).map(([body, last]) => `try {\n${body}\n} finally {\n${last}\n}`),
      weight: 1,
    },
    {
      arbitrary: fc
        .tuple(tie('statements'), tie('statements'), tie('statements'))
        .map(([one, two, rest]) => `switch (event.b) {\ncase 1:\n${one}\nbreak;\ncase 2:\n${two}\ndefault:\n${rest}\n}`),
      weight: 1,
    },
  ),
}));

const events = [{}, { a: 'yes' }, { b: 1, list: [1, 2] }, { a: 'yes', b: 2 }, { b: 3, list: [1], t: true }, { a: 0, b: 5, t: true }];

type Outcome = { result: unknown } | { error: string };

class Client {
  constructor(private readonly crash: (error: unknown) => void) {}

  get(params: { fail?: unknown; name?: unknown }, answer?: (error: unknown, data: unknown) => void) {
    const error = params.fail ? new Error(`failed ${String(params.fail)}`) : null;
    const data = error ? null : { found: params.name ?? 1 };
    if (answer) setImmediate(() => this.guarded(() => answer(error, data)));
    return { promise: () => new Promise((resolve, reject) => setImmediate(() => (error ? reject(error) : resolve(data)))) };
  }

  put(params: { name?: unknown }, answer?: (error: unknown, data: unknown) => void) {
    return this.get(params, answer);
  }

  private guarded(run: () => void) {
    try {
      run();
    } catch (error) {
      this.crash(error);
    }
  }
}

/** Settles like the runtime of Node.js 22 and earlier; the only work that can be left running is that of the client above. */
async function settle(source: string, event: object): Promise<Outcome> {
  let answer: Outcome | undefined;
  let isSent = false;
  const end = (outcome: Outcome, sent: boolean) => {
    if (answer) return;
    answer = outcome;
    isSent = sent;
  };
  const text = (error: unknown) => (error instanceof Error ? `${error.name}: ${error.message}` : `${typeof error} ${String(error)}`);
  const ended = (sent: boolean) => (error: unknown, result?: unknown) =>
    end(
      error === undefined || error === null ? { result: JSON.parse(JSON.stringify(result ?? null)) } : { error: text(error) },
      sent || (error !== undefined && error !== null),
    );
  const [callback, done] = [ended(false), ended(true)];
  const fail = (error: unknown) => done(error ?? 'handled');
  // An error that nobody catches is reported unless an answer is on its way.
  const crash = (error: unknown) => {
    if (!isSent) answer = { error: text(error) };
    isSent = true;
  };
  const exports: { handler?: (event: object, context: object, callback: typeof done) => unknown } = {};
  const client = new Client(crash);
  const S3 = function S3() {
    return client;
  };
  new Function('exports', 'console', 'require', source)(exports, { debug: () => undefined }, () => ({ S3 }));
  try {
    const result = exports.handler?.(structuredClone(event), { succeed: (each: unknown) => done(null, each), fail, done }, callback);
    if (result instanceof Promise) await result.then((each) => done(null, each), fail);
  } catch (error) {
    callback(error);
  }
  for (let turn = 0; turn < 8; turn++) await new Promise((resolve) => setImmediate(resolve));
  return answer ?? { result: null };
}

describe('random handlers', () => {
  let converted = 0;
  it('settle as before, still parse, and are left alone the second time', async () => {
    await fc.assert(
      fc.asyncProperty(statements, async (body) => {
        const source = `const AWS = require('aws-sdk');\nconst db = new AWS.S3();\nconst helper = (event) => event.b;\nconst found = 'outer', problem = undefined;\nexports.handler = (event, context, callback) => {\nlet total = 0, error = event.a, data = event.b;\n${body}\n};\n`;
        const { text, diagnostics } = transformText(source, sourceTransforms, { file: 'a.js' });
        expect(diagnostics.map(({ code }) => code)).not.toContain('TRANSFORM_FAILED');
        if (text === undefined) return;
        if (/async \(event/.test(text)) converted++;
        expect(transformText(text, sourceTransforms, { file: 'a.js' }).text).toBeUndefined();
        for (const event of events) expect(await settle(text, event), text).toEqual(await settle(source, event));
      }),
      { numRuns: 600 },
    );
    expect(converted).toBeGreaterThan(40);
  });
});
