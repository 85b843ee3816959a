/** `@middy/do-not-wait-for-empty-event-loop`: says that Lambda need not wait for what goes on behind an answer; a service never does. */
import type { Middleware } from './index.js';

export const doNotWaitForEmptyEventLoop: Middleware = {
  specifier: '@middy/do-not-wait-for-empty-event-loop',
  effects: ({ version: { major } }) => (major >= 1 && major <= 7 ? {} : null),
};
