import { describe, expect, it } from 'vitest';
import { codesOf, functionOf, projectOf, type Tree, withoutRanges } from '../tree.js';

/** Shape of the official template `aws-nodejs-typescript`. */
const template: Tree = {
  'serverless.ts': `import type { AWS } from '@serverless/typescript';
import hello from '@functions/hello';
import * as orders from 'src/functions/orders';

const serverlessConfiguration: AWS = {
  service: 'typed-shop',
  frameworkVersion: '3',
  plugins: ['serverless-esbuild'],
  provider: {
    name: 'aws',
    runtime: 'nodejs18.x',
    apiGateway: { minimumCompressionSize: 1024, shouldStartNameWithService: true },
    environment: { NODE_OPTIONS: '--enable-source-maps', STAGE: '\${sls:stage}', HOME: process.env.HOME, REGION: process.env.REGION ?? 'eu-west-1' },
  },
  functions: { hello, ...orders },
  package: { individually: true },
  custom: { esbuild: { bundle: true, exclude: ['aws-sdk'], target: 'node18' } },
};

module.exports = serverlessConfiguration;
`,
  'tsconfig.json': '{ "extends": "./tsconfig.paths.json", "compilerOptions": { "target": "ES2022" } }',
  'tsconfig.paths.json':
    '{ "compilerOptions": { "baseUrl": ".", "paths": { "@functions/*": ["src/functions/*"], "@libs/*": ["src/libs/*"] } } }',
  'src/libs/handler-resolver.ts': `export const handlerPath = (context: string) => {
  return \`\${context.split(process.cwd())[1].substring(1).replace(/\\\\/g, '/')}\`
};
`,
  'src/functions/hello/index.ts': `import schema from './schema';
import { handlerPath } from '@libs/handler-resolver';

export default {
  handler: \`\${handlerPath(__dirname)}/handler.main\`,
  events: [
    { http: { method: 'post', path: 'hello', request: { schemas: { 'application/json': schema } } } },
  ],
};
`,
  'src/functions/hello/schema.ts': "export default { type: 'object', properties: { name: { type: 'string' } } } as const;\n",
  'src/functions/orders/index.ts': `import { handlerPath } from '@libs/handler-resolver';
const base = { timeout: 5 * 6, memorySize: 256 } satisfies Record<string, number>;
export const listOrders = { ...base, handler: handlerPath(__dirname) + '/list.handler', events: [{ httpApi: 'GET /orders' }] };
export const purge = { ...base, timeout: 60, handler: \`\${handlerPath(__dirname)}/purge.handler\`, events: [{ schedule: { rate: ['rate(1 day)'] } }] } as const;
`,
};

describe('serverless.ts, read without running it', () => {
  it('reads the shape of the official template', async () => {
    const { project, diagnostics } = await projectOf(template);
    expect(codesOf(diagnostics)).toEqual([]);
    expect(project).toMatchObject({ name: 'typed-shop', definition: 'serverless.ts', root: '' });
    expect(withoutRanges(functionOf(project, 'hello'))).toMatchObject({
      handler: { declared: 'src/functions/hello/handler.main', codeRoot: '' },
      runtime: 'nodejs18.x',
      triggers: [
        {
          type: 'rest-api',
          method: 'POST',
          path: '/hello',
          gateway: [
            {
              kind: 'request-validation',
              validation: { body: { 'application/json': { type: 'object', properties: { name: { type: 'string' } } } } },
            },
            { kind: 'compression' },
          ],
        },
      ],
      build: { tool: 'esbuild', external: ['aws-sdk'] },
      environment: {
        STAGE: { value: 'dev' },
        HOME: { kind: 'reference', text: '${env:HOME}', names: ['env:HOME'] },
        REGION: { kind: 'literal', value: 'eu-west-1' },
      },
    });
    expect(withoutRanges(functionOf(project, 'listOrders'))).toMatchObject({
      handler: { declared: 'src/functions/orders/list.handler' },
      timeoutSeconds: 30,
      memoryMb: 256,
      triggers: [{ type: 'http-api', method: 'GET', path: '/orders' }],
    });
    expect(functionOf(project, 'purge')).toMatchObject({ timeoutSeconds: 60, triggers: [{ type: 'schedule', expression: 'rate(1 day)' }] });
  });

  it('tells where things stand, in the file that holds them', async () => {
    const { project } = await projectOf(template);
    const hello = functionOf(project, 'hello');
    expect(hello.handler.range).toMatchObject({ file: 'src/functions/hello/index.ts', line: 5, column: 12 });
    expect(hello.triggers[0]?.range).toMatchObject({ file: 'src/functions/hello/index.ts', line: 7 });
    expect(functionOf(project, 'purge').triggers[0]?.range).toMatchObject({ file: 'src/functions/orders/index.ts', line: 4 });
  });

  it.each([
    [
      'a helper of its own with a block',
      "const fn = (name: string) => { const path = 'src/' + name; return { handler: path + '.handler' }; };\nexport default { service: 's', provider: { name: 'aws' }, functions: { fn: fn('x') } };",
      'src/x.handler',
    ],
    [
      'a function declaration',
      "function fn({ name }: { name: string }) { return { handler: `src/${name}.handler` }; }\nexport default { service: 's', provider: { name: 'aws' }, functions: { fn: fn({ name: 'x' }) } };",
      'src/x.handler',
    ],
    [
      'a condition',
      "const local = false;\nexport default { service: 's', provider: { name: 'aws' }, functions: { fn: { handler: local ? 'no' : 'src/x.handler' } } };",
      'src/x.handler',
    ],
    [
      'Object.assign',
      "export default Object.assign({ service: 's' }, { provider: { name: 'aws' }, functions: { fn: { handler: 'src/x.handler' } } });",
      'src/x.handler',
    ],
    [
      'a computed key and an enum-like object',
      "const keys = { one: 'fn' } as const;\nexport = { service: 's', provider: { name: 'aws' }, functions: { [keys.one]: { handler: ['src/x', 'handler'].join('.') } } };",
      'src/x.handler',
    ],
    [
      'a function that returns the service',
      "export default () => ({ service: 's', provider: { name: 'aws' }, functions: { fn: { handler: 'src/x.handler' } } });",
      'src/x.handler',
    ],
    [
      'a conditional spread',
      "export default { service: 's', provider: { name: 'aws' }, functions: { fn: { handler: 'src/x.handler', ...(process.env.CI ? { timeout: 1 } : {}) } } };",
      'src/x.handler',
    ],
    [
      'an enumeration',
      "enum Stage { Dev = 'x', Live = 'live' }\nexport default { service: 's', provider: { name: 'aws' }, functions: { fn: { handler: `src/${Stage.Dev}.handler` } } };",
      'src/x.handler',
    ],
    [
      'decisions of a function',
      "function pick(stage: string) { if (stage === 'dev') { return 'src/x'; } else return 'src/y'; }\nexport default { service: 's', provider: { name: 'aws' }, functions: { fn: { handler: pick('dev') + '.handler' } } };",
      'src/x.handler',
    ],
    [
      'names taken apart',
      "const { paths } = { paths: { fn: 'src/x' } };\nexport default { service: 's', provider: { name: 'aws' }, functions: { fn: { handler: paths.fn + '.handler' } } };",
      'src/x.handler',
    ],
    [
      'functions built from entries',
      "const names = ['fn', 'other'];\nexport default { service: 's', provider: { name: 'aws' }, functions: Object.fromEntries(names.map((name) => [name, { handler: `src/${name}.handler` }])) };",
      'src/fn.handler',
    ],
  ])('follows %s', async (_, text, expected) => {
    const { project } = await projectOf({ 'serverless.ts': text });
    expect(functionOf(project, 'fn').handler.declared).toBe(expected);
  });

  it('keeps what only running it would tell, and says so', async () => {
    const { project, diagnostics } = await projectOf({
      'serverless.ts':
        "import { readFileSync } from 'node:fs';\nexport default { service: 's', provider: { name: 'aws', environment: { KEY: readFileSync('key', 'utf8') } }, functions: { fn: { handler: 'a.b' } } };",
      key: 'secret',
    });
    expect(functionOf(project, 'fn').environment['KEY']).toMatchObject({ kind: 'reference', range: { line: 2 } });
    expect(JSON.stringify(project)).not.toContain('"secret"');
    expect(diagnostics).toMatchObject([{ code: 'SERVERLESS_EXPRESSION_NOT_STATIC', file: 'serverless.ts', line: 2 }]);
  });

  it('says that functions were spread in that it does not know', async () => {
    const { project, diagnostics } = await projectOf({
      'serverless.ts':
        "import { more } from 'some-package';\nexport default { service: 's', provider: { name: 'aws', environment: { ...more, A: 'a' } }, functions: { ...more, fn: { handler: 'a.b' } } };",
    });
    expect(project.functions.map(({ id }) => id)).toEqual(['fn']);
    expect(functionOf(project, 'fn').environment).toMatchObject({ A: { value: 'a' } });
    expect(Object.keys(functionOf(project, 'fn').environment)).toEqual(['A']);
    expect(diagnostics.filter(({ severity }) => severity === 'error')).toMatchObject([{ code: 'SERVERLESS_FUNCTION_INVALID' }]);
  });

  it('ends for code that multiplies or calls itself', async () => {
    const rows = Array.from({ length: 40 }, (_, level) => `const a${level + 1} = [...a${level}, ...a${level}];`).join('\n');
    const { project } = await projectOf({
      'serverless.ts': `const a0 = ['x'];\n${rows}\nconst loop = (n) => loop(n);\nexport default { service: 's', custom: { a: a40, b: loop(1) }, provider: { name: 'aws' }, functions: { fn: { handler: 'a.b' } } };`,
    });
    expect(functionOf(project, 'fn').handler.declared).toBe('a.b');
  });

  it('does not follow imports out of the repository, nor circles', async () => {
    const { project } = await projectOf({
      'serverless.ts':
        "import other from '../../other';\nimport { a } from './a';\nexport default { service: 's', custom: { other, a }, provider: { name: 'aws' }, functions: { fn: { handler: 'a.b' } } };",
      'a.ts': "import { b } from './b';\nexport const a = { b };",
      'b.ts': "import { a } from './a';\nexport const b = { a };",
    });
    expect(functionOf(project, 'fn').handler.declared).toBe('a.b');
  });
});
