/** `@middy/http-event-normalizer`: an empty object where the event has no query or no variables of the path. */
import type { Middleware } from './index.js';

export const httpEventNormalizer: Middleware = {
  specifier: '@middy/http-event-normalizer',
  before: (version, options, { front, payload }) => {
    if (options || version < 1 || version > 7 || front === 'alb') return null;
    // The first versions know format 1.0 unless their options say otherwise, and leave other events as they are.
    return version <= 2 && payload === '2.0' ? {} : { fillsEvent: true };
  },
};
