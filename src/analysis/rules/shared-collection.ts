import type { Rule } from '../concurrency/rule.js';
import { verdictsOf } from '../concurrency/verdicts.js';
import { sharedFinding } from './shared-finding.js';

/** A list or map that outlives requests collects data of them: `results.push(record)`. */
export const sharedCollection: Rule = {
  id: 'shared-collection',
  find: ({ trace }) =>
    verdictsOf(trace)
      .filter(({ kind, shared }) => kind === 'collection' && shared.kind !== 'instance')
      .map((verdict) => sharedFinding('SHARED_COLLECTION_FILLED', verdict, trace)),
};
