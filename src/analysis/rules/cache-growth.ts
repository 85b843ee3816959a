import type { Rule } from '../concurrency/rule.js';
import type { Write } from '../concurrency/trace.js';
import { verdictsOf } from '../concurrency/verdicts.js';
import { nameOfState } from '../concurrency/words.js';

/** A collection that requests only add to. A hazard when each request adds an entry of its own; else it is only told. */
export const cacheGrowth: Rule = {
  id: 'cache-growth',
  find: ({ trace }) =>
    verdictsOf(trace).flatMap(({ kind, write, isUnbounded }) =>
      kind === 'growth' && !(isUnbounded && isEmptiedElsewhere(write))
        ? [{ code: isUnbounded ? 'COLLECTION_GROWS' : 'CACHE_UNBOUNDED', at: write.spot, args: { name: nameOfState(write) } }]
        : [],
    ),
};

/** Code that no request runs, or that the walk did not see, takes entries out: a constructor, a timer, an event. */
function isEmptiedElsewhere(write: Write): boolean {
  const name = nameOfState(write).replace(/[.*+?^${}()|[\]\\]/g, '\\$&');
  const { text } = write.spot.module;
  const empties = new RegExp(
    `(?<![\\w.])${name}(\\.length)?\\s*=(?!=)|(?<![\\w.])${name}\\.(clear|delete|shift|pop|splice)\\(|delete ${name}\\[`,
  );
  const declared = new RegExp(`\\b(const|let|var)\\s+${name}\\s*(:[^=]+)?=`, 'g');
  return empties.test(text.replace(declared, ''));
}
