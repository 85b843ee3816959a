import { createHash } from 'node:crypto';
import { basename, isAbsolute, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { UserError } from '../errors.js';
import { withoutCredentials } from '../git.js';

/** One line of the list, understood. */
export interface ListEntry {
  /** Name of its clone in the work folder; the same line always gets the same. */
  id: string;
  /** As it is shown: without credentials. */
  name: string;
  source: { kind: 'url'; url: string } | { kind: 'folder'; folder: string };
  /** Branch to start from; undefined: the default one. */
  from: string | undefined;
}

/** A list longer than this is not read. */
const maximumLength = 10 * 1024 * 1024;

/**
 * Reads a list of repositories, one local folder (relative to `folder`) or git URL a line.
 * @throws UserError with the line, for anything that is neither, and for what would make git run a program.
 */
export function readList(text: string, path: string, folder: string): ListEntry[] {
  if (text.length > maximumLength) throw new UserError('The list is larger than 10 MB', 'Split it.', path);
  const entries = new Map<string, ListEntry>();
  for (const [index, raw] of text
    .replace(/^\uFEFF/, '')
    .split('\n')
    .entries()) {
    const line = raw.trim();
    if (line === '' || line.startsWith('#')) continue;
    const entry = entryOf(line, folder, `${path}:${index + 1}`);
    entries.set(entry.id, entry);
  }
  if (entries.size === 0) throw new UserError('The list is empty', 'Write one local folder or git URL a line.', path);
  return [...entries.values()];
}

function entryOf(line: string, folder: string, place: string): ListEntry {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what is looked for
  if (/[\u0000-\u001f\u007f]/.test(line)) throw refused('it holds control characters', line, place);
  const { address, branch: from } = splitBranch(line);
  if (from !== undefined && !isBranchName(from)) throw refused(`"${from}" is no name of a branch`, line, place);
  const source = sourceOf(address, folder, line, place);
  const key = source.kind === 'url' ? source.url : source.folder;
  const id = `${slug(basename(key.replace(/\/+$/, ''), '.git'))}-${hash(`${key}#${from ?? ''}`)}`;
  return { id, name: withoutCredentials(line), source, from };
}

/** `#` may stand in the name of a folder too: it begins a branch only after the last slash. */
function splitBranch(line: string): { address: string; branch: string | undefined } {
  const match = /^(.*?[^#])#([^#]*)$/.exec(line);
  return match?.[1] === undefined ? { address: line, branch: undefined } : { address: match[1], branch: match[2] };
}

/** Stricter than git: nothing that could be taken for an option or a revision. */
export function isBranchName(name: string): boolean {
  return /^[\w][\w./+-]{0,199}$/.test(name) && !/\.\.|\/\/|\/\.|\.lock$|[./]$/.test(name);
}

/** Transports that end in a network connection or a file, never in a program of somebody's choice (`ext::`). */
const transports = /^(https?|ssh|git|file):\/\//i;

function sourceOf(address: string, folder: string, line: string, place: string): ListEntry['source'] {
  if (address.startsWith('-')) throw refused('it looks like an option', line, place);
  if (/^[a-z][a-z0-9+.-]*::/i.test(address)) throw refused('git would run a program for it', line, place);
  if (transports.test(address)) return urlSource(address, line, place);
  if (/^[a-z][a-z0-9+.-]*:\/\//i.test(address)) throw refused('only http, https, ssh, git and file are followed', line, place);
  if (/^[^/\\:]+@[^/\\:-][^/\\:]*:[^:-]/.test(address)) return { kind: 'url', url: address };
  return { kind: 'folder', folder: isAbsolute(address) ? address : join(folder, address) };
}

function urlSource(address: string, line: string, place: string): ListEntry['source'] {
  let url: URL;
  try {
    url = new URL(address);
  } catch {
    throw refused('it is not a valid URL', line, place);
  }
  if (url.protocol === 'file:') return { kind: 'folder', folder: fileURLToPath(url) };
  if (url.hostname === '' || url.hostname.startsWith('-') || url.username.startsWith('-')) throw refused('it names no host', line, place);
  return { kind: 'url', url: address };
}

function refused(reason: string, line: string, place: string): UserError {
  return new UserError(
    `"${withoutCredentials(line)}" is refused: ${reason}`,
    'Write a local folder or a git URL, optionally with #branch.',
    place,
  );
}

function slug(text: string): string {
  return (
    text
      .toLowerCase()
      .replace(/[^a-z0-9]+/g, '-')
      .replace(/^-+|-+$/g, '')
      .slice(0, 60) || 'repository'
  );
}

function hash(text: string): string {
  return createHash('sha256').update(text).digest('hex').slice(0, 8);
}
