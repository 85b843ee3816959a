import { UserError } from '../errors.js';
import { nearest } from '../nearest.js';
import { jsonText } from '../reports/json.js';
import { paintOf } from '../reports/paint.js';
import { table } from '../reports/table.js';
import type { Command } from './command.js';

/** One thing of a list: its name and what is to be known of it, in the order of the columns. */
type Item = Readonly<Record<string, string | boolean>>;

/** Every list, loaded when asked for. */
const lists: Readonly<Record<string, () => Promise<Item[]>>> = {
  transforms: async () => {
    const { transforms } = await import('../../transforms/index.js');
    return transforms.map(({ meta }) => ({ id: meta.id, description: meta.description, trigger: meta.trigger }));
  },
  targets: async () => {
    const { targets } = await import('../targets/index.js');
    return targets.map(({ id, title, available, availability }) => ({ id, title, available, availability }));
  },
  triggers: async () => {
    const { triggerKinds } = await import('../triggers/index.js');
    return triggerKinds.map(({ type, title, workload, reason = '' }) => ({ type, title, workload, reason }));
  },
  diagnostics: async () => {
    const { catalog } = await import('../diagnostics/catalog.js');
    return Object.entries(catalog)
      .map(([code, { severity, message }]) => ({ code, severity, message }))
      .sort((a, b) => (a.code < b.code ? -1 : 1));
  },
};

/** `migrate-lambda list <what>`. */
export const listCommand: Command<'list'> = async ({ argument = '', flags, terminal }) => {
  const load = Object.hasOwn(lists, argument) ? lists[argument] : undefined;
  if (!load) {
    const near = nearest(argument, Object.keys(lists));
    const known = `There are: ${Object.keys(lists).join(', ')}.`;
    throw new UserError(`There is no list "${argument}"`, near.length > 0 ? `Did you mean ${near.join(' or ')}? ${known}` : known);
  }
  const items = await load();
  terminal.out(flags.json ? jsonText(items) : tableOf(items, terminal.columns, terminal.colors));
  return 0;
};

function tableOf(items: readonly Item[], columns: number | undefined, colors: boolean): string {
  const paint = paintOf(colors);
  const cells = (item: Item) => Object.values(item).map((value) => (typeof value === 'boolean' ? (value ? 'yes' : 'no') : value));
  const heading = Object.keys(items[0] ?? {}).map((text) => ({ text, paint: paint.dim }));
  const rows = items.map((item) => cells(item).map((text, index) => ({ text, paint: index === 0 ? paint.bold : undefined })));
  return table([heading, ...rows], { columns });
}
