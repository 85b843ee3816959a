/** What types and property uses tell about the caller of a handler, when no definition does. */

import { readsOfEvent } from './event-reads.js';
import { type Told, toldByType } from './event-types.js';
import { toldByUses } from './event-uses.js';
import type { HandlerFacts } from './facts.js';
import { placeAt } from './places.js';
import type { FunctionSite, Shape } from './shape.js';
import type { SourceModule } from './source-module.js';
import { child, list, type Node, nameOf, parametersOf, patternOf, stringOf, unwrap, walk } from './syntax.js';
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

function fromUses(values: Values, site: FunctionSite): Evidence | undefined {
  const { paths, text } = readsOfEvent(values, site);
  const found = toldByUses(new Set(paths.keys()), text);
  const read = found && paths.get(found.path);
  return found && read && evidence(found.told, `it reads event.${found.path}`, placeAt(read.module.text, read.at).line);
}

/** Middlewares that only make sense for one kind of caller. Those for HTTP do not tell which front: {@link isHttpWrapper}. */
const wrapperTells: readonly (readonly [specifier: RegExp, told: Told])[] = [
  [/^@middy\/ws-/, { trigger: 'websocket' }],
  [/^@middy\/sqs-/, { trigger: 'sqs' }],
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

/** True when a middleware around the handler answers HTTP, whichever front it is. */
export function isHttpWrapper({ wrappers }: Shape): boolean {
  return wrappers.some((each) => /^@middy\/http-/.test(each));
}
