/** Environment variables that code reads by name. */
import type { SourceModule } from './source-module.js';
import { child, keyOf, list, memberPath, walk } from './syntax.js';

/** Names in `process.env.NAME`, `process.env['NAME']` and `const { NAME } = process.env`, in the order of the file. */
export function environmentReads({ program, text }: SourceModule): string[] {
  if (!program || !text.includes('process.env')) return [];
  const names = new Set<string>();
  walk(program, (node) => {
    const path = node.type === 'MemberExpression' ? memberPath(node) : null;
    if (path?.[0] === 'process' && path[1] === 'env' && path[2] !== undefined) names.add(path[2]);
    if (node.type !== 'VariableDeclarator' || memberPath(child(node, 'init'))?.join('.') !== 'process.env') return;
    for (const property of list(child(node, 'id'), 'properties')) {
      const key = keyOf(property);
      if (key !== null) names.add(key);
    }
  });
  return [...names];
}
