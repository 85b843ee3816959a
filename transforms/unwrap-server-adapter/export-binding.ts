/** Exports a top-level variable beside the exports that a module already has. */
import { exportedName } from '../exported-functions.js';
import { type Builders, child, isFunction, list, type Node, nameOf, propertyName, stringOf, unwrap, walk } from '../syntax.js';

/** Edits the module so that `binding` is exported under its own name. Returns why it cannot, or null when it is. */
export function exportBinding(program: Node, binding: string, build: Builders): string | null {
  const declared = topLevelDeclaration(program, binding);
  if (declared === null) return `${binding} is not a variable at the top level of the module`;
  if (declared.type === 'import') return exportImported(program, binding, build);
  return isEsm(program) ? exportEsm(program, binding, build) : exportCommonJs(program, binding, build);
}

function topLevelDeclaration(program: Node, name: string): { type: 'variable' | 'import' } | null {
  for (const outer of list(program, 'body')) {
    const statement = outer.type === 'ExportNamedDeclaration' ? (child(outer, 'declaration') ?? outer) : outer;
    if (statement.type === 'ImportDeclaration' && list(statement, 'specifiers').some((each) => nameOf(child(each, 'local')) === name))
      return { type: 'import' };
    const declares = list(statement, 'declarations').some((each) => bindsName(child(each, 'id'), name));
    if (declares || (isFunction(statement) && nameOf(child(statement, 'id')) === name)) return { type: 'variable' };
  }
  return null;
}

function bindsName(pattern: Node | null, name: string): boolean {
  if (!pattern) return false;
  return nameOf(pattern) === name || list(pattern, 'properties').some((property) => nameOf(child(property, 'value')) === name);
}

function exportImported(program: Node, binding: string, build: Builders): string | null {
  return exportEsm(program, binding, build);
}

function isEsm(program: Node): boolean {
  return list(program, 'body').some(
    (each) => each.type === 'ImportDeclaration' || (each.type.startsWith('Export') && each.exportKind !== 'type'),
  );
}

function exportEsm(program: Node, binding: string, build: Builders): string | null {
  const body = list(program, 'body');
  if (body.some((each) => each.type === 'TSExportAssignment')) return 'the module uses `export =`';
  for (const statement of body) {
    if (statement.type !== 'ExportNamedDeclaration') continue;
    const specifier = list(statement, 'specifiers').find(
      (each) => (nameOf(child(each, 'exported')) ?? stringOf(child(each, 'exported'))) === binding,
    );
    if (specifier)
      return !statement.source && nameOf(child(specifier, 'local')) === binding
        ? null
        : `${binding} is exported already and is something else`;
    const declaration = child(statement, 'declaration');
    if (!declaration) continue;
    if (nameOf(child(declaration, 'id')) === binding) return null;
    if (list(declaration, 'declarations').some((each) => bindsName(child(each, 'id'), binding))) return null;
  }
  const assigned = hasCommonJsExports(program);
  if (assigned && !body.some((each) => each.type.startsWith('Export'))) return exportCommonJs(program, binding, build);
  program.body = [...body, build.exportNames(binding)];
  return null;
}

function hasCommonJsExports(program: Node): boolean {
  return list(program, 'body').some((each) => exportAssignment(each) !== null);
}

interface ExportAssignment {
  names: string[];
  target: Node;
  value: Node | null;
}

/** `exports.a = value`, `module.exports = value`, also chained. */
function exportAssignment(statement: Node): ExportAssignment | null {
  const expression = statement.type === 'ExpressionStatement' ? child(statement, 'expression') : null;
  if (expression?.type !== 'AssignmentExpression') return null;
  const names: string[] = [];
  let at: Node | null = expression;
  while (at?.type === 'AssignmentExpression') {
    const name = exportedName(child(at, 'left'));
    if (name !== null) names.push(name);
    at = unwrap(child(at, 'right'));
  }
  return names.length > 0 ? { names, target: child(expression, 'left') as Node, value: at } : null;
}

function exportCommonJs(program: Node, binding: string, build: Builders): string | null {
  const body = list(program, 'body');
  const assignments = body.flatMap((statement) => exportAssignment(statement) ?? []);
  const own = assignments.find((each) => each.names.includes(binding));
  if (own) return nameOf(own.value) === binding ? null : `${binding} is exported already and is something else`;
  const whole = assignments.find((each) => each.names.includes('default'));
  if (whole?.value?.type === 'ObjectExpression') {
    const property = list(whole.value, 'properties').find((each) => propertyName(each) === binding);
    if (property)
      return nameOf(unwrap(child(property, 'value'))) === binding ? null : `${binding} is exported already and is something else`;
    whole.value.properties = [...list(whole.value, 'properties'), build.shorthand(binding)];
    return null;
  }
  if (nestedExport(program, binding)) return `${binding} is exported inside a branch`;
  const last = body.findLastIndex((statement) => exportAssignment(statement) !== null);
  const object = usesBareExports(program) ? build.identifier('exports') : build.member(build.identifier('module'), 'exports');
  const added = build.assignment(build.member(object, binding), build.identifier(binding));
  program.body = last === -1 ? [...body, added] : [...body.slice(0, last + 1), added, ...body.slice(last + 1)];
  return null;
}

function nestedExport(program: Node, binding: string): boolean {
  let found = false;
  walk(program, (node, parent) => {
    if (node.type === 'AssignmentExpression' && parent?.type === 'ExpressionStatement' && exportedName(child(node, 'left')) === binding)
      found = true;
  });
  return found;
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
