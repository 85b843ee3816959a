/** Who calls a handler besides the Lambda runtime: tests and other modules that import its file. */
import { posix } from 'node:path';
import { isOurs } from '../src/producing/layout.js';
import type { Repository } from '../src/project/repository.js';

const sourceFile = /\.[cm]?[jt]sx?$/;

/**
 * First file that imports `file` and names the handler in a call; its signature must stay then. Textual, and on the careful side:
 * a test that passes a callback would wait for ever after the conversion. `entries` are modules that only export the handler on;
 * what we generated ourselves calls it either way.
 */
export function callersOf(
  repository: Repository,
  file: string,
  name: string | null,
  entries: ReadonlySet<string> = new Set(),
): { file: string; line: number } | undefined {
  return allCallersOf(repository, file, name, entries)[0];
}

/** As {@link callersOf}, but every such file. */
export function allCallersOf(
  repository: Repository,
  file: string,
  name: string | null,
  entries: ReadonlySet<string> = new Set(),
): { file: string; line: number }[] {
  const found: { file: string; line: number }[] = [];
  const stem = posix.basename(file).replace(sourceFile, '');
  for (const other of repository.files()) {
    if (other === file || entries.has(other) || !sourceFile.test(other) || other.endsWith('.d.ts')) continue;
    const text = repository.read(other);
    if (!text?.includes(stem === 'index' ? '.' : stem) || isOurs(text)) continue;
    const line = importLine(repository, text, other, file);
    if (line !== null && callsHandler(text, name)) found.push({ file: other, line });
  }
  return found;
}

function importLine(repository: Repository, text: string, from: string, target: string): number | null {
  for (const match of text.matchAll(/(?:require|import|from)\s*\(?\s*['"](\.[^'"\n]*)['"]/g)) {
    const path = repository.resolve(posix.dirname(from) === '.' ? '' : posix.dirname(from), match[1] as string);
    if (path !== undefined && reaches(path, target)) return text.slice(0, match.index).split('\n').length;
  }
  return null;
}

/** `./app`, `./app.js` (also for app.ts) and `.` (for index) reach a file. */
function reaches(path: string, target: string): boolean {
  const stem = (each: string) => each.replace(sourceFile, '');
  return (
    path === target || stem(path) === stem(target) || path === stem(target) || (path === '' ? 'index' : `${path}/index`) === stem(target)
  );
}

function callsHandler(text: string, name: string | null): boolean {
  if (name === null || name === 'default') return true;
  return new RegExp(`\\b${name.replace(/[^\w]/g, '\\$&')}\\b`).test(text);
}
