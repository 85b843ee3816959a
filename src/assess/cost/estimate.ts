import type { Price, PriceBook } from '../../aws/prices.js';
import type { CostInput, CostLine, CostVariant, Range, Reading, Scenario } from '../../targets/assessment.js';
import type { WordKey } from '../words/words.js';

/** One line of a bill: `amount` is quantity × price; null when a price is missing. */
interface EstimateLine {
  item: string;
  /** Ids of the rows that the amount comes from. */
  rows: string[];
  unit: string;
  /** Of the likely reading; null when it is not known. */
  unitPrice: number | null;
  quantity: Range;
  amount: Range | null;
  remains: boolean;
}

/** What a way of buying costs a month. */
export interface Estimate {
  variant: WordKey;
  lines: EstimateLine[];
  /** The sum of the lines; null when one of them is not known. */
  total: Range | null;
  /** Items without a price. */
  missing: string[];
  /** Items whose price is that of another region. */
  standIns: string[];
}

/** Everything but the scenario. */
export type CostBasis = Pick<CostInput, 'needs' | 'services'> & { book: PriceBook };

/** The three readings of a variant. */
export function estimate(variant: CostVariant, basis: CostBasis, scenarios: Readonly<Record<Reading, Scenario>>): Estimate {
  const priced = mapReadings((reading) => billOf(variant, basis, scenarios[reading]));
  const keys = [...new Set(Object.values(priced).flatMap((bill) => [...bill.keys()]))];
  const lines = keys.flatMap((key) => lineOf(mapReadings((reading) => priced[reading].get(key))));
  return {
    variant: variant.id,
    lines,
    total: lines.some(({ amount }) => amount === null) ? null : sumOf(lines.flatMap(({ amount }) => amount ?? [])),
    missing: [...new Set(lines.filter(({ amount }) => amount === null).map(({ item }) => item))],
    standIns: [
      ...new Set(Object.values(priced).flatMap((bill) => [...bill.values()].flatMap(({ standIn, line }) => (standIn ? line.item : [])))),
    ],
  };
}

/** What one reading costs in all; null when a price is missing. */
export function amountOf(variant: CostVariant, basis: CostBasis, scenario: Scenario): number | null {
  return [...billOf(variant, basis, scenario).values()].reduce<number | null>(
    (sum, { amount }) => (sum === null || amount === null ? null : sum + amount),
    0,
  );
}

interface Priced {
  line: CostLine;
  prices: Price[];
  standIn: boolean;
  amount: number | null;
}

/** Lines of one reading with their amounts, those of one item added up. */
function billOf(variant: CostVariant, { book, ...rest }: CostBasis, scenario: Scenario): Map<string, Priced> {
  const bill = new Map<string, Priced>();
  for (const line of variant.lines({ ...rest, scenario, amountOf: (item) => book.priceOf(item).amount ?? undefined })) {
    if (line.quantity === 0) continue;
    const key = [line.item, line.times?.mode, line.remains].join(' ');
    const earlier = bill.get(key);
    bill.set(key, pricedOf({ ...line, quantity: line.quantity + (earlier?.line.quantity ?? 0) }, book));
  }
  return bill;
}

function pricedOf(line: CostLine, book: PriceBook): Priced {
  const price = book.priceOf(line.item);
  const share = line.times && book.priceOf(line.times.item);
  const factor = share === undefined ? 1 : share.amount === null ? null : line.times?.mode === 'rest' ? 1 - share.amount : share.amount;
  const prices = share ? [price, share] : [price];
  const amount = price.amount === null || factor === null ? null : line.quantity * price.amount * factor;
  return { line, prices, standIn: prices.some(({ standIn }) => standIn), amount };
}

function lineOf(by: Readonly<Record<Reading, Priced | undefined>>): EstimateLine[] {
  const found = by.likely ?? by.high ?? by.low;
  if (!found) return [];
  const { line, prices } = found;
  const all = Object.values(by).flatMap((each) => each ?? []);
  return [
    {
      item: line.times?.mode === 'share' ? line.times.item : line.item,
      rows: [...new Set(all.flatMap((each) => each.prices.flatMap(({ row }) => row ?? [])))],
      unit: prices[0]?.unit ?? '',
      unitPrice: found.amount === null ? null : found.amount / line.quantity,
      quantity: mapReadings((reading) => by[reading]?.line.quantity ?? 0),
      amount: all.some(({ amount }) => amount === null) ? null : mapReadings((reading) => by[reading]?.amount ?? 0),
      remains: line.remains === true,
    },
  ];
}

function mapReadings<T>(make: (reading: Reading) => T): Record<Reading, T> {
  return { low: make('low'), likely: make('likely'), high: make('high') };
}

function sumOf(ranges: readonly Range[]): Range {
  return mapReadings((reading) => ranges.reduce((sum, range) => sum + range[reading], 0));
}
