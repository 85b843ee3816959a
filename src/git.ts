import { existsSync } from 'node:fs';
import { devNull } from 'node:os';
import { dirname, join } from 'node:path';
import type { ExecaError } from 'execa';

/** git ended with an error; the message is its own last word on it, without credentials. */
export class GitError extends Error {
  override readonly name = 'GitError';
}

/** Top level of the git work tree that holds an absolute folder, or undefined when there is none. Starts no process. */
export function gitTopLevel(folder: string): string | undefined {
  for (let at = folder; ; at = dirname(at)) {
    if (existsSync(join(at, '.git'))) return at;
    if (dirname(at) === at) return undefined;
  }
}

export interface GitOptions {
  signal?: AbortSignal | undefined;
  /** Standard input. */
  input?: string | undefined;
}

/**
 * Runs the user's git in a folder and gives its output. The folder is untrusted: no hook and no file-system monitor of its
 * configuration runs, only well-known transports are used, and git never asks for anything.
 * @throws GitError with what git said.
 */
export async function git(folder: string, args: readonly string[], { signal, input }: GitOptions = {}): Promise<string> {
  const { execa } = await import('execa');
  const guards = ['core.fsmonitor=false', `core.hooksPath=${devNull}`, 'core.quotePath=false'].flatMap((setting) => ['-c', setting]);
  try {
    const { stdout } = await execa('git', [...guards, ...args], {
      cwd: folder,
      env: environment(),
      extendEnv: false,
      stripFinalNewline: false,
      maxBuffer: 256 * 1024 * 1024,
      ...(input === undefined ? { stdin: 'ignore' } : { input }),
      ...(signal && { cancelSignal: signal }),
    });
    return stdout;
  } catch (error) {
    signal?.throwIfAborted();
    throw new GitError(lastWord(error as ExecaError));
  }
}

/** What git needs of our environment: where it is, who the user is, and how to reach a server; and what keeps it quiet. */
function environment(): Record<string, string> {
  const wanted =
    /^(PATH|HOME|USER|LOGNAME|USERPROFILE|APPDATA|LOCALAPPDATA|PROGRAMDATA|SYSTEMROOT|TMPDIR|TEMP|TMP|LANG|XDG_\w+|SSH_AUTH_SOCK|SSL_CERT_\w+|\w+_proxy|GIT_(AUTHOR|COMMITTER|CONFIG|SSH|SSL|CEILING)\w*)$/i;
  const inherited = Object.entries(process.env).filter(
    (entry): entry is [string, string] => wanted.test(entry[0]) && entry[1] !== undefined,
  );
  return {
    GIT_SSH_COMMAND: 'ssh -oBatchMode=yes',
    ...Object.fromEntries(inherited),
    GIT_TERMINAL_PROMPT: '0',
    GIT_OPTIONAL_LOCKS: '0',
    GIT_LITERAL_PATHSPECS: '1',
    GIT_LFS_SKIP_SMUDGE: '1',
    GIT_ALLOW_PROTOCOL: 'file:git:http:https:ssh',
    LC_ALL: 'C',
  };
}

function lastWord({ stderr, code, shortMessage }: ExecaError): string {
  if (code === 'ENOENT') return 'git is not installed, or the folder is gone';
  const lines = String(stderr ?? '')
    .split(/[\r\n]+/)
    .map((line) => line.trim());
  const told = lines.filter((line) => /^(fatal|error):/.test(line));
  const line = told.at(-1) ?? lines.filter((each) => each !== '').at(-1) ?? shortMessage;
  return withoutCredentials(line.replace(/^(fatal|error): /, ''));
}

/** Takes user and password out of every URL of a text. */
export function withoutCredentials(text: string): string {
  return text.replace(/\b([a-z][a-z0-9+.-]*:\/\/)[^/\s@]+@/gi, '$1');
}

/** Files below a folder that git shows as changed or unknown, relative to the top level; undefined when it is no git work tree. */
export async function uncommittedFiles(folder: string): Promise<string[] | undefined> {
  if (gitTopLevel(folder) === undefined) return undefined;
  const arguments_ = ['status', '--porcelain=v1', '-z', '--untracked-files=normal', '--ignore-submodules=dirty', '--no-renames', '--', '.'];
  const listing = await git(folder, arguments_);
  return listing
    .split('\0')
    .filter((entry) => entry !== '')
    .map((entry) => entry.slice(3));
}
