import type { Project } from '../project/model.js';
import { findRegion, type RegionFact } from './facts.js';

type Partition = RegionFact['partition'];

/** Partition of the region that was named, else the one that the project's own values name (`arn:aws-cn:…`, a China or GovCloud region). */
export function partitionOf({ region, functions, resources }: Project): Partition {
  const named = region === undefined ? undefined : findRegion(region);
  if (named) return named.partition;
  const text = JSON.stringify([functions, resources]);
  if (/arn:aws-cn:|\bcn-north(west)?-1\b|\.amazonaws\.com\.cn\b/.test(text)) return 'aws-cn';
  if (/arn:aws-us-gov:|\bus-gov-(east|west)-1\b/.test(text)) return 'aws-us-gov';
  return 'aws';
}

/** What host names of AWS end with there. */
export function dnsSuffix(partition: Partition): string {
  return partition === 'aws-cn' ? 'amazonaws.com.cn' : 'amazonaws.com';
}
