import { afterAll, describe, expect, it } from 'vitest';
import { cleanSamples, http, produceSample } from './sample.js';

afterAll(cleanSamples);

const manifest = { name: 'shop', scripts: {}, dependencies: { fastify: '^5.1.0' }, engines: { node: '>=22' } };

async function dockerfileWith(lock: Record<string, string>, json: object = manifest) {
  const { files, diagnostics } = await produceSample({
    files: { 'package.json': JSON.stringify(json), 'get.js': 'exports.handler = async () => 1;\n', ...lock },
    functions: { Get: { file: 'get.js', triggers: [http('GET', '/')] } },
  });
  const install =
    (files['Dockerfile'] ?? '').split('\n').find((line) => /^RUN .*(?:\bci\b|install|focus)/.test(line) && !/--global/.test(line)) ?? '';
  return {
    install: install.replace('RUN ', ''),
    dockerfile: files['Dockerfile'] ?? '',
    codes: diagnostics.map(({ code }) => code),
    diagnostics,
  };
}

const npm = (dependencies: object) => JSON.stringify({ lockfileVersion: 3, packages: { '': { dependencies } } });
const pnpm = (range: string) =>
  `lockfileVersion: '9.0'\nimporters:\n  .:\n    dependencies:\n      fastify:\n        specifier: ${range}\n        version: 5.1.0\n`;
const yarn = (range: string) => `# yarn lockfile v1\n\n\nfastify@${range}:\n  version "5.1.0"\n`;
const berry = (range: string) => `__metadata:\n  version: 8\n\n"fastify@npm:${range}":\n  version: 5.1.0\n`;
const bun = (range: string) =>
  `{ "lockfileVersion": 1, "workspaces": { "": { "name": "shop", "dependencies": { "fastify": "${range}", }, }, }, }\n`;

describe('a lockfile that lists what package.json asks for is installed from alone', () => {
  it.each([
    ['package-lock.json', npm({ fastify: '^5.1.0' }), 'npm ci --omit=dev'],
    ['npm-shrinkwrap.json', npm({ fastify: '^5.1.0' }), 'npm ci --omit=dev'],
    ['pnpm-lock.yaml', pnpm('^5.1.0'), 'pnpm install --frozen-lockfile --prod'],
    ['yarn.lock', yarn('^5.1.0'), 'yarn install --non-interactive --frozen-lockfile --production'],
    ['yarn.lock', berry('^5.1.0'), 'yarn install --immutable --mode=update-lockfile && yarn workspaces focus --production'],
    ['bun.lock', bun('^5.1.0'), 'bun install --frozen-lockfile --production'],
  ])('%s', async (name, text, expected) => {
    const { install, codes } = await dockerfileWith({ [name]: text });
    expect(install).toBe(expected);
    expect(codes).not.toContain('LOCKFILE_STALE');
  });
});

describe('one that does not is tried first, and a person is told what to run', () => {
  it.each([
    ['package-lock.json', npm({}), 'npm ci --omit=dev || npm install --no-audit --no-fund --omit=dev', 'npm install'],
    ['pnpm-lock.yaml', pnpm('^4.0.0'), 'pnpm install --frozen-lockfile --prod || pnpm install --no-frozen-lockfile --prod', 'pnpm install'],
    [
      'yarn.lock',
      yarn('^4.0.0'),
      'yarn install --non-interactive --frozen-lockfile --production || yarn install --non-interactive --production',
      'yarn install',
    ],
    ['bun.lock', bun('^4.0.0'), 'bun install --frozen-lockfile --production || bun install --production', 'bun install'],
  ])('%s', async (name, text, expected, command) => {
    const { install, diagnostics } = await dockerfileWith({ [name]: text });
    expect(install).toBe(expected);
    expect(diagnostics).toContainEqual(
      expect.objectContaining({ code: 'LOCKFILE_STALE', file: name, args: { file: name, command, folder: '.' } }),
    );
  });

  it('yarn before 4 without its plugin installs all', async () => {
    const { install } = await dockerfileWith({ 'yarn.lock': berry('^5.1.0') }, { ...manifest, packageManager: 'yarn@3.6.0' });
    expect(install).toBe('yarn install --immutable');
  });
});

it('without a lockfile it is said once', async () => {
  const { install, codes } = await dockerfileWith({});
  expect(install).toBe('npm install --no-audit --no-fund --omit=dev');
  expect(codes.filter((code) => code.startsWith('LOCKFILE'))).toEqual(['LOCKFILE_MISSING']);
});
