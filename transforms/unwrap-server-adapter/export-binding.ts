/** Exports a top-level variable beside the exports that a module already has. */
import { exportedName } from '../exported-functions.js';
import { type Builders, child, isFunction, list, type Node, nameOf, propertyName, stringOf, unwrap, walk } from '../syntax.js';

/** The name that a server is exported under, or why it cannot be exported. */
export type ServerExport = { name: string } | { because: string };

interface ModuleExport {
  name: string;
  /** Local variable that is exported, when it is one. */
  local: string | null;
}

/** Edits the module so that `binding` is exported, under its own name unless that is taken. An export that is there already is used. */
export function exportBinding(program: Node, binding: string, build: Builders): ServerExport {
  const refused = whyNotTopLevel(program, binding);
  if (refused !== null) return { because: refused };
  const present = moduleExports(program);
  const already = present.find(({ local, name }) => local === binding && name !== 'default');
  if (already) return { name: already.name };
  if (list(program, 'body').some(({ type }) => type === 'TSExportAssignment')) return { because: 'the module uses `export =`' };
  const taken = new Set(present.map(({ name }) => name));
  const name = [binding, `${binding}Server`, `${binding}Instance`].find((each) => !taken.has(each)) ?? `${binding}${taken.size}`;
  if (isEsm(program)) program.body = [...list(program, 'body'), build.exportNames(binding, name)];
  else exportCommonJs(program, binding, name, build);
  return { name };
}

/** The export under which a module offers a variable, without an edit. */
export function exportedAs(program: Node, binding: string): string | null {
  return moduleExports(program).find(({ local, name }) => local === binding && name !== 'default')?.name ?? null;
}

function whyNotTopLevel(program: Node, name: string): string | null {
  for (const outer of list(program, 'body')) {
    const statement = outer.type === 'ExportNamedDeclaration' ? (child(outer, 'declaration') ?? outer) : outer;
    if (statement.type === 'ImportDeclaration' && list(statement, 'specifiers').some((each) => nameOf(child(each, 'local')) === name))
      return null;
    if (isFunction(statement) && nameOf(child(statement, 'id')) === name) return null;
    const declarator = list(statement, 'declarations').find((each) => bindsName(child(each, 'id'), name));
    if (declarator) return child(declarator, 'init') && !isAssigned(program, name) ? null : `${name} is set later than on import`;
  }
  return `${name} is not a variable at the top level of the module`;
}

function isAssigned(program: Node, name: string): boolean {
  let assigned = false;
  walk(program, (node) => {
    if (node.type === 'AssignmentExpression' && nameOf(child(node, 'left')) === name) assigned = true;
  });
  return assigned;
}

function bindsName(pattern: Node | null, name: string): boolean {
  if (!pattern) return false;
  return nameOf(pattern) === name || list(pattern, 'properties').some((property) => nameOf(child(property, 'value')) === name);
}

/** A module with `import` or `export`; TypeScript that imports but exports through `module.exports` is CommonJS. */
function isEsm(program: Node): boolean {
  const body = list(program, 'body');
  if (body.some(({ type, exportKind }) => type.startsWith('Export') && exportKind !== 'type')) return true;
  return body.some(({ type }) => type === 'ImportDeclaration') && !moduleExports(program).length;
}

function moduleExports(program: Node): ModuleExport[] {
  const found: ModuleExport[] = [];
  for (const statement of list(program, 'body')) {
    if (statement.type === 'ExportNamedDeclaration') found.push(...namedExports(statement));
    if (statement.type === 'ExportDefaultDeclaration') found.push({ name: 'default', local: nameOf(child(statement, 'declaration')) });
  }
  walk(program, (node, parent) => {
    if (node.type !== 'AssignmentExpression' || parent?.type === 'AssignmentExpression') return;
    const { names, value } = assignedExports(node);
    for (const name of names) found.push({ name, local: nameOf(value) });
    if (!names.includes('default') || value?.type !== 'ObjectExpression') return;
    for (const property of list(value, 'properties'))
      found.push({ name: propertyName(property) ?? '', local: nameOf(unwrap(child(property, 'value'))) });
  });
  return found;
}

function namedExports(statement: Node): ModuleExport[] {
  const declaration = child(statement, 'declaration');
  const own = declaration
    ? [nameOf(child(declaration, 'id')), ...list(declaration, 'declarations').flatMap((each) => boundNames(child(each, 'id')))]
    : [];
  const specifiers = list(statement, 'specifiers').map((each) => ({
    name: nameOf(child(each, 'exported')) ?? stringOf(child(each, 'exported')) ?? '',
    local: statement.source ? null : nameOf(child(each, 'local')),
  }));
  return [...own.flatMap((name) => (name === null ? [] : [{ name, local: name }])), ...specifiers];
}

function boundNames(pattern: Node | null): (string | null)[] {
  return pattern ? [nameOf(pattern), ...list(pattern, 'properties').map((property) => nameOf(child(property, 'value')))] : [];
}

/** `exports.a = module.exports.b = value` → both names and the value. */
function assignedExports(assignment: Node): { names: string[]; value: Node | null } {
  const names: string[] = [];
  let at: Node | null = assignment;
  while (at?.type === 'AssignmentExpression') {
    const name = exportedName(child(at, 'left'));
    if (name !== null) names.push(name);
    at = unwrap(child(at, 'right'));
  }
  return { names, value: at };
}

function exportCommonJs(program: Node, binding: string, name: string, build: Builders): void {
  const body = list(program, 'body');
  const assignments = body.map((statement) => {
    const expression = statement.type === 'ExpressionStatement' ? child(statement, 'expression') : null;
    return expression?.type === 'AssignmentExpression' ? assignedExports(expression) : { names: [], value: null };
  });
  const whole = assignments.find(({ names, value }) => names.includes('default') && value?.type === 'ObjectExpression')?.value;
  if (whole) {
    whole.properties = [...list(whole, 'properties'), build.property(name, binding)];
    return;
  }
  const last = assignments.findLastIndex(({ names }) => names.length > 0);
  const object = usesBareExports(program) ? build.identifier('exports') : build.member(build.identifier('module'), 'exports');
  const added = build.assignment(build.member(object, name), build.identifier(binding));
  program.body = last === -1 ? [...body, added] : [...body.slice(0, last + 1), added, ...body.slice(last + 1)];
}

/** `exports.x = …` is the habit here, and `exports` is still the module's object. */
function usesBareExports(program: Node): boolean {
  let bare = false;
  let replaced = false;
  walk(program, (node) => {
    const left = node.type === 'AssignmentExpression' ? child(node, 'left') : null;
    if (!left || exportedName(left) === null) return;
    if (exportedName(left) === 'default') replaced = true;
    else if (nameOf(unwrap(child(left, 'object'))) === 'exports') bare = true;
  });
  return bare && !replaced;
}
