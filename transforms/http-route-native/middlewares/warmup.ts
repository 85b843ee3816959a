/** `@middy/warmup`: ends early for the event of a plugin that keeps functions warm, which is no request. */
import type { Middleware } from './index.js';

export const warmup: Middleware = {
  specifier: '@middy/warmup',
  effects: ({ version: { major }, argument, options }) => {
    // What is written out are no functions, so that its own question stays.
    const isOwn = !argument || (options !== null && Object.keys(options).every((each) => each === 'waitForEmptyEventLoop'));
    return isOwn && major >= 1 && major <= 7 ? {} : null;
  },
};
