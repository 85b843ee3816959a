import { catalog } from '../diagnostics/catalog.js';
import { UserError } from '../errors.js';
import { nearest } from '../nearest.js';
import { paintOf } from '../reports/paint.js';
import { wrap } from '../reports/table.js';
import type { Command } from './command.js';

/** `migrate-lambda explain CODE`: what a diagnostic means. The case of the code does not matter. */
export const explainCommand: Command<'explain'> = async ({ argument = '', terminal }) => {
  const code = argument.trim().toUpperCase().replaceAll('-', '_');
  const entry = Object.hasOwn(catalog, code) ? catalog[code] : undefined;
  if (!entry) {
    const near = nearest(code, Object.keys(catalog));
    const list = 'See "migrate-lambda list diagnostics".';
    throw new UserError(`There is no diagnostic ${code}`, near.length > 0 ? `Did you mean ${near.join(' or ')}? ${list}` : list);
  }
  const paint = paintOf(terminal.colors);
  const room = Math.min(terminal.columns ?? 100, 100);
  const paragraphs = [entry.message, entry.detail, entry.advice].map((text) => wrap(text, room).join('\n'));
  terminal.out(`${paint.bold(code)} (${entry.severity})\n\n${paragraphs.join('\n\n')}\n`);
  return 0;
};
