import { undo } from '../changes/undo.js';
import { openRepository } from '../project/open-repository.js';
import { counted } from '../reports/terminal.js';
import type { Command } from './command.js';

/** `migrate-lambda undo`. */
export const undoCommand: Command<'undo'> = async ({ argument, flags, terminal }) => {
  const { root } = openRepository(argument ?? '.');
  const { files, interrupted, more } = await undo(root, { force: flags.force });
  const what = interrupted ? 'The interrupted write is undone' : 'The last write is undone';
  terminal.out(`${what}: ${counted(files, 'file')} put back as before.${more ? ' An earlier write can be undone too.' : ''}\n`);
  return 0;
};
