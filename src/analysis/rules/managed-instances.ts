import type { Finding, Rule } from '../concurrency/rule.js';

/** What Lambda Managed Instances refuse: callback handlers, which do not load there. */
export const managedInstances: Rule = {
  id: 'managed-instances',
  find: ({ target, usesCallback, handler }) =>
    target === 'lambda-managed-instances' && usesCallback
      ? [{ code: 'CALLBACK_HANDLER_REFUSED', at: handler, args: {} } satisfies Finding]
      : [],
};
