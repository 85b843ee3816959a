import { diffLines } from 'diff';
import type { Diagnostic } from '../diagnostics/diagnostic.js';
import type { Draft } from './draft.js';

/** Findings about the files as they were, at the lines where their places are once the edits are written. */
export function inEditedFiles({ repository, changes }: Pick<Draft, 'repository' | 'changes'>, found: readonly Diagnostic[]): Diagnostic[] {
  const maps = new Map<string, (line: number) => number>();
  return found.map((each) => {
    if (each.file === undefined || each.line === undefined) return each;
    const line = maps.get(each.file) ?? lineMap(repository.read(each.file) ?? '', changes.read(each.file) ?? '');
    maps.set(each.file, line);
    return { ...each, line: line(each.line) };
  });
}

/** Line of the old text → its line in the new one; in a part that was written anew, the line at the same place of that part. */
export function lineMap(before: string, after: string): (line: number) => number {
  if (before === after) return (line) => line;
  const lines: number[] = [];
  let at = 1;
  const parts = diffLines(before, after);
  for (const [index, { added, removed, count }] of parts.entries()) {
    const next = parts[index + 1];
    const anew = removed && next?.added ? next.count : 1;
    for (let line = 0; line < count && !added; line++) lines.push(at + (removed ? Math.min(line, anew - 1) : line));
    if (!removed) at += count;
  }
  return (line) => lines[line - 1] ?? line;
}
