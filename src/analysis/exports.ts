/** What a module exports, by all the ways that handlers are exported in the wild. */
import { isNothing, type SourceModule } from './source-module.js';
import { child, isFunction, keyOf, list, memberPath, type Node, nameOf, requiredModule, returnedBy, stringOf, unwrap } from './syntax.js';

export interface ExportTable {
  named: Map<string, ExportedValue>;
  /** `module.exports = …`, `export = …`. */
  whole: Node | null;
  /** Modules whose exports are passed on under their own names. */
  stars: string[];
  /** Objects whose properties are passed on (`{ ...handlers }`, `Object.assign(exports, handlers)`). */
  spreads: Node[];
  /** Names are made when the module runs (`exports[name] = …`): a name that is not found may still be there. */
  isOpen: boolean;
}

/** A value of this module, or a name of another. */
type ExportedValue = { node: Node } | { from: string; name: string };

const tables = new WeakMap<SourceModule, ExportTable>();

export function exportsOf(module: SourceModule): ExportTable {
  const known = tables.get(module);
  if (known) return known;
  const table: ExportTable = { named: new Map(), whole: null, stars: [], spreads: [], isOpen: false };
  tables.set(module, table);
  for (const statement of list(module.program, 'body')) addStatement(table, statement);
  addAssignments(table, module);
  for (const call of module.exportCalls) addCall(table, module, call);
  table.isOpen ||= isFilledElsewhere(module, table.whole);
  return table;
}

/** The exports are made by a call, or handed to one that may add to them. */
function isFilledElsewhere({ text, memberAssignments }: SourceModule, whole: Node | null): boolean {
  if (unwrap(whole)?.type === 'CallExpression') return true;
  const name = nameOf(unwrap(whole));
  const names = ['module.exports', 'exports', ...(name === null ? [] : [name])].map((each) => each.replace(/[.$]/g, '\\$&')).join('|');
  const handedOn = new RegExp(`(?<!\\b(?:assign|defineProperty|__export|__exportStar|__esModule))\\((?:${names})\\s*[,)]`);
  const isComputed = ({ left }: Node) =>
    (left as Node)['computed'] === true && keyOf(left as Node) === null && memberPath(child(left as Node, 'object'))?.join('.') === name;
  return handedOn.test(text) || (name !== null && memberAssignments.some(isComputed));
}

function addStatement(table: ExportTable, statement: Node): void {
  if (statement['exportKind'] === 'type') return;
  if (statement.type === 'ExportNamedDeclaration') addNamed(table, statement);
  const declaration = child(statement, 'declaration');
  if (statement.type === 'ExportDefaultDeclaration' && declaration) table.named.set('default', { node: declaration });
  if (statement.type === 'TSExportAssignment') table.whole = child(statement, 'expression');
  const source = stringOf(child(statement, 'source'));
  if (statement.type !== 'ExportAllDeclaration' || source === null) return;
  const as = nameOf(child(statement, 'exported')) ?? stringOf(child(statement, 'exported'));
  if (as === null) table.stars.push(source);
  else table.named.set(as, { from: source, name: '*' });
}

function addNamed(table: ExportTable, statement: Node): void {
  const declaration = child(statement, 'declaration');
  const name = nameOf(child(declaration, 'id'));
  if (declaration && name !== null) table.named.set(name, { node: declaration });
  for (const declarator of list(declaration, 'declarations'))
    for (const identifier of boundIn(child(declarator, 'id'))) table.named.set(String(identifier['name']), { node: identifier });
  const source = stringOf(child(statement, 'source'));
  for (const specifier of list(statement, 'specifiers')) {
    if (specifier['exportKind'] === 'type') continue;
    const local = child(specifier, 'local');
    const exported = nameOf(child(specifier, 'exported')) ?? stringOf(child(specifier, 'exported'));
    if (exported === null || !local) continue;
    table.named.set(exported, source === null ? { node: local } : { from: source, name: nameOf(local) ?? stringOf(local) ?? 'default' });
  }
}

/** Identifiers that a pattern binds. */
function boundIn(pattern: Node | null): Node[] {
  if (!pattern) return [];
  if (nameOf(pattern) !== null) return [pattern];
  if (pattern.type === 'AssignmentPattern') return boundIn(child(pattern, 'left'));
  if (pattern.type === 'ObjectPattern')
    return list(pattern, 'properties').flatMap((each) => boundIn(child(each, 'value') ?? child(each, 'argument')));
  return pattern.type === 'ArrayPattern' ? list(pattern, 'elements').flatMap(boundIn) : [];
}

/** Local names of the exports object: `const app = module.exports = {}`. */
function exportsAliases(module: SourceModule): Set<string> {
  const aliases = new Set<string>();
  for (const bindings of module.bindings.values())
    for (const { name, init, path, kind } of bindings) {
      let at = kind === 'variable' && path.length === 0 ? init : null;
      while (at?.type === 'AssignmentExpression') {
        if (isWhole(memberPath(child(at, 'left')))) aliases.add(name);
        at = child(at, 'right');
      }
      if (isWhole(memberPath(at))) aliases.add(name);
    }
  return aliases;
}

function isWhole(path: string[] | null): boolean {
  return path?.join('.') === 'module.exports' || path?.join('.') === 'exports';
}

/** `exports.x` → `['x']`, `module.exports` → `[]`; null for anything else. */
export function exportedPath(target: Node | null, aliases: ReadonlySet<string> = new Set()): string[] | null {
  const path = memberPath(target);
  if (!path) return null;
  if (path[0] === 'module' && path[1] === 'exports') return path.slice(2);
  return path[0] === 'exports' || aliases.has(path[0] ?? '') ? path.slice(1) : null;
}

function addAssignments(table: ExportTable, module: SourceModule): void {
  if (module.isEsm && !/\bexports\b/.test(module.text)) return;
  const aliases = exportsAliases(module);
  for (const assignment of assignmentsOf(module)) {
    if (!isOfModule(module, assignment)) continue;
    const left = child(assignment, 'left');
    const path = exportedPath(left, aliases);
    if (path === null) {
      const object = exportedPath(child(left, 'object'), aliases);
      if (object?.length === 0 && left?.['computed'] === true) table.isOpen = true;
      continue;
    }
    const value = assignedValue(assignment);
    if (!value || isNothing(value)) continue;
    if (path.length === 0) addWhole(table, value);
    else if (path.length === 1) table.named.set(path[0] as string, { node: value });
  }
}

function assignmentsOf(module: SourceModule): Node[] {
  const toNames = (module.assignments.get('exports') ?? []).filter((each) => child(each, 'right')?.type !== 'Identifier');
  return [...module.memberAssignments, ...toNames].sort((a, b) => a.start - b.start);
}

/** The last value of `a = b = value`. */
function assignedValue(assignment: Node): Node | null {
  let at: Node | null = assignment;
  while (at?.type === 'AssignmentExpression') at = unwrap(child(at, 'right'));
  return at;
}

function addWhole(table: ExportTable, value: Node): void {
  if (isWhole(memberPath(value))) return;
  table.whole = value;
}

function addCall(table: ExportTable, module: SourceModule, call: Node): void {
  const name = memberPath(child(call, 'callee'))?.at(-1) ?? '';
  const [first, second, third] = list(call, 'arguments');
  if (name === '__exportStar') {
    const specifier = requiredModule(first);
    if (specifier !== null) table.stars.push(specifier);
  } else if (name === '__export' && unwrap(second)?.type === 'ObjectExpression') {
    // esbuild: __export(src_exports, { handler: () => handler }) before module.exports = __toCommonJS(src_exports).
    for (const property of list(unwrap(second), 'properties')) addGetter(table, keyOf(property), child(property, 'value'));
  } else if (exportedPath(first ?? null)?.length !== 0 || !isOfModule(module, call)) return;
  else if (name === 'assign') table.spreads.push(...list(call, 'arguments').slice(1));
  else if (name === 'defineProperty') addDefined(table, stringOf(second), unwrap(third));
}

/** Inside a bundle's module functions `exports` is a parameter and means another module. */
function isOfModule(module: SourceModule, call: Node): boolean {
  return !(module.bindings.get('exports') ?? []).some(
    ({ kind, from, to }) => kind === 'parameter' && from <= call.start && call.start < to,
  );
}

function addDefined(table: ExportTable, name: string | null, descriptor: Node | null): void {
  if (name === null) {
    table.isOpen = true;
    return;
  }
  for (const property of list(descriptor, 'properties')) {
    const value = child(property, 'value');
    if (keyOf(property) === 'value' && value && name !== '__esModule') table.named.set(name, { node: value });
    if (keyOf(property) === 'get') addGetter(table, name, value);
  }
}

function addGetter(table: ExportTable, name: string | null, getter: Node | null): void {
  const returned = isFunction(getter) ? returnedBy(getter)[0] : undefined;
  if (name !== null && returned) table.named.set(name, { node: returned });
}
