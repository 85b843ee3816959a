import { cp, readFile, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { verify } from '../../src/verify/verify.js';
import { linkDependencies } from '../support/dependencies.js';
import { cleanUp, repositoryRoot, runCli, temporaryFolder } from '../support/fixtures.js';
import { expectDocument } from '../support/schemas.js';

afterAll(cleanUp);

const project = join(repositoryRoot, 'fixtures/verify/projects/weather');

async function copy(): Promise<string> {
  const folder = await temporaryFolder();
  await cp(project, folder, { recursive: true });
  return folder;
}

/** With all that is installed here, so that nothing has to be. */
async function installed(): Promise<string> {
  const folder = await copy();
  await symlink(join(repositoryRoot, 'node_modules'), join(folder, 'node_modules'));
  return folder;
}

test('recorded answers of others reach both sides', async () => {
  const folder = await copy();
  const { functions, unanswered } = await verify({ folder, recordings: join(folder, 'recordings'), install: linkDependencies, runs: 3 });
  expect(functions).toMatchObject([{ verdict: 'equal' }]);
  expect(unanswered).toEqual({ aws: [], http: [] });
});

test.each([
  ['another target', '/now?place=', '/later?place='],
  ['a header less', "{ headers: { 'X-Client': 'weather' } }", '{}'],
  ['another body', 'request.end(body)', "request.end('')"],
])('%s is a difference', async (_name, from, to) => {
  const folder = await copy();
  const alter = async (migrated: string) => {
    const file = join(migrated, 'src/weather.js');
    const text = await readFile(file, 'utf8');
    expect(text).toContain(from);
    await writeFile(file, text.replace(from, to));
  };
  const { functions } = await verify({ folder, alter, recordings: join(folder, 'recordings'), install: linkDependencies, runs: 3 });
  expect(functions).toMatchObject([{ verdict: 'different' }]);
  expect(functions[0]?.findings.flatMap(({ differences }) => differences.map(({ what }) => what))).toContain('calls');
});

test('what has no answer is refused on both sides, and can be written down and filled in', async () => {
  const folder = await installed();
  const file = join(await temporaryFolder(), 'calls.json');
  const first = await runCli(['verify', folder, '--yes', '--json', '--runs', '1', '--unanswered', file]);
  const document = expectDocument<{ unanswered: unknown }>(first.stdout, 'verify');
  expect(document).toMatchObject({ functions: [{ verdict: 'equal' }] });
  const skeleton = JSON.parse(await readFile(file, 'utf8')) as { http: { method: string; url: string; answer: unknown }[] };
  expect(skeleton.http.some(({ method, url }) => method === 'POST' && url === 'https://weather.example.com/warnings')).toBe(true);
  expect(skeleton).toEqual(document.unanswered);
  for (const each of skeleton.http) each.answer = { status: 200, body: { celsius: 1 } };
  await writeFile(file, JSON.stringify(skeleton));
  const second = await runCli(['verify', folder, '--yes', '--json', '--runs', '1', '--recordings', file]);
  const { functions, unanswered } = JSON.parse(second.stdout);
  expect(functions).toMatchObject([{ verdict: 'equal' }]);
  expect(unanswered.http.map(({ url }: { url: string }) => url)).toEqual(['https://weather.example.com/units']);
});

test('a file of answers is never overwritten', async () => {
  const folder = await installed();
  const file = join(folder, 'recordings/weather.json');
  const { code, stderr } = await runCli(['verify', folder, '--yes', '--runs', '1', '--unanswered', file]);
  expect(code).toBe(2);
  expect(stderr).toContain('it exists');
});
