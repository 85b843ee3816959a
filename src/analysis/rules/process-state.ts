import type { Rule } from '../concurrency/rule.js';

const changes = /^process\.(chdir|umask|setuid|setgid|seteuid|setegid|setgroups)$/;

/** `process.chdir()` and its kin change the process for all requests. */
export const processState: Rule = {
  id: 'process-state',
  find: ({ trace, target }) =>
    trace.calls
      .filter(({ path, args }) => changes.test(path?.join('.') ?? '') && args.length > 0)
      .map(({ spot, path }) => ({
        code: 'PROCESS_STATE_CHANGED',
        at: spot,
        args: {
          call: path?.join('.') ?? '',
          consequence:
            target === 'lambda-managed-instances'
              ? 'worker threads of Managed Instances throw ERR_WORKER_UNSUPPORTED_OPERATION'
              : 'request B works in the folder, or with the rights, that request A has set',
        },
      })),
};
