import type { Rule } from '../concurrency/rule.js';

/** `process.env._X_AMZN_TRACE_ID` was that of the one request; where many run it is not set. */
export const traceVariable: Rule = {
  id: 'trace-variable',
  find: ({ trace }) =>
    trace.reads
      .filter(({ shared, path }) => shared.kind === 'environment' && path[0] === '_X_AMZN_TRACE_ID')
      .map(({ spot }) => ({ code: 'TRACE_ID_IN_ENVIRONMENT', at: spot, args: {} })),
};
