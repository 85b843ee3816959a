/** Functions of the project that a handler calls, looked into with what the call gives them. */
import { quoteOf } from '../../src/analysis/quotes.js';
import type { SourceModule } from '../../src/analysis/source-module.js';
import { child, isFunction, list, type Node, nameOf, parametersOf, walk } from '../../src/analysis/syntax.js';
import { Edits } from './edits.js';
import { freeName, type Handler, parentsOf } from './handler.js';
import { Refused } from './refusal.js';

/** Helpers that call helpers, at most so deep. */
const maximumDepth = 4;

/** The function as a handler of its own, to be written again beside itself. `refuse` completes why that cannot be. */
export function insideHelper(
  caller: Handler,
  call: Node,
  { module, node }: { module: SourceModule; node: Node },
  refuse: (reason: string) => Refused,
): Handler {
  let depth = 0;
  for (let at: Handler | undefined = caller; at; at = at.call?.caller) depth++;
  if (depth > maximumDepth) throw refuse('its helper calls too many others');
  if (!module.program || !isFunction(node)) throw refuse('its helper cannot be read');
  if (node['generator'] === true) throw refuse('its helper is a generator');
  if (list(call, 'arguments').some(({ type }) => type === 'SpreadElement')) throw refuse('its arguments are spread');
  if (parametersOf(node).some(({ type }) => type === 'RestElement')) throw refuse('its helper takes any number of arguments');
  const parents = module === caller.module ? caller.parents : parentsOf(module.program as Node);
  const isMethod = parents.get(node)?.type === 'MethodDefinition' && child(call, 'callee')?.type === 'MemberExpression';
  let isBound = false;
  walk(node, (each) => {
    // A method's `this` is what it is called on, under any name.
    if ((each.type === 'ThisExpression' && !isMethod) || nameOf(each) === 'arguments') isBound = true;
    return !isBound;
  });
  if (isBound) throw refuse('its helper uses `this` or `arguments`');
  return {
    ...caller,
    module,
    node,
    parents,
    call: { caller, node: call, arguments: list(call, 'arguments') },
    takesPlainValues: true,
    completions: null,
    edits: new Edits(module.text, templatesOf(module)),
    unit: /\n(\t| {2,4})\S/.exec(module.text)?.[1] ?? '  ',
    quote: quoteOf(module.text),
    reply: freeName({ node, parents }, ['reply', 'res', 'httpReply']),
    contextAt: -1,
    callbackAt: -1,
    givenToResults: new Set(),
    givenContexts: new Set(),
    needs: { request: false, reply: false },
    hoists: false,
    notes: [],
    queryGuards: [],
  };
}

/** What forces a refusal inside a helper is told at its call. */
export function inHelper<T>(sub: Handler, call: Node, look: () => T): T {
  try {
    return look();
  } catch (error) {
    if (!(error instanceof Refused)) throw error;
    throw new Refused(`in \`${sub.module.file}\`: ${error.reason}`.replace(/^in `[^`]*`: in /, 'in '), call);
  }
}

function templatesOf({ program }: SourceModule): Node[] {
  const found: Node[] = [];
  if (program)
    walk(program as Node, (node) => {
      if (node.type === 'TemplateElement') found.push(node);
    });
  return found;
}
