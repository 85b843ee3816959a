import type { Change } from '../changes/change-set.js';
import { lineCounts } from '../changes/diff.js';
import { visibleLine } from '../reports/paint.js';
import { counted } from '../reports/terminal.js';

/** Asks what to write. @returns the changes to write; none when the user quits. */
export async function askForChanges(changes: readonly Change[]): Promise<readonly Change[]> {
  const { select } = await import('@clack/prompts');
  const answer = await select({
    message: `Write ${counted(changes.length, 'file')}?`,
    options: [
      { value: 'apply', label: 'Apply', hint: 'write all of them' },
      { value: 'pick', label: 'Pick files', hint: 'write some of them' },
      { value: 'quit', label: 'Quit', hint: 'write nothing' },
    ],
  });
  if (answer === 'apply') return changes;
  return answer === 'pick' ? pick(changes) : [];
}

async function pick(changes: readonly Change[]): Promise<readonly Change[]> {
  const { isCancel, multiselect } = await import('@clack/prompts');
  const picked = await multiselect({
    message: 'Which files? The service needs all of them; leave out what you have of your own.',
    options: changes.map((change) => ({ value: change.path, label: visibleLine(change.path), hint: countsText(change) })),
    initialValues: changes.map(({ path }) => path),
    required: false,
  });
  return isCancel(picked) ? [] : changes.filter(({ path }) => picked.includes(path));
}

/** `create, +12`, `modify, +3 -1`. */
export function countsText(change: Change): string {
  const { added, removed } = lineCounts(change);
  const counts = [added > 0 ? `+${added}` : '', removed > 0 ? `-${removed}` : ''].filter((text) => text !== '');
  return [change.kind, counts.join(' ')].filter((text) => text !== '').join(', ');
}
