/** Prices of the AWS Price List API, as rows of `src/aws/data/prices.json`. */
import type { PricingClient } from '@aws-sdk/client-pricing';
import type { PriceFact, RegionFact } from '../../src/aws/facts.js';
import { objectOf, type PlainObject } from '../../src/project/data.js';
import { type PriceQuery, priceQueries } from './price-queries.js';

export interface Refreshed<Row> {
  rows: Row[];
  /** What was asked and not answered so that it could be taken over; its rows stay as they were. */
  told: string[];
}

/**
 * The rows with the prices of these regions put in. A price is taken over only when the API gives exactly one, in the currency of the
 * region and the unit that is known; everything else is told.
 * @throws what the SDK throws when the API cannot be asked.
 */
export async function refreshPrices(
  client: PricingClient,
  regions: readonly RegionFact[],
  rows: readonly PriceFact[],
): Promise<Refreshed<PriceFact>> {
  const refreshed = [...rows];
  const told: string[] = [];
  for (const region of regions) {
    for (const query of priceQueries) {
      const known = rows.find(({ item }) => item === query.item);
      if (!known) throw new Error(`there is no price item ${query.item}`);
      const found = distinct((await offersOf(client, query, region.id)).flatMap((offer) => priceIn(offer, query, region.currency)));
      const [price] = found;
      if (!price || found.length > 1) {
        told.push(`${query.item} in ${region.id}: ${found.length === 0 ? 'no price' : `${found.length} prices`} that fit; left as it was`);
        continue;
      }
      const row: PriceFact = {
        id: `${query.item}@${region.id}`,
        item: query.item,
        where: region.id,
        currency: region.currency,
        amount: price.amount,
        unit: known.unit,
        source: `AWS Price List API, ${price.service}, SKU ${price.sku}`,
        date: price.date,
        sure: 'primary',
      };
      const at = refreshed.findIndex(({ item, where }) => item === query.item && where === region.id);
      if (at < 0) refreshed.push(row);
      else refreshed[at] = row;
    }
  }
  return { rows: refreshed, told };
}

/** The first service that knows the product: load balancers are under another one in us-east-1. */
async function offersOf(client: PricingClient, { services, filters, usage }: PriceQuery, region: string): Promise<PlainObject[]> {
  const { paginateGetProducts } = await import('@aws-sdk/client-pricing');
  for (const ServiceCode of services) {
    const fields = Object.entries({ ...filters, regionCode: region });
    const Filters = fields.map(([Field, Value]) => ({ Type: 'TERM_MATCH' as const, Field, Value }));
    const offers: PlainObject[] = [];
    for await (const { PriceList: list = [] } of paginateGetProducts({ client, pageSize: 100 }, { ServiceCode, Filters })) {
      offers.push(...list.map((text: unknown) => objectOf(JSON.parse(String(text)))));
    }
    const fitting = offers.filter((offer) => usage === undefined || usage.test(String(attributesOf(offer)['usagetype'] ?? '')));
    if (fitting.length > 0) return fitting;
  }
  return [];
}

function attributesOf(offer: PlainObject): PlainObject {
  return objectOf(objectOf(offer['product'])['attributes']);
}

interface Price {
  amount: number;
  sku: string;
  service: string;
  /** When the list was published. */
  date: string;
}

/** On demand, of the first tier; nothing where the currency or the unit is another. */
function priceIn(offer: PlainObject, { unit, perApiUnit }: PriceQuery, currency: string): Price[] {
  const terms = Object.values(objectOf(objectOf(offer['terms'])['OnDemand']));
  const dimensions = terms.flatMap((term) => Object.values(objectOf(objectOf(term)['priceDimensions'])).map(objectOf));
  return dimensions.flatMap((dimension) => {
    const { beginRange = '0', unit: apiUnit, pricePerUnit } = dimension;
    const written = objectOf(pricePerUnit)[currency];
    const published = String(offer['publicationDate'] ?? '');
    if (Number(beginRange) !== 0 || !unit.test(String(apiUnit)) || typeof written !== 'string' || !/^\d{4}-\d\d-\d\d/.test(published))
      return [];
    const amount = Number((Number(written) * perApiUnit).toPrecision(12));
    if (!Number.isFinite(amount) || amount <= 0) return [];
    const sku = String(objectOf(offer['product'])['sku'] ?? '');
    return [{ amount, sku, service: String(offer['serviceCode'] ?? ''), date: published.slice(0, 10) }];
  });
}

function distinct(prices: readonly Price[]): Price[] {
  return [...new Map(prices.map((price) => [price.amount, price])).values()];
}
