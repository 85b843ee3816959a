import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { prepareProject } from '../../src/verify/workspace.js';
import { project } from '../planning/builders.js';
import { cleanUp, temporaryFolder } from '../support/fixtures.js';

afterAll(cleanUp);

test('functions find packages that a workspace keeps beside the project, and those at its root', async () => {
  const folder = await temporaryFolder();
  const write = async (path: string, text: string) => {
    await mkdir(dirname(join(folder, path)), { recursive: true });
    await writeFile(join(folder, path), text);
  };
  await write('migrated/package.json', '{}');
  await write('migrated/packages/api/package.json', '{}');
  await write('migrated/packages/api/node_modules/near/package.json', '{"version":"1"}');
  await write('migrated/node_modules/near/package.json', '{"version":"2"}');
  await write('migrated/node_modules/far/package.json', '{"version":"3"}');
  const workspace = {
    folder,
    original: join(folder, 'var/task'),
    migrated: join(folder, 'migrated'),
    remove: async () => {},
  };
  await mkdir(workspace.original, { recursive: true });
  const install = async () => {};
  const placed = (place: string) => ({ folder: place, suffix: undefined, build: undefined, compose: 'compose.yaml' });
  await prepareProject(workspace, project([]), placed('packages/api'), install);
  const versionIn = async (modules: string, name: string) =>
    (JSON.parse(await readFile(join(folder, modules, name, 'package.json'), 'utf8')) as { version: string }).version;
  expect(await versionIn('var/node_modules', 'near')).toBe('1');
  expect(await versionIn('node_modules', 'far')).toBe('3');
  await prepareProject(workspace, project([]), placed(''), install);
  expect(await versionIn('var/node_modules', 'near')).toBe('2');
  await expect(versionIn('node_modules', 'far')).rejects.toThrow('ENOENT');
});
