/** Takes out what the rewrite left without a use: imported names, and functions that made results. */
import { bindingAt, parseModule, type SourceModule } from '../../src/analysis/source-module.js';
import { child, isFunction, keyOf, list, memberPath, type Node, nameOf } from '../../src/analysis/syntax.js';
import { Edits, type Range, wholeLine, withComma } from './edits.js';
import { parentsOf, type Reference, usesOf } from './handler.js';

type Parsed = Pick<SourceModule, 'text'> & { module: SourceModule; parents: ReadonlyMap<Node, Node>; program: Node };

/**
 * Removes names that nothing uses any more; what only they used goes with them when it is named too. What is exported stays unless
 * `exported`: then nothing outside the file names it.
 */
export function withoutUnused(file: string, text: string, names: ReadonlySet<string>, exported = false): string {
  let at = text;
  for (const name of [...names].reverse()) at = without(file, at, name, exported);
  return at;
}

function without(file: string, text: string, name: string, exported: boolean): string {
  const module = parseModule(file, text);
  if (!module.program) return text;
  const program = module.program as Node;
  const parsed: Parsed = { text, module, parents: parentsOf(program), program };
  const binding = bindingAt(module, name, program.end - 1);
  const ranges = binding
    ? ofBinding(parsed, name, binding.node, usesOf(parsed, name, binding), exported)
    : ofMember(parsed, name, exported);
  const edits = new Edits(text, []);
  for (const range of ranges) edits.remove(range);
  return edits.apply();
}

function ofBinding(parsed: Parsed, name: string, node: Node, uses: readonly Reference[], exported: boolean): Range[] {
  const sites = uses.map((use) => (exported ? exportSite(parsed, use) : null));
  const range = rangeOf(parsed, node, name, exported);
  return range && sites.every((site) => site !== null) ? [range, ...sites.filter((site) => site !== null)] : [];
}

/** What exports a name and nothing else: a specifier, a property of `module.exports`, `exports.a = a`. */
function exportSite({ parents, text }: Parsed, { node, parent }: Reference): Range | null {
  if (parent.type === 'ExportSpecifier') return list(parents.get(parent), 'specifiers').length > 1 ? withComma(text, parent) : null;
  const outer = parents.get(parent);
  if (parent.type === 'Property' && outer?.type === 'ObjectExpression') {
    const assignment = parents.get(outer);
    const isExports =
      memberPath(child(assignment, 'left'))?.join('.') === 'module.exports' || assignment?.type === 'ExportDefaultDeclaration';
    return isExports && list(outer, 'properties').length > 1 ? withComma(text, parent) : null;
  }
  const path = parent.type === 'AssignmentExpression' && parent['right'] === node ? memberPath(child(parent, 'left')) : null;
  return outer?.type === 'ExpressionStatement' && path && ['exports', 'module'].includes(path[0] ?? '') ? wholeLine(text, outer) : null;
}

function rangeOf({ text, parents }: Parsed, node: Node, name: string, exported: boolean): Range | null {
  if (node.type.startsWith('Import')) {
    const declaration = parents.get(node);
    if (list(declaration, 'specifiers').length === 1)
      return declaration?.start === 0 ? withBlankLines(text, declaration) : wholeLine(text, declaration as Node);
    return node.type === 'ImportSpecifier' ? withComma(text, node) : null;
  }
  const statement = node.type === 'VariableDeclarator' ? parents.get(node) : node;
  if (!statement) return null;
  const pattern = node.type === 'VariableDeclarator' ? child(node, 'id') : null;
  if (pattern?.type === 'ObjectPattern') {
    const properties = list(pattern, 'properties');
    const property = properties.find((each) => keyOf(each) === name && nameOf(child(each, 'value')) === name);
    if (!property || properties.length > 1) return property ? withComma(text, property) : null;
    const isAlone = list(statement, 'declarations').length === 1 && parents.get(statement)?.type === 'Program';
    return isAlone && nameOf(child(node, 'init')) !== null ? withBlankLines(text, statement) : null;
  }
  if (node.type !== 'FunctionDeclaration' && (list(statement, 'declarations').length !== 1 || !isFunction(child(node, 'init'))))
    return null;
  const outer = parents.get(statement);
  if (outer?.type === 'Program') return withBlankLines(text, statement);
  return exported && outer?.type === 'ExportNamedDeclaration' ? withBlankLines(text, outer) : null;
}

/** A function that is the member of an object or class, or is assigned to `exports`; it is named nowhere else in the file. */
function ofMember(parsed: Parsed, name: string, exported: boolean): Range[] {
  const { text, parents } = parsed;
  if ([...text.matchAll(new RegExp(`(?<![\\w$])${name.replace(/\$/g, '\\$')}(?![\\w$])`, 'g'))].length !== 1) return [];
  for (const [node, parent] of parents) {
    if (nameOf(node) !== name) continue;
    const holder = parents.get(parent);
    if (parent.type === 'MemberExpression' && exported) {
      const statement = holder && parents.get(holder);
      const isExport = ['exports', 'module'].includes(memberPath(parent)?.[0] ?? '');
      return holder?.type === 'AssignmentExpression' && statement?.type === 'ExpressionStatement' && isExport
        ? [withBlankLines(text, statement)]
        : [];
    }
    if (!isFunction(child(parent, 'value')) || !holder || (!exported && isReachable(parsed, holder))) return [];
    if (parent.type === 'Property') return [withComma(text, parent)];
    return parent.type === 'MethodDefinition' ? [withBlankLines(text, parent)] : [];
  }
  return [];
}

/** Other code may get at any member of the object or class: it is exported, or used as a whole. */
function isReachable({ module, parents }: Parsed, holder: Node): boolean {
  const declaration = holder.type === 'ClassBody' ? parents.get(holder) : parents.get(holder);
  const id = child(declaration ?? null, 'id');
  const name = nameOf(id);
  const binding = id && name !== null ? bindingAt(module, name, id.end) : undefined;
  if (!binding || name === null) return true;
  const statement = declaration?.type === 'ClassDeclaration' ? declaration : parents.get(declaration as Node);
  if (statement && parents.get(statement)?.type !== 'Program') return true;
  return usesOf({ module, parents }, name, binding).some((use) => !isMemberRead(use) && !isOwnInstance({ module, parents }, use));
}

function isMemberRead({ node, parent }: Reference): boolean {
  return parent.type === 'MemberExpression' && parent['object'] === node && parent['computed'] !== true;
}

/** `const orders = new Orders();` at the top of a file that keeps it to itself, of which only members are read. */
function isOwnInstance({ module, parents }: Pick<Parsed, 'module' | 'parents'>, { node, parent }: Reference): boolean {
  const declarator = parent.type === 'NewExpression' && parent['callee'] === node ? parents.get(parent) : undefined;
  const declaration = declarator && parents.get(declarator);
  const id = declarator?.type === 'VariableDeclarator' ? child(declarator, 'id') : null;
  const name = nameOf(id);
  if (!id || name === null || !declaration || parents.get(declaration)?.type !== 'Program') return false;
  const binding = bindingAt(module, name, id.end);
  return binding !== undefined && usesOf({ module, parents }, name, binding).every(isMemberRead);
}

/** A statement and the empty lines behind it. A comment above it stays: it tells as much of what comes now. */
function withBlankLines(text: string, statement: Node): Range {
  const { start, end } = wholeLine(text, statement);
  return { start, end: end + (/^(?:[ \t]*\r?\n)+/.exec(text.slice(end))?.[0].length ?? 0) };
}
