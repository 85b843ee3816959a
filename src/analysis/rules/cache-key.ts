import type { Rule } from '../concurrency/rule.js';
import { verdictsOf } from '../concurrency/verdicts.js';
import { dataName, nameOfState, whereIs } from '../concurrency/words.js';

/** A cached value depends on more of the request than its key: `cache.set(path, await fetchAs(user, path))`. */
export const cacheKey: Rule = {
  id: 'cache-key',
  find: ({ trace }) =>
    verdictsOf(trace).flatMap(({ kind, write, read }) =>
      kind !== 'cache-key'
        ? []
        : [
            {
              code: 'CACHE_KEY_INCOMPLETE',
              at: write.spot,
              args: {
                name: nameOfState(write),
                data: dataName(write.sources, trace),
                key: dataName(write.keySources ?? new Set(), trace),
                read: read ? whereIs(read.spot, write.spot) : 'later requests',
              },
            },
          ],
    ),
};
