import type { Rule } from '../concurrency/rule.js';

const ends = /^process\.(exit|abort|reallyExit|kill)$/;

/** `process.exit()` in a request ends every other request of the process. */
export const processExit: Rule = {
  id: 'process-exit',
  find: ({ trace, target }) =>
    trace.calls
      .filter(
        ({ path, spot }) => ends.test(path?.join('.') ?? '') && !isOtherProcess(spot.module.text.slice(spot.node.start, spot.node.end)),
      )
      .map(({ spot, path }) => ({
        code: 'PROCESS_EXIT_IN_REQUEST',
        at: spot,
        args: { call: path?.join('.') ?? '', what: target === 'lambda-managed-instances' ? 'the worker thread' : 'the process' },
      })),
};

function isOtherProcess(text: string): boolean {
  return /^process\.kill\(/.test(text) && !/process\.pid/.test(text);
}
