import { afterAll, describe, expect, it } from 'vitest';
import { tell } from './run-service.js';
import { cleanSamples, http, produceSample, schedule, sqs } from './sample.js';

afterAll(cleanSamples);

const commonJs = { format: 'commonjs' as const };
const esm = { format: 'esm' as const };

describe('an entry imports handlers', () => {
  it('of a CommonJS package, after the runtime', async () => {
    const { told, produced } = await tell({
      files: { 'package.json': '{"name":"shop"}', 'get.js': 'const seen = globalThis.awslambda;\nexports.handler = async () => seen;\n' },
      functions: { Get: { file: 'get.js', triggers: [http('GET', '/')] } },
    });
    expect(produced.files['service/web.js']).toContain("require('./runtime/web.js')");
    expect(told.functions['Get']?.answer).toBe('there when handlers load');
  });

  it('of an ES module package, also CommonJS files whose exports Node cannot see in their text', async () => {
    const { told, produced } = await tell({
      files: {
        'package.json': '{"name":"shop","type":"module"}',
        'get.js': 'const seen = globalThis.awslambda;\nexport const handler = async () => seen;\n',
        'put.cjs': "const make = () => ({ handler: async () => 'put', deep: { run: async () => 'deep' } });\nmodule.exports = make();\n",
      },
      functions: {
        Get: { file: 'get.js', facts: esm, triggers: [http('GET', '/')] },
        Put: { file: 'put.cjs', facts: commonJs, triggers: [http('PUT', '/')] },
        Deep: { file: 'put.cjs', exportPath: ['deep', 'run'], facts: commonJs, triggers: [http('POST', '/')] },
      },
    });
    expect(Object.keys(produced.files)).toContain('service/web.js');
    expect(told.functions).toMatchObject({ Get: { answer: 'there when handlers load' }, Put: { answer: 'put' }, Deep: { answer: 'deep' } });
  });

  it('of a CommonJS package with ES module files: the service is made of modules then', async () => {
    const { told, produced } = await tell({
      files: {
        'package.json': '{"name":"shop"}',
        'get.mjs': "export default { get: async () => 'mjs' };\n",
        'put.js': "module.exports.handler = async () => 'cjs';\n",
      },
      functions: {
        Get: { file: 'get.mjs', exportPath: ['default', 'get'], facts: esm, triggers: [http('GET', '/')] },
        Put: { file: 'put.js', facts: commonJs, triggers: [http('PUT', '/')] },
      },
    });
    expect(Object.keys(produced.files)).toContain('service/web.mjs');
    expect(told.functions).toMatchObject({ Get: { answer: 'mjs' }, Put: { answer: 'cjs' } });
  });

  it('under names that are words of the language, the same in two files, or no identifiers', async () => {
    const { told } = await tell({
      files: {
        'package.json': '{"name":"shop"}',
        'a.js':
          "exports.delete = async () => 'a';\nexports['my-handler'] = async () => 'dashed';\nexports.functions = async () => 'functions';\n",
        'b.js': "class Controller { async delete() { return 'b'; } }\nmodule.exports = new Controller();\n",
      },
      functions: {
        'a.delete': { file: 'a.js', exportPath: ['delete'], triggers: [http('GET', '/a')] },
        'b-delete': { file: 'b.js', exportPath: ['delete'], triggers: [http('GET', '/b')] },
        dashed: { file: 'a.js', exportPath: ['my-handler'], triggers: [http('GET', '/c')] },
        __proto__x: { file: 'a.js', exportPath: ['functions'], triggers: [http('GET', '/d')] },
      },
    });
    expect(Object.values(told.functions).map(({ answer }) => answer)).toEqual(['a', 'b', 'dashed', 'functions']);
  });

  it('of TypeScript, through its own build', async () => {
    const { told, produced } = await tell({
      files: {
        'package.json': '{\n  "name": "shop",\n  "devDependencies": {\n    "typescript": "^5.4.0"\n  }\n}\n',
        'tsconfig.json': '{ "compilerOptions": { "strict": true, "paths": { "@lib/*": ["./lib/*"] } } }\n',
        'lib/say.ts': "export const say = (text: string): string => ['said', text].join(' ');\n",
        'get.ts': "import { say } from '@lib/say';\nexport const handler = async (): Promise<string> => say('get');\n",
      },
      functions: { Get: { file: 'get.ts', triggers: [http('GET', '/')], facts: { files: ['get.ts', 'lib/say.ts'] } } },
    });
    expect(Object.keys(produced.files)).toEqual(expect.arrayContaining(['service/web.ts', 'service/tsconfig.json']));
    expect(JSON.parse(produced.files['package.json'] ?? '').scripts).toMatchObject({
      'start:web': expect.stringContaining('dist/service/web.cjs'),
    });
    expect(told.functions['Get']?.answer).toBe('said get');
  });

  it('of a bundle that was an ES module, with CommonJS inside and top-level await', async () => {
    const { told, produced } = await tell({
      files: {
        'package.json': '{"name":"shop"}',
        'old.js': "const { sep } = require('node:path');\nconst ms = require('ms');\nmodule.exports = { sep, ms };\n",
        'get.ts':
          "import old from './old.js';\nconst ready = await Promise.resolve('ready');\nexport const handler = async () => [ready, old.sep, old.ms('1s')];\n",
      },
      functions: {
        Get: {
          file: 'get.ts',
          triggers: [http('GET', '/')],
          facts: { files: ['get.ts', 'old.js'] },
          lambda: { build: { tool: 'esbuild', format: 'esm' } },
        },
      },
    });
    expect(told.functions['Get']?.answer).toEqual(['ready', '/', 1000]);
    expect(JSON.parse(produced.files['package.json'] ?? '').scripts.build).not.toContain('--packages=external');
  });

  it('of code that stands in the definition, each function in a file of its own', async () => {
    const inline = (inlineCode: string) => ({
      file: null,
      lambda: { packageType: 'inline' as const, handler: { declared: 'index.handler', codeRoot: null, inlineCode } },
    });
    const { told, produced } = await tell({
      files: { 'other.js': "exports.handler = async () => 'other';\n" },
      functions: {
        'a b': { ...inline("exports.handler = async () => 'first';"), triggers: [http('GET', '/1')] },
        'a-b': { ...inline("// export is only a word here\nexports.handler = async () => 'second';"), triggers: [http('GET', '/2')] },
        ü: { ...inline("export const handler = async () => 'third';"), facts: esm, triggers: [http('GET', '/3')] },
        other: { file: 'other.js', triggers: [http('GET', '/4')] },
      },
    });
    expect(Object.keys(produced.files).filter((path) => path.startsWith('service/functions/'))).toHaveLength(3);
    expect(told.functions).toMatchObject({
      'a b': { answer: 'first' },
      'a-b': { answer: 'second' },
      ü: { answer: 'third' },
      other: { answer: 'other' },
    });
    expect(produced.diagnostics.map(({ code }) => code)).toContain('INLINE_CODE_EXTRACTED');
  });
});

describe('an entry hands over', () => {
  const files = { 'package.json': '{"name":"shop"}', 'get.js': 'exports.handler = async () => 1;\n' };

  it('which functions are called back, by their runtime or by how they are written', async () => {
    const functionOf = (runtime: string | null, facts = {}) => ({ file: 'get.js', lambda: { runtime }, facts, triggers: [] });
    const at = (path: string) => [http('GET', path)];
    const { told } = await tell({
      files,
      functions: {
        old: { ...functionOf('nodejs22.x'), triggers: at('/1') },
        older: { ...functionOf('nodejs8.10'), triggers: at('/2') },
        next: { ...functionOf('nodejs24.x'), triggers: at('/3') },
        unknown: { ...functionOf(null), triggers: at('/4') },
        unknownWithCallback: { ...functionOf(null, { parameterCount: 3, usesCallback: true }), triggers: at('/5') },
      },
    });
    expect(Object.fromEntries(Object.entries(told.functions).map(([id, { callbacks }]) => [id, callbacks]))).toEqual({
      old: true,
      older: true,
      next: undefined,
      unknown: undefined,
      unknownWithCallback: true,
    });
  });

  it('which of them call back where the runtime could not see it', async () => {
    const functionOf = (path: string, facts = {}) => ({
      file: 'get.js',
      facts: { isAsync: false, ...facts },
      triggers: [http('GET', path)],
    });
    const { files: produced } = await produceSample({
      files,
      functions: {
        wrapped: functionOf('/1', { shape: 'wrapper' }),
        passesContext: functionOf('/2', { usesContextDone: true, parameterCount: 2 }),
        plain: functionOf('/3', { usesCallback: true, parameterCount: 3 }),
        next: { ...functionOf('/4', { shape: 'wrapper' }), lambda: { runtime: 'nodejs24.x' } },
      },
    });
    const flags = Object.fromEntries(
      (produced['service/web.js'] ?? '')
        .split('\n')
        .flatMap((line) =>
          /^ {2}(\w+): \{ name/.exec(line)?.[1] ? [[/^ {2}(\w+)/.exec(line)?.[1], line.includes('usesCallback: true')]] : [],
        ),
    );
    expect(flags).toEqual({ wrapped: true, passesContext: true, plain: false, next: false });
  });

  it('routes with what the gateway did around them', async () => {
    const cors = {
      mode: 'headers' as const,
      allowOrigins: ['https://a.example'],
      allowMethods: ['GET'],
      allowHeaders: ['x-one'],
      exposeHeaders: [],
      allowCredentials: true,
      maxAgeSeconds: 60,
      preflightStatus: 204,
    };
    const { told } = await tell({
      files,
      functions: {
        open: { file: 'get.js', triggers: [http('GET', '/open/{id}', { gateway: [{ kind: 'cors', cors }] })] },
        closed: {
          file: 'get.js',
          triggers: [http('GET', '/closed', { gateway: [{ kind: 'authorizer', authorizer: { type: 'iam', name: 'AWS_IAM' } }] })],
        },
      },
    });
    const byPath = Object.fromEntries((told.routes ?? []).map((route) => [route.path, route]));
    expect(byPath['/open/{id}']).toMatchObject({ method: 'GET', cors });
    expect(byPath['/open/{id}']?.guard).toBeUndefined();
    expect(byPath['/closed']?.guard).toMatchObject({ status: expect.any(Number) });
  });

  const cors = (allowOrigin: string) => ({
    kind: 'cors' as const,
    cors: {
      mode: 'preflight' as const,
      allowOrigins: [allowOrigin],
      allowMethods: ['GET'],
      allowHeaders: [],
      exposeHeaders: [],
      allowCredentials: false,
      preflightStatus: 200,
    },
  });

  it.each([
    ['get.js', /^const cors = \{$/m],
    ['get.ts', /^import type \{ Cors \} from '\.\/runtime\/types\.js';$[\s\S]*^const cors: Cors = \{$/m],
  ])('equal CORS settings once, in %s', async (file, declaration) => {
    const text = 'export const handler = async () => 1;\n';
    const { files: produced } = await produceSample({
      files: { ...files, 'tsconfig.json': '{}', 'get.ts': text },
      functions: {
        a: { file, triggers: [http('GET', '/a', { gateway: [cors('*')] }), http('GET', '/b', { gateway: [cors('*')] })] },
        cors: { file, triggers: [http('GET', '/c', { gateway: [cors('https://c.example')] })] },
      },
    });
    const entry = produced[`service/web.${file.slice(4)}`] ?? '';
    expect(entry).toMatch(declaration);
    expect(entry.match(/ cors(?:,| \})/g)).toHaveLength(2);
    expect(entry.match(/allowOrigins/g)).toHaveLength(2);
  });

  const validated = (schema: object, required?: string[]) => ({
    kind: 'request-validation' as const,
    detail: 'body',
    validation: { body: { 'application/json': { type: 'object', ...schema } }, ...(required && { required }) },
  });

  it('the checks of the gateway, with schemas that have names', async () => {
    const { told, produced } = await tell({
      files,
      functions: {
        validate: {
          file: 'get.js',
          triggers: [
            http('POST', '/orders', { gateway: [validated({ required: ['id'] }), validated({ required: ['id'] }, ['header.X-Id'])] }),
            http('PUT', '/orders/{id}', { gateway: [validated({ required: ['id'] })] }),
            http('PUT', '/lines', { gateway: [validated({ properties: { __proto__x: {} } })] }),
            http('GET', '/orders'),
          ],
        },
      },
    });
    const entry = produced.files['service/web.js'] ?? '';
    expect(entry.match(/^const \w+Body = \{$/gm)).toEqual(['const postOrdersBody = {', 'const putLinesBody = {']);
    expect(entry).toContain("validate: validate({ body: { 'application/json': postOrdersBody }, required: ['header.X-Id'] }),");
    expect(entry).toContain("validate: validate({ body: { 'application/json': postOrdersBody } }),");
    expect(told.routes).toHaveLength(4);
    expect(Object.keys(produced.files)).toContain('service/runtime/validate.js');
    expect(JSON.parse(produced.files['package.json'] ?? '')).toMatchObject({
      dependencies: { ajv: expect.any(String) as string, 'ajv-formats': expect.any(String) as string },
    });
  });

  it('no validator where nothing was checked, or what is not known', async () => {
    const { files: produced } = await produceSample({
      files,
      functions: { a: { file: 'get.js', triggers: [http('GET', '/', { gateway: [{ kind: 'request-validation', detail: 'body' }] })] } },
    });
    expect(Object.keys(produced)).not.toContain('service/runtime/validate.js');
    expect(produced['package.json']).not.toContain('ajv');
    expect(produced['service/web.js']).toContain('guard: { status: 501');
  });

  it('queues by their variable, with filters', async () => {
    const filters = [{ body: { kind: ['order', { prefix: 'a' }], n: [{ numeric: ['>', 1] }] } }];
    const { told, produced } = await tell(
      { files, functions: { Work: { file: 'get.js', triggers: [{ ...sqs('orders'), filters } as never] } } },
      'worker',
    );
    expect(told.consumers).toMatchObject([{ queueUrl: '', filters }]);
    expect(produced.files['service/worker.js']).toContain('process.env.ORDERS_QUEUE_URL');
  });

  it('jobs with their constant event', async () => {
    const { told } = await tell(
      { files, functions: { 'clean-up': { file: 'get.js', triggers: [schedule('rate(1 hour)', { days: 30, __proto__x: null })] } } },
      'job',
    );
    expect(told.jobs).toMatchObject({ 'clean-up': { input: { days: 30, __proto__x: null } } });
  });
});

it('an entry is written in the style of the handlers', async () => {
  const { files } = await produceSample({
    files: {
      'package.json': '{"name":"shop"}',
      'get.js': 'const a = require("./a")\r\n\r\nexports.handler = async () => {\r\n\treturn a("x")\r\n}\r\n',
    },
    functions: { Get: { file: 'get.js', triggers: [http('GET', '/')] } },
  });
  const entry = files['service/web.js'] ?? '';
  expect(entry).toContain('require("./runtime/web.js")\r\n');
  expect(entry).toContain('\r\n\tname: "shop-web",\r\n');
  expect(entry).not.toMatch(/;\r\n|[^\r]\n/);
});
