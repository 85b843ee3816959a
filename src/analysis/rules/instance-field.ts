import type { Rule } from '../concurrency/rule.js';
import { verdictsOf } from '../concurrency/verdicts.js';
import { sharedFinding } from './shared-finding.js';

/** A field of an object that outlives requests holds data of one: `this.user = event.user` in a service that is made once. */
export const instanceField: Rule = {
  id: 'instance-field',
  find: ({ trace }) =>
    verdictsOf(trace)
      .filter(({ kind, shared }) => (kind === 'scalar' || kind === 'property' || kind === 'collection') && shared.kind === 'instance')
      .map((verdict) => sharedFinding('INSTANCE_FIELD_SHARED', verdict, trace)),
};
