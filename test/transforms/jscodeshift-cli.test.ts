/** Each transform used alone, through jscodeshift's own command line on a file of a project. */
import { execFile } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, describe, expect, it } from 'vitest';
import { repositoryRoot } from '../support/fixtures.js';
import { fixturesRoot } from './fixtures.js';

const run = promisify(execFile);
const scratch = mkdtempSync(join(tmpdir(), 'jscodeshift-'));
afterAll(() => rmSync(scratch, { recursive: true }));

async function jscodeshift(id: string, file: string, options: readonly string[] = []): Promise<string> {
  const cli = join(repositoryRoot, 'node_modules/jscodeshift/bin/jscodeshift.js');
  const transform = join(repositoryRoot, `dist/transforms/${id}/index.js`);
  const { stdout } = await run(process.execPath, [cli, '--no-babel', '--run-in-band', '-t', transform, ...options, file]);
  return stdout;
}

/** Lays a fixture as `src/<name>` of a folder of its own. */
function lay(id: string, name: string): string {
  const folder = mkdtempSync(join(scratch, `${id}-`));
  const file = join(folder, 'src', name.replace('.input', ''));
  mkdirSync(dirname(file), { recursive: true });
  cpSync(join(fixturesRoot, id, name), file);
  return file;
}

const fixture = (id: string, name: string) => readFileSync(join(fixturesRoot, id, name), 'utf8');

/** Writes files below a folder. */
function writerIn(root: string): (path: string, text: string) => void {
  return (path, text) => {
    mkdirSync(dirname(join(root, path)), { recursive: true });
    writeFileSync(join(root, path), text);
  };
}

const pairs: [string, string, string[]][] = [
  ['callback-to-promise', 'async.input.js', []],
  ['lazy-start-once', 'block.input.ts', []],
  ['download-once', 'block.input.js', []],
  ['shutdown-hook', 'exits.input.js', []],
  ['logger-per-request', 'pino-child.input.mjs', []],
  ['http-route-native', 'rest-path-member.input.js', ['--front=rest-api', '--path=/items/{id}']],
  ['http-route-native', 'http-typed.input.ts', []],
  ['esm-paths', 'all.input.js', []],
  ['esm-paths', 'require-beside.input.ts', []],
  ['esm-paths', 'unchanged-commonjs.input.js', []],
  ['esm-paths', 'unchanged-declared.input.mjs', []],
  ['esm-paths', 'refuse-exports.input.js', []],
  ['stream-response', 'html.input.js', []],
  ['stream-response', 'refuse-chunk.input.js', []],
  ['sdk-v3', 'document-client.input.js', []],
  ['sdk-v3', 'unchanged.input.mjs', []],
];

describe.each(pairs)('%s: %s', (id, name, options) => {
  it('writes what the fixture shows', { timeout: 30_000 }, async () => {
    const file = lay(id, name);
    const expected = fixture(id, name.replace('.input.', '.output.'));
    const changes = expected !== fixture(id, name);
    expect(await jscodeshift(id, file, options)).toMatch(changes ? /1 ok/ : /1 (?:skipped|unmodified)/);
    expect(readFileSync(file, 'utf8')).toBe(expected);
    expect(await jscodeshift(id, file, options)).toMatch(/1 (?:skipped|unmodified)/);
    expect(readFileSync(file, 'utf8')).toBe(expected);
  });
});

describe('http-route-native', () => {
  it('says why a handler stays', { timeout: 30_000 }, async () => {
    const file = join(scratch, 'stays.js');
    writeFileSync(file, 'exports.handler = async (event) => save(event);\n');
    expect(await jscodeshift('http-route-native', file, ['--front=http-api'])).toContain(`${file}:1 is not rewritten: `);
    expect(await jscodeshift('http-route-native', file)).toContain('name it with --front');
    expect(readFileSync(file, 'utf8')).toBe('exports.handler = async (event) => save(event);\n');
  });

  it('rewrites every handler of a file, and only those', { timeout: 30_000 }, async () => {
    const file = join(scratch, 'several.js');
    const handler = (name: string) => `exports.${name} = async (event) => ({ statusCode: 200, body: event.pathParameters.id });\n`;
    writeFileSync(file, `exports.limit = 10;\n${handler('get')}${handler('drop')}`);
    await jscodeshift('http-route-native', file, ['--front=http-api', '--export=drop']);
    const after = readFileSync(file, 'utf8');
    expect(after).toContain(handler('get'));
    expect(after).toContain('exports.drop = async (request, reply) => reply.code(200).send(request.params.id);');
  });
});

describe('layer-imports', () => {
  it.each(['app.input.js', 'app.test.input.mjs'])(
    'leads %s to the files that the layer is made from',
    { timeout: 30_000 },
    async (name) => {
      const root = mkdtempSync(join(scratch, 'layers-'));
      const write = writerIn(root);
      write('template.yaml', 'Resources: {}\n');
      write('layers/common/nodejs/util.js', 'exports.twice = (n) => 2 * n;\n');
      write('layers/common/nodejs/store/index.js', 'exports.all = [];\n');
      write('layers/common/nodejs/settings.json', '{ "more": 1 }\n');
      const file = join(root, 'functions/a', name.replace('.input', ''));
      write(`functions/a/${name.replace('.input', '')}`, fixture('layer-imports', name));
      const report = await jscodeshift('layer-imports', file);
      expect(report.includes(`${file}:5 keeps /opt/nodejs/gone`)).toBe(name === 'app.input.js');
      expect(readFileSync(file, 'utf8')).toBe(fixture('layer-imports', name.replace('.input', '.output')));
    },
  );
});

describe('import-case', () => {
  it('writes imports as their files are named', { timeout: 30_000 }, async () => {
    const root = mkdtempSync(join(scratch, 'case-'));
    const write = writerIn(root);
    write('package.json', '{}\n');
    write('src/utils/MyError.ts', 'export class MyError extends Error {}\n');
    write('src/utils/Late.js', 'export const late = () => 1;\n');
    write('src/api/orders/index.ts', 'export const table = 1;\n');
    write('src/api/settings.json', '{}\n');
    write('src/api/app.ts', fixture('import-case', 'app.input.ts'));
    await jscodeshift('import-case', join(root, 'src/api/app.ts'));
    expect(readFileSync(join(root, 'src/api/app.ts'), 'utf8')).toBe(fixture('import-case', 'app.output.ts'));
  });
});

describe('esm-paths', () => {
  it('names what has no equal', { timeout: 30_000 }, async () => {
    const file = lay('esm-paths', 'refuse-exports.input.js');
    const report = await jscodeshift('esm-paths', file);
    for (const kept of [':3 keeps exports', ':4 keeps require.main', ':4 keeps module']) expect(report).toContain(file + kept);
    const beside = lay('esm-paths', 'require-beside.input.ts');
    expect(await jscodeshift('esm-paths', beside)).toContain(`${beside}:1 keeps require('./store')`);
  });
});
