/** Code that asks whether it runs on Lambda goes the same way in the service. */
import type { Collection, JSCodeshift } from 'jscodeshift';
import { isOnlyTested } from '../../src/analysis/presence-test.js';
import { isSetOnLambda, serviceVariable } from '../../src/aws/lambda-environment.js';
import { diagnostic } from '../../src/diagnostics/catalog.js';
import type { Diagnostic } from '../../src/diagnostics/diagnostic.js';
import { identifiers, lineOf, memberPath, type Node, programOf, walk } from '../syntax.js';
import { standalone, type TransformContext, type TransformMeta } from '../transform.js';

export const meta: TransformMeta = {
  id: 'runs-on-lambda',
  description: `Lets tests for variables of Lambda hold in the service too, where ${serviceVariable} is set`,
  trigger: 'a condition that only asks whether AWS_LAMBDA_FUNCTION_NAME, LAMBDA_TASK_ROOT or another of them is there',
  kind: 'source',
};

export function guard(text: string): boolean {
  return text.includes('process.env') && /AWS_LAMBDA_|LAMBDA_TASK_ROOT|LAMBDA_RUNTIME_DIR|AWS_EXECUTION_ENV|_HANDLER\b/.test(text);
}

export function transform(root: Collection, { j, file }: TransformContext): Diagnostic[] {
  const program = programOf(root);
  const parents = new Map<object, Node | null>();
  const reads: { node: Node; name: string }[] = [];
  walk(program, (node, parent) => {
    parents.set(node, parent);
    const [first, second, name, ...more] = memberPath(node) ?? [];
    const isRead = first === 'process' && second === 'env' && name !== undefined && more.length === 0;
    if (isRead && isSetOnLambda(name) && !isWidened(parent)) reads.push({ node, name });
  });
  const tree = { parentOf: (node: object) => parents.get(node), identifiers: (name: string) => identifiers(program, name) };
  const tests = reads.filter(({ node }) => isOnlyTested(node, tree));
  return tests.map(({ node, name }) => {
    replace(parents.get(node) as Node, node, widened(node, j));
    return diagnostic('LAMBDA_TEST_WIDENED', { args: { name, variable: serviceVariable }, place: { file, line: lineOf(node) } });
  });
}

function isWidened(parent: Node | null | undefined): boolean {
  return parent?.type === 'LogicalExpression' && memberPath(parent['right'] as Node)?.[2] === serviceVariable;
}

function widened(node: Node, j: JSCodeshift): Node {
  const { object } = node as unknown as { object: Parameters<JSCodeshift['memberExpression']>[0] };
  const ofService = j.memberExpression(object, j.identifier(serviceVariable));
  return j.logicalExpression('||', node as unknown as typeof ofService, ofService) as unknown as Node;
}

function replace(parent: Node, node: Node, by: Node): void {
  for (const field of Object.keys(parent)) {
    const value = parent[field];
    if (value === node) parent[field] = by;
    else if (Array.isArray(value) && value.includes(node)) value[value.indexOf(node)] = by;
  }
}

export default standalone({ guard, transform });
export const parser = 'tsx';
