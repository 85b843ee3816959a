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

/** Line of the old text → its line in the new one. */
export function lineMap(before: string, after: string): (line: number) => number {
  if (before === after) return (line) => line;
  const lines: number[] = [];
  let at = 1;
  for (const { added, removed, count } of diffLines(before, after)) {
    for (let index = 0; index < count; index++) {
      if (!added) lines.push(at);
      if (!removed) at++;
    }
  }
  return (line) => lines[line - 1] ?? line;
}
