/** The function that is rewritten, with what the questions about it need. */
import { type Binding, bindingAt, type SourceModule } from '../../src/analysis/source-module.js';
import { child, children, type FunctionNode, keyOf, list, type Node, nameOf, parametersOf, walk } from '../../src/analysis/syntax.js';
import type { Values } from '../../src/analysis/values.js';
import type { Front } from '../../src/project/trigger.js';
import type { Around } from './around.js';
import type { Completion } from './callbacks.js';
import type { Edits } from './edits.js';
import { Refused } from './refusal.js';

/** A route of the function, as far as its events depend on it. */
export interface RouteShape {
  front: Front;
  payload: '1.0' | '2.0';
  method: string;
  path: string;
  stage: string;
  binaryMediaTypes: boolean;
  multiValueHeaders: boolean;
  /** The event has a query and variables of the path even where there are none: a middleware has seen to it. */
  isFilled?: boolean;
  /** The same of names of headers in lower case. */
  lowersHeaders?: boolean;
}

/** What the function was on Lambda, as its context told; null: functions that run the same code differ in it. */
export interface Deployed {
  functionName: string | null;
  memoryMb: number | null;
}

export interface Handler {
  values: Values;
  module: SourceModule;
  node: FunctionNode;
  /** Not empty, and all of one front. */
  routes: readonly RouteShape[];
  /** A value that is no promise counts as the result (nodejs24.x and later). */
  takesPlainValues: boolean;
  deployed: Deployed;
  /** Set for a function that a handler calls, to have a result of it or to have it read the event: who calls it, with what. */
  call: HelperCall | null;
  /** Which of the parameters is the event. */
  eventAt: number;
  /** Which of the parameters is the context. */
  contextAt: number;
  /** Which of the parameters is the callback. */
  callbackAt: number;
  /** The context where it goes on with the event. */
  givenContexts: Set<Node>;
  /** The event where it is given to functions whose results are the handler's: the rewrite of those goes on with it. */
  givenToResults: Set<Node>;
  /** What is changed beside the handler itself. */
  surroundings: Surroundings;
  /** The calls that it answers by; null: it answers by what it returns. */
  completions: readonly Completion[] | null;
  edits: Edits;
  parents: ReadonlyMap<Node, Node>;
  /** One level of indentation. */
  unit: string;
  /** Around strings, as the file has them. */
  quote: "'" | '"';
  /** Names of the new parameters. */
  request: string;
  reply: string;
  needs: { request: boolean; reply: boolean; event?: boolean; promise?: boolean };
  /** It sends what another function sends, that has to make the body before it gives the reply its headers. */
  hoists: boolean;
  /** What a person should know of the rewrite. */
  notes: { code: 'EVENT_LOG_CHANGED' | 'QUERY_STILL_REQUIRED' | 'EVENT_IN_ANSWER' | 'EVENT_FIELD_READ'; node: Node }[];
  /** Statements in front of which the handler fails without a query. */
  queryGuards: Node[];
  /** Code around it works on its answers. */
  around: Around | null;
  /** Code in front of it has put the value of a JSON body in the place of its text. */
  parsesBody: boolean;
  /** What TypeScript must know of the request. */
  types: RequestTypes;
}

interface RequestTypes {
  params: Set<string>;
  wholeParams: boolean;
  query: Set<string>;
  wholeQuery: boolean;
  headers: Set<string>;
  body: boolean;
}

interface HelperCall {
  caller: Handler;
  node: Node;
  arguments: readonly Node[];
}

/** A function that was put beside another one. */
export interface Sender {
  name: string;
  text: string;
  /** Has it be written differently. */
  rewrite(text: string): void;
}

interface Surroundings {
  /** Edits of each module, that of the handler included. */
  edits: Map<SourceModule, Edits>;
  /** Functions that send what a helper made, by the helper. */
  senders: Map<Node, Sender>;
  /** Names that may not be used any more once the handler is rewritten. */
  replaced: Map<SourceModule, Set<string>>;
  /** Names of senders that are imported on top. */
  imported: Map<SourceModule, Set<string>>;
}

/** What a parameter of a helper stands for in the call that is looked into. */
export function argumentOf(handler: Handler, binding: Binding): { handler: Handler; node: Node } | null {
  if (!handler.call || binding.kind !== 'parameter') return null;
  const parameters = parametersOf(handler.node);
  const index = parameters.indexOf(binding.node);
  const given = index < 0 ? undefined : handler.call.arguments[index];
  const fallback = defaultOf(binding);
  if (!given) return fallback && binding.node.type === 'AssignmentPattern' ? { handler, node: fallback } : null;
  let at: Node | undefined = given;
  for (const key of binding.path) {
    const properties: Node[] = at?.type === 'ObjectExpression' ? list(at, 'properties') : [];
    if (properties.some((each) => keyOf(each) === null)) return null;
    at =
      child(
        properties.find((each) => keyOf(each) === key),
        'value',
      ) ?? undefined;
  }
  if (at) return { handler: handler.call.caller, node: at };
  return fallback && given.type === 'ObjectExpression' ? { handler, node: fallback } : null;
}

/** What a parameter, or a name that it is taken apart into, stands for when nothing is given for it. */
function defaultOf({ node, path }: Binding): Node | null {
  const right = node.type === 'AssignmentPattern' ? child(node, 'right') : null;
  if (path.length === 0) return right;
  const pattern = node.type === 'AssignmentPattern' ? child(node, 'left') : node;
  const isEmpty = right === null || (right.type === 'ObjectExpression' && list(right, 'properties').length === 0);
  const property =
    pattern?.type === 'ObjectPattern' && path.length === 1 ? list(pattern, 'properties').find((each) => keyOf(each) === path[0]) : null;
  const value = child(property, 'value');
  return isEmpty && value?.type === 'AssignmentPattern' ? child(value, 'right') : null;
}

export function frontOf({ routes }: Pick<Handler, 'routes'>): RouteShape {
  const [first] = routes;
  if (!first) throw new Error('a handler that is rewritten has a route');
  return first;
}

/** The name goes once nothing uses it any more. */
export function noteReplaced({ surroundings, module }: Pick<Handler, 'surroundings' | 'module'>, name: string): void {
  surroundings.replaced.set(module, (surroundings.replaced.get(module) ?? new Set()).add(name));
}

export function parentsOf(root: Node): Map<Node, Node> {
  const parents = new Map<Node, Node>();
  const visit = (node: Node) => {
    for (const each of children(node)) {
      parents.set(each, node);
      visit(each);
    }
  };
  visit(root);
  return parents;
}

export interface Reference {
  node: Node;
  parent: Node;
}

/** All uses of a binding, types left in: whatever is not understood must be seen. Its declaration is none. */
export function usesOf({ module, parents }: Pick<Handler, 'module' | 'parents'>, name: string, binding: Binding): Reference[] {
  const found: Reference[] = [];
  for (const [node, parent] of parents) {
    if (nameOf(node) !== name && !(node.type === 'JSXIdentifier' && node['name'] === name)) continue;
    if (isPlainName(node, parent) || bindingAt(module, name, node.start) !== binding || isDeclared(node, binding)) continue;
    found.push({ node, parent });
  }
  return found.sort((a, b) => a.node.start - b.node.start);
}

/** It names a property, label or member, and so refers to no variable. */
function isPlainName(node: Node, parent: Node): boolean {
  if (parent.type === 'MemberExpression') return parent['property'] === node && parent['computed'] !== true;
  if (['Property', 'MethodDefinition', 'PropertyDefinition'].includes(parent.type))
    return parent['key'] === node && parent['computed'] !== true && parent['value'] !== node;
  if (['TSPropertySignature', 'TSMethodSignature'].includes(parent.type)) return parent['key'] === node && parent['computed'] !== true;
  return ['LabeledStatement', 'BreakStatement', 'ContinueStatement'].includes(parent.type);
}

/** The identifier stands in the pattern or declaration that binds it. */
function isDeclared(node: Node, binding: Binding): boolean {
  const pattern =
    binding.kind === 'parameter' && binding.node.type !== 'CatchClause'
      ? binding.node
      : (child(binding.node, 'id') ?? child(binding.node, 'param') ?? binding.node);
  return pattern.start <= node.start && node.end <= pattern.end && bindsIn(pattern, node);
}

function bindsIn(pattern: Node, node: Node): boolean {
  if (pattern === node) return true;
  if (pattern.type === 'AssignmentPattern') return bindsIn(child(pattern, 'left') as Node, node);
  if (pattern.type === 'Property') return bindsIn(child(pattern, 'value') as Node, node);
  if (pattern.type === 'ObjectPattern' || pattern.type === 'ArrayPattern' || pattern.type === 'RestElement')
    return children(pattern).some((each) => !each.type.startsWith('TS') && bindsIn(each, node));
  if (pattern.type === 'ImportSpecifier' || pattern.type.startsWith('Import')) return true;
  return false;
}

/** Is the variable given another value anywhere after its declaration? */
export function isReassigned({ module, parents }: Pick<Handler, 'module' | 'parents'>, name: string, binding: Binding): boolean {
  return usesOf({ module, parents }, name, binding).some(({ node }) => isWritten({ parents }, node));
}

/** A target of an assignment, `++`, `delete`, or a loop; also inside a pattern. */
export function isWritten({ parents }: Pick<Handler, 'parents'>, node: Node): boolean {
  let at = node;
  for (let parent = parents.get(at); parent; at = parent, parent = parents.get(at)) {
    if (parent.type === 'AssignmentExpression' || parent.type === 'ForInStatement' || parent.type === 'ForOfStatement')
      return parent['left'] === at;
    if (parent.type === 'UpdateExpression') return true;
    if (parent.type === 'UnaryExpression') return parent['operator'] === 'delete';
    const isPattern =
      ['ObjectPattern', 'ArrayPattern', 'RestElement'].includes(parent.type) ||
      (parent.type === 'AssignmentPattern' && parent['left'] === at) ||
      (parent.type === 'Property' && parent['value'] === at && parents.get(parent)?.type === 'ObjectPattern');
    if (!isPattern && !['ChainExpression', 'TSNonNullExpression', 'TSAsExpression'].includes(parent.type)) return false;
  }
  return false;
}

export function eventParameter(handler: Pick<Handler, 'node' | 'eventAt'>): Node | undefined {
  return parameterAt(handler, handler.eventAt);
}

export function parameterAt({ node }: Pick<Handler, 'node'>, index: number): Node | undefined {
  return parametersOf(node)[index];
}

/** A name that nothing in the function means something else by. */
export function freeName({ node: fn, parents }: Pick<Handler, 'node' | 'parents'>, wishes: readonly string[]): string {
  const taken = new Set<string>();
  walk(fn, (node) => {
    const name = nameOf(node);
    const parent = parents.get(node);
    if (name !== null && !(parent && isPlainName(node, parent))) taken.add(name);
  });
  const name = wishes.find((each) => !taken.has(each) && !taken.has(`_${each}`));
  if (name === undefined) throw new Refused(`it uses the names ${wishes.join(', ')} itself`, fn);
  return name;
}
