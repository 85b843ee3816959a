import { describe, expect, test } from 'vitest';
import { understandSource } from './understand-tree.js';

describe('parameters', () => {
  test.each([
    ['async () => {}', 0],
    ['async (event) => {}', 1],
    ['async ({ body }, context) => {}', 2],
    ['(event, context, callback) => {}', 3],
    ['(event, context, callback = () => {}) => {}', 2],
    ['(event = {}, context, callback) => {}', 0],
    ['(...args) => {}', 0],
    ['(event, ...rest) => {}', 1],
    ['function (event, context) {}', 2],
  ])('%s has a length of %i', (source, parameterCount) => {
    expect(understandSource(`exports.handler = ${source};`).facts.parameterCount).toBe(parameterCount);
  });

  test("TypeScript's this is no parameter", () => {
    expect(understandSource('export function handler(this: void, event: unknown) {}', 'app.ts').facts.parameterCount).toBe(1);
  });

  test('async', () => {
    expect(understandSource('exports.handler = async () => {};').facts.isAsync).toBe(true);
    expect(understandSource('exports.handler = () => Promise.resolve();').facts.isAsync).toBe(false);
  });
});

describe('the callback', () => {
  test.each([
    ['called', '(event, context, callback) => { callback(null, 1); }', true],
    ['another name', '(e, c, done) => done(null, 1)', true],
    ['passed on', '(event, context, callback) => run(event, callback)', true],
    ['called inside', '(event, context, callback) => { setTimeout(() => callback(null), 1); }', true],
    ['stored', '(event, context, callback) => { self.done = callback; }', true],
    ['not used', '(event, context, callback) => 1', false],
    ['only two parameters', '(event, context) => context.done', false],
    ['another callback inside', '(event, context, callback) => { run((error, callback) => callback(error)); }', false],
    ['a property of that name', '(event, context, callback) => event.callback', false],
    ['arguments[2]', 'function (event, context) { arguments[2](null, 1); }', true],
    ['all arguments', 'function () { return run.apply(null, arguments); }', true],
    ['the length of arguments', 'function (event) { return arguments.length; }', false],
    ['arguments of another function', 'function (event) { return function () { return arguments[2]; }; }', false],
    ['rest passed on', '(...args) => run(...args)', true],
    ['rest by index', '(...args) => args[2](null)', true],
    ['rest, only the event', '(...args) => args[0]', false],
    ['rest, destructured', '(...[event, context, callback]) => callback(null)', true],
    ['rest after the context', '(event, context, ...rest) => rest[0](null)', true],
  ])('%s', (_, source, expected) => {
    expect(understandSource(`exports.handler = ${source};`).facts.usesCallback).toBe(expected);
  });

  test('of the wrapper that Lambda calls, not of the function inside', () => {
    const source =
      'const wrap = (fn) => (event, context, callback) => fn(event).then((r) => callback(null, r));\nexports.handler = wrap(async (event) => 1);';
    expect(understandSource(source).facts).toMatchObject({ shape: 'wrapper', parameterCount: 3, usesCallback: true });
  });
});

describe('completion through the context', () => {
  test.each([
    ['succeed', '(event, context) => context.succeed(1)', true],
    ['done with another name', '(e, ctx) => { ctx.done(null, 1); }', true],
    ['fail inside', '(event, context) => { run((error) => { if (error) context.fail(error); }); }', true],
    ['destructured', '(event, { succeed }) => succeed(1)', true],
    ['other fields', '(event, context) => context.awsRequestId', false],
    ['another context', '(event, context) => { run((context) => context.done()); }', false],
  ])('%s', (_, source, expected) => {
    expect(understandSource(`exports.handler = ${source};`).facts.usesContextDone).toBe(expected);
  });
});

describe('HTTP results', () => {
  const found = (source: string) => understandSource(source).facts.returnsHttpResult === true;

  test.each([
    ['returned', 'exports.handler = async () => ({ statusCode: 200 });'],
    ['in a variable', 'exports.handler = async () => { const response = { statusCode: 200 }; return response; };'],
    ['called back with', 'exports.handler = (event, context, callback) => callback(null, { statusCode: 200 });'],
    [
      'called back with later',
      'exports.handler = (event, context, cb) => { run((error) => { const response = { statusCode: 200 }; cb(null, response); }); };',
    ],
    ['succeeded with', 'exports.handler = (event, context) => context.succeed({ statusCode: 200 });'],
    ['by a helper', 'const ok = (body) => ({ statusCode: 200, body });\nexports.handler = async () => ok("x");'],
    [
      'by a helper of a helper',
      'const answer = (code, body) => ({ statusCode: code, body });\nconst ok = (body) => answer(200, body);\nexports.handler = async () => ok("x");',
    ],
    ['either way', 'exports.handler = async (e) => (e ? { statusCode: 200 } : { statusCode: 404 });'],
    ['as a promise', 'exports.handler = () => Promise.resolve({ statusCode: 200 });'],
    ['spread', 'const base = { statusCode: 200 };\nexports.handler = async () => ({ ...base, body: "x" });'],
    ['of middy', "const middy = require('@middy/core');\nexports.handler = middy(async () => ({ statusCode: 200 }));"],
  ])('%s', (_, source) => {
    expect(found(source)).toBe(true);
  });

  test.each([
    ['another object', 'exports.handler = async () => ({ status: 200 });'],
    [
      'only of a request',
      'exports.handler = async () => { const response = await fetch("x"); if (response.statusCode !== 200) throw new Error(); return "done"; };',
    ],
    ['of a function inside', 'exports.handler = async () => { const inner = () => ({ statusCode: 200 }); return 1; };'],
  ])('not %s', (_, source) => {
    expect(found(source)).toBe(false);
  });
});
