/** Edits of import lists. */
import { child, identifiers, list, type Node, nameOf, stringOf, walk } from './syntax.js';

/** Removes imported types that nothing refers to any more, and the import when it is left empty. */
export function dropUnusedTypeImports(program: Node, module: string, names: readonly string[]): void {
  const body = list(program, 'body');
  for (const statement of body) {
    if (statement.type !== 'ImportDeclaration' || stringOf(child(statement, 'source')) !== module) continue;
    const specifiers = list(statement, 'specifiers');
    const left = specifiers.filter((specifier) => {
      const imported = nameOf(child(specifier, 'imported'));
      const local = nameOf(child(specifier, 'local'));
      return imported === null || local === null || !names.includes(imported) || isReferred(program, specifier, local);
    });
    if (left.length === specifiers.length) continue;
    if (left.length > 0) statement.specifiers = left;
    else removeStatement(program, statement);
  }
}

/** A comment at the top of a file belongs to the file, not to its first import. */
function removeStatement(program: Node, statement: Node): void {
  const body = list(program, 'body');
  const next = body[body.indexOf(statement) + 1];
  if (next && statement.comments) next.comments = [...statement.comments, ...(next.comments ?? [])];
  program.body = body.filter((each) => each !== statement);
}

function isReferred(program: Node, specifier: Node, name: string): boolean {
  const own = new Set(identifiers(specifier, name));
  let referred = identifiers(program, name).some((use) => !own.has(use));
  walk(program, (node) => {
    if (node.type === 'TSQualifiedName' && nameOf(child(node, 'left')) === name) referred = true;
  });
  return referred;
}
