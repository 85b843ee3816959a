import { existsSync, readdirSync } from 'node:fs';
import { basename, join, resolve } from 'node:path';
import { run } from '../processes.js';

/** A repository of the corpus. */
export interface Checkout {
  name: string;
  folder: string;
  /** undefined when it is not under git. */
  commit: string | undefined;
}

/** The folder itself when it is a checkout, else the folders in it. */
export async function checkoutsIn(folder: string): Promise<Checkout[]> {
  const absolute = resolve(folder);
  const folders = existsSync(join(absolute, '.git')) ? [absolute] : subfolders(absolute);
  return Promise.all(folders.map(async (each) => ({ name: basename(each), folder: each, commit: await commitOf(each) })));
}

function subfolders(folder: string): string[] {
  return readdirSync(folder, { withFileTypes: true })
    .filter((entry) => entry.isDirectory() && !entry.name.startsWith('.'))
    .map(({ name }) => join(folder, name))
    .sort();
}

async function commitOf(folder: string): Promise<string | undefined> {
  if (!existsSync(join(folder, '.git'))) return undefined;
  const { code, stdout } = await run('git', ['-C', folder, 'rev-parse', 'HEAD']);
  return code === 0 ? stdout.trim() : undefined;
}
