import type { Finding, Rule } from '../concurrency/rule.js';
import type { Call, Trace } from '../concurrency/trace.js';
import { child, isFunction, nameOf, unwrap, walk } from '../syntax.js';

/** Timers that go on after the request: `setInterval` without an end, and work put off with `setTimeout`. */
export const timer: Rule = {
  id: 'timer',
  find: ({ trace }) =>
    trace.calls.flatMap((call): Finding[] => {
      const name = call.path?.at(-1) ?? '';
      if (!/^(setInterval|setTimeout)$/.test(name) || (call.path?.length ?? 0) > 2 || call.guards.some(({ reads }) => reads.size > 0))
        return [];
      if (isCleared(call, trace)) return [];
      if (name === 'setInterval')
        return [{ code: 'TIMER_LEFT_RUNNING', at: call.spot, args: { call: name, what: 'runs on for ever, once more with each request' } }];
      return call.use === 'statement' && doesWork(call)
        ? [
            {
              code: 'TIMER_LEFT_RUNNING',
              at: call.spot,
              args: { call: name, what: 'works on after the answer, unseen by the request and by the end of the service' },
            },
          ]
        : [];
    }),
};

/** It is cleared by the function that sets it, or by one inside of it. */
function isCleared({ fn, spot, path }: Call, { calls }: Trace): boolean {
  const clears = path?.at(-1) === 'setInterval' ? 'clearInterval' : 'clearTimeout';
  const { text } = spot.module;
  return calls.some((other) => other.name === clears && other.fn === fn) || text.slice(fn.start, fn.end).includes(clears);
}

/** Its work is the answer: somebody waits for it. */
const answers = /^(resolve|reject|res|rej|callback|_callback|cb|done|succeed|fail|next|send|json|end)$/;
const harmless = /^(abort|log|warn|error|info|debug|destroy|unref)$/;

/** It does something that neither answers nor only tells. */
function doesWork({ args }: Call): boolean {
  const fn = unwrap(args[0]?.node);
  if (!isFunction(fn)) return nameOf(fn) !== null && !answers.test(nameOf(fn) as string);
  const names: string[] = [];
  walk(fn, (node) => {
    const callee = node.type === 'CallExpression' ? unwrap(child(node, 'callee')) : null;
    if (callee) names.push(nameOf(callee) ?? nameOf(child(callee, 'property')) ?? '');
  });
  return names.some((name) => !harmless.test(name)) && !names.some((name) => answers.test(name));
}
