import { diffLines } from 'diff';
import type { Diagnostic } from '../diagnostics/diagnostic.js';
import type { Draft } from './draft.js';

/** Findings as they are true for a file once its edit is written: at the lines where their places are then. */
export function inEditedFile(
  { repository, changes }: Pick<Draft, 'repository' | 'changes'>,
  file: string,
  found: readonly Diagnostic[],
): Diagnostic[] {
  const line = lineMap(repository.read(file) ?? '', changes.read(file) ?? '');
  return found.map((each) => (each.file === file && each.line !== undefined ? { ...each, line: line(each.line) } : each));
}

/** Line of the old text → its line in the new one. */
function lineMap(before: string, after: string): (line: number) => number {
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
