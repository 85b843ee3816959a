import { afterAll, describe, expect, it } from 'vitest';
import { layoutSuffixes } from '../../src/producing/layout.js';
import type { Project } from '../../src/project/model.js';
import { cleanSamples, http, produceAgain, produceSample, type Sample, schedule, sqs, write } from './sample.js';

afterAll(cleanSamples);

const handler = 'exports.handler = async () => 1;\n';
const get = { file: 'get.js', triggers: [http('GET', '/')] };

describe('a second run changes nothing', () => {
  const cases: Record<string, Sample> = {
    'plain CommonJS': { files: { 'package.json': '{\n  "name": "shop"\n}\n', 'get.js': handler }, functions: { Get: get } },
    'every kind of service, and a name for a project of the same folder': {
      suffix: 'admin',
      files: { 'package.json': '{}', 'package-lock.json': '{}', 'get.js': handler },
      functions: {
        Get: get,
        Work: { file: 'get.js', triggers: [sqs('q')] },
        Clean: { file: 'get.js', triggers: [schedule('rate(1 day)')] },
      },
    },
    TypeScript: {
      files: {
        'package.json': '{ "scripts": { "build": "tsc" }, "engines": { "node": "18" } }',
        'tsconfig.json': '{\n  // kept\n  "compilerOptions": { "outDir": "out" },\n  "include": ["**/*"]\n}\n',
        'get.ts': 'export const handler = async () => 1;\n',
      },
      functions: { Get: { file: 'get.ts', triggers: [http('GET', '/')] } },
    },
    'a package.json in the folder of the code': {
      files: { 'fn/package.json': '{"dependencies":{"ms":"^2.0.0"}}', 'fn/get.js': handler },
      functions: { Get: { file: 'fn/get.js', triggers: [http('GET', '/')] } },
    },
    'packages that do not agree, and some that Lambda supplied': {
      files: {
        'one/package.json': '{"dependencies":{"ms":"^2.0.0"}}',
        'two/package.json': '{"dependencies":{"ms":"^1.0.0"}}',
        'one/a.js': handler,
        'two/a.js': handler,
      },
      functions: {
        One: { file: 'one/a.js', triggers: [http('GET', '/1')], facts: { packages: { 'aws-sdk': { file: 'one/a.js', line: 1 } } } },
        Two: { file: 'two/a.js', triggers: [http('GET', '/2')] },
      },
    },
    'inline code': {
      files: { 'template.yaml': '' },
      functions: {
        Get: {
          file: null,
          triggers: [http('GET', '/')],
          lambda: { packageType: 'inline', handler: { declared: 'index.handler', codeRoot: null, inlineCode: handler } },
        },
      },
    },
    'files of the user where ours would go': {
      files: {
        Dockerfile: 'FROM scratch\n',
        '.dockerignore': 'mine\n',
        'compose.yaml': 'services: {}\n',
        'service/api.js': '',
        'MIGRATION.md': '# Ours\n',
        'get.js': handler,
      },
      functions: { Get: get },
    },
  };
  it.each(Object.entries(cases))('%s', async (_name, sample) => {
    const first = await produceSample(sample);
    expect(Object.keys(first.files).length).toBeGreaterThan(5);
    write(first.folder, first.files);
    expect((await produceAgain(first.folder, sample)).files).toEqual({});
  });
});

it("nothing of the user's is overwritten: another name is taken and told", async () => {
  const own = {
    Dockerfile: 'FROM scratch\n',
    '.dockerignore': 'mine\n',
    'compose.yaml': 'services: {}\n',
    'service/api.js': '',
    'MIGRATION.md': '# Ours\n',
  };
  const { files, diagnostics } = await produceSample({ files: { ...own, 'get.js': handler }, functions: { Get: get } });
  expect(Object.keys(files).filter((path) => path in own)).toEqual([]);
  expect(Object.keys(files)).toEqual(
    expect.arrayContaining([
      'Dockerfile.service',
      'Dockerfile.service.dockerignore',
      'compose.service.yaml',
      'container-service/web.js',
      'MIGRATION.service.md',
    ]),
  );
  const told = diagnostics.filter(({ code }) => code === 'FILE_EXISTS').map(({ args }) => args['file']);
  expect(told).toEqual(expect.arrayContaining(['Dockerfile', 'compose.yaml', 'service', 'MIGRATION.md']));
  expect(files['compose.service.yaml']).toContain('dockerfile: Dockerfile.service');
  expect(JSON.parse(files['package.json'] ?? '').scripts['start:web']).toBe('node container-service/web.js');
});

describe('the image is built from the lowest folder that holds all it needs', () => {
  const lambda = { lambda: {} };
  const shared: Sample = {
    root: 'services/prices',
    definition: 'services/prices/template.yaml',
    files: {
      'package.json': '{"name":"all","workspaces":["services/*"],"dependencies":{"ms":"^2.0.0"}}',
      'services/prices/package.json': '{"name":"prices"}',
      'services/prices/get.js': handler,
      'shared/round.js': '',
    },
    functions: {
      Get: {
        ...lambda,
        file: 'services/prices/get.js',
        facts: { files: ['services/prices/get.js', 'shared/round.js'] },
        triggers: [http('GET', '/')],
      },
    },
  };

  it('code outside of the project is in the context', async () => {
    const { files } = await produceSample(shared);
    const dockerfile = files['services/prices/Dockerfile'] ?? '';
    expect(dockerfile).toContain('WORKDIR /app/services/prices\n');
    expect(dockerfile).toContain('-f services/prices/Dockerfile .');
    expect(files).toHaveProperty(['services/prices/Dockerfile.dockerignore']);
    expect(files['services/prices/compose.yaml']).toContain('context: ../..\n      dockerfile: services/prices/Dockerfile\n');
  });

  it('the project alone is its own context', async () => {
    const { files } = await produceSample({ files: { 'package.json': '{}', 'get.js': handler }, functions: { Get: get } });
    expect(files['Dockerfile']).toContain('WORKDIR /app\n');
    expect(files).toHaveProperty(['.dockerignore']);
  });
});

it('projects of one folder have a suffix each, after the first', () => {
  const project = (root: string, definition: string) => ({ root, definition, name: 'shop' }) as Project;
  const first = project('a', 'a/template.yaml');
  const second = project('a', 'a/admin.template.yaml');
  const third = project('a', 'a/Admin_Template.yml');
  const elsewhere = project('b', 'b/template.yaml');
  expect([...layoutSuffixes([first, second, third, elsewhere])]).toEqual([
    [second, 'admin-template'],
    [third, 'admin-template-2'],
  ]);
});
