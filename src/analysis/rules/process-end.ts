import type { Finding, Rule, RuleInput } from '../concurrency/rule.js';
import type { Spot } from '../concurrency/trace.js';
import type { SourceModule } from '../source-module.js';
import { child, children, isFunction, list, memberPath, type Node, stringOf, unwrap, walk } from '../syntax.js';
import type { Values } from '../values.js';

const listens = /^process\.(on|once|addListener|prependListener)$/;
const signals = /^SIG(TERM|INT|HUP|QUIT)$/;
const closes = /^(end|close|quit|disconnect|destroy|\$disconnect|terminate|shutdown|dispose|stop)$/;
const tells = /^(console|log|logger)\./;

/** Code that listens itself to the end of the process: it does not wait for the requests that run then, or is never called. */
export const processEnd: Rule = {
  id: 'process-end',
  find: (input) => input.files.flatMap((file) => ofModule(input, file)),
};

function ofModule({ values, trace, target }: RuleInput, file: string): Finding[] {
  const module = values.modules.get(file);
  if (!module?.program || !/process\s*\.\s*(on|once|addListener|prependListener)\b/.test(module.text)) return [];
  return listenersIn(module, (fn) => trace.functions.has(fn)).flatMap(({ call, event }) => {
    const listener = functionOf(values, module, list(call, 'arguments')[1]);
    const found = listener && findingOf(event, callsIn(values, listener), target);
    return found ? [{ at: { module, node: call }, ...found, args: { ...found.args, call: `process.on('${event}')` } }] : [];
  });
}

/** Outside of requests: what a request adds has a finding of its own. */
function listenersIn({ program }: SourceModule, runs: (fn: Node) => boolean): { call: Node; event: string }[] {
  const found: { call: Node; event: string }[] = [];
  const visit = (node: Node): void => {
    if (isFunction(node) && runs(node)) return;
    const [event] = node.type === 'CallExpression' ? list(node, 'arguments') : [];
    const name = stringOf(unwrap(event));
    if (name !== null && listens.test(memberPath(child(node, 'callee'))?.join('.') ?? '')) found.push({ call: node, event: name });
    for (const each of children(node)) visit(each);
  };
  visit(program as Node);
  return found;
}

function findingOf(
  event: string,
  calls: readonly string[],
  target: RuleInput['target'],
): Pick<Finding, 'code' | 'args' | 'severity'> | null {
  const ends = calls.some((call) => /^process\.(exit|reallyExit|abort)$/.test(call));
  if (event === 'beforeExit')
    return calls.some((call) => !tells.test(call)) ? { code: 'BEFORE_EXIT_NOT_CALLED', args: {}, severity: undefined } : null;
  const closing = calls.some((call) => closes.test(call.slice(call.lastIndexOf('.') + 1)));
  if (!signals.test(event) || (!ends && !closing)) return null;
  if (target === 'lambda-managed-instances')
    return {
      code: 'SIGNAL_HANDLED_IN_CODE',
      args: { consequence: 'worker threads are not told of signals, so it never runs' },
      severity: 'info',
    };
  const consequence = ends
    ? 'the process ends while requests are being answered, and they are lost'
    : 'what it closes is still used by the requests that are being answered';
  return { code: 'SIGNAL_HANDLED_IN_CODE', args: { consequence }, severity: ends ? 'error' : 'warning' };
}

function functionOf(values: Values, module: SourceModule, node: Node | undefined): Spot | null {
  const at = unwrap(node);
  if (!at) return null;
  if (isFunction(at)) return { module, node: at };
  const value = values.of(module, at);
  return value.kind === 'node' && isFunction(value.node) ? { module: value.module, node: value.node } : null;
}

/** What a function calls, and the functions of the project that it calls. */
function callsIn(values: Values, { module, node }: Spot, depth = 0): string[] {
  const found: string[] = [];
  walk(node, (each) => {
    if (each.type !== 'CallExpression') return;
    const callee = child(each, 'callee');
    const path = memberPath(callee);
    found.push(
      path?.join('.') ?? `.${memberPath({ ...(unwrap(callee) as Node), object: { type: 'ThisExpression' } as Node })?.at(-1) ?? ''}`,
    );
    const own = depth < 2 && callee ? functionOf(values, module, callee) : null;
    if (own && own.node !== node) found.push(...callsIn(values, own, depth + 1));
  });
  return found;
}
