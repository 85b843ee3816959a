/** Type of a parsed body, where the type of the event says it: `Handler<Omit<APIGatewayProxyEvent, 'body'> & { body: FromSchema<S> }>`. */
import type { SourceModule } from '../../src/analysis/source-module.js';
import { child, keyOf, list, type Node, nameOf, parametersOf, stringOf } from '../../src/analysis/syntax.js';
import type { Handler } from './handler.js';

interface Place {
  module: SourceModule;
  node: Node;
  /** What type parameters stand for. */
  given: ReadonlyMap<string, Place>;
}

const maximumDepth = 8;

/** The type as the handler's file has to write it, importing what it names; `any` when nothing says it. */
export function parsedBodyType(handler: Handler): string {
  const place = annotationOf(handler);
  const found = place && bodyIn(handler, place, 0);
  return (found && written(handler, found)) ?? 'any';
}

function annotationOf({ module, node, parents }: Handler): Place | null {
  const declarator = parents.get(node);
  const ofVariable = declarator?.type === 'VariableDeclarator' ? child(declarator, 'id') : null;
  const type = [parametersOf(node)[0], ofVariable]
    .map((each) => child(child(each, 'typeAnnotation'), 'typeAnnotation'))
    .find((each) => each);
  return type ? { module, node: type, given: new Map() } : null;
}

function bodyIn(handler: Handler, { module, node, given }: Place, depth: number): Place | null {
  if (depth > maximumDepth) return null;
  const next = (each: Node) => bodyIn(handler, { module, node: each, given }, depth + 1);
  if (node.type === 'TSIntersectionType')
    return (
      list(node, 'types')
        .map(next)
        .find((each) => each !== null) ?? null
    );
  if (node.type === 'TSTypeLiteral') {
    const member = list(node, 'members').find((each) => keyOf(each) === 'body');
    const type = child(child(member, 'typeAnnotation'), 'typeAnnotation');
    return type ? { module, node: type, given } : null;
  }
  const name = nameOf(child(node, 'typeName'));
  if (node.type !== 'TSTypeReference' || name === null) return null;
  const args = list(child(node, 'typeArguments'), 'params');
  const known = given.get(name);
  if (known) return bodyIn(handler, known, depth + 1);
  const alias = aliasOf(handler, module, name);
  if (!alias) return args[0] && sourceOf(module, name) === 'aws-lambda' ? next(args[0]) : null;
  const parameters = list(child(alias.node, 'typeParameters'), 'params').map((each) => nameOf(child(each, 'name')) ?? '');
  const inner = new Map(parameters.flatMap((each, index) => (args[index] ? [[each, { module, node: args[index], given }] as const] : [])));
  return bodyIn(handler, { module: alias.module, node: child(alias.node, 'typeAnnotation') as Node, given: inner }, depth + 1);
}

/** The declaration of a type's name, here or where it is imported from. */
function aliasOf({ values }: Handler, module: SourceModule, name: string): { module: SourceModule; node: Node } | null {
  const own = declared(module, name);
  if (own) return { module, node: own };
  const source = sourceOf(module, name);
  const resolution = source === null ? null : values.resolver.resolve(module, source);
  const target = resolution?.kind === 'file' ? values.modules.get(resolution.file) : undefined;
  const node = target ? declared(target, name) : null;
  return target && node ? { module: target, node } : null;
}

function declared({ program }: SourceModule, name: string): Node | null {
  const statements = list(program, 'body').map((each) => child(each, 'declaration') ?? each);
  return statements.find((each) => each.type === 'TSTypeAliasDeclaration' && nameOf(child(each, 'id')) === name) ?? null;
}

/** The module that a name is imported from under that name. */
function sourceOf({ program }: SourceModule, name: string): string | null {
  const statement = list(program, 'body').find(
    (each) =>
      each.type === 'ImportDeclaration' &&
      list(each, 'specifiers').some((one) => nameOf(child(one, 'imported')) === name && nameOf(child(one, 'local')) === name),
  );
  return stringOf(child(statement, 'source'));
}

/** What a type parameter stands for in the end. */
function settled(place: Place): Place {
  const known = place.given.get(nameOf(child(place.node, 'typeName')) ?? '');
  return known ? settled(known) : place;
}

/** `FromSchema<typeof schema>`: a type of a package, of types that the handler's own file has written out. */
function written(handler: Handler, { module, node, given }: Place): string | null {
  const { module: own, edits, quote } = handler;
  const name = nameOf(child(node, 'typeName'));
  const source = name === null ? null : sourceOf(module, name);
  const args = list(child(node, 'typeArguments'), 'params').map((each) => settled({ module, node: each, given }));
  if (name === null || source === null || source.startsWith('.') || args.some((each) => each.module !== own)) return null;
  const isPackage = handler.values.resolver.resolve(module, source).kind !== 'file';
  const before = sourceOf(own, name);
  if (!isPackage || (before !== null && before !== source)) return null;
  const [first] = list(own.program, 'body').filter(({ type }) => type === 'ImportDeclaration');
  if (before === null) {
    if (!first) return null;
    const end = own.text[first.end - 1] === ';' ? ';' : '';
    edits.replace({ start: first.start, end: first.start }, `import type { ${name} } from ${quote}${source}${quote}${end}\n`);
  }
  return `${name}<${args.map((each) => own.text.slice(each.node.start, each.node.end)).join(', ')}>`;
}
