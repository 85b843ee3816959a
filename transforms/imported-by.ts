import { child, list, memberPath, type Node } from '../src/analysis/syntax.js';

/** The literal that names a module: of `import`, `export from`, `import()`, `require()`, `require.resolve()`, and of mocks in tests. */
export function importedBy(node: Node): Node | null {
  if (/^(?:Import|Export(?:Named|All))Declaration$|^ImportExpression$/.test(node.type)) return child(node, 'source');
  const callee = node.type === 'CallExpression' ? memberPath(child(node, 'callee'))?.join('.') : undefined;
  return callee !== undefined && /^(?:require(?:\.resolve)?|(?:jest|vi)\.(?:mock|doMock|unmock|requireActual|importActual))$/.test(callee)
    ? (list(node, 'arguments')[0] ?? null)
    : null;
}
