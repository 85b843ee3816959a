/** Where a function that sends goes, under which name, and how other modules get it. */
import { bindingAt, type SourceModule } from '../../src/analysis/source-module.js';
import { child, isFunction, keyOf, list, memberPath, type Node, nameOf, requiredModule, stringOf } from '../../src/analysis/syntax.js';
import { Edits, indentAt, type Range } from './edits.js';
import { type Handler, noteReplaced, type Sender, usesOf } from './handler.js';
import { Refused } from './refusal.js';

export interface SenderPlace {
  /** What is written again with another name. */
  range: Range;
  name: Node;
  /** Between the helper and its sender. */
  separator: string;
  /** The module's code refers to it by its name. */
  isVariable: boolean;
  isExported: boolean;
}

/** Where the helper is declared; null when it is not at a place that can hold another function. */
export function senderPlace({ module, node, parents }: Handler): SenderPlace | null {
  const parent = parents.get(node);
  const blank = module.text.includes('\r\n') ? '\r\n\r\n' : '\n\n';
  if (node.type === 'FunctionDeclaration') return statementPlace(parents, node, child(node, 'id'), blank);
  if (parent?.type === 'VariableDeclarator') {
    const declaration = parents.get(parent);
    const isOnly = declaration !== undefined && list(declaration, 'declarations').length === 1;
    return isOnly ? statementPlace(parents, declaration, child(parent, 'id'), blank) : null;
  }
  if (parent?.type === 'Property' && parent['computed'] !== true && parents.get(parent)?.type === 'ObjectExpression') {
    const separator = `,${blank.slice(blank.length / 2)}${indentAt(module.text, parent.start)}`;
    return { range: parent, name: child(parent, 'key') as Node, separator, isVariable: false, isExported: true };
  }
  const isMember = parent?.type === 'MethodDefinition' ? parent['kind'] === 'method' : parent?.type === 'PropertyDefinition';
  if (parent && isMember && parent['computed'] !== true) {
    const separator = `${blank}${indentAt(module.text, parent.start)}`;
    return { range: parent, name: child(parent, 'key') as Node, separator, isVariable: false, isExported: true };
  }
  if (parent?.type !== 'AssignmentExpression') return null;
  const target = child(parent, 'left');
  const statement = parents.get(parent);
  const path = memberPath(target);
  const isExport = path?.[0] === 'exports' ? path.length === 2 : path?.[0] === 'module' && path[1] === 'exports' && path.length === 3;
  if (!isExport || statement?.type !== 'ExpressionStatement' || parents.get(statement)?.type !== 'Program') return null;
  return { range: statement, name: child(target, 'property') as Node, separator: blank, isVariable: false, isExported: true };
}

function statementPlace(parents: ReadonlyMap<Node, Node>, statement: Node, name: Node | null, blank: string): SenderPlace | null {
  const outer = parents.get(statement);
  const isExported = outer?.type === 'ExportNamedDeclaration';
  const range = isExported ? outer : statement;
  if (!name || parents.get(range)?.type !== 'Program') return null;
  return { range, name, separator: blank, isVariable: true, isExported };
}

/** What is put beside a function: its possible names, and its text. */
interface Beside {
  /** Comment in front of it. */
  lead?: string;
  names: (helper: string) => readonly string[];
  /** Left out: the helper as it is edited. */
  text?(name: string): string;
  /** A text that does as well when it is there already. */
  instead?(name: string): string | null;
}

/**
 * Puts the sender beside its helper, once, and makes it known to the caller's module. Gives its name. `beside`: what is put there
 * when that is not the helper as a sender.
 */
export function addSender(caller: Handler, sub: Handler, place: SenderPlace, callee: Node, beside: Beside): string {
  const { surroundings, module } = sub;
  const known = beside.text ? undefined : surroundings.senders.get(sub.node);
  const helper = module.text.slice(place.name.start, place.name.end);
  for (const name of beside.names(helper)) {
    if (known && known.name !== name) continue;
    const text = beside.text?.(name) ?? textWith(sub, place, name);
    const existing = known ?? existingSender(sub, place, name);
    if (existing === 'taken' || (existing && existing.text !== text && existing.text !== beside.instead?.(name))) continue;
    if (caller.module !== module && isTakenIn(caller, callee, name)) continue;
    surroundings.senders.set(sub.node, existing ?? insert(sub, place, name, { text, lead: beside.lead ?? '' }));
    noteReplaced(sub, helper);
    if (caller.module !== module) importInto(caller, callee, name);
    return name;
  }
  throw new Refused(`no name is free for what takes the place of \`${helper}\``, callee);
}

/** `createResponse` makes one, `sendResponse` sends it. */
export function sendersOf(helper: string): string[] {
  const rest = helper
    .replace(/^(?:create|build|make|format|generate|get|return|handle|to)(?=[A-Z])/, '')
    .replace(/^(?:respond|reply|answer)/, 'response');
  const sent = /^send(?=[A-Z]|$)/.test(helper) ? helper.slice('send'.length) || 'Result' : null;
  if (sent !== null) return [`reply${sent}`, `replyWith${sent}`, `send${sent}2`, `send${sent}3`];
  const capital = (text: string) => `send${text.slice(0, 1).toUpperCase()}${text.slice(1)}`;
  return [...new Set([capital(rest), capital(helper), `reply${capital(rest).slice(4)}`, `${capital(rest)}2`, `${capital(rest)}3`])];
}

export function textWith(sub: Handler, place: SenderPlace, name: string): string {
  const at = sub.edits.render({ start: place.range.start, end: place.name.start });
  return at + name + sub.edits.render({ start: place.name.end, end: place.range.end });
}

/** Something of that name is there: the sender of an earlier run, or another thing. */
function existingSender(sub: Handler, place: SenderPlace, name: string): Sender | 'taken' | null {
  const { module, parents } = sub;
  for (const [node] of parents) {
    if (nameOf(node) !== name) continue;
    if (!place.isVariable && keyOf(parents.get(node)) !== name) continue;
    const fn = functionNamed(parents, node);
    const declared = isFunction(fn) ? senderPlace({ ...sub, node: fn }) : null;
    if (declared && module.text.slice(declared.name.start, declared.name.end) === name) return senderIn(sub, name, declared.range);
  }
  return new RegExp(`\\b${name.replace(/\$/g, '\\$')}\\b`).test(module.text) ? 'taken' : null;
}

/** A sender that stands in the file already. */
function senderIn(sub: Handler, name: string, range: Range): Sender {
  const sender: Sender = {
    name,
    text: sub.module.text.slice(range.start, range.end),
    rewrite(text) {
      editsOf(sub, sub.module).replace(range, text);
      sender.text = text;
    },
  };
  return sender;
}

function functionNamed(parents: ReadonlyMap<Node, Node>, name: Node): Node | null {
  const parent = parents.get(name);
  if (parent?.type === 'FunctionDeclaration') return parent;
  const assigned = parent?.type === 'MemberExpression' ? child(parents.get(parent), 'right') : null;
  return child(parent, 'init') ?? child(parent, 'value') ?? assigned;
}

function isTakenIn({ module }: Handler, callee: Node, name: string): boolean {
  if (callee.type === 'MemberExpression') return false;
  const binding = bindingAt(module, name, callee.start);
  const helper = bindingAt(module, nameOf(callee) ?? '', callee.start);
  const from = (each: typeof binding) => each?.source?.specifier ?? requiredModule(each?.init);
  if (binding) return from(binding) === null || from(binding) === undefined || from(binding) !== from(helper);
  return new RegExp(`\\b${name}\\b`).test(module.text);
}

function editsOf({ surroundings }: Handler, module: SourceModule): Edits {
  const found = surroundings.edits.get(module) ?? new Edits(module.text, []);
  surroundings.edits.set(module, found);
  return found;
}

function insert(sub: Handler, place: SenderPlace, name: string, { text, lead }: { text: string; lead: string }): Sender {
  const edits = editsOf(sub, sub.module);
  const edit = edits.replace({ start: place.range.end, end: place.range.end }, place.separator, lead, text);
  exportToo(sub, place, name, edits);
  const sender: Sender = {
    name,
    text,
    rewrite(written) {
      edit.parts = [place.separator, lead, written];
      sender.text = written;
    },
  };
  return sender;
}

function exportToo(sub: Handler, place: SenderPlace, name: string, edits: Edits): void {
  if (place.isExported) return;
  const helper = nameOf(place.name) as string;
  const binding = bindingAt(sub.module, helper, place.name.end);
  if (!binding) return;
  for (const { node, parent } of usesOf(sub, helper, binding)) {
    if (parent.type === 'ExportSpecifier' || (parent.type === 'Property' && isExportsObject(sub, parent)))
      edits.replace({ start: parent.end, end: parent.end }, `, ${name}`);
    const statement = sub.parents.get(parent);
    const target = parent.type === 'AssignmentExpression' && parent['right'] === node ? child(parent, 'left') : null;
    const path = memberPath(target);
    if (target && statement && path?.at(-1) === helper && (path[0] === 'exports' || path[0] === 'module')) {
      const end = sub.module.text[statement.end - 1] === ';' ? ';' : '';
      const left = sub.module.text.slice(target.start, (child(target, 'property') as Node).start);
      edits.replace({ start: statement.end, end: statement.end }, `\n${left}${name} = ${name}${end}`);
    }
  }
}

function isExportsObject({ parents }: Handler, property: Node): boolean {
  const object = parents.get(property);
  const assignment = object && parents.get(object);
  if (assignment?.type === 'ExportDefaultDeclaration') return true;
  return assignment?.type === 'AssignmentExpression' && memberPath(child(assignment, 'left'))?.join('.') === 'module.exports';
}

/** A name that was imported beside the helper's is imported too. */
function importInto(caller: Handler, callee: Node, name: string): void {
  if (callee.type === 'MemberExpression') return;
  const { module } = caller;
  const helper = nameOf(callee) as string;
  const binding = bindingAt(module, helper, callee.start);
  noteReplaced(caller, helper);
  if (bindingAt(module, name, callee.start)) return;
  const edits = editsOf(caller, module);
  const parents = caller.parents;
  const refuse = () => new Refused(`how \`${helper}\` comes into the file is not understood`, callee);
  if (!binding) throw refuse();
  const imported = importSite(parents, binding.node, helper);
  if (!imported || passesOn(caller, binding.source?.specifier ?? requiredModule(binding.init), helper)) throw refuse();
  const { imported: known } = caller.surroundings;
  if (known.get(module)?.has(name)) return;
  known.set(module, (known.get(module) ?? new Set()).add(name));
  edits.replace({ start: imported.end, end: imported.end }, `, ${name}`);
}

/** `{ helper }` of an import or of a destructured `require`. */
function importSite(parents: ReadonlyMap<Node, Node>, node: Node, name: string): Node | null {
  if (node.type === 'ImportSpecifier') return nameOf(child(node, 'imported')) === name ? node : null;
  const pattern = node.type === 'VariableDeclarator' ? child(node, 'id') : null;
  if (pattern?.type !== 'ObjectPattern' || parents.get(node)?.type !== 'VariableDeclaration') return null;
  return list(pattern, 'properties').find((each) => keyOf(each) === name && nameOf(child(each, 'value')) === name) ?? null;
}

/** The module that is imported only passes the helper on, by its name. */
function passesOn({ values, module }: Handler, specifier: string | null | undefined, helper: string): boolean {
  if (!specifier) return true;
  const resolution = values.resolver.resolve(module, specifier);
  const target = resolution.kind === 'file' ? values.modules.get(resolution.file) : undefined;
  if (!target?.program) return true;
  return list(target.program as Node, 'body').some(
    (statement) =>
      statement.type === 'ExportNamedDeclaration' &&
      stringOf(child(statement, 'source')) !== null &&
      list(statement, 'specifiers').some((each) => nameOf(child(each, 'exported')) === helper),
  );
}
