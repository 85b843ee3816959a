import { isFresh } from '../concurrency/known.js';
import type { Finding, Rule } from '../concurrency/rule.js';
import { dataName } from '../concurrency/words.js';

/** `process.env.X = …` while requests run: the environment is one for all of them. */
export const environmentWrite: Rule = {
  id: 'environment-write',
  find: ({ trace, target }) =>
    trace.writes
      .filter(({ shared, guards }) => shared.kind === 'environment' && guards.length === 0)
      .map(({ spot, path, sources }): Finding => {
        const isData = [...sources].some((source) => !isFresh(source));
        const name = path[0] === undefined || path[0] === '*' ? 'process.env' : `process.env.${path[0]}`;
        const where = target === 'lambda-managed-instances' ? 'the worker thread' : 'the process';
        return {
          code: 'ENVIRONMENT_WRITTEN',
          at: spot,
          severity: isData ? 'error' : sources.size > 0 ? 'warning' : 'info',
          args: { name, data: sources.size > 0 ? dataName(sources, trace) : 'a value that is the same for all requests', where },
        };
      }),
};
