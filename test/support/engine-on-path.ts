import { chmod, writeFile } from 'node:fs/promises';
import { delimiter, join } from 'node:path';
import { temporaryFolder } from './fixtures.js';

/**
 * A PATH on which `podman` uses the base images of the shell file that MIGRATE_LAMBDA_CONTAINERS names (see `containers.ts`);
 * the PATH as it is without such a file.
 */
export async function pathWithEngine(): Promise<string> {
  const path = process.env['PATH'] ?? '';
  const shell = process.env['MIGRATE_LAMBDA_CONTAINERS'];
  if (!shell) return path;
  const folder = await temporaryFolder();
  await program(folder, 'docker', 'exit 1');
  await program(
    folder,
    'podman',
    `export PATH='${path}'
. '${shell}'
podman() { exec "$(type -P podman)" "$@"; }
if [ "$1" = build ]; then shift; ct_build "$@"; else ct_podman "$@"; fi`,
  );
  return folder + delimiter + path;
}

/** Writes a shell script that can be called by its name when the folder is on the PATH. */
export async function program(folder: string, name: string, script: string): Promise<void> {
  await writeFile(join(folder, name), `#!/bin/bash\n${script}\n`);
  await chmod(join(folder, name), 0o755);
}
