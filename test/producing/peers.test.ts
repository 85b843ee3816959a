import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { servicePeers } from '../../src/producing/versions.js';
import { repositoryRoot } from '../support/fixtures.js';
import { cleanSamples, http, produceSample, sqs } from './sample.js';

afterAll(cleanSamples);

const dependencies = { eslint: '^5.15.3', 'eslint-config-base': '^10.0.1' };
const config = { version: '10.0.1', peerDependencies: { eslint: '^3.9.1' } };
const eslint = { 'node_modules/eslint': { version: '5.16.0' } };

interface Case {
  json?: object;
  packages?: object;
  files?: Record<string, string>;
  triggers?: Parameters<typeof produceSample>[0]['functions'][string]['triggers'];
}

async function installOf({ json = { dependencies }, packages, files = {}, triggers = [http('GET', '/')] }: Case) {
  const lock = packages && { 'package-lock.json': JSON.stringify({ lockfileVersion: 3, packages: { '': json, ...packages } }) };
  const made = await produceSample({
    files: { 'package.json': JSON.stringify(json), 'get.js': 'exports.handler = async () => 1;\n', ...lock, ...files },
    functions: { Get: { file: 'get.js', triggers } },
  });
  const dockerfile = made.files['Dockerfile'] ?? '';
  return {
    install: /^RUN (.* --omit=dev.*)$/m.exec(dockerfile)?.[1],
    relaxed: made.diagnostics.filter(({ code }) => code === 'PEER_DEPENDENCIES_RELAXED').map(({ args }) => args),
    guide: made.files['MIGRATION.md'] ?? '',
  };
}

const legacy = 'npm ci --omit=dev --legacy-peer-deps || npm install --no-audit --no-fund --omit=dev --legacy-peer-deps';
const force = 'npm ci --omit=dev --force || npm install --no-audit --no-fund --omit=dev --force';
const strict = 'npm ci --omit=dev || npm install --no-audit --no-fund --omit=dev';

describe('npm installs peer dependencies in the way the lockfile was made', () => {
  it('without a peer that the lockfile would list: made with --legacy-peer-deps', async () => {
    const lost = { version: '10.0.1', peerDependencies: { eslint: '^3.9.1', 'eslint-plugin-import': '^2.1.0' } };
    const { install, relaxed, guide } = await installOf({ packages: { ...eslint, 'node_modules/eslint-config-base': lost } });
    expect(install).toBe(legacy);
    expect(relaxed).toEqual([
      {
        option: '--legacy-peer-deps',
        because: 'eslint-config-base wants eslint-plugin-import ^2.1.0, which the lockfile does not list',
      },
    ]);
    expect(guide).toContain('\nnpm install --legacy-peer-deps\n');
  });

  it('with a peer of another version: made with --force', async () => {
    const { install, relaxed } = await installOf({ packages: { ...eslint, 'node_modules/eslint-config-base': config } });
    expect(install).toBe(force);
    expect(relaxed).toEqual([{ option: '--force', because: 'eslint-config-base wants eslint ^3.9.1, the lockfile has 5.16.0' }]);
  });

  it.each<[string, Case]>([
    ['peers that agree', { packages: { ...eslint, 'node_modules/eslint-config-base': { peerDependencies: { eslint: '>=3' } } } }],
    [
      'an optional peer that is not there',
      {
        packages: {
          ...eslint,
          'node_modules/eslint-config-base': { peerDependencies: { jiti: '*' }, peerDependenciesMeta: { jiti: { optional: true } } },
        },
      },
    ],
    ['a conflict between packages of packages', { packages: { ...eslint, 'node_modules/other': config } }],
    [
      'a peer inside the folder above',
      {
        packages: {
          ...eslint,
          'node_modules/a': {},
          'node_modules/a/node_modules/b': { peerDependencies: { c: '^1.0.0' } },
          'node_modules/a/node_modules/c': { version: '1.2.0' },
        },
      },
    ],
    ['an override', { json: { dependencies, overrides: { eslint: '$eslint' } }, packages: { 'node_modules/eslint-config-base': config } }],
    [
      'an option in .npmrc',
      { packages: { ...eslint, 'node_modules/eslint-config-base': config }, files: { '.npmrc': 'legacy-peer-deps=true\n' } },
    ],
    ['a lockfile that cannot be read', { files: { 'package-lock.json': '{' } }],
  ])('%s: as npm does', async (_, input) => {
    const { install, relaxed } = await installOf(input);
    expect(install).toBe(strict);
    expect(relaxed).toEqual([]);
  });

  it('a lockfile of npm 6 lists no peers at all', async () => {
    const lock = { lockfileVersion: 1, dependencies: { eslint: { version: '5.16.0' } } };
    expect((await installOf({ files: { 'package-lock.json': JSON.stringify(lock) } })).install).toBe(legacy);
  });

  it('a range that was changed since decides instead of the locked version', async () => {
    const packages = { 'node_modules/eslint': { version: '3.19.0' }, 'node_modules/eslint-config-base': config };
    expect((await installOf({ packages })).relaxed).toEqual([
      { option: '--force', because: 'eslint-config-base wants eslint ^3.9.1, package.json asks for ^5.15.3' },
    ]);
  });

  it('without a lockfile a second install takes conflicts, but only where the project lists packages', async () => {
    const plain = 'npm install --no-audit --no-fund --omit=dev';
    expect((await installOf({})).install).toBe(`${plain} || ${plain} --legacy-peer-deps`);
    expect((await installOf({ json: {} })).install).toBe(plain);
    expect((await installOf({ json: { dependencies: { fastify: '^5.1.0' } } })).install).toBe(plain);
  });
});

describe('packages that the service adds', () => {
  it('want what the project pinned at another version', async () => {
    const json = { dependencies: { '@aws-sdk/client-sqs': '3.400.0' } };
    const { install, relaxed } = await installOf({ json, packages: {}, triggers: [sqs('orders')] });
    expect(install).toBe(force);
    expect(relaxed).toEqual([
      { option: '--force', because: 'sqs-consumer wants @aws-sdk/client-sqs ^3.1018.0, package.json asks for 3.400.0' },
    ]);
  });

  it.each(Object.entries(servicePeers).filter(([name]) => name === 'sqs-consumer'))(
    '%s: the peers are those of the package',
    (name, peers) => {
      const { peerDependencies } = JSON.parse(readFileSync(join(repositoryRoot, 'node_modules', name, 'package.json'), 'utf8')) as {
        peerDependencies: object;
      };
      expect(peerDependencies).toEqual(peers);
    },
  );
});
