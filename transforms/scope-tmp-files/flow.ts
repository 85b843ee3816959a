/** Where the names of temporary files go: they must be done with when the function ends. */
import { bindingAt } from '../../src/analysis/source-module.js';
import { child, isFunction, list, memberPath, type Node, nameOf, unwrap } from '../../src/analysis/syntax.js';
import type { SourceView } from '../../src/mending/source-view.js';

/** Calls that only make another name of a name, or tell people about it. */
const harmless =
  /^(join|resolve|normalize|basename|extname|dirname|parse|format|relative|concat|replace|trim|toString|String|log|info|debug|warn|error|push|split|slice|startsWith|endsWith|includes)$/;
/** Streams end when what they are given to ends. */
const streams = /^(createReadStream|createWriteStream)$/;
/** A returned value that is awaited in the rewritten function. */
const awaitable = /^(Call|New|Conditional|Logical)Expression$/;
/** Calls that give no promise. */
const immediate = /^(JSON|Buffer|Object|String|Number|Array|Math)\.|Sync$/;
const maximumSteps = 40;

/** True when every use of a path below `fn` is over when what `fn` gives back is there. */
export function staysInside(view: SourceView, fn: Node, starts: readonly Node[]): boolean {
  const queue = [...starts];
  const seen = new Set<Node>();
  for (let at = queue.shift(); at; at = queue.shift()) {
    if (seen.has(at)) continue;
    seen.add(at);
    if (seen.size > maximumSteps) return false;
    const next = usesOfValue(view, fn, at);
    if (!next) return false;
    queue.push(...next);
  }
  return true;
}

/** Nodes whose value is made of the path, to be followed on; null when it gets away. */
function usesOfValue(view: SourceView, fn: Node, node: Node): Node[] | null {
  const parent = view.parent(node);
  if (!parent) return null;
  switch (parent.type) {
    case 'TemplateLiteral':
    case 'BinaryExpression':
    case 'ConditionalExpression':
    case 'LogicalExpression':
    case 'ArrayExpression':
    case 'ObjectExpression':
    case 'SpreadElement':
    case 'AwaitExpression':
    case 'TSAsExpression':
    case 'TSNonNullExpression':
    case 'ParenthesizedExpression':
      return [parent];
    case 'Property':
      return child(parent, 'key') === node && parent['computed'] !== true ? [] : [parent];
    case 'VariableDeclarator':
      return namesOf(view, child(parent, 'id'));
    case 'AssignmentExpression':
      return child(parent, 'right') === node && nameOf(child(parent, 'left')) !== null && isLocal(view, fn, child(parent, 'left') as Node)
        ? [...(namesOf(view, child(parent, 'left')) ?? []), parent]
        : null;
    case 'MemberExpression':
      return child(parent, 'object') === node ? [parent] : [];
    case 'CallExpression':
    case 'NewExpression':
      return usesOfCall(view, fn, parent, node);
    case 'IfStatement':
    case 'ExpressionStatement':
    case 'UnaryExpression':
      return [];
    default:
      return null;
  }
}

function usesOfCall(view: SourceView, fn: Node, call: Node, node: Node): Node[] | null {
  const callee = unwrap(child(call, 'callee'));
  const name = memberPath(callee)?.at(-1) ?? nameOf(child(callee, 'property')) ?? '';
  if (harmless.test(name)) return name === 'push' ? ownerOf(view, fn, callee) : [call];
  if (/Sync$/.test(name) || node === callee) return name.endsWith('Sync') || isWaitedFor(view, fn, call) ? [] : null;
  if (streams.test(name)) return isWaitedFor(view, fn, call) ? [] : streamOf(view, fn, call);
  return isWaitedFor(view, fn, call) ? [] : null;
}

/** A list that collects paths. */
function ownerOf(view: SourceView, fn: Node, callee: Node | null): Node[] | null {
  const owner = child(callee, 'object');
  return owner && nameOf(owner) !== null && isLocal(view, fn, owner) ? namesOf(view, owner) : null;
}

/** `const out = fs.createWriteStream(file)`, of which some use is waited for. */
function streamOf(view: SourceView, fn: Node, call: Node): Node[] | null {
  const declarator = view.parent(call);
  const names = declarator?.type === 'VariableDeclarator' ? namesOf(view, child(declarator, 'id')) : null;
  return names?.some((each) => isWaitedFor(view, fn, each)) ? [] : null;
}

/** It stands in something that `fn` awaits; a callback counts as part of the call that it is given to. */
function isWaitedFor(view: SourceView, fn: Node, node: Node): boolean {
  for (let at: Node | null = node, below = node; at && at !== fn; below = at, at = view.parent(at)) {
    if (at.type === 'AwaitExpression' && !isInCallback(view, fn, at)) return true;
    if (at.type === 'ReturnStatement' && view.functionsAround(at)[0] === fn) return awaitable.test(below.type);
    if (isFunction(at) && !/^(CallExpression|NewExpression)$/.test(view.parent(at)?.type ?? '')) return false;
  }
  return false;
}

/** An await in a callback is the callback's: what counts is whether the callback is waited for. */
function isInCallback(view: SourceView, fn: Node, node: Node): boolean {
  return view.functionsAround(node)[0] !== fn;
}

function isLocal(view: SourceView, fn: Node, name: Node): boolean {
  const binding = bindingAt(view.module, nameOf(name) as string, name.start);
  return binding !== undefined && fn.start <= binding.from && binding.to <= fn.end;
}

/** Uses of the variables of a name; null for patterns. */
function namesOf(view: SourceView, id: Node | null): Node[] | null {
  const name = nameOf(id);
  const binding = id && name !== null ? bindingAt(view.module, name, id.start) : undefined;
  return binding ? view.usesOf(binding).flatMap(({ node, parent }) => (isTarget(node, parent) ? [] : [node])) : null;
}

function isTarget(node: Node, parent: Node): boolean {
  return parent.type === 'AssignmentExpression' && child(parent, 'left') === node;
}

/** Returned values that may be promises of work with the files: they have to be waited for before the folder goes. */
export function unawaitedReturns(view: SourceView, fn: Node, from: number): Node[] {
  const found: Node[] = [];
  for (const [node] of view.parents) {
    if (node.type !== 'ReturnStatement' || node.start < from || view.functionsAround(node)[0] !== fn) continue;
    const argument = child(node, 'argument');
    if (argument && awaitable.test(argument.type) && !immediate.test(memberPath(child(argument, 'callee'))?.join('.') ?? ''))
      found.push(argument);
    if (argument && nameOf(argument) !== null && isPromiseVariable(view, argument)) found.push(argument);
  }
  return found;
}

function isPromiseVariable(view: SourceView, node: Node): boolean {
  const binding = bindingAt(view.module, nameOf(node) as string, node.start);
  return binding?.kind === 'variable' && binding.init !== null && /^(Call|New)Expression$/.test(binding.init.type);
}

export function statementsOf(view: SourceView, fn: Node): Node[] {
  return list(view.blockOf(fn), 'body');
}
