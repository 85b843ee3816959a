import type { Rule } from '../concurrency/rule.js';
import { verdictsOf } from '../concurrency/verdicts.js';
import { declaredWhere, nameOfState } from '../concurrency/words.js';

/** Module state that each request writes before it reads it, with no wait between: harmless, until somebody adds one. */
export const couldBeLocal: Rule = {
  id: 'could-be-local',
  find: ({ trace }) =>
    verdictsOf(trace).flatMap(({ kind, write, shared }) =>
      kind === 'scratch'
        ? [
            {
              code: 'VARIABLE_COULD_BE_LOCAL',
              at: write.spot,
              args: { name: nameOfState(write), declared: declaredWhere(shared, write.spot) },
            },
          ]
        : [],
    ),
};
