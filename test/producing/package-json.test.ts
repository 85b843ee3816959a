import { afterAll, describe, expect, it } from 'vitest';
import { editPackageJson, newPackageJson } from '../../src/producing/package-json.js';
import { cleanSamples, http, produceAgain, produceSample, type Sample, schedule, sqs, write } from './sample.js';

afterAll(cleanSamples);

const nothing = { dependencies: {}, devDependencies: {}, move: [], scripts: {}, nodeMajor: 22 };

describe('editing keeps what is there', () => {
  it('a file that has all is the same file', () => {
    const text = '{"dependencies":{"fastify":"^4.0.0"},\n\n  "engines": {"node":">=22"} }';
    expect(editPackageJson(text, { ...nothing, dependencies: { fastify: '^5.0.0' } })).toBe(text);
  });

  it('line ends, tabs, order of unsorted sections, and the end of the file', () => {
    const text = '{\r\n\t"name": "a",\r\n\t"dependencies": {\r\n\t\t"z": "1",\r\n\t\t"b": "2"\r\n\t}\r\n}';
    expect(editPackageJson(text, { ...nothing, dependencies: { c: '3' }, nodeMajor: 24 })).toBe(
      '{\r\n\t"name": "a",\r\n\t"engines": {\r\n\t\t"node": ">=24"\r\n\t},\r\n\t"dependencies": {\r\n\t\t"z": "1",\r\n\t\t"b": "2",\r\n\t\t"c": "3"\r\n\t}\r\n}',
    );
  });

  it('a sorted section stays sorted', () => {
    const text = '{\n    "dependencies": {\n        "a": "1",\n        "z": "1"\n    }\n}\n';
    expect(editPackageJson(text, { ...nothing, dependencies: { m: '1' } })).toContain('"a": "1",\n        "m": "1",\n        "z": "1"');
  });

  it('a package moves with the range it has, and an emptied section goes', () => {
    const text = '{\n  "devDependencies": {\n    "@aws-sdk/client-s3": "3.1.0"\n  }\n}\n';
    const edited = editPackageJson(text, { ...nothing, move: ['@aws-sdk/client-s3'] });
    expect(JSON.parse(edited)).toEqual({ dependencies: { '@aws-sdk/client-s3': '3.1.0' }, engines: { node: '>=22' } });
  });

  it.each([
    ['>=18', '>=18'],
    ['>=20 <23', '>=20 <23'],
    ['22.x', '22.x'],
    ['lts/*', 'lts/*'],
    ['18.x', '18.x || >=22'],
    ['>=14 <19', '>=14 <19 || >=22'],
  ])('engines %s become %s', (before, after) => {
    expect(JSON.parse(editPackageJson(JSON.stringify({ engines: { npm: '>=9', node: before } }), nothing)).engines).toEqual({
      npm: '>=9',
      node: after,
    });
  });
});

it('a new file is private and says what .js files are', () => {
  expect(JSON.parse(newPackageJson('shop', 'module'))).toEqual({ name: 'shop', version: '1.0.0', private: true, type: 'module' });
});

describe('scripts', () => {
  const handler = 'exports.handler = async () => 1;\n';
  const all: Sample['functions'] = {
    Get: { file: 'get.js', triggers: [http('GET', '/')] },
    Work: { file: 'get.js', triggers: [sqs('orders')] },
    Clean: { file: 'get.js', triggers: [schedule('rate(1 hour)')] },
  };
  const scriptsOf = async (
    manifest: object,
    functions: Sample['functions'],
    extra: Record<string, string> = {},
    more: Partial<Sample> = {},
  ) => {
    const files = {
      'package.json': JSON.stringify(manifest, null, 2),
      'get.js': handler,
      'get.ts': 'export const handler = async () => 1;\n',
      ...extra,
    };
    const { files: produced } = await produceSample({ files, functions, ...more });
    return JSON.parse(produced['package.json'] ?? '{}').scripts as Record<string, string>;
  };
  const typed: Sample['functions'] = { Get: { file: 'get.ts', triggers: [http('GET', '/')] } };

  it('one a service, and start for the web one', async () => {
    expect(await scriptsOf({}, all)).toEqual({
      'start:web': 'node service/web.js',
      'start:worker': 'node service/worker.js',
      'start:job': 'node service/job.js',
      start: 'npm run start:web',
    });
  });

  it('start for the only one', async () => {
    const { Work } = all;
    expect(await scriptsOf({}, { Work: Work as never })).toMatchObject({ start: 'npm run start:worker' });
  });

  it('a start script of the project stays', async () => {
    expect(await scriptsOf({ scripts: { start: 'sls offline' } }, all)).toMatchObject({
      start: 'sls offline',
      'start:web': 'node service/web.js',
    });
  });

  it('with the manager of the project', async () => {
    expect(await scriptsOf({}, all, { 'pnpm-lock.yaml': 'lockfileVersion: "9.0"\n' })).toMatchObject({ start: 'pnpm run start:web' });
  });

  it('build only where there is something to build', async () => {
    expect(await scriptsOf({}, all)).not.toHaveProperty('build');
    const scripts = await scriptsOf({}, typed);
    expect(scripts['build']).toMatch(/^esbuild service\/web\.ts --bundle /);
    expect(scripts['start:web']).toBe('node --enable-source-maps dist/service/web.cjs');
  });

  it('a build of the project stays, and ours is added', async () => {
    const scripts = await scriptsOf({ scripts: { build: 'tsc' } }, typed);
    expect(scripts['build']).toBe('tsc && npm run build:service');
    expect(scripts['build:service']).toMatch(/^esbuild /);
  });

  it.each([
    ['tsc', 'build:service'],
    ['rimraf dist && npx tsc -p tsconfig.build.json', 'build:service'],
    ['sam build', 'build:service'],
    ['tsc -b', 'build'],
    ['prisma generate && tsc', 'build'],
    ['npm run codegen', 'build'],
  ])('an image runs, of a build "%s", %s', async (build, script) => {
    const { files, folder } = await produceSample({
      files: { 'package.json': JSON.stringify({ scripts: { build } }), 'get.ts': 'export const handler = async () => 1;\n' },
      functions: typed,
    });
    expect(files['Dockerfile']).toContain(`RUN npm run ${script}\n`);
    write(folder, files);
    expect((await produceAgain(folder, { files: {}, functions: typed })).files).toEqual({});
  });

  it("a build with Lambda's tools does not keep the service from being built", async () => {
    expect((await scriptsOf({ scripts: { build: 'sam build' } }, typed))['build']).toBe('npm run build:service && sam build');
    expect((await scriptsOf({ scripts: { build: 'rimraf dist && sam build' } }, typed))['build']).toBe(
      'rimraf dist && sam build && npm run build:service',
    );
  });

  it('projects of one folder tell theirs apart', async () => {
    expect(await scriptsOf({ scripts: { 'start:web': 'node service/web.js' } }, all, {}, { suffix: 'admin' })).toMatchObject({
      'start:web': 'node service/web.js',
      'start:web:admin': 'node service-admin/web.js',
    });
  });
});

describe('dependencies', () => {
  const handler = 'exports.handler = async () => 1;\n';
  const fnPackage = (dependencies: object, more: object = {}) => JSON.stringify({ name: 'fn', dependencies, ...more });

  it('are those of the services that there are', async () => {
    const { files } = await produceSample({
      files: { 'package.json': '{}', 'a.js': handler },
      functions: { A: { file: 'a.js', triggers: [sqs('q')] } },
    });
    expect(Object.keys(JSON.parse(files['package.json'] ?? '').dependencies)).toEqual(['@aws-sdk/client-sqs', 'sqs-consumer']);
  });

  it('what the Lambda runtime supplied is listed, what was for development moves', async () => {
    const { files, diagnostics } = await produceSample({
      files: { 'package.json': '{"devDependencies":{"@aws-sdk/client-s3":"^3.500.0"}}', 'a.js': handler },
      functions: {
        A: {
          file: 'a.js',
          triggers: [http('GET', '/')],
          facts: { packages: { '@aws-sdk/client-s3': { file: 'a.js', line: 1 }, '@aws-sdk/client-sns': { file: 'a.js', line: 2 } } },
        },
      },
    });
    const { dependencies, devDependencies } = JSON.parse(files['package.json'] ?? '');
    expect(dependencies).toMatchObject({ '@aws-sdk/client-s3': '^3.500.0', '@aws-sdk/client-sns': '^3.500.0' });
    expect(devDependencies).toBeUndefined();
    expect(diagnostics.map(({ code }) => code)).toEqual(expect.arrayContaining(['SDK_DEPENDENCY_MOVED', 'SDK_DEPENDENCY_ADDED']));
  });

  it('of nested packages come together in a package.json of the project, at the locked version', async () => {
    const { files, diagnostics } = await produceSample({
      files: {
        'one/package.json': fnPackage({ uuid: '^9.0.0', ms: '^2.0.0', local: 'file:../lib' }),
        'one/package-lock.json': JSON.stringify({ lockfileVersion: 3, packages: { '': {}, 'node_modules/uuid': { version: '9.0.1' } } }),
        'one/app.js': handler,
        'two/package.json': fnPackage({ ms: '^1.0.0' }),
        'two/app.js': handler,
        'unused/package.json': fnPackage({ left: '1' }),
      },
      functions: { One: { file: 'one/app.js', triggers: [http('GET', '/1')] }, Two: { file: 'two/app.js', triggers: [http('GET', '/2')] } },
    });
    const { dependencies, name } = JSON.parse(files['package.json'] ?? '');
    expect(name).toBe('shop');
    expect(dependencies).toEqual({ fastify: expect.any(String), local: 'file:./lib', ms: '^2.0.0', uuid: '9.0.1' });
    expect(diagnostics).toContainEqual(
      expect.objectContaining({ code: 'DEPENDENCY_CONFLICT', args: expect.objectContaining({ package: 'ms', second: '^1.0.0' }) }),
    );
  });

  it('a package.json that is no JSON is not touched', async () => {
    const { files, diagnostics } = await produceSample({
      files: { 'package.json': '{ "name": "a", }', 'a.js': handler },
      functions: { A: { file: 'a.js', triggers: [http('GET', '/')] } },
    });
    expect(files).not.toHaveProperty('package.json');
    expect(diagnostics.map(({ code }) => code)).toContain('PACKAGE_JSON_NOT_EDITED');
  });
});

it('yarn 1 refuses an install under another Node.js, so none is asked for where none was', async () => {
  const { files } = await produceSample({
    files: { 'package.json': '{}', 'yarn.lock': '# yarn lockfile v1\n', 'a.js': 'exports.handler = async () => 1;\n' },
    functions: { A: { file: 'a.js', triggers: [http('GET', '/')] } },
  });
  expect(JSON.parse(files['package.json'] ?? '')).not.toHaveProperty('engines');
});
