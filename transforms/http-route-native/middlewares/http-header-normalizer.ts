/** `@middy/http-header-normalizer`: names of the event's headers in lower case, as Node has them. */
import type { Middleware } from './index.js';

export const httpHeaderNormalizer: Middleware = {
  specifier: '@middy/http-header-normalizer',
  effects: ({ version: { major }, options, route }) => {
    // Names in another case, or headers that no request said.
    const isPlain = options !== null && Object.entries(options).every(([key, value]) => key === 'canonical' && value === false);
    return isPlain && major >= 1 && major <= 6 && route.front !== 'alb' ? { lowersHeaders: true } : null;
  },
};
