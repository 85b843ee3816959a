/** What is said when there is no image to run; the images themselves are in `test/containers`. */
import { afterAll, expect, test } from 'vitest';
import { verify } from '../../src/verify/verify.js';
import { linkDependencies } from '../support/dependencies.js';
import { program } from '../support/engine-on-path.js';
import { cleanUp, copyInput, runCli, temporaryFolder } from '../support/fixtures.js';

const path = process.env['PATH'] ?? '';

afterAll(async () => {
  process.env['PATH'] = path;
  await cleanUp();
});

test('no engine: nothing is run, and it says what was tried', async () => {
  const folder = await copyInput('plain-commonjs');
  const bin = await temporaryFolder();
  await program(bin, 'docker', 'echo "the daemon sleeps" >&2; exit 1');
  await program(bin, 'podman', 'echo "no namespaces" >&2; exit 125');
  const { code, stdout } = await runCli(['verify', folder, '--yes', '--json', '--container'], {
    env: { PATH: `${bin}:${path}` },
  });
  expect(code).toBe(2);
  const { error } = JSON.parse(stdout) as { error: { message: string } };
  expect(error.message).toContain('docker: the daemon sleeps');
  expect(error.message).toContain('podman: no namespaces');
});

test('an image that cannot be built, or runs as root, is the verdict, with the last words of the build', async () => {
  const folder = await copyInput('plain-commonjs');
  const bin = await temporaryFolder();
  process.env['PATH'] = `${bin}:${path}`;
  await program(bin, 'docker', 'if [ "$1" = build ]; then echo "step 7: no space left"; exit 3; fi');
  const failing = await verify({ folder, container: true, install: linkDependencies, runs: 1 });
  expect(failing.functions.every(({ verdict }) => verdict === 'not-comparable')).toBe(true);
  expect(failing.functions[0]?.because).toContain('its image cannot be built: step 7: no space left');
  await program(bin, 'docker', 'if [ "$1" = image ]; then echo "|/app"; fi');
  const root = await verify({ folder, container: true, install: linkDependencies, runs: 1 });
  expect(root.functions[0]).toMatchObject({ verdict: 'not-comparable', because: 'its image runs as root' });
  await program(
    bin,
    'docker',
    'if [ "$1" = image ]; then echo "node|/app"; elif [ "$1" = run ]; then echo "no such runtime" >&2; exit 125; fi',
  );
  const dead = await verify({ folder, container: true, install: linkDependencies, runs: 1 });
  expect(dead.functions[0]).toMatchObject({ verdict: 'not-comparable', because: 'its container does not start: no such runtime' });
});
