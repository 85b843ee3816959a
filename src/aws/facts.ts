/**
 * What is known of AWS, as rows of `data/`: each with the source it was taken from, the date it was true, and how sure that is. What
 * is not known is a row that says so. A fact is changed there and nowhere else; `migrate-lambda facts` prints all of them.
 */
import { createRequire } from 'node:module';

/**
 * `primary`: read in a document or model of AWS. `copied`: a page of AWS as somebody else copied it. `secondary`: only others say so.
 * `general-knowledge`: long known, not read again. `unconfirmed`: not known, or sources disagree.
 */
type Certainty = 'primary' | 'copied' | 'secondary' | 'general-knowledge' | 'unconfirmed';

interface Fact {
  /** Unique in its list; reports name it. */
  id: string;
  source: string;
  /** When it was so, as exactly as the source tells: `2026-11-24`, `2026-06`, `2026`. */
  date: string;
  sure: Certainty;
}

type Available = 'yes' | 'no' | 'unknown';

export interface AvailabilityFact extends Fact {
  /** A service or a feature of one. */
  subject: string;
  /** Regions or partitions; `*` is everywhere else. */
  where: string[];
  available: Available;
  /** What else is to be said; a word of the dictionaries. */
  note?: string;
}

export interface RegionFact extends Omit<Fact, 'sure'> {
  partition: Partition;
  currency: string;
}

type Partition = 'aws' | 'aws-cn' | 'aws-us-gov';

export interface RuntimeFact extends Fact {
  /** Dates; null: not known. */
  deprecation: string | null;
  blockCreate: string | null;
  blockUpdate: string | null;
}

export interface LimitFact extends Fact {
  value: number;
  unit: string;
}

export interface InstanceFact extends Fact {
  vcpu: number;
  memoryMb: number;
  architecture: 'x86_64' | 'arm64';
  /** What it stands for in cost estimates. */
  proposedFor: string[];
}

interface FargateSizeFact extends Fact {
  /** 1024 = 1 vCPU. */
  cpu: number;
  memoryMb: number[];
}

export interface PriceFact extends Fact {
  /** What is paid for. */
  item: string;
  /** A region, a partition, or `*`. */
  where: string;
  /** Null for shares and amounts that are no money. */
  currency: string | null;
  /** Null: not known. */
  amount: number | null;
  unit: string;
}

const load = createRequire(import.meta.url);

/** Reads a list once. */
function list<Row>(name: string): () => readonly Row[] {
  let rows: readonly Row[] | undefined;
  return () => {
    rows ??= load(`./data/${name}.json`) as readonly Row[];
    return rows;
  };
}

export const availabilityFacts = list<AvailabilityFact>('availability');
export const regionFacts = list<RegionFact>('regions');
export const runtimeFacts = list<RuntimeFact>('runtimes');
export const limitFacts = list<LimitFact>('limits');
export const instanceFacts = list<InstanceFact>('instances');
export const fargateSizes = list<FargateSizeFact>('fargate-sizes');
export const priceFacts = list<PriceFact>('prices');

/**
 * The row that tells whether a service or feature is there: that of the region, else of its partition, else of everywhere.
 * @throws Error for a subject without rows: a programming error, caught by the tests.
 */
export function availabilityOf(subject: string, region: Pick<RegionFact, 'id' | 'partition'>): AvailabilityFact {
  const rows = availabilityFacts().filter((each) => each.subject === subject);
  const row = [region.id, region.partition, '*'].flatMap((where) => rows.find((each) => each.where.includes(where)) ?? [])[0];
  if (!row) throw new Error(`nothing is known of ${subject}`);
  return row;
}

/** @throws Error for a limit that is not in the data: a programming error. */
export function limitOf(id: string): LimitFact {
  const row = limitFacts().find((each) => each.id === id);
  if (!row) throw new Error(`there is no limit ${id}`);
  return row;
}

/** The region of that id; undefined when it is not in the data. */
export function findRegion(id: string): RegionFact | undefined {
  return regionFacts().find((each) => each.id === id);
}

/** The instance type that stands for others in estimates. */
export function proposedInstance(purpose: string, architecture: InstanceFact['architecture']): InstanceFact {
  const row = instanceFacts().find((each) => each.architecture === architecture && each.proposedFor.includes(purpose));
  if (!row) throw new Error(`no ${architecture} instance type is proposed for ${purpose}`);
  return row;
}

/** The newest date among all rows: reports say as of when they speak. */
export function factsDate(): string {
  const rows = [...availabilityFacts(), ...runtimeFacts(), ...limitFacts(), ...priceFacts()];
  return rows
    .map(({ date }) => date)
    .toSorted()
    .at(-1) as string;
}
