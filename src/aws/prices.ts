import { readFileSync, statSync } from 'node:fs';
import { UserError } from '../errors.js';
import { lazySchema } from '../lazy-schema.js';
import { type PriceFact, priceFacts, type RegionFact } from './facts.js';

/** A price that was looked for. */
export interface Price {
  item: string;
  /** Id of the row it comes from; null when no row is about it. */
  row: string | null;
  /** Null: not known. */
  amount: number | null;
  unit: string;
  /** The row is one of another region, taken because this region has none. */
  standIn: boolean;
}

/** Prices of one region. */
export interface PriceBook {
  region: RegionFact;
  priceOf(item: string): Price;
}

/** Where prices of the partition `aws` are taken from when a region has none of its own. */
const reference = 'us-east-1';

/**
 * Prices of a region: the given ones first, then the row of the region, of its partition, of everywhere. Regions that are paid in USD
 * fall back to us-east-1, marked as such; others have no fallback, since currencies are never converted.
 */
export function priceBook(region: RegionFact, given: readonly PriceFact[] = []): PriceBook {
  const places = [region.id, region.partition, '*'];
  const standIns = region.partition === 'aws' ? [reference] : [];
  return {
    region,
    priceOf: (item) => {
      const row = rowOf(given, item, places) ?? rowOf(priceFacts(), item, places);
      if (row) return { item, row: row.id, amount: row.amount, unit: row.unit, standIn: false };
      const other = rowOf(priceFacts(), item, standIns);
      if (other) return { item, row: other.id, amount: other.amount, unit: other.unit, standIn: true };
      return { item, row: null, amount: null, unit: unitOf(item), standIn: false };
    },
  };
}

function rowOf(rows: readonly PriceFact[], item: string, places: readonly string[]): PriceFact | undefined {
  return places.flatMap((where) => rows.find((each) => each.item === item && each.where === where) ?? [])[0];
}

/** @throws Error for an item that no region has: a programming error, caught by the tests. */
function unitOf(item: string): string {
  const row = priceFacts().find((each) => each.item === item);
  if (!row) throw new Error(`there is no price item ${item}`);
  return row.unit;
}

const schemaOf = lazySchema((zod) =>
  zod.object({
    prices: zod.array(
      zod.object({
        item: zod.string(),
        where: zod.string(),
        amount: zod.number().nonnegative(),
        currency: zod.string().optional(),
        source: zod.string().optional(),
        date: zod.string().optional(),
      }),
    ),
  }),
);

/** Larger than any list of prices. */
const maximumSize = 1024 * 1024;

/**
 * Reads a file of `--prices`: `{ "prices": [{ "item", "where", "amount", "currency"?, "source"?, "date"? }] }`.
 * @throws UserError when it cannot be read, or names an item or a currency that does not fit.
 */
export function readPrices(path: string, regions: readonly RegionFact[]): PriceFact[] {
  const parsed = schemaOf().safeParse(documentOf(path));
  if (!parsed.success) {
    const [issue] = parsed.error.issues;
    throw new UserError(`The price file is not understood: ${issue?.path.join('.')}: ${issue?.message}`, advice, path);
  }
  return parsed.data.prices.map(({ item, where, amount, currency, source, date }, index) => {
    const known = priceFacts().find((each) => each.item === item);
    const place = `${path}: prices[${index}]`;
    if (!known) throw new UserError(`There is no price item "${item}"`, 'See "migrate-lambda facts prices" for the items.', place);
    const wanted = known.currency === null ? null : currencyOf(where, regions);
    if (currency !== undefined && wanted !== null && currency !== wanted) {
      throw new UserError(`${where} is paid in ${wanted}, not in ${currency}`, 'Give prices in the currency of the region.', place);
    }
    const told = { source: source ?? path, date: date ?? 'as given' };
    return { id: `${item}@${where} (${path})`, item, where, currency: wanted, amount, unit: known.unit, sure: 'copied', ...told };
  });
}

const advice = 'Write { "prices": [{ "item": "fargate-vcpu-x86", "where": "cn-northwest-1", "amount": 0.3 }] }; see docs/assess.md.';

function documentOf(path: string): unknown {
  try {
    if (statSync(path).size <= maximumSize) return JSON.parse(readFileSync(path, 'utf8'));
  } catch (error) {
    const problem = error instanceof SyntaxError ? 'is no JSON' : 'cannot be read';
    throw new UserError(`The price file ${problem}`, advice, path);
  }
  throw new UserError('The price file is far too large', advice, path);
}

/** Null where both currencies would do (`*`). */
function currencyOf(where: string, regions: readonly RegionFact[]): string | null {
  return regions.find(({ id, partition }) => id === where || partition === where)?.currency ?? null;
}
