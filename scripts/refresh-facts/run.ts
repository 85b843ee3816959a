import { readFile, writeFile } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { parseArgs } from 'node:util';
import { createTwoFilesPatch } from 'diff';
import { type Access, readOnly } from '../../src/account/access.js';
import { failureReason } from '../../src/account/failures.js';
import { type ProbeAnswer, probe } from '../../src/account/probe.js';
import { type AvailabilityFact, findRegion, type PriceFact, type RegionFact, regionFacts } from '../../src/aws/facts.js';
import { refreshManagedInstances, refreshServices } from './availability.js';
import { rowsText } from './files.js';
import { type Refreshed, refreshPrices } from './prices.js';

const parts = ['services', 'managed-instances', 'prices'] as const;

/** Where an API of the whole partition is asked; the Price List API has no endpoint elsewhere in China, and few in other regions. */
const endpoints: Readonly<Record<RegionFact['partition'], { parameters: string; prices: string }>> = {
  aws: { parameters: 'us-east-1', prices: 'us-east-1' },
  'aws-cn': { parameters: 'cn-north-1', prices: 'cn-northwest-1' },
  'aws-us-gov': { parameters: 'us-gov-west-1', prices: 'us-east-1' },
};

/** The regions of one partition, and what to ask. */
interface Request {
  partition: RegionFact['partition'];
  regions: RegionFact[];
  only: readonly string[];
  access: (region: string) => Access;
  write: boolean;
}

export interface Surroundings {
  /** Folder of the data files. */
  data: string;
  today: Date;
  out: (text: string) => void;
  /** What was not taken over, and why. */
  tell: (line: string) => void;
}

/** The script: its arguments → its exit code. 1: a part could not be asked. 2: the arguments are not understood. */
export async function refreshFacts(args: readonly string[], around: Surroundings): Promise<number> {
  const request = requestOf(args);
  if (typeof request === 'string') {
    around.tell(request);
    return 2;
  }
  const { partition, regions, access, write } = request;
  const date = around.today.toISOString().slice(0, 10);
  const availability = await rowsOf<AvailabilityFact>(around, 'availability');
  const prices = await rowsOf<PriceFact>(around, 'prices');
  const settings = (region: string) => settingsOf(access(region));
  const asks: Ask[] = [
    {
      part: 'services',
      ask: async () => {
        const { SSMClient } = await import('@aws-sdk/client-ssm');
        const client = readOnly(new SSMClient(settings(endpoints[partition].parameters)));
        return take(availability, await refreshServices(client, availability.rows, { regions: regionFacts(), date }));
      },
    },
    {
      part: 'managed-instances',
      ask: async () => {
        const answers = new Map<string, ProbeAnswer>();
        for (const { id } of regions) answers.set(id, await probe(access(id)));
        return take(availability, refreshManagedInstances(availability.rows, answers, date));
      },
    },
    {
      part: 'prices',
      ask: async () => {
        const { PricingClient } = await import('@aws-sdk/client-pricing');
        const client = readOnly(new PricingClient(settings(endpoints[partition].prices)));
        return take(prices, await refreshPrices(client, regions, prices.rows));
      },
    },
  ];
  let failed = false;
  for (const { part, ask } of asks.filter(({ part }) => request.only.includes(part))) {
    try {
      for (const line of await ask()) around.tell(line);
    } catch (error) {
      around.tell(`${part}: ${failureReason(error)}; left as they were`);
      failed = true;
    }
  }
  for (const { file, before, rows } of [availability, prices]) {
    const after = rowsText(rows);
    if (after === before) continue;
    around.out(createTwoFilesPatch(basename(file), basename(file), before, after, undefined, undefined, { context: 2 }));
    if (write) await writeFile(file, after);
  }
  return failed ? 1 : 0;
}

interface Ask {
  part: (typeof parts)[number];
  /** @returns what was not taken over. */
  ask: () => Promise<string[]>;
}

/** The arguments, or what is wrong with them. */
function requestOf(args: readonly string[]): Request | string {
  const { values } = parseArgs({
    args: [...args],
    options: {
      region: { type: 'string', multiple: true, default: [] },
      profile: { type: 'string' },
      'endpoint-url': { type: 'string' },
      only: { type: 'string', multiple: true, default: [...parts] },
      write: { type: 'boolean', default: false },
    },
  });
  const { region: named, only, profile, 'endpoint-url': endpointUrl, write } = values;
  const regions = named.flatMap((id) => findRegion(id) ?? []);
  const [first] = regions;
  const missing = named.find((id) => !findRegion(id));
  if (missing !== undefined) return `There is no region "${missing}".`;
  if (!first) return 'Which regions? Give --region, once for each.';
  const { partition } = first;
  if (regions.some((each) => each.partition !== partition)) return 'Credentials are of one partition: ask for its regions alone.';
  const unknown = only.find((each) => !parts.some((part) => part === each));
  if (unknown !== undefined) return `There is no part "${unknown}". There are: ${parts.join(', ')}.`;
  return { partition, regions, only, write, access: (region) => ({ region, profile, endpointUrl }) };
}

function settingsOf({ region, profile, endpointUrl }: Access) {
  return {
    ...(region !== undefined && { region }),
    ...(profile !== undefined && { profile }),
    ...(endpointUrl !== undefined && { endpoint: endpointUrl }),
  };
}

interface List<Row> {
  file: string;
  before: string;
  rows: Row[];
}

async function rowsOf<Row>({ data }: Surroundings, name: string): Promise<List<Row>> {
  const file = join(data, `${name}.json`);
  const before = await readFile(file, 'utf8');
  return { file, before, rows: JSON.parse(before) as Row[] };
}

function take<Row>(list: List<Row>, { rows, told }: Refreshed<Row>): string[] {
  list.rows = rows;
  return told;
}
