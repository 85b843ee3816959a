import { execFileSync } from 'node:child_process';
import { cpSync, mkdtempSync, rmSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { cleanSamples, http, type Produced, produceSample, type Sample, write } from './sample.js';

const folders: string[] = [];
afterAll(() => {
  cleanSamples();
  for (const folder of folders) rmSync(folder, { recursive: true, force: true });
});

const tsc: Sample['functions'][string] = {
  file: 'app/get.ts',
  triggers: [http('GET', '/')],
  lambda: { build: { tool: 'tsc' } },
};
const reading = "export const handler = async () => __dirname + '/../pages/x.html';\n";

/** Builds a module of one's own with the plugins of the generated script, elsewhere than it was made, and runs it. */
function runBuilt({ folder, files }: Produced, main: string): string {
  const place = mkdtempSync(join(tmpdir(), 'built-'));
  folders.push(place);
  cpSync(folder, place, { recursive: true });
  write(place, { ...files, 'service/web.ts': main });
  symlinkSync(join(import.meta.dirname, '../../node_modules'), join(place, 'node_modules'));
  execFileSync('node', ['service/build.mjs'], { cwd: place, stdio: 'pipe' });
  const moved = mkdtempSync(join(tmpdir(), 'moved-'));
  folders.push(moved);
  cpSync(join(place, 'dist'), join(moved, 'dist'), { recursive: true });
  const script = JSON.parse(files['package.json'] ?? '') as { scripts: Record<string, string> };
  const output = script.scripts['start:web']?.split(' ').at(-1) ?? '';
  return execFileSync('node', [output], { cwd: moved }).toString().replaceAll(moved, '<root>');
}

describe('files that ask for their own place', () => {
  const sample = (source: string, more: Partial<Sample['functions'][string]> = {}): Sample => ({
    files: { 'package.json': '{}', 'app/get.ts': source, 'pages/x.html': 'x', 'config/.env.dev': 'A=1', 'config/.env.prod': 'A=2' },
    functions: { Get: { ...tsc, ...more } },
  });

  it('have that of their source, wherever the bundle lies', async () => {
    const produced = await produceSample(sample(reading));
    expect(produced.files['package.json']).toContain('"build": "node service/build.mjs"');
    const place = `"use strict";\nexport const place = [__dirname, __filename, import.meta.url];\n`;
    write(produced.folder, { 'app/place.ts': place });
    const answer = runBuilt(produced, "import { place } from '../app/place.js';\nconsole.log(place.join(' '));\n");
    expect(answer.trim()).toBe('<root>/app <root>/app/place.js file://<root>/app/place.js');
  });

  it('keep a name of their own', async () => {
    const produced = await produceSample(sample(reading));
    write(produced.folder, {
      'app/place.ts':
        "import { fileURLToPath } from 'node:url';\nconst __filename = fileURLToPath(import.meta.url);\nexport { __filename };\n",
      'app/plain.cjs': "'use strict';\nmodule.exports = [__filename, this === undefined, (function () { return this; })()];\n",
    });
    const main =
      "import { __filename } from '../app/place.js';\nimport plain from '../app/plain.cjs';\nconsole.log(__filename, ...plain);\n";
    expect(runBuilt(produced, main).trim()).toBe('<root>/app/place.js <root>/app/plain.cjs false undefined');
  });

  it('are left to the command of esbuild where Lambda had a bundle', async () => {
    const { files } = await produceSample(sample(reading, { lambda: { build: { tool: 'esbuild' } } }));
    expect(Object.keys(files)).not.toContain('service/build.mjs');
    expect(files['package.json']).toContain('"build": "esbuild service/web.ts');
  });

  it('find what the image would leave out, and no more', async () => {
    const source = 'export const handler = async () => join(__dirname, "..", `config/.env.${process.env.STAGE}`);\n';
    const lambda = { build: { tool: 'tsc' as const }, environment: { STAGE: { kind: 'literal' as const, value: 'dev' } } };
    const { files, diagnostics } = await produceSample(sample(source, { lambda }));
    expect(files['.dockerignore']?.trim().split('\n').at(-1)).toBe('!config/.env.dev');
    expect(files['.dockerignore']).not.toContain('.env.prod');
    expect(files['Dockerfile']).toContain('COPY . .\n');
    expect(diagnostics.filter(({ code }) => code === 'SECRET_FILE_KEPT')).toMatchObject([{ args: { file: 'config/.env.dev' } }]);
  });

  it('stand where the compiler had put them when only that leads to a file', async () => {
    const source = "export const handler = async () => join(__dirname, '../../pages/x.html');\n";
    const lambda = { build: { tool: 'tsc' as const }, handler: { declared: 'dist/app/get.handler', codeRoot: '' } };
    const { files } = await produceSample(sample(source, { lambda }));
    expect(files['service/build.mjs']).toContain("const movedPlaces = { 'app/get.ts': 'dist/app/get.js' };");
  });

  it('are found where decorators never had the types that tsc would give them', async () => {
    const facts = { buildReasons: [{ kind: 'decorator-metadata' as const, file: 'app/get.ts' }] };
    const built = async (plugins?: true) => {
      const lambda = { build: { tool: 'esbuild' as const, ...(plugins && { plugins }) } };
      const { files } = await produceSample(sample(reading, { facts, lambda }));
      return (JSON.parse(files['package.json'] ?? '') as { scripts: { build: string } }).scripts.build;
    };
    expect(await built()).toMatch(/^esbuild /);
    expect(await built(true)).toMatch(/^tsc -p /);
  });

  it('are said where tsc compiles them', async () => {
    const facts = { buildReasons: [{ kind: 'decorator-metadata' as const, file: 'app/get.ts' }] };
    const { diagnostics } = await produceSample(sample(reading, { facts }));
    expect(diagnostics).toContainEqual(expect.objectContaining({ code: 'BUNDLED_FILE_PATHS', file: 'app/get.ts', line: 1 }));
  });
});

describe('imports from layers', () => {
  const sample: Sample = {
    files: {
      'package.json': '{}',
      'get.js': "const { word } = require('/opt/nodejs/words');\nexports.handler = async () => word;\n",
      'layers/words/nodejs/words.js': "exports.word = 'from the layer';\n",
      'layers/words/nodejs/package.json': '{ "dependencies": { "semver": "^7.0.0", "left": "file:../left" } }',
    },
    functions: {
      Get: {
        file: 'get.js',
        triggers: [http('GET', '/')],
        facts: {
          files: ['get.js', 'layers/words/nodejs/words.js'],
          redirects: {
            '/opt/nodejs/words': { file: 'layers/words/nodejs/words.js' },
            '/opt/nodejs/node_modules/semver': { package: 'semver' },
          },
          buildReasons: [{ kind: 'layer-import', file: 'get.js', line: 1 }],
        },
      },
    },
  };

  it('lead to the sources and the packages of the layer', async () => {
    const produced = await produceSample(sample);
    const { dependencies } = JSON.parse(produced.files['package.json'] ?? '') as { dependencies: Record<string, string> };
    expect(dependencies).toMatchObject({ semver: '^7.0.0', left: 'file:./layers/words/left' });
    expect(produced.files['service/build.mjs']).toContain("'/opt/nodejs/words': 'layers/words/nodejs/words.js'");
    expect(produced.files['service/build.mjs']).toContain("'/opt/nodejs/node_modules/semver': 'semver'");
    expect(produced.diagnostics.map(({ code }) => code)).not.toContain('LAYER_IMPORT_NOT_BUILT');
  });

  it('are said where tsc leaves them as they are', async () => {
    const Get = sample.functions['Get'] as Sample['functions'][string];
    const buildReasons = [
      { kind: 'decorator-metadata' as const, file: 'get.js' },
      { kind: 'layer-import' as const, file: 'get.js', line: 1 },
    ];
    const { diagnostics } = await produceSample({ ...sample, functions: { Get: { ...Get, facts: { ...Get.facts, buildReasons } } } });
    expect(diagnostics).toContainEqual(expect.objectContaining({ code: 'LAYER_IMPORT_NOT_BUILT', file: 'get.js', line: 1 }));
  });
});

describe('packages that nobody lists', () => {
  const sample = (files: Record<string, string>, name: string, lambda: Sample['functions'][string]['lambda'] = {}): Sample => ({
    files: { 'package.json': '{}', 'app/get.js': 'exports.handler = async () => 1;\n', ...files },
    functions: {
      Get: { file: 'app/get.js', triggers: [http('GET', '/')], lambda, facts: { packages: { [name]: { file: 'app/get.js', line: 1 } } } },
    },
  });
  const dependencies = ({ files }: Produced) =>
    (JSON.parse(files['package.json'] ?? '') as { dependencies: Record<string, string> }).dependencies;
  const codes = ({ diagnostics }: Produced) =>
    diagnostics
      .filter(({ code }) => /^(?:SDK|DEPENDENCY)/.test(code))
      .map(({ code, file, line, args }) => [code, file, line, args['source'] ?? args['command']]);
  const lock = (packages: object) => JSON.stringify({ lockfileVersion: 3, packages });

  it.each([
    [
      'another package.json of the project',
      { 'other/package.json': '{ "dependencies": { "ms": "^2.1.0" } }' },
      '^2.1.0',
      'other/package.json',
    ],
    ['a lockfile of npm', { 'package-lock.json': lock({ 'node_modules/ms': { version: '2.1.3' } }) }, '^2.1.3', 'package-lock.json'],
    ['a lockfile of yarn', { 'yarn.lock': 'ms@2.1.3, ms@^2.1.1:\n  version "2.1.3"\n' }, '^2.1.3', 'yarn.lock'],
    ['a lockfile of pnpm', { 'pnpm-lock.yaml': 'packages:\n\n  ms@2.1.3:\n    resolution: {}\n' }, '^2.1.3', 'pnpm-lock.yaml'],
  ])('take the version of %s', async (_, files, range, source) => {
    const produced = await produceSample(sample(files, 'ms'));
    expect(dependencies(produced)['ms']).toBe(range);
    expect(codes(produced)).toEqual([['DEPENDENCY_ADDED', 'app/get.js', 1, source]]);
  });

  it.each([
    [
      'packages that disagree',
      { 'a/package.json': '{"dependencies":{"ms":"^1.0.0"}}', 'b/package.json': '{"dependencies":{"ms":"^2.0.0"}}' },
    ],
    ['nobody', {}],
  ])('are not guessed: %s', async (_, files) => {
    const produced = await produceSample(sample(files, 'ms'));
    expect(dependencies(produced)).not.toHaveProperty('ms');
    expect(codes(produced)).toEqual([['DEPENDENCY_NOT_LISTED', 'app/get.js', 1, 'npm install ms']]);
  });

  it.each([
    ['aws-sdk', 'nodejs18.x', 'SDK_NOT_SUPPLIED'],
    ['aws-sdk', 'nodejs16.x', 'SDK_DEPENDENCY_ADDED'],
    ['@aws-sdk/client-s3', 'nodejs16.x', 'SDK_NOT_SUPPLIED'],
    ['@aws-sdk/client-s3', 'nodejs22.x', 'SDK_DEPENDENCY_ADDED'],
  ])('%s of %s: %s', async (name, runtime, code) => {
    const produced = await produceSample(sample({}, name, { runtime }));
    expect(dependencies(produced)).toHaveProperty([name]);
    expect(codes(produced)).toEqual([[code, 'app/get.js', 1, undefined]]);
  });

  it('a layer may have the SDK', async () => {
    const layers = [{ kind: 'literal' as const, value: 'arn:aws:lambda:us-east-1:123456789012:layer:sdk:1' }];
    expect(codes(await produceSample(sample({}, 'aws-sdk', { runtime: 'nodejs22.x', layers })))[0]?.[0]).toBe('SDK_DEPENDENCY_ADDED');
  });
});

it('code of layers elsewhere stays outside of the bundle', async () => {
  const source = "import { x } from '/opt/nodejs/x';\nexport const handler = async () => x;\n";
  const produced = await produceSample({ files: { 'package.json': '{}', 'app/get.ts': source }, functions: { Get: tsc } });
  const { scripts } = JSON.parse(produced.files['package.json'] ?? '') as { scripts: Record<string, string> };
  expect(scripts['build']).toContain(' --packages=external "--external:/opt/*" ');
});

describe('statements between imports', () => {
  const between =
    "import { settings } from './settings';\nsettings.url = 'set';\nimport { model } from './model';\nexport const handler = async () => model;\n";
  const sample = (source: string, lambda: object, more: Record<string, string> = {}): Sample => ({
    files: {
      'package.json': '{ "devDependencies": { "typescript": "^5.0.0" } }',
      'app/get.ts': source,
      'app/settings.ts': 'export const settings: { url?: string } = {};\n',
      'app/model.ts': "import { settings } from './settings';\nexport const model = settings.url ?? 'not set';\n",
      ...more,
    },
    functions: { Get: { ...tsc, lambda } },
  });
  const ordered = async (...args: Parameters<typeof sample>) => {
    const { files, diagnostics } = await produceSample(sample(...args));
    const told = diagnostics.flatMap(({ code, line }) => (code === 'IMPORT_ORDER_CHANGES' ? [line] : []));
    return { kept: /inOrder = new Set\((.*?)\.map/.exec(files['service/build.mjs'] ?? '')?.[1], told };
  };
  const main = "import { handler } from '../app/get.js';\nvoid handler().then((value) => console.log(value));\n";

  it.each([
    ['a plain file', between],
    ['a file that asks for its own place', `const place: string = __filename;\nconsole.log(place);\n${between}`],
  ])('run where they stand, as tsc left them: %s', async (_, source) => {
    const produced = await produceSample(sample(source, { build: { tool: 'tsc' } }));
    expect(produced.diagnostics.map(({ code }) => code)).not.toContain('IMPORT_ORDER_CHANGES');
    expect(runBuilt(produced, main).trim().split('\n').at(-1)).toBe('set');
  });

  it.each([
    ['tsc', between, { build: { tool: 'tsc' } }, {}],
    ['a script of package.json', between, {}, { 'package.json': '{ "scripts": { "build": "tsc" } }' }],
    ['webpack with ts-loader', between, { build: { tool: 'webpack' } }, { 'package.json': '{ "devDependencies": { "ts-loader": "9" } }' }],
    [
      'tsc of Node 16',
      between,
      { build: { tool: 'tsc' } },
      { 'tsconfig.json': '{ "compilerOptions": { "module": "Node16", "target": "es2022" } }' },
    ],
    ['a call in a declaration', "import a from 'a';\nexport const b = a();\nexport * from './model';\n", { build: { tool: 'tsc' } }, {}],
  ])('are kept where TypeScript made CommonJS: %s', async (_, source, lambda, more) => {
    expect(await ordered(source, lambda, more)).toEqual({ kept: "['app/get.ts']", told: [] });
  });

  it.each([
    ['a bundler', between, { build: { tool: 'esbuild' } }, {}],
    ['a bundler in a script', between, {}, { 'package.json': '{ "scripts": { "build": "esbuild app/get.ts --outfile=app/get.js" } }' }],
    ['webpack with Babel', between, { build: { tool: 'webpack' } }, { 'package.json': '{ "devDependencies": { "babel-loader": "9" } }' }],
    ['a package of ES modules', between, { build: { tool: 'tsc' } }, { 'package.json': '{ "type": "module" }' }],
    [
      'ES modules of the compiler',
      between,
      { build: { tool: 'tsc' } },
      { 'tsconfig.json': '{ "compilerOptions": { "module": "ES2022" } }' },
    ],
    ['no import after them', "'use strict';\nimport { config } from 'dotenv';\nconfig();\n", { build: { tool: 'tsc' } }, {}],
    ['nothing that acts', "import a from 'a';\nconst b = () => a();\nconst c = 1;\nimport d from 'd';\n", { build: { tool: 'tsc' } }, {}],
  ])('stay as a bundler has them for %s', async (_, source, lambda, more) => {
    expect(await ordered(source, lambda, more)).toEqual({ kept: undefined, told: [] });
  });

  it('are told where the service is an ES module', async () => {
    const more = { 'app/model.ts': 'export const model = await Promise.resolve(1);\n' };
    const { functions, files } = sample(between, { build: { tool: 'tsc' } }, more);
    const Get = { ...(functions['Get'] as Sample['functions'][string]), facts: { files: ['app/get.ts', 'app/model.ts'] } };
    const { diagnostics } = await produceSample({ files, functions: { Get } });
    expect(diagnostics).toContainEqual(
      expect.objectContaining({ code: 'IMPORT_ORDER_CHANGES', file: 'app/get.ts', line: 2, function: 'Get' }),
    );
  });

  it('need a compiler with an interface for JavaScript', async () => {
    const more = { 'package.json': '{ "devDependencies": { "typescript": "^7.0.0" } }' };
    const { files } = await produceSample(sample(between, { build: { tool: 'tsc' } }, more));
    expect(files['service/build.mjs']).toContain("import ts from 'service-typescript';");
    expect(files['package.json']).toContain('"service-typescript": "npm:typescript@');
  });
});
