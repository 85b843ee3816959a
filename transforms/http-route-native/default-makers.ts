/** Functions that go into the file whose only or default export put middlewares around handlers, and how handlers get them from there. */
import { bindingAt, type SourceModule } from '../../src/analysis/source-module.js';
import { child, list, memberPath, type Node, nameOf, requiredModule } from '../../src/analysis/syntax.js';
import { Edits } from './edits.js';
import { type Handler, noteReplaced, usesOf } from './handler.js';
import { Refused } from './refusal.js';

export interface Declared {
  /** Possible names of it. */
  names: readonly string[];
  comment: string;
  /** Its declaration, with what stands before its name. */
  text(declared: string): string;
}

/** The name stands for what another file exports as a whole. */
export function importsWhole({ module }: Handler, callee: Node): boolean {
  const name = nameOf(callee);
  const binding = name === null ? undefined : bindingAt(module, name, callee.start);
  return (
    binding?.node.type === 'ImportDefaultSpecifier' ||
    (nameOf(child(binding?.node, 'id')) === name && requiredModule(binding?.init) !== null)
  );
}

/** The statement that exports the function, and how others of the file are exported; null: it is no such export. */
export function defaultPlace(
  module: SourceModule,
  parents: ReadonlyMap<Node, Node>,
  node: Node,
): { statement: Node; prefix: string } | null {
  for (const statement of list(module.program as Node, 'body')) {
    const assignment = statement.type === 'ExpressionStatement' ? child(statement, 'expression') : null;
    const isWhole = assignment?.type === 'AssignmentExpression' && memberPath(child(assignment, 'left'))?.join('.') === 'module.exports';
    const value = isWhole
      ? child(assignment, 'right')
      : statement.type === 'ExportDefaultDeclaration'
        ? child(statement, 'declaration')
        : null;
    if (value && declares(module, parents, value, node)) return { statement, prefix: isWhole ? 'module.exports.' : 'export const ' };
  }
  return null;
}

/** The value is the function, or its name. */
function declares(module: SourceModule, parents: ReadonlyMap<Node, Node>, value: Node, node: Node): boolean {
  if (value === node || (value.start <= node.start && node.end === value.end && value.type === 'ParenthesizedExpression')) return true;
  const name = nameOf(value);
  const binding = name === null ? undefined : bindingAt(module, name, value.start);
  return binding !== undefined && (binding.node === node || binding.node === parents.get(node));
}

/** Puts them behind the statement, once each, and has the handler's file import them in the place of what it called. Gives their names. */
export function besideDefault(
  handler: Handler,
  { module, statement, prefix }: { module: SourceModule; statement: Node; prefix: string },
  callee: Node,
  pieces: readonly Declared[],
): string[] {
  const { surroundings } = handler;
  const edits = surroundings.edits.get(module) ?? new Edits(module.text, []);
  surroundings.edits.set(module, edits);
  const names = pieces.map(({ names: possible, comment, text }) => {
    const isThere = (name: string) => module.text.includes(text(`${prefix}${name}`));
    const isFree = (name: string) => !new RegExp(`\\b${name}\\b`).test(module.text);
    const name = possible.find(isThere) ?? possible.find(isFree);
    if (name === undefined) throw new Refused(`the name \`${possible[0]}\` is taken`, callee);
    if (!isThere(name)) edits.replace({ start: statement.end, end: statement.end }, `\n\n/** ${comment} */\n${text(`${prefix}${name}`)}`);
    return name;
  });
  importThem(handler, callee, names);
  return names;
}

function importThem(handler: Handler, callee: Node, names: readonly string[]): void {
  const { module, edits, parents } = handler;
  const local = nameOf(callee);
  const binding = local === null ? undefined : bindingAt(module, local, callee.start);
  const refuse = () => new Refused(`how \`${module.text.slice(callee.start, callee.end)}\` comes into the file is not understood`, callee);
  if (local === null || !binding) throw refuse();
  const isOnly = usesOf(handler, local, binding).length === 1;
  noteReplaced(handler, local);
  const holder = parents.get(binding.node);
  const isImport = binding.node.type === 'ImportDefaultSpecifier' && holder?.type === 'ImportDeclaration';
  const taken = names.find((name) => {
    const other = bindingAt(module, name, callee.start);
    const isSame = isImport && other?.node.type === 'ImportSpecifier' && parents.get(other.node) === holder;
    return !isSame && new RegExp(`\\b${name}\\b`).test(module.text);
  });
  if (taken !== undefined) throw new Refused(`the name \`${taken}\` is taken`, callee);
  if (isImport) {
    const named = list(holder, 'specifiers').filter(({ type }) => type === 'ImportSpecifier');
    const added = names.filter((name) => !named.some((each) => nameOf(child(each, 'local')) === name));
    const last = named.at(-1);
    if (list(holder, 'specifiers').length > named.length + 1) throw refuse();
    if (last && added.length > 0) edits.replace({ start: last.end, end: last.end }, `, ${added.join(', ')}`);
    const { start, end } = binding.node;
    if (last && isOnly) edits.remove({ start, end: module.text.indexOf('{', end) });
    else if (!last) edits.replace({ start, end }, isOnly ? '' : `${local}, `, `{ ${added.join(', ')} }`);
    return;
  }
  const declarator = binding.node;
  const id = child(declarator, 'id');
  const isRequire = declarator.type === 'VariableDeclarator' && requiredModule(binding.init) !== null && nameOf(id) === local;
  if (!isRequire || !id || !isOnly) throw refuse();
  edits.replace(id, `{ ${names.join(', ')} }`);
}
