import { describe, expect, test } from 'vitest';
import { understandSource, understandTree } from './understand-tree.js';

describe('CommonJS exports', () => {
  test.each([
    ['exports.x', 'exports.handler = async (event) => {};'],
    ['exports["x"]', 'exports["handler"] = async (event) => {};'],
    ['module.exports.x', 'module.exports.handler = async function (event) {};'],
    ['an object', 'module.exports = { handler: async (event) => {} };'],
    ['a shorthand property', 'const handler = async (event) => {};\nmodule.exports = { handler };'],
    ['a method', 'module.exports = { async handler(event) {} };'],
    ['a spread of a local object', 'const all = { handler: async (event) => {} };\nmodule.exports = { ...all };'],
    ['a declared function', 'async function run(event) {}\nexports.handler = run;'],
    ['a chain', 'exports.other = exports.handler = async (event) => {};'],
    ['both objects at once', 'exports = module.exports = { handler: async (event) => {} };'],
    ['an alias of the exports', 'const app = module.exports = {};\napp.handler = async (event) => {};'],
    ['defineProperty with a value', 'Object.defineProperty(exports, "handler", { value: async (event) => {} });'],
    ['Object.assign', 'Object.assign(exports, { handler: async (event) => {} });'],
    ['compiled TypeScript', '"use strict";\nexports.handler = void 0;\nconst handler = async (event) => {};\nexports.handler = handler;'],
    ['an immediate function', 'exports.handler = (() => { const local = async (event) => {}; return local; })();'],
    ['a variable that is filled later', 'let run;\nrun = async (event) => {};\nexports.handler = run;'],
    ['a property of a variable', 'const app = {};\napp.run = async (event) => {};\nexports.handler = app.run;'],
    ['a condition around the export', 'if (true) { exports.handler = async (event) => {}; }'],
    [
      'an annotation of esbuild',
      'var x_exports = {};\n__export(x_exports, { handler: () => handler });\nmodule.exports = __toCommonJS(x_exports);\nvar handler = async (event) => {};',
    ],
  ])('%s', (_, source) => {
    const { facts, codes } = understandSource(source);
    expect(codes).toEqual([]);
    expect(facts).toMatchObject({ file: 'app.js', shape: 'function', parameterCount: 1, isAsync: true, format: 'commonjs' });
    expect(facts.declaration?.file).toBe('app.js');
  });
});

describe('ES module exports', () => {
  test.each([
    ['const', 'export const handler = async (event) => {};'],
    ['function', 'export async function handler(event) {}'],
    ['named later', 'const handler = async (event) => {};\nexport { handler };'],
    ['under another name', 'async function run(event) {}\nexport { run as handler };'],
    ['as a string', 'async function run(event) {}\nexport { run as "handler" };'],
    ['destructured', 'const all = { handler: async (event) => {} };\nexport const { handler } = all;'],
  ])('%s', (_, source) => {
    const { facts, codes } = understandSource(source, 'app.mjs');
    expect(codes).toEqual([]);
    expect(facts).toMatchObject({ shape: 'function', parameterCount: 1, isAsync: true, format: 'esm' });
  });

  test('default', () => {
    const { facts, codes } = understandTree({ 'app.mjs': 'export default async function (event) {}' }, 'app.default');
    expect(codes).toEqual([]);
    expect(facts).toMatchObject({ exportPath: ['default'], shape: 'function', parameterCount: 1 });
  });

  test.each([
    ['as', 'import type { Handler } from "aws-lambda";\nexport const handler = (async (event) => {}) as Handler;'],
    ['satisfies', 'import type { Handler } from "aws-lambda";\nexport const handler = (async (event) => {}) satisfies Handler;'],
    ['not null', 'const run: any = async (event: unknown) => {};\nexport const handler = run!;'],
    ['export =', 'const all = { handler: async (event: unknown) => {} };\nexport = all;'],
  ])('TypeScript: %s', (_, source) => {
    const { facts, codes } = understandSource(source, 'app.ts');
    expect(codes).toEqual([]);
    expect(facts).toMatchObject({ shape: 'function', parameterCount: 1, language: 'typescript' });
  });
});

test('a handler in an object that an assignment adds to an exported object', () => {
  const source = 'exports.api = {};\nexports.api.orders = { async get(event) {} };';
  const { facts, codes } = understandTree({ 'app.js': source }, 'app.api.orders.get');
  expect(codes).toEqual([]);
  expect(facts).toMatchObject({ exportPath: ['api', 'orders', 'get'], shape: 'function', parameterCount: 1 });
  expect(understandTree({ 'app.js': source }, 'app.api.orders.put').codes).toEqual(['EXPORT_NOT_FOUND']);
});

describe('declared in another file', () => {
  const impl = 'exports.main = async (event) => {};\n';
  const esm = 'export const main = async (event) => {};\nexport default main;\n';

  test.each<[string, Record<string, string>, string]>([
    ['re-export', { 'app.mjs': 'export { main as handler } from "./impl.mjs";', 'impl.mjs': esm }, 'impl.mjs'],
    ['export *', { 'app.mjs': 'export * from "./impl.mjs";', 'impl.mjs': 'export const handler = async (event) => {};' }, 'impl.mjs'],
    [
      'two hops',
      {
        'app.mjs': 'export * from "./a.mjs";',
        'a.mjs': 'export * from "./b.mjs";',
        'b.mjs': 'export const handler = async (event) => {};',
      },
      'b.mjs',
    ],
    ['import and export', { 'app.mjs': 'import run from "./impl.mjs";\nexport const handler = run;', 'impl.mjs': esm }, 'impl.mjs'],
    ['namespace', { 'app.mjs': 'import * as all from "./impl.mjs";\nexport const handler = all.main;', 'impl.mjs': esm }, 'impl.mjs'],
    ['require().x', { 'app.js': 'exports.handler = require("./impl").main;', 'impl.js': impl }, 'impl.js'],
    [
      'module.exports = require()',
      { 'app.js': 'module.exports = require("./impl");', 'impl.js': 'exports.handler = async (event) => {};' },
      'impl.js',
    ],
    ['destructured require', { 'app.js': 'const { main } = require("./impl");\nexports.handler = main;', 'impl.js': impl }, 'impl.js'],
    [
      'spread of a require',
      { 'app.js': 'module.exports = { ...require("./impl") };', 'impl.js': 'exports.handler = async (event) => {};' },
      'impl.js',
    ],
    [
      '__exportStar',
      { 'app.js': '__exportStar(require("./impl"), exports);', 'impl.js': 'exports.handler = async (event) => {};' },
      'impl.js',
    ],
    [
      'getter of a compiler',
      {
        'app.js':
          'var impl_1 = require("./impl");\nObject.defineProperty(exports, "handler", { enumerable: true, get: function () { return impl_1.main; } });',
        'impl.js': impl,
      },
      'impl.js',
    ],
    [
      'default import of CommonJS',
      { 'app.mjs': 'import impl from "./impl.cjs";\nexport const handler = impl.main;', 'impl.cjs': impl },
      'impl.cjs',
    ],
    [
      'bound method of an instance',
      {
        'app.js': 'const { Orders } = require("./impl");\nconst orders = new Orders();\nexports.handler = orders.main.bind(orders);',
        'impl.js': 'class Orders { async main(event) {} }\nexports.Orders = Orders;',
      },
      'impl.js',
    ],
  ])('%s', (_, files, declaredIn) => {
    const { facts, codes } = understandTree(files, 'app.handler');
    expect(codes).toEqual([]);
    expect(facts).toMatchObject({ declaration: { file: declaredIn, line: 1 }, parameterCount: 1, isAsync: true });
    expect(facts.file).toMatch(/^app\./);
    expect(facts.files).toContain(declaredIn);
  });

  test('an export path of several names', () => {
    const { facts } = understandTree({ 'app.js': 'exports.routes = { get: async (event, context) => {} };' }, 'app.routes.get');
    expect(facts).toMatchObject({ exportPath: ['routes', 'get'], shape: 'function', parameterCount: 2 });
  });

  test('a circle of re-exports ends', () => {
    const { codes } = understandTree({ 'app.mjs': 'export * from "./b.mjs";', 'b.mjs': 'export * from "./app.mjs";' }, 'app.handler');
    expect(codes).toEqual(['EXPORT_NOT_FOUND']);
  });
});

describe('wrappers', () => {
  const middy = "const middy = require('@middy/core');\n";

  test.each<[string, string, Record<string, unknown>]>([
    ['middy', `${middy}exports.handler = middy(async (event) => {});`, { shape: 'middy', parameterCount: null }],
    ['middy with middlewares', `${middy}exports.handler = middy(async (event) => {}).use(cors()).onError(log);`, { shape: 'middy' }],
    ['middy with .handler()', `${middy}exports.handler = middy().use(cors()).handler(async (event) => {});`, { shape: 'middy' }],
    [
      'middy that streams',
      `${middy}exports.handler = middy({ streamifyResponse: true }).handler(async (event) => {});`,
      { shape: 'streaming', streaming: true },
    ],
    [
      'middy that is changed later',
      `${middy}const wrapped = middy(async (event) => {});\nwrapped.use(cors());\nexports.handler = wrapped;`,
      { shape: 'middy' },
    ],
    [
      'a package',
      "const Sentry = require('@sentry/serverless');\nexports.handler = Sentry.AWSLambda.wrapHandler(async (event) => {});",
      { shape: 'wrapper', parameterCount: null },
    ],
    [
      'a package with options first',
      "const { datadog } = require('datadog-lambda-js');\nconst run = async (event) => {};\nexports.handler = datadog(run, { debug: true });",
      { shape: 'wrapper' },
    ],
    [
      'two packages',
      `${middy}const { wrap } = require('wrapping');\nexports.handler = wrap(middy(async (event) => {}));`,
      { shape: 'wrapper' },
    ],
    ['called twice', "const wrap = require('wrapping');\nexports.handler = wrap({ a: 1 })(async (event) => {});", { shape: 'wrapper' }],
    [
      'a function of the project',
      'const wrap = (fn) => async (event, context) => fn(event);\nexports.handler = wrap(async (event) => {});',
      { shape: 'wrapper', parameterCount: 2, isAsync: true },
    ],
    [
      'middy in a function of the project',
      `${middy}const withCors = (fn) => middy(fn).use(cors());\nexports.handler = withCors(async (event) => {});`,
      { shape: 'middy', parameterCount: null },
    ],
    [
      'a factory',
      'const make = (table) => async (event, context) => table;\nexports.handler = make("x");',
      { shape: 'function', parameterCount: 2 },
    ],
    [
      'streaming',
      'exports.handler = awslambda.streamifyResponse(async (event, stream, context) => { stream.end(); });',
      { shape: 'streaming', streaming: true, usesCallback: false, parameterCount: null },
    ],
    [
      'streaming by an alias',
      'const { streamifyResponse } = awslambda;\nexports.handler = streamifyResponse(async (event, stream) => stream.end());',
      { shape: 'streaming', streaming: true },
    ],
    [
      'durable',
      "const { withDurableExecution } = require('@aws/durable-execution-sdk-js');\nexports.handler = withDurableExecution(async (event, context) => {});",
      { shape: 'durable' },
    ],
    [
      'an instance',
      'class App { async handler(event) {} }\nconst app = new App();\nexports.handler = app.handler.bind(app);',
      { shape: 'class-method', parameterCount: 1 },
    ],
    [
      'an inherited method',
      'class Base { async run(event) {} }\nclass App extends Base {}\nexports.handler = new App().run;',
      { shape: 'class-method', parameterCount: 1 },
    ],
    [
      'one of two',
      'const plain = async (event) => {};\nexports.handler = process.env.X ? wrap(plain) : plain;',
      { shape: 'wrapper', parameterCount: null },
    ],
  ])('%s', (_, source, expected) => {
    const { facts, codes } = understandSource(source);
    expect(facts).toMatchObject(expected);
    expect(codes).toEqual([]);
  });

  test('middy in a file of the project', () => {
    const files = {
      'libs/lambda.ts': 'import middy from "@middy/core";\nexport const middyfy = (handler: any) => middy(handler).use({});\n',
    };
    const { facts } = understandSource(
      'import { middyfy } from "./libs/lambda";\nconst run = async (event: unknown) => {};\nexport const handler = middyfy(run);\n',
      'app.ts',
      files,
    );
    expect(facts).toMatchObject({
      shape: 'middy',
      declaration: { file: 'app.ts', line: 2 },
      packages: { '@middy/core': { file: 'libs/lambda.ts', line: 1 } },
    });
  });

  test('something unknown that a package exports', () => {
    const { facts, codes } = understandSource("exports.handler = require('some-package').handler;");
    expect(facts).toMatchObject({ shape: 'unknown', parameterCount: null });
    expect(codes).toEqual([]);
  });
});

describe('no handler at all', () => {
  test.each([
    ['a missing export', 'exports.other = async () => {};', 'EXPORT_NOT_FOUND'],
    ['a value', 'exports.handler = 42;', 'HANDLER_NOT_A_FUNCTION'],
    ['an object', 'exports.handler = { run() {} };', 'HANDLER_NOT_A_FUNCTION'],
    ['a class', 'exports.handler = class {};', 'HANDLER_NOT_A_FUNCTION'],
  ])('%s', (_, source, code) => {
    const { diagnostics } = understandSource(source);
    expect(diagnostics).toMatchObject([{ code, severity: 'error', function: 'Fn', file: 'app.js' }]);
  });

  test('names that are made at run time may be there', () => {
    const { facts, codes } = understandSource('for (const name of ["handler"]) exports[name] = async () => {};');
    expect(codes).toEqual([]);
    expect(facts.shape).toBe('unknown');
  });

  test.each([
    ['a bundle', 'module.exports = (() => { var __webpack_exports__ = {}; return __webpack_exports__; })();'],
    ['a function that fills the exports', "require('./routes')(exports);"],
    ['a function that fills an object', "const app = {};\nrequire('./routes')(app);\nmodule.exports = app;"],
    ['a loop that fills an object', 'const app = {};\nfor (const name of names) app[name] = () => {};\nmodule.exports = app;'],
  ])('%s may make it', (_, source) => {
    const { facts, codes } = understandSource(source, 'app.js', { 'routes.js': 'module.exports = (app) => { app.handler = () => {}; };' });
    expect(codes).toEqual([]);
    expect(facts).toMatchObject({ file: 'app.js', exportPath: ['handler'], shape: 'unknown' });
  });

  test('only a type of that name', () => {
    expect(understandSource('export type handler = string;', 'app.ts').codes).toEqual(['EXPORT_NOT_FOUND']);
  });
});
