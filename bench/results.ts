/** docs/results.md has a section for each measurement, which the command that measures writes anew. */
import { existsSync, readFileSync, writeFileSync } from 'node:fs';

/** Puts a text between the section's two markers; a missing section is added at the end of the file. */
export function replaceSection(file: string, name: string, text: string): void {
  const [begin, end] = [`<!-- ${name}: begin -->`, `<!-- ${name}: end -->`];
  const old = existsSync(file) ? readFileSync(file, 'utf8') : '';
  const section = `${begin}\n${text.trim()}\n${end}`;
  const from = old.indexOf(begin);
  const to = old.indexOf(end);
  const isThere = from !== -1 && to > from;
  writeFileSync(file, isThere ? old.slice(0, from) + section + old.slice(to + end.length) : `${old.trimEnd()}\n\n${section}\n`.trimStart());
}

/** Date of a measurement, as it stands in a heading. */
export function today(): string {
  return new Date().toISOString().slice(0, 10);
}
