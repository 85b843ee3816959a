/** The functions that a request starts with: the handler, what is wrapped around it, and the routes of a server. */
import { shapeOf } from '../shape.js';
import { bindingAt, type SourceModule } from '../source-module.js';
import {
  child,
  isFunction,
  keyOf,
  list,
  memberPath,
  type Node,
  nameOf,
  parametersOf,
  patternOf,
  returnedBy,
  unwrap,
  walk,
} from '../syntax.js';
import type { Value, Values } from '../values.js';
import { type Classes, decoratorsOf, membersOf } from './classes.js';
import { type Instance, type Known, nothing, requestData } from './known.js';
import { classAround } from './shared-states.js';
import type { Spot } from './trace.js';

export interface Root {
  spot: Spot;
  args: Known[];
  self: Instance | null;
}

const maximumDepth = 6;

/** Where requests come in. */
export interface RequestEntry {
  /** The handler's module. */
  module: SourceModule;
  exportPath: readonly string[];
  /** The server behind the handler takes them itself. */
  listens: boolean;
}

export function rootsOf(values: Values, classes: Classes, files: readonly string[], { module, exportPath, listens }: RequestEntry): Root[] {
  const value = values.exported(module, exportPath);
  if (!value) return [];
  const shape = shapeOf(values, value);
  const found = new Map<Node, Root>();
  const add = (spot: Spot): void => {
    if (!found.has(spot.node)) found.set(spot.node, { spot, args: argumentsOf(spot.node), self: selfOf(spot) });
  };
  if (!listens) {
    if (shape.inner) add(shape.inner);
    if (shape.exported) add(shape.exported);
    functionsOf(values, value, add, 0);
  }
  if (shape.server) for (const spot of routesOf(values, files)) add(spot);
  if (shape.server?.framework.startsWith('nest')) for (const spot of injectedMethods(classes)) add(spot);
  return [...found.values()];
}

/** The handler's own function stands first: findings about the function as a whole are placed there. */
export function handlerSpot(values: Values, { module, exportPath }: RequestEntry): Spot {
  const value = values.exported(module, exportPath);
  const shape = value && shapeOf(values, value);
  return shape?.inner ?? shape?.exported ?? (value?.kind === 'node' ? value : { module, node: module.program as Node });
}

/** Names of parameters say what they are; only the last of three is a callback. */
function argumentsOf(fn: Node): Known[] {
  return parametersOf(fn).map((parameter, index) => {
    const name = nameOf(patternOf(parameter));
    if (name !== null && /^(_?callback|cb|done|next|res|response|reply|responseStream)$/.test(name)) return nothing;
    if (index === 0) return requestData(name ?? 'event');
    return index < 3 && (name !== null || index === 1) ? requestData(name ?? 'context') : nothing;
  });
}

function selfOf({ module, node }: Spot): Instance | null {
  if (!/\bclass\b/.test(module.text)) return null;
  const of = classAround(module, node);
  const member = of && membersOf(of).find((each) => each.start <= node.start && node.end <= each.end);
  if (!of || !member) return null;
  return { of: { module, node: of }, isShared: true, isClass: member['static'] === true };
}

/** Every function in the expression that makes the handler: `middy(handler).use({ before })`, `wrap(options)(handler)`. */
function functionsOf(values: Values, value: Value, add: (spot: Spot) => void, depth: number): void {
  if (value.kind !== 'node' || depth > maximumDepth) return;
  const { module, node } = value;
  const below = (each: Node | null): void => functionsOf(values, values.of(module, each), add, depth + 1);
  if (isFunction(node)) add({ module, node });
  else if (node.type === 'ObjectExpression')
    for (const property of list(node, 'properties')) below(child(property, 'value') ?? child(property, 'argument'));
  else if (node.type === 'ArrayExpression') for (const each of list(node, 'elements')) below(each);
  else if (node.type === 'CallExpression') {
    for (const each of list(node, 'arguments')) below(each);
    const callee = unwrap(child(node, 'callee'));
    const made = values.of(module, callee);
    if (made.kind === 'node' && isFunction(made.node))
      for (const each of returnedBy(made.node)) functionsOf(values, values.of(made.module, each), add, depth + 1);
    else if (callee?.type === 'MemberExpression') below(child(callee, 'object'));
  }
}

const routeMethod = /^(get|post|put|patch|delete|del|all|use|options|head|route|param|addHook|resolver|onRequest|preHandler|middleware)$/;

/** Functions given to the routes and middlewares of a server, anywhere in the reachable code. */
function routesOf(values: Values, files: readonly string[]): Spot[] {
  const found: Spot[] = [];
  for (const file of files) {
    const module = values.modules.get(file);
    if (!module?.program) continue;
    walk(module.program, (node) => {
      if (node.type === 'NewExpression' && /Server|Yoga|Router/.test(memberPath(child(node, 'callee'))?.at(-1) ?? ''))
        for (const each of list(node, 'arguments')) functionsOf(values, values.of(module, each), (spot) => found.push(spot), 0);
      const callee = node.type === 'CallExpression' ? unwrap(child(node, 'callee')) : null;
      if (callee?.type !== 'MemberExpression' || !routeMethod.test(keyOf(callee) ?? '')) return;
      const given = list(node, 'arguments');
      const isRoute = given.some((each) => isRouteHandler(values, module, each));
      if (isRoute) for (const each of given) functionsOf(values, values.of(module, each), (spot) => found.push(spot), maximumDepth - 1);
    });
  }
  return found;
}

/** `(req, res) => …`, `async (c) => …`, `(ctx, next) => …`. */
function isRouteHandler(values: Values, module: SourceModule, node: Node): boolean {
  const value = values.of(module, node);
  if (value.kind !== 'node' || !isFunction(value.node)) return false;
  const names = parametersOf(value.node).map((each) => nameOf(patternOf(each)) ?? '');
  return (
    names.some((name) => /^_?(req|request|ctx|context|c|res|response|reply|next)$/.test(name)) ||
    (names.length === 0 && bindingAt(module, 'app', 0) !== undefined)
  );
}

function injectedMethods(classes: Classes): Spot[] {
  return classes
    .classes()
    .filter(({ module, node }) =>
      decoratorsOf(module, node).some(
        (text) => /^@(Controller|Injectable|Resolver)\b/.test(text) && !/Scope\.(REQUEST|TRANSIENT)/.test(text),
      ),
    )
    .flatMap(({ module, node }) =>
      membersOf(node).flatMap((member) => {
        const fn = unwrap(child(member, 'value'));
        return isFunction(fn) && member['kind'] !== 'constructor' ? [{ module, node: fn }] : [];
      }),
    );
}
