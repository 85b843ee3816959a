import { execFile } from 'node:child_process';
import { mkdir, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { check } from 'prettier';
import ts from 'typescript';
import { afterAll, describe, expect, it } from 'vitest';
import { marker } from '../../src/producing/layout.js';
import { runtimeFiles } from '../../src/producing/runtime.js';
import type { ServiceModule } from '../../src/producing/service-module.js';
import { toCommonJs, toJavaScript } from '../../templates/service/build.js';
import { cleanUp, repositoryRoot, temporaryFolder } from '../support/fixtures.js';

const run = promisify(execFile);
const kinds = ['web', 'worker', 'job'] as const;
const more = ['validate', 'authorize-jwt', 'authorize-cognito', 'authorize-lambda'];
const starters = { web: 'startWeb', worker: 'startWorker', job: 'startJob' };

const typescript: ServiceModule = { language: 'typescript', syntax: 'esm', extension: '.ts', importExtension: '.js', built: true };
const javascript = {
  commonjs: { language: 'javascript', syntax: 'commonjs', extension: '.js', importExtension: '.js', built: false },
  'esm in a package of modules': { language: 'javascript', syntax: 'esm', extension: '.js', importExtension: '.js', built: false },
  'esm in another package': { language: 'javascript', syntax: 'esm', extension: '.mjs', importExtension: '.mjs', built: false },
} satisfies Record<string, ServiceModule>;

afterAll(cleanUp);

async function write(files: { path: string; content: string }[], more: Record<string, string> = {}): Promise<string> {
  const folder = await temporaryFolder();
  await mkdir(join(folder, 'runtime'));
  for (const { path, content } of files) await writeFile(join(folder, path), content);
  for (const [path, content] of Object.entries(more)) await writeFile(join(folder, path), content);
  await symlink(join(repositoryRoot, 'node_modules'), join(folder, 'node_modules'), 'dir');
  return folder;
}

function names(files: { path: string }[]): string[] {
  return files.map(({ path }) => path);
}

describe('choice of files', () => {
  it('gives only what a kind needs', () => {
    const job = names(runtimeFiles({ kinds: ['job'], module: javascript.commonjs }));
    expect(job).toContain('runtime/job.js');
    expect(job).toContain('runtime/invoke.js');
    expect(job.filter((path) => /queue|worker|web|filter|health|types/.test(path))).toEqual([]);
    const worker = names(runtimeFiles({ kinds: ['worker'], module: typescript }));
    expect(worker).toEqual(expect.arrayContaining(['runtime/worker.ts', 'runtime/queue.ts', 'runtime/filter.ts', 'runtime/types.ts']));
    expect(worker.filter((path) => /job|web|scheduled|build|request|fronts/.test(path))).toEqual([]);
    const web = names(runtimeFiles({ kinds: ['web'], module: typescript }));
    expect(web).not.toContain('runtime/validate.ts');
    expect(web.filter((path) => /authorize|tokens|policy/.test(path))).toEqual([]);
    expect(names(runtimeFiles({ kinds: ['web'], more: ['validate'], module: typescript })).sort()).toEqual(
      [...web, 'runtime/validate.ts'].sort(),
    );
    const jwt = names(runtimeFiles({ kinds: ['web'], more: ['authorize-jwt'], module: typescript }));
    expect(jwt.filter((path) => !web.includes(path))).toEqual(['runtime/authorize.ts', 'runtime/authorize-jwt.ts', 'runtime/tokens.ts']);
    expect(runtimeFiles({ kinds: [], module: typescript })).toEqual([]);
  });

  it('gives each file once, in the order of their names', () => {
    const paths = names(runtimeFiles({ kinds: [...kinds, 'job'], module: typescript }));
    expect(new Set(paths).size).toBe(paths.length);
    const bare = paths.map((path) => path.replace('.ts', ''));
    expect(bare).toEqual([...bare].sort());
  });
});

describe.each(Object.entries({ typescript, ...javascript }))('%s', (_name, module) => {
  const files = runtimeFiles({ kinds, more, module });

  it.each(files.map(({ path, content }) => [path, content]))('%s looks written by hand', async (_path, content) => {
    expect(content.split('\n')[0]).toContain(marker);
    expect(content).toMatch(/\/\*\*/);
    expect(content).not.toMatch(/[ \t]$/m);
    expect(content).not.toMatch(/\n\n\n/);
    expect(content).not.toMatch(/biome-ignore/);
    expect(content.endsWith('\n') && !content.endsWith('\n\n')).toBe(true);
    if (module.language === 'javascript') expect(await check(content, { parser: 'babel', singleQuote: true, printWidth: 140 })).toBe(true);
  });

  it('imports only Node, its own files, and the packages that a service depends on', () => {
    const specifiers = new Set(
      files.flatMap(({ content }) => [...content.matchAll(/(?:from |require\()'([^']+)'/g)].map(([, name]) => name)),
    );
    const own = [...specifiers].filter((name) => name?.startsWith('.'));
    const paths = names(runtimeFiles({ kinds, more, module: { ...module, extension: module.importExtension } }));
    expect(own.map((name) => name?.replace('./', 'runtime/')).filter((path) => !paths.includes(path ?? ''))).toEqual([]);
    const packages = [...specifiers].filter((name) => !/^(?:node:|\.)/.test(name ?? ''));
    expect(packages.sort()).toEqual([
      '@aws-sdk/client-sqs',
      'ajv',
      'ajv-formats/dist/formats.js',
      'aws-jwt-verify',
      'aws-jwt-verify/jwk',
      'fastify',
      'sqs-consumer',
    ]);
  });
});

describe.each(Object.entries(javascript))('%s', (_name, module) => {
  it('keeps the comments of the code and drops those of its types', () => {
    const text = runtimeFiles({ kinds, more, module })
      .map(({ content }) => content)
      .join('');
    expect(text).toContain('/** A fixed number of places; who finds none free waits in line. */');
    expect(text).not.toContain('Keeps messages invisible to other consumers until they are let go.');
    expect(text).not.toMatch(/^(?:export )?(?:interface|type) /m);
  });

  it('validates in Node', async () => {
    const isModule = module.syntax === 'esm';
    const folder = await write(runtimeFiles({ kinds: [], more, module }), {
      'package.json': JSON.stringify({ type: isModule && module.extension === '.js' ? 'module' : 'commonjs' }),
    });
    const file = `./runtime/validate${module.extension}`;
    const script = `const problem = validate({ required: ['header.a'] })({ headers: [], query: '', body: Buffer.alloc(0) }, null);`;
    const { stdout } = await run(
      process.execPath,
      [
        `--input-type=${isModule ? 'module' : 'commonjs'}`,
        '-e',
        `${isModule ? `import { validate } from '${file}';` : `const { validate } = require('${file}');`} ${script} process.stdout.write(problem);`,
      ],
      { cwd: folder },
    );
    expect(stdout).toBe('Missing required request parameters: [a]');
  });

  it.each(kinds)('%s loads in Node and exports its starter', async (kind) => {
    const isModule = module.syntax === 'esm';
    const folder = await write(runtimeFiles({ kinds: [kind], module }), {
      'package.json': JSON.stringify({ type: isModule && module.extension === '.js' ? 'module' : 'commonjs' }),
    });
    const file = `./runtime/${kind}${module.extension}`;
    const script = isModule
      ? `import { ${starters[kind]} as start } from '${file}';`
      : `const { ${starters[kind]}: start } = require('${file}');`;
    const { stdout } = await run(
      process.execPath,
      [`--input-type=${isModule ? 'module' : 'commonjs'}`, '-e', `${script} process.stdout.write(typeof start); process.exit();`],
      { cwd: folder },
    );
    expect(stdout).toBe('function');
  });
});

describe('TypeScript', () => {
  const strict: ts.CompilerOptions = {
    strict: true,
    noUncheckedIndexedAccess: true,
    noUnusedLocals: true,
    noUnusedParameters: true,
    noImplicitReturns: true,
    noImplicitOverride: true,
    noPropertyAccessFromIndexSignature: true,
    exactOptionalPropertyTypes: true,
    isolatedModules: true,
    skipLibCheck: true,
    noEmit: true,
    target: ts.ScriptTarget.ES2022,
    lib: ['lib.es2022.d.ts'],
    types: ['node'],
  };
  it.each<[name: string, type: string, options: ts.CompilerOptions]>([
    [
      'bundler',
      'commonjs',
      { module: ts.ModuleKind.ESNext, moduleResolution: ts.ModuleResolutionKind.Bundler, verbatimModuleSyntax: true },
    ],
    [
      'node16, modules',
      'module',
      { module: ts.ModuleKind.Node16, moduleResolution: ts.ModuleResolutionKind.Node16, verbatimModuleSyntax: true },
    ],
    ['node16, CommonJS', 'commonjs', { module: ts.ModuleKind.Node16, moduleResolution: ts.ModuleResolutionKind.Node16 }],
  ])('type-checks under %s', { timeout: 180_000 }, async (_name, type, options) => {
    const files = runtimeFiles({ kinds, more, module: typescript });
    const folder = await write(files, { 'package.json': JSON.stringify({ type }) });
    const program = ts.createProgram(
      files.map(({ path }) => join(folder, path)),
      { ...strict, ...options, typeRoots: [join(folder, 'node_modules/@types')] },
    );
    const problems = ts.getPreEmitDiagnostics(program).map(({ file, start, messageText }) => {
      const line = file && start !== undefined ? file.getLineAndCharacterOfPosition(start).line + 1 : 0;
      return `${file?.fileName.replace(folder, '')}:${line} ${ts.flattenDiagnosticMessageText(messageText, ' ')}`;
    });
    expect(problems).toEqual([]);
  });
});

it('has no circle of imports, for which CommonJS has no form', () => {
  const imports = new Map(
    runtimeFiles({ kinds, more, module: javascript.commonjs }).map(({ path, content }) => [
      path,
      [...content.matchAll(/require\('\.\/([^']+)'\)/g)].map(([, name]) => `runtime/${name}`),
    ]),
  );
  const visit = (path: string, above: string[]): string[] =>
    above.includes(path) ? [[...above, path].join(' → ')] : (imports.get(path) ?? []).flatMap((next) => visit(next, [...above, path]));
  expect([...imports.keys()].flatMap((path) => visit(path, []))).toEqual([]);
});

describe('toJavaScript', () => {
  it('erases types with the comments above them, and nothing else', () => {
    const source = `/** What the file is for. */
import type { A } from 'a';
import { b, type C } from 'b';

// First line.
// Second line.
export interface D {
  /** A field. */
  a: A;
}

/** A type. */
type E = D | C;

/** A function. */
export function f(a: A, e?: E): C {
  // Inside.
  return b(a, e!) as C;
}
`;
    const lines = toJavaScript(source)
      .split('\n')
      .map((line) => line.replace(/\s+/g, ' ').trim())
      .filter(Boolean);
    expect(lines).toEqual([
      '/** What the file is for. */',
      "import { b, } from 'b';",
      '/** A function. */',
      'export function f(a , e ) {',
      '// Inside.',
      'return b(a, e ) ;',
      '}',
    ]);
  });

  it.each(['enum A { b }', 'class A { constructor(private b: string) {} }', 'namespace A { export const b = 1 }'])(
    'refuses %s',
    (source) => {
      expect(() => toJavaScript(source)).toThrow('this cannot be erased');
    },
  );

  it('refuses what does not parse', () => {
    expect(() => toJavaScript('const a: = 1')).toThrow();
  });
});

describe('toCommonJs', () => {
  it('turns imports and exports into their CommonJS form', () => {
    const source = `/** About. */
import 'side-effect';
import { a, b as c, 'd-e' as f } from "x";

/** One. */
export const one = 'export const no = 1', two = 2;
/** Two. */
export async function three() {
  return import('y');
}
export class Four {}
const text = \`
import { z } from 'z';
export function five() {}
\`;
`;
    expect(toCommonJs(source)).toBe(`'use strict';

/** About. */
require('side-effect');
const { a, b: c, 'd-e': f } = require("x");

/** One. */
const one = 'export const no = 1', two = 2;
/** Two. */
async function three() {
  return import('y');
}
class Four {}
const text = \`
import { z } from 'z';
export function five() {}
\`;

module.exports = { one, two, three, Four };
`);
  });

  it('adds no exports where there are none', () => {
    expect(toCommonJs('const a = 1;\n')).toBe("'use strict';\n\nconst a = 1;\n");
  });

  it.each([
    "import a from 'a';",
    "import * as a from 'a';",
    'export default 1;',
    "export * from 'a';",
    "export { a } from 'a';",
    'export let a = 1;',
    'export const { a } = b;',
    'const a = import.meta.url;',
    'await 1;',
  ])('refuses %s', (source) => {
    expect(() => toCommonJs(source)).toThrow();
  });
});
