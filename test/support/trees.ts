import { execFileSync } from 'node:child_process';
import { lstatSync, readdirSync, readFileSync, readlinkSync } from 'node:fs';
import { chmod, mkdir, writeFile } from 'node:fs/promises';
import { dirname, join, relative } from 'node:path';

/** Writes files below a folder; folders are made as needed. */
export async function writeTree(folder: string, files: Record<string, string | Buffer>, modes: Record<string, number> = {}): Promise<void> {
  for (const [path, content] of Object.entries(files)) {
    await mkdir(dirname(join(folder, path)), { recursive: true });
    await writeFile(join(folder, path), content);
  }
  for (const [path, mode] of Object.entries(modes)) await chmod(join(folder, path), mode);
}

/**
 * Every file, folder and link below a folder as path → mode and bytes, for comparing whole trees. Left out: `.git` and what is
 * named in `without`.
 */
export function snapshot(folder: string, without: readonly string[] = []): Record<string, string> {
  const found: Record<string, string> = {};
  for (const entry of readdirSync(folder, { recursive: true, withFileTypes: true })) {
    const absolute = join(entry.parentPath, entry.name);
    const path = relative(folder, absolute);
    if (['.git', ...without].some((name) => path === name || path.startsWith(`${name}/`))) continue;
    const stats = lstatSync(absolute);
    const mode = (stats.mode & 0o777).toString(8);
    if (stats.isSymbolicLink()) found[path] = `link ${readlinkSync(absolute)}`;
    else if (stats.isDirectory()) found[path] = `folder ${mode}`;
    else found[path] = `file ${mode} ${readFileSync(absolute).toString('latin1')}`;
  }
  return found;
}

/** Runs git in a folder, as somebody. */
export function git(folder: string, ...args: string[]): string {
  const who = ['-c', 'user.name=Test', '-c', 'user.email=test@example.com', '-c', 'init.defaultBranch=main'];
  return execFileSync('git', [...who, ...args], { cwd: folder, encoding: 'utf8', stdio: ['ignore', 'pipe', 'pipe'] });
}

/** Makes a folder a git work tree with everything in it committed. */
export function commitAll(folder: string): void {
  git(folder, 'init', '--quiet');
  git(folder, 'add', '--all', '--force');
  git(folder, 'commit', '--quiet', '--allow-empty', '--message', 'all');
}
