/** What types and property uses tell about the caller of a handler, when no definition does. */

import { type Told, toldByType } from './event-types.js';
import { toldByUses } from './event-uses.js';
import type { HandlerFacts } from './facts.js';
import { referencesOf } from './invocation.js';
import { placeAt } from './places.js';
import type { FunctionSite, Shape } from './shape.js';
import type { SourceModule } from './source-module.js';
import { child, isFunction, keyOf, list, type Node, nameOf, parametersOf, patternOf, stringOf, unwrap, walk } from './syntax.js';
import type { Values } from './values.js';

export type Evidence = Pick<HandlerFacts, 'frontEvidence' | 'triggerEvidence'>;

const none: Evidence = { frontEvidence: null, triggerEvidence: null };

/** `exportName` is the handler's export of `exportedFrom`: its declaration there may carry a type. */
export function evidenceOf(values: Values, shape: Shape, exportedFrom: SourceModule, exportName: string): Evidence {
  return (
    fromTypes(values, shape, exportedFrom, exportName) ??
    (shape.inner ? fromUses(values, shape.inner) : undefined) ??
    fromWrappers(shape, exportedFrom) ??
    none
  );
}

function evidence(told: Told, because: string, line: number): Evidence {
  if ('front' in told) return { frontEvidence: { ...told, because, line }, triggerEvidence: null };
  return { frontEvidence: null, triggerEvidence: { type: told.trigger, because, line } };
}

/** Types beside the export, beside the variable that holds the function, on its first parameter, and in JSDoc. */
function fromTypes(values: Values, shape: Shape, exportedFrom: SourceModule, exportName: string): Evidence | undefined {
  const sites: [SourceModule, Node | null][] = [];
  const declarator = exportedFrom.bindings.get(exportName)?.find(({ kind, from }) => kind === 'variable' && from === 0);
  if (declarator) sites.push(...typesOfDeclarator(exportedFrom, declarator.node));
  for (const site of [shape.inner, shape.exported]) if (site) sites.push(...typesOfFunction(site));
  for (const [module, type] of sites) {
    const found = type && toldByNode(values, module, type, 0);
    if (found) return evidence(found.told, `it is typed ${found.name}`, placeAt(module.text, type.start).line);
  }
  return shape.inner ? fromJsDoc(shape.inner) : undefined;
}

function typesOfDeclarator(module: SourceModule, declarator: Node): [SourceModule, Node | null][] {
  const init = child(declarator, 'init');
  const types = [annotationOf(child(declarator, 'id'))];
  for (let at = init; at && /^TS(As|Satisfies)Expression$/.test(at.type); at = child(at, 'expression'))
    types.push(child(at, 'typeAnnotation'));
  const call = unwrap(init);
  if (call?.type === 'CallExpression') for (const argument of list(child(call, 'typeArguments'), 'params')) types.push(argument);
  return types.map((type) => [module, type]);
}

function typesOfFunction({ module, node }: FunctionSite): [SourceModule, Node | null][] {
  const found: [SourceModule, Node | null][] = [];
  for (const bindings of module.bindings.values())
    for (const each of bindings)
      if (each.kind === 'variable' && each.path.length === 0 && unwrap(each.init) === node)
        found.push(...typesOfDeclarator(module, each.node));
  found.push([module, annotationOf(patternOf(parametersOf(node)[0]))], [module, child(child(node, 'returnType'), 'typeAnnotation')]);
  return found;
}

function annotationOf(pattern: Node | null): Node | null {
  return child(child(pattern, 'typeAnnotation'), 'typeAnnotation');
}

/** The first name in a type that tells something; aliases and type arguments are followed. */
function toldByNode(values: Values, module: SourceModule, type: Node, depth: number): { told: Told; name: string } | undefined {
  if (depth > 4) return undefined;
  let found: { told: Told; name: string } | undefined;
  walk(type, (node) => {
    if (found) return false;
    const name =
      node.type === 'TSTypeReference'
        ? typeName(child(node, 'typeName'))
        : node.type === 'TSImportType'
          ? typeName(child(node, 'qualifier'))
          : null;
    if (name === null) return true;
    const told = scheduled(node, name) ?? toldByType(name);
    found = told ? { told, name } : toldByAlias(values, module, name, depth);
    return !found;
  });
  return found;
}

/** `EventBridgeEvent<'Scheduled Event', …>` */
function scheduled(reference: Node, name: string): Told | undefined {
  if (name !== 'EventBridgeEvent') return undefined;
  const literal = child(list(child(reference, 'typeArguments'), 'params')[0], 'literal');
  return stringOf(literal) === 'Scheduled Event' ? { trigger: 'schedule' } : undefined;
}

function typeName(node: Node | null): string | null {
  return node?.type === 'TSQualifiedName' ? nameOf(child(node, 'right')) : nameOf(node);
}

/** `type Event = APIGatewayProxyEvent & …` in this module, or in one of the project that it imports the type from. */
function toldByAlias(values: Values, module: SourceModule, name: string, depth: number): { told: Told; name: string } | undefined {
  for (const outer of list(module.program, 'body')) {
    const statement = child(outer, 'declaration') ?? outer;
    if (nameOf(child(statement, 'id')) === name && statement.type === 'TSTypeAliasDeclaration') {
      const aliased = child(statement, 'typeAnnotation');
      return aliased ? toldByNode(values, module, aliased, depth + 1) : undefined;
    }
    if (nameOf(child(statement, 'id')) === name && statement.type === 'TSInterfaceDeclaration')
      for (const base of list(statement, 'extends')) {
        const baseName = typeName(child(base, 'expression'));
        const told = baseName === null ? undefined : toldByType(baseName);
        if (told && baseName !== null) return { told, name: baseName };
      }
    const specifier =
      outer.type === 'ImportDeclaration' ? list(outer, 'specifiers').find((each) => nameOf(child(each, 'local')) === name) : undefined;
    if (!specifier) continue;
    const resolution = values.resolver.resolve(module, stringOf(child(outer, 'source')) ?? '');
    const target = resolution.kind === 'file' ? values.modules.get(resolution.file) : undefined;
    return target ? toldByAlias(values, target, nameOf(child(specifier, 'imported')) ?? name, depth + 1) : undefined;
  }
  return undefined;
}

/** `@type {import('aws-lambda').SQSHandler}`, `@param {APIGatewayProxyEventV2} event` right before the function. */
function fromJsDoc({ module, node }: FunctionSite): Evidence | undefined {
  const before = module.text.slice(Math.max(0, node.start - 1500), node.start);
  const comment = /\/\*\*((?:[^*]|\*(?!\/))*)\*\/\s*[^;{}/]*$/.exec(before)?.[1];
  const type = /@(?:type|satisfies|param)\s*\{([^}]*)\}/.exec(comment ?? '')?.[1];
  const name = type === undefined ? undefined : /(\w+)\s*(?:<|$)/.exec(type.trim())?.[1];
  const told = name === undefined ? undefined : toldByType(name);
  return told && evidence(told, `it is documented as ${name}`, placeAt(module.text, node.start).line);
}

/** How deep the event is followed into functions that it is handed to. */
const maximumDepth = 3;

function fromUses(values: Values, site: FunctionSite): Evidence | undefined {
  const paths = new Map<string, FunctionSite & { at: number }>();
  const texts: string[] = [];
  collect(values, site, patternOf(parametersOf(site.node)[0]), paths, texts, 0);
  const found = toldByUses(new Set(paths.keys()), texts.join('\n'));
  const at = found && paths.get(found.path);
  return found && at && evidence(found.told, `it reads event.${found.path}`, placeAt(at.module.text, at.at).line);
}

type Uses = Map<string, FunctionSite & { at: number }>;

/** Property paths that are read of a parameter, also where it is handed on to a function of the project. */
function collect(values: Values, site: FunctionSite, pattern: Node | null, paths: Uses, texts: string[], depth: number): void {
  texts.push(site.module.text.slice(site.node.start, site.node.end));
  if (pattern?.type === 'ObjectPattern') destructure(site, pattern, [], paths);
  for (const { node, parent } of referencesOf(site.module, site.node, pattern)) {
    const chain = readPath(site.node, node);
    addPath(site, chain, node.start, paths);
    const declarator = declaratorOf(site.node, node);
    if (declarator) destructure(site, declarator, chain, paths);
    if (parent?.type === 'CallExpression' && depth < maximumDepth && parent['callee'] !== node)
      handOn(values, site, parent, node, paths, texts, depth);
  }
}

function addPath(site: FunctionSite, path: readonly string[], at: number, paths: Uses): void {
  path.forEach((_, index) => {
    const key = path.slice(0, index + 1).join('.');
    if (!paths.has(key)) paths.set(key, { ...site, at });
  });
}

function destructure(site: FunctionSite, pattern: Node, before: readonly string[], paths: Uses): void {
  for (const property of list(pattern, 'properties')) {
    const key = keyOf(property);
    if (key === null) continue;
    addPath(site, [...before, key], property.start, paths);
    const below = patternOf(child(property, 'value'));
    if (below?.type === 'ObjectPattern') destructure(site, below, [...before, key], paths);
  }
}

const parents = new WeakMap<Node, Map<Node, Node>>();

function parentsIn(fn: Node): Map<Node, Node> {
  const known = parents.get(fn);
  if (known) return known;
  const found = new Map<Node, Node>();
  walk(fn, (node, parent) => {
    if (parent) found.set(node, parent);
  });
  parents.set(fn, found);
  return found;
}

/** `event.a?.b` → `['a', 'b']`. */
function readPath(fn: Node, reference: Node): string[] {
  const above = parentsIn(fn);
  const path: string[] = [];
  let at = reference;
  for (let parent = above.get(at); parent; at = parent, parent = above.get(at)) {
    if (parent.type === 'ChainExpression' || parent.type.startsWith('TSNonNull') || parent.type === 'TSAsExpression') continue;
    const key = parent.type === 'MemberExpression' && parent['object'] === at ? keyOf(parent) : null;
    if (key === null) break;
    path.push(key);
  }
  return path;
}

/** The pattern of `const { a, b } = event.c`. */
function declaratorOf(fn: Node, reference: Node): Node | null {
  const above = parentsIn(fn);
  for (let at: Node | undefined = reference; at; at = above.get(at)) {
    if (at.type === 'VariableDeclarator')
      return child(at, 'id')?.type === 'ObjectPattern' && at['id'] !== reference ? child(at, 'id') : null;
    if (at !== reference && !/Member|Chain|TS|Logical/.test(at.type)) return null;
  }
  return null;
}

function handOn(values: Values, site: FunctionSite, call: Node, argument: Node, paths: Uses, texts: string[], depth: number): void {
  const index = list(call, 'arguments').indexOf(argument);
  const callee = values.of(site.module, child(call, 'callee'));
  if (index === -1 || callee.kind !== 'node' || !isFunction(callee.node) || callee.node === site.node) return;
  const target = { module: callee.module, node: callee.node };
  collect(values, target, patternOf(parametersOf(callee.node)[index]), paths, texts, depth + 1);
}

/** Middlewares and wrappers that only make sense for one kind of caller. */
const wrapperTells: readonly (readonly [specifier: RegExp, told: Told])[] = [
  [/^@middy\/ws-/, { trigger: 'websocket' }],
  [/^@middy\/sqs-/, { trigger: 'sqs' }],
  [/^@middy\/http-/, { front: 'rest-api', payload: '1.0' }],
];

function fromWrappers({ wrappers }: Shape, module: SourceModule): Evidence | undefined {
  for (const [pattern, told] of wrapperTells) {
    const specifier = wrappers.find((each) => pattern.test(each));
    if (specifier === undefined) continue;
    const at = module.imports.find((each) => each.specifier === specifier)?.start ?? 0;
    return evidence(told, `its middleware ${specifier} is for it`, placeAt(module.text, at).line);
  }
  return undefined;
}
