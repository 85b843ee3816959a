import type { Rule } from '../concurrency/rule.js';
import { verdictsOf } from '../concurrency/verdicts.js';
import { nameOfState } from '../concurrency/words.js';

/** A collection that requests only add to. A hazard when each request adds an entry of its own; else it is only told. */
export const cacheGrowth: Rule = {
  id: 'cache-growth',
  find: ({ trace }) =>
    verdictsOf(trace).flatMap(({ kind, write, isUnbounded }) =>
      kind === 'growth'
        ? [{ code: isUnbounded ? 'COLLECTION_GROWS' : 'CACHE_UNBOUNDED', at: write.spot, args: { name: nameOfState(write) } }]
        : [],
    ),
};
