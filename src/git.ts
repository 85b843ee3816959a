import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';
import type { SimpleGit } from 'simple-git';

/** Top level of the git work tree that holds an absolute folder, or undefined when there is none. Starts no process. */
export function gitTopLevel(folder: string): string | undefined {
  for (let at = folder; ; at = dirname(at)) {
    if (existsSync(join(at, '.git'))) return at;
    if (dirname(at) === at) return undefined;
  }
}

/**
 * The user's git in a folder. The folder is untrusted: no hook and no file-system monitor of its configuration runs, and git
 * never asks for anything.
 */
export async function gitIn(folder: string): Promise<SimpleGit> {
  const { simpleGit } = await import('simple-git');
  return simpleGit({
    baseDir: folder,
    config: ['core.fsmonitor=false', 'core.hooksPath=/dev/null', 'core.quotePath=false'],
    unsafe: { allowUnsafeFsMonitor: true, allowUnsafeHooksPath: true },
  }).env({ ...inherited(), GIT_TERMINAL_PROMPT: '0', GIT_OPTIONAL_LOCKS: '0', LC_ALL: 'C' });
}

/** What git needs of our environment: where it is, who the user is, and how to reach a server. */
function inherited(): Record<string, string> {
  const wanted = /^(PATH|HOME|USERPROFILE|APPDATA|SYSTEMROOT|TMPDIR|TEMP|TMP|LANG|XDG_\w+|SSH_AUTH_SOCK|\w+_proxy|\w+_PROXY|GIT_(AUTHOR|COMMITTER)_\w+)$/i;
  return Object.fromEntries(Object.entries(process.env).filter(([name, value]) => wanted.test(name) && value !== undefined)) as Record<string, string>;
}

/** Files below a folder that git shows as changed or unknown, relative to the top level; undefined when it is no git work tree. */
export async function uncommittedFiles(folder: string): Promise<string[] | undefined> {
  if (gitTopLevel(folder) === undefined) return undefined;
  const git = await gitIn(folder);
  const listing = await git.raw(['status', '--porcelain=v1', '-z', '--untracked-files=normal', '--ignore-submodules=dirty', '--no-renames', '--', '.']);
  return listing.split('\0').filter((entry) => entry !== '').map((entry) => entry.slice(3));
}
