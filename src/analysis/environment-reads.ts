/** Environment variables that code reads by name. */
import { isReservedByLambda } from '../aws/lambda-environment.js';
import { placeAt } from './places.js';
import type { SourceModule } from './source-module.js';
import { child, keyOf, list, memberPath, type Node, walk } from './syntax.js';

/** A variable that Lambda sets, where it is read. */
export interface ReservedRead {
  name: string;
  file: string;
  line: number;
  /** It only lets code run on Lambda: `if (process.env.AWS_LAMBDA_FUNCTION_NAME) { … }` without an else. */
  isGuard: boolean;
}

/** Names in `process.env.NAME`, `process.env['NAME']` and `const { NAME } = process.env`, in the order of the file. */
export function environmentReads(module: SourceModule): string[] {
  return [...new Set(readsIn(module).map(({ name }) => name))];
}

/** A word of those names, so that nearly no module has to be walked. */
const reservedWords =
  /AWS_LAMBDA_|AWS_EXECUTION_ENV|AWS_DEFAULT_REGION|AWS_ACCESS_KEY|AWS_SECRET_ACCESS_KEY|AWS_SESSION_TOKEN|LAMBDA_|_HANDLER\b/;

/** What the module reads of the variables that only Lambda sets; those it writes too are its own. */
export function reservedReads(module: SourceModule): ReservedRead[] {
  const { file, text } = module;
  if (!reservedWords.test(text)) return [];
  return readsIn(module)
    .filter(({ name }) => isReservedByLambda(name) && name !== 'AWS_REGION')
    .map(({ name, node, isGuard }) => ({ name, file, line: placeAt(text, node.start).line, isGuard }));
}

function readsIn({ program, text }: SourceModule): { name: string; node: Node; isGuard: boolean }[] {
  if (!program || !text.includes('process.env')) return [];
  const found: { name: string; node: Node; isGuard: boolean }[] = [];
  const written = new Set<Node>();
  walk(program, (node, parent) => {
    if (node.type === 'AssignmentExpression' && node['operator'] === '=') written.add(child(node, 'left') as Node);
    const path = node.type === 'MemberExpression' && !written.has(node) ? memberPath(node) : null;
    if (path?.[0] === 'process' && path[1] === 'env' && path.length === 3)
      found.push({ name: path[2] as string, node, isGuard: parent?.type === 'IfStatement' && child(parent, 'alternate') === null });
    if (node.type !== 'VariableDeclarator' || memberPath(child(node, 'init'))?.join('.') !== 'process.env') return;
    for (const property of list(child(node, 'id'), 'properties')) {
      const key = keyOf(property);
      if (key !== null) found.push({ name: key, node: property, isGuard: false });
    }
  });
  return found;
}
