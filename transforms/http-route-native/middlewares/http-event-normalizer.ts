/** `@middy/http-event-normalizer`: an empty object where the event has no query or no variables of the path. */
import type { Middleware } from './index.js';

export const httpEventNormalizer: Middleware = {
  specifier: '@middy/http-event-normalizer',
  effects: ({ version: { major }, argument, route: { front, payload } }) => {
    if (argument || major < 1 || major > 7 || front === 'alb') return null;
    // The first versions know format 1.0 unless their options say otherwise, and leave other events as they are.
    return major <= 2 && payload === '2.0' ? {} : { fillsEvent: true };
  },
};
