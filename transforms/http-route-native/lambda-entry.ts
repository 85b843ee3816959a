/** `--keep-handler`: the route gets a name of its own, and what Lambda calls is made of it where it is exported. */
import { exportedPath } from '../../src/analysis/exports.js';
import { entryMaker } from '../../src/analysis/kept-route.js';
import { bindingAt, parseModule } from '../../src/analysis/source-module.js';
import { child, isFunction, keyOf, list, type Node, nameOf } from '../../src/analysis/syntax.js';
import { importNames } from '../../src/mending/imports.js';
import { SourceView } from '../../src/mending/source-view.js';

export interface KeptHandler {
  text: string;
  /** Under which name the file exports the route now. */
  route: string;
}

export interface KeepInput {
  file: string;
  /** The file with the route under the handler's name. */
  text: string;
  /** Exported name of the handler. */
  name: string;
  /** Where `onLambda` is imported from. */
  specifier: string;
}

/** Says where the handler goes on being exported; null when how it is exported is not understood. */
export function keepHandler({ file, text, name, specifier }: KeepInput): KeptHandler | null {
  const module = parseModule(file, text);
  if (!module.program) return null;
  const view = new SourceView(module);
  const names = [...(generic.test(name) ? ['route'] : []), `${name}Route`, 'routeHandler'];
  const route = names.find((each) => view.isUnused(each));
  if (route === undefined) return null;
  const statements = list(view.program, 'body');
  const kept = statements.some((statement) => forms.some((form) => form({ view, statement, name, route })));
  if (!kept || !importNames(view, specifier, [entryMaker])) return null;
  return { text: view.edits.apply(), route };
}

/** Names that say no more than that it is a handler. */
const generic = /^(?:default|handler|main|lambdaHandler|lambda|index|run)$/;

interface Form {
  view: SourceView;
  statement: Node;
  name: string;
  route: string;
}

const forms: readonly ((form: Form) => boolean)[] = [declared, asDefault, listed, assigned, inWhole];

/** `export const handler = …` and `export function handler() {…}`. */
function declared({ view, statement, name, route }: Form): boolean {
  const declaration = statement.type === 'ExportNamedDeclaration' ? child(statement, 'declaration') : null;
  if (!declaration) return false;
  const declarators = list(declaration, 'declarations');
  const holder = isFunction(declaration) ? declaration : declarators.length === 1 ? declarators[0] : undefined;
  const id = child(holder, 'id');
  if (!id || nameOf(id) !== name) return false;
  rename(view, id, route);
  append(view, statement, `export const ${name} = ${entryMaker}(${route})`);
  return true;
}

/** `export default …`. */
function asDefault({ view, statement, name, route }: Form): boolean {
  const value = statement.type === 'ExportDefaultDeclaration' && name === 'default' ? child(statement, 'declaration') : null;
  if (!value) return false;
  const local = nameOf(value);
  const before = { start: statement.start, end: value.start };
  if (local !== null) view.edits.replace(statement, `export { ${local} as ${route} }${view.semicolon}`);
  else if (value.type === 'FunctionDeclaration' && child(value, 'id')) {
    view.edits.replace(before, 'export ');
    rename(view, child(value, 'id') as Node, route);
  } else {
    view.edits.replace(before, `export const ${route} = `);
    if (isFunction(value) && !/;\s*$/.test(view.text(statement)))
      view.edits.replace({ start: statement.end, end: statement.end }, view.semicolon);
  }
  append(view, statement, `export default ${entryMaker}(${local ?? route})`);
  return true;
}

/** `export { handler }`, `export { get as handler }`. */
function listed({ view, statement, name, route }: Form): boolean {
  if (statement.type !== 'ExportNamedDeclaration' || child(statement, 'source')) return false;
  const specifier = list(statement, 'specifiers').find((each) => nameOf(child(each, 'exported')) === name);
  const local = nameOf(child(specifier, 'local'));
  if (!specifier || local === null) return false;
  const isRenamed = local === name;
  if (isRenamed && !renameDeclaration(view, local, route)) return false;
  view.edits.replace(specifier, isRenamed ? route : `${local} as ${route}`);
  append(
    view,
    statement,
    `${name === 'default' ? 'export default' : `export const ${name} =`} ${entryMaker}(${isRenamed ? route : local})`,
  );
  return true;
}

/** `exports.handler = …`, `module.exports.handler = …`. */
function assigned({ view, statement, name, route }: Form): boolean {
  const assignment = statement.type === 'ExpressionStatement' ? child(statement, 'expression') : null;
  const target = assignment?.type === 'AssignmentExpression' && assignment['operator'] === '=' ? child(assignment, 'left') : null;
  const value = child(assignment, 'right');
  const object = child(target, 'object');
  if (!target || !object || !value || exportedPath(target)?.join('.') !== name || value.type === 'AssignmentExpression') return false;
  const exported = view.text(object);
  view.edits.replace(target, `${exported}.${route}`);
  append(view, statement, `${exported}.${name} = ${entryMaker}(${exported}.${route})`);
  return true;
}

/** `module.exports = { handler }`. */
function inWhole({ view, statement, name, route }: Form): boolean {
  const assignment = statement.type === 'ExpressionStatement' ? child(statement, 'expression') : null;
  const target = child(assignment, 'left');
  const object = child(assignment, 'right');
  if (!target || object?.type !== 'ObjectExpression' || view.text(target) !== 'module.exports') return false;
  const property = list(object, 'properties').find((each) => each.type === 'Property' && keyOf(each) === name);
  const value = child(property, 'value');
  const key = child(property, 'key');
  if (!property || !value || !key) return false;
  if (nameOf(value) !== null) view.edits.replace(property, `${route}: ${nameOf(value)}`);
  else view.edits.replace(key, route);
  append(view, statement, `module.exports.${name} = ${entryMaker}(module.exports.${route})`);
  return true;
}

/** The identifier alone, without the type behind it. */
function rename(view: SourceView, { start }: Node, name: string): void {
  const length = /^[\w$]+/.exec(view.module.text.slice(start))?.[0].length ?? 0;
  view.edits.replace({ start, end: start + length }, name);
}

/** Where the name is declared at the top of the file, and used by nothing but its export. */
function renameDeclaration(view: SourceView, name: string, route: string): boolean {
  const binding = bindingAt(view.module, name, view.program.start);
  const id = child(binding?.node, 'id');
  if (!binding || !id || !['variable', 'function'].includes(binding.kind) || binding.path.length > 0) return false;
  const others = view.usesOf(binding).filter(({ parent }) => parent.type !== 'ExportSpecifier');
  if (others.length > 0) return false;
  rename(view, id, route);
  return true;
}

function append(view: SourceView, { end }: Node, line: string): void {
  const { lineEnd, semicolon } = view;
  view.edits.replace({ start: end, end }, `${lineEnd}${lineEnd}${line}${semicolon}`);
}
