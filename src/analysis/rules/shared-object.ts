import type { Rule } from '../concurrency/rule.js';
import { verdictsOf } from '../concurrency/verdicts.js';
import { sharedFinding } from './shared-finding.js';

/** An object that outlives requests is changed with data of one: `params.Key = event.id`. */
export const sharedObject: Rule = {
  id: 'shared-object',
  find: ({ trace }) =>
    verdictsOf(trace)
      .filter(({ kind, shared }) => kind === 'property' && shared.kind !== 'instance')
      .map((verdict) => sharedFinding('SHARED_OBJECT_CHANGED', verdict, trace)),
};
