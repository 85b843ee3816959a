import type { Rule } from '../concurrency/rule.js';
import { verdictsOf } from '../concurrency/verdicts.js';
import { sharedFinding } from './shared-finding.js';

/** A variable that outlives requests holds data of one: `let user; handler = async (event) => { user = event.user; … }`. */
export const sharedVariable: Rule = {
  id: 'shared-variable',
  find: ({ trace }) =>
    verdictsOf(trace)
      .filter(({ kind, shared }) => kind === 'scalar' && shared.kind !== 'instance')
      .map((verdict) => sharedFinding('SHARED_VARIABLE_REASSIGNED', verdict, trace)),
};
