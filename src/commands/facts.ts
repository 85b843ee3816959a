import {
  availabilityFacts,
  availabilityOf,
  fargateSizes,
  instanceFacts,
  limitFacts,
  priceFacts,
  type RegionFact,
  regionFacts,
  runtimeFacts,
} from '../aws/facts.js';
import { UserError } from '../errors.js';
import { nearest } from '../nearest.js';
import { errorEntry, jsonText } from '../reports/json.js';
import { paintOf } from '../reports/paint.js';
import { table } from '../reports/table.js';
import type { Command, CommandInput } from './command.js';
import { regionsOf } from './regions.js';

type Rows = readonly object[];

/** Every list, in the order in which they are told. */
const lists: Readonly<Record<string, (regions: readonly RegionFact[]) => Rows>> = {
  availability: (regions) => (regions.length === 0 ? availabilityFacts() : availabilityIn(regions)),
  regions: (regions) => (regions.length === 0 ? regionFacts() : regions),
  runtimes: runtimeFacts,
  limits: limitFacts,
  'fargate-sizes': fargateSizes,
  instances: instanceFacts,
  prices: (regions) => (regions.length === 0 ? priceFacts() : pricesIn(regions)),
};

/** `migrate-lambda facts [list]`: what is known of AWS, as text or as one JSON document (docs/facts.schema.json). */
export const factsCommand: Command<'facts'> = async (input) => {
  try {
    const regions = regionsOf(input.flags.region ?? []);
    const wanted = input.argument === undefined ? Object.keys(lists) : [listNamed(input.argument)];
    const entries = wanted.map((name) => [name, lists[name]?.(regions) ?? []] as const);
    if (input.flags.json) input.terminal.out(jsonText({ schemaVersion: 1, ...Object.fromEntries(entries) }));
    else input.terminal.out(entries.map(([name, rows]) => section(name, rows, input.terminal)).join('\n'));
    return 0;
  } catch (error) {
    if (input.flags.json && error instanceof UserError) input.terminal.out(jsonText({ schemaVersion: 1, error: errorEntry(error) }));
    throw error;
  }
};

function listNamed(name: string): string {
  if (Object.hasOwn(lists, name)) return name;
  const known = `There are: ${Object.keys(lists).join(', ')}.`;
  const near = nearest(name, Object.keys(lists));
  throw new UserError(`There is no list of facts "${name}"`, near.length > 0 ? `Did you mean ${near.join(' or ')}? ${known}` : known);
}

/** The one row a subject that holds in each of the regions. */
function availabilityIn(regions: readonly RegionFact[]): Rows {
  const subjects = [...new Set(availabilityFacts().map(({ subject }) => subject))];
  return [...new Set(regions.flatMap((region) => subjects.map((subject) => availabilityOf(subject, region))))];
}

function pricesIn(regions: readonly RegionFact[]): Rows {
  const places = new Set(['*', ...regions.flatMap(({ id, partition }) => [id, partition])]);
  return priceFacts().filter(({ where }) => places.has(where));
}

/** Columns of the terminal, the last of which wraps; the id is left out where the other columns say the same. */
function section(name: string, rows: Rows, { colors, columns }: CommandInput<'facts'>['terminal']): string {
  const paint = paintOf(colors);
  const names = [...new Set(rows.flatMap((row) => Object.keys(row)))].filter((each) => each !== 'source' && !repeated(each, rows));
  const heading = [...names, 'source'].map((text) => ({ text, paint: paint.dim }));
  const cells = rows.map((row) =>
    [...names, 'source'].map((column, index) => ({
      text: cell((row as Record<string, unknown>)[column], column),
      paint: index === 0 ? paint.bold : undefined,
    })),
  );
  return `${paint.bold(name)}\n\n${table([heading, ...cells], { columns })}`;
}

/** The id of availability and prices is made of the two columns after it. */
function repeated(column: string, rows: Rows): boolean {
  return column === 'id' && rows.some((row) => 'where' in row);
}

function cell(value: unknown, column: string): string {
  if (Array.isArray(value)) return value.length > 6 && typeof value[0] === 'number' ? span(value) : value.join(', ');
  if (value === null) return unitless.has(column) ? '–' : 'unknown';
  return value === undefined ? '' : String(value);
}

/** Steps of a ladder: its first two and its last. */
function span(values: readonly unknown[]): string {
  return `${values.slice(0, 2).join(', ')} … ${values.at(-1)}`;
}

/** Columns where null is no gap in what is known. */
const unitless = new Set(['currency']);
