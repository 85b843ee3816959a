import { parse } from 'jsonc-parser';
import { afterAll, describe, expect, it } from 'vitest';
import { bundlerResolution, canEmit, checkCommand, compilerVersion, newestLibrary } from '../../src/producing/typescript.js';
import { tell } from './run-service.js';
import { cleanSamples, http, produceSample, type Sample } from './sample.js';

afterAll(cleanSamples);

const decorated = `
import './reflect-metadata';
const seen: unknown[] = [];
function note(target: object, key: string) {
  seen.push((Reflect as any).getMetadata('design:type', target, key).name);
}
class Base { constructor() { (this as any).name = 'set by the base'; } }
class Row extends Base {
  @note name!: string;
  @note at!: Date;
}
const wrong: number = 'types are not judged here';
export const handler = async () => [...seen, new Row().name];
`;

function decoratedSample(typescript: string | undefined, compilerOptions: object): Sample {
  return {
    files: {
      'package.json': JSON.stringify({ name: 'shop', ...(typescript !== undefined && { devDependencies: { typescript } }) }),
      'tsconfig.json': JSON.stringify({
        compilerOptions: { experimentalDecorators: true, emitDecoratorMetadata: true, ...compilerOptions },
      }),
      'get.ts': decorated,
      'reflect-metadata.js': `
        const all = new Map();
        Reflect.metadata = (name, value) => (target, key) => void all.set(target, { ...all.get(target), [key + name]: value });
        Reflect.getMetadata = (name, target, key) => all.get(target)?.[key + name] ?? { name: 'none' };`,
    },
    functions: {
      Get: {
        file: 'get.ts',
        triggers: [http('GET', '/')],
        facts: {
          buildReasons: [
            { kind: 'typescript', file: 'get.ts' },
            { kind: 'decorator-metadata', file: 'get.ts' },
          ],
        },
      },
    },
  };
}

describe('code whose decorators read types', () => {
  it('is compiled by tsc, fields keep the meaning that they had', async () => {
    const { told, produced } = await tell(
      decoratedSample('^5.9.0', { module: 'commonjs', target: 'es2019', strict: true, importsNotUsedAsValues: 'remove' }),
    );
    expect(JSON.parse(produced.files['package.json'] ?? '').scripts.build).toBe('tsc -p service/tsconfig.json');
    expect(told.functions['Get']?.answer).toEqual(['String', 'Date', 'set by the base']);
  });

  it.each([
    ["import { a } from './a';", 'tsc -p service/tsconfig.json && tsc-alias -p service/tsconfig.json --resolve-full-paths'],
    ["import { a } from './a.js';", 'tsc -p service/tsconfig.json'],
    ["import a from './a.json';", 'tsc -p service/tsconfig.json'],
  ])('gets the endings that Node wants in ES modules: %s', async (imported, build) => {
    const sample = decoratedSample('^5.9.0', { module: 'esnext', experimentalDecorators: true });
    const { files } = sample;
    const packageJson = JSON.stringify({ ...JSON.parse(files['package.json'] ?? ''), type: 'module' });
    const source = `${imported}\n${files['get.ts']?.replace('reflect-metadata', 'reflect-metadata.js')}`;
    const produced = await produceSample({ ...sample, files: { ...files, 'package.json': packageJson, 'get.ts': source } });
    expect(JSON.parse(produced.files['package.json'] ?? '').scripts.build).toBe(build);
  });

  it('has a compiler of its own beside one that is too old', async () => {
    const { files } = await produceSample(decoratedSample('^3.0.1', { module: 'commonjs' }));
    const { scripts, devDependencies } = JSON.parse(files['package.json'] ?? '');
    expect(scripts.build).toBe('node node_modules/service-typescript/bin/tsc -p service/tsconfig.json');
    expect(files['service/tsconfig.json']).toContain('Check it with: node node_modules/service-typescript/bin/tsc -p service --noEmit');
    expect(devDependencies).toMatchObject({ typescript: '^3.0.1', 'service-typescript': expect.stringMatching(/^npm:typescript@\^5/) });
  });

  it.each([
    [{ module: 'commonjs', target: 'es2019' }, { useDefineForClassFields: false }],
    [{ module: 'NodeNext', target: 'ES2023' }, { useDefineForClassFields: true }],
    [{ module: 'esnext' }, { module: 'nodenext', moduleResolution: 'nodenext' }],
    [{ module: 'commonjs', target: 'esnext', useDefineForClassFields: false }, { useDefineForClassFields: false }],
  ])('from %j', async (options, expected) => {
    const { files } = await produceSample(decoratedSample(undefined, options));
    const { compilerOptions } = parse(files['service/tsconfig.json'] ?? '');
    expect(compilerOptions).toMatchObject({ ...expected, noCheck: true, rootDir: '..', outDir: '../dist', target: 'es2022' });
    if (!('module' in expected)) expect(compilerOptions).not.toHaveProperty('module');
  });
});

describe('the compiler that checks the service', () => {
  it('is the one that the package lists, at its lowest version', () => {
    expect(compilerVersion({ devDependencies: { typescript: '^4.8.4' } })).toBe('4.8.4');
    expect(compilerVersion({ dependencies: { typescript: '~3.9' } })).toBe('3.9.0');
    expect(compilerVersion({ devDependencies: { typescript: 'latest' } })).toMatch(/^5\./);
    expect(compilerVersion({})).toMatch(/^5\./);
  });

  it('is one that knows the types of the service', () => {
    const listing = (typescript: string) => ({ devDependencies: { typescript } });
    expect(checkCommand(listing('^5.1.0'), false)).toBe('npx tsc');
    expect(checkCommand(listing('latest'), false)).toBe('npx tsc');
    expect(checkCommand(listing('^4.8.4'), false)).toBe('npx --package typescript@5 tsc');
    // A bare `npx tsc` would fetch a package of that name.
    expect(checkCommand({}, false)).toBe('npx --package typescript@5 tsc');
    expect(checkCommand(listing('^5.9.0'), true)).toBe('npx tsc');
    expect(checkCommand(listing('^3.0.1'), true)).toBe('node node_modules/service-typescript/bin/tsc');
  });

  it('is told what it understands', () => {
    expect(['3.9.0', '4.6.2', '5.0.4'].map(newestLibrary)).toEqual(['es2020', 'es2022', 'es2023']);
    expect(['4.9.5', '5.0.0'].map(bundlerResolution)).toEqual(['node', 'bundler']);
    expect(['5.5.4', '5.6.0'].map(canEmit)).toEqual([false, true]);
  });

  it('comes from a nested package only when it is new enough for the runtime', async () => {
    const sample = (typescript: string): Sample => ({
      files: {
        'fn/package.json': JSON.stringify({ devDependencies: { typescript, '@tsconfig/node20': '^20.0.0', jest: '1' } }),
        'fn/app.ts': 'export const handler = async () => 1;\n',
      },
      functions: { A: { file: 'fn/app.ts', triggers: [http('GET', '/')] } },
    });
    const developed = async (typescript: string) =>
      JSON.parse((await produceSample(sample(typescript))).files['package.json'] ?? '').devDependencies;
    expect(await developed('^5.4.0')).toMatchObject({ typescript: '^5.4.0', '@tsconfig/node20': '^20.0.0' });
    expect(await developed('^4.8.4')).toMatchObject({ typescript: expect.stringMatching(/^\^5\./) });
    expect(await developed('^4.8.4')).not.toHaveProperty('jest');
  });
});
