import type { Rule } from '../concurrency/rule.js';
import type { Call } from '../concurrency/trace.js';

const adds = /^(on|addListener|prependListener|addEventListener|subscribe|psubscribe|onAny)$/;
const removes = /^(off|removeListener|removeAllListeners|removeEventListener|unsubscribe|punsubscribe|close|end|disconnect|destroy)$/;

/** A listener that each request adds to something that outlives it. */
export const listener: Rule = {
  id: 'listener',
  find: ({ trace }) =>
    trace.calls
      .filter(
        (call) =>
          isAdded(call) && !call.guards.some(({ reads }) => reads.size > 0) && !trace.calls.some((other) => isTakenBack(call, other)),
      )
      .map(({ spot, path, name }) => ({ code: 'LISTENER_ADDED_PER_REQUEST', at: spot, args: { call: path?.join('.') ?? name } })),
};

function isAdded({ name, path, receiver, args, target }: Call): boolean {
  if (!adds.test(name) || target !== null || args.length < 2) return false;
  return path?.[0] === 'process' || (receiver !== null && !/^(app|router|server|fastify)$/.test(receiver.shared.name));
}

function isTakenBack(added: Call, { name, path, receiver }: Call): boolean {
  if (!removes.test(name)) return false;
  if (added.path?.[0] === 'process') return path?.[0] === 'process';
  return receiver?.shared.key === added.receiver?.shared.key;
}
