import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, describe, expect, it } from 'vitest';
import { linkDependencies } from '../support/dependencies.js';
import {
  cleanUp,
  copyInput,
  fixtureNames,
  fixtureOptions,
  projectFixtures,
  readTree,
  repositoryRoot,
  runCli,
} from '../support/fixtures.js';
import { expectAnswer, fixtureRequests, send } from '../support/requests.js';
import { startService } from '../support/service.js';

const run = promisify(execFile);
const names = (await fixtureNames()).filter((name) => existsSync(join(projectFixtures, name, 'requests.json')));

/** Folder of the fixture's project inside the copied input. */
async function projectRoot(folder: string): Promise<string> {
  const { stdout } = await runCli([folder, '--json']);
  const report = JSON.parse(stdout) as { projects: { root: string }[] };
  return join(folder, report.projects[0]?.root ?? '');
}

async function build(folder: string): Promise<void> {
  const { scripts } = JSON.parse(await readFile(join(folder, 'package.json'), 'utf8')) as { scripts: Record<string, string> };
  if (!scripts['build']) return;
  await run('npm', ['run', 'build'], {
    cwd: folder,
    env: { ...process.env, PATH: `${join(repositoryRoot, 'node_modules/.bin')}:${process.env['PATH']}` },
  });
}

afterAll(cleanUp);

describe.each(names)('%s', (name) => {
  it('answers as the function answered', async () => {
    const folder = await copyInput(name);
    const root = await projectRoot(folder);
    const { code, stderr } = await runCli([folder, '--write', ...(await fixtureOptions(name)), '--infra', 'none']);
    expect([0, 1], stderr).toContain(code);
    await linkDependencies(folder);
    await build(root);
    const service = await startService(root, 'web');
    try {
      for (const request of await fixtureRequests(name)) {
        await expect(
          send(service.url, request).then((answer) => expectAnswer(answer, request.expect)),
          request.name,
        ).resolves.toBeUndefined();
      }
    } finally {
      expect(await service.stop()).toBe(0);
    }
  });
});

it('has fixtures to walk', () => expect(names.length).toBeGreaterThan(8));

it('leaves the original handlers where they were', async () => {
  const folder = await copyInput('sam-rest');
  const before = await readTree(folder);
  await runCli([folder, '--write', '--infra', 'none']);
  const after = await readTree(folder);
  expect(Object.keys(after)).toEqual(expect.arrayContaining(Object.keys(before)));
  expect(after['template.yaml']).toBe(before['template.yaml']);
});
