import type { Change } from '../changes/change-set.js';
import { patchOf } from '../changes/diff.js';
import { hasSecretValue } from '../planning/secrets.js';
import { type Paint, visible } from './paint.js';

/** The changes as a diff for people: coloured, control characters shown, lines that hold something like a secret left out. */
export function preview(changes: readonly Change[], paint: Paint): string {
  const harmless = changes.map((change) => ({
    ...change,
    path: visible(change.path),
    before: change.before === null ? null : harmlessText(change.before),
    after: change.after === null ? null : harmlessText(change.after),
  }));
  return patchOf(harmless, { colors: { added: paint.green, removed: paint.red, place: paint.cyan, heading: paint.bold } });
}

/** Line ends are not shown: no change of ours touches them. */
function harmlessText(text: string): string {
  const shown = visible(text.replaceAll('\r\n', '\n'));
  if (!hasSecretValue(shown) && shown.length < 4096) return shown;
  return shown
    .split('\n')
    .map((line) => (hasSecretValue(line) ? '(looks like a secret, not shown)' : line))
    .join('\n');
}
