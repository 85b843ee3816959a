/** Environment variables that code reads by name. */
import { isReservedByLambda, isSetOnLambda } from '../aws/lambda-environment.js';
import { placeAt } from './places.js';
import { isOnlyTested } from './presence-test.js';
import type { SourceModule } from './source-module.js';
import { child, isReference, keyOf, list, memberPath, type Node, walk } from './syntax.js';

/** A variable that Lambda sets, where it is read. */
export interface ReservedRead {
  name: string;
  file: string;
  line: number;
  /** It is only asked whether it is there, which `transforms/runs-on-lambda` makes true in the service. */
  isTest: boolean;
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
  const reads = readsIn(module).filter(({ name }) => isReservedByLambda(name) && name !== 'AWS_REGION');
  const isTest = reads.some(({ name }) => isSetOnLambda(name)) ? testsIn(module) : () => false;
  return reads.map(({ name, node }) => ({
    name,
    file,
    line: placeAt(text, node.start).line,
    isTest: isSetOnLambda(name) && isTest(node),
  }));
}

function testsIn({ program }: SourceModule): (node: Node) => boolean {
  const parents = new Map<object, Node | null>();
  const named = new Map<unknown, Node[]>();
  if (program)
    walk(program, (node, parent) => {
      parents.set(node, parent);
      if (node.type === 'Identifier' && isReference(node, parent)) named.set(node['name'], [...(named.get(node['name']) ?? []), node]);
    });
  const tree = { parentOf: (node: object) => parents.get(node), identifiers: (name: string) => named.get(name) ?? [] };
  return (node) => isOnlyTested(node, tree);
}

function readsIn({ program, text }: SourceModule): { name: string; node: Node }[] {
  if (!program || !text.includes('process.env')) return [];
  const found: ReturnType<typeof readsIn> = [];
  const written = new Set<Node>();
  walk(program, (node) => {
    if (node.type === 'AssignmentExpression' && node['operator'] === '=') written.add(child(node, 'left') as Node);
    const path = node.type === 'MemberExpression' && !written.has(node) ? memberPath(node) : null;
    if (path?.[0] === 'process' && path[1] === 'env' && path.length === 3) {
      const name = path[2] as string;
      found.push({ name, node });
    }
    if (node.type !== 'VariableDeclarator' || memberPath(child(node, 'init'))?.join('.') !== 'process.env') return;
    for (const property of list(child(node, 'id'), 'properties')) {
      const key = keyOf(property);
      if (key !== null) found.push({ name: key, node: property });
    }
  });
  return found;
}
