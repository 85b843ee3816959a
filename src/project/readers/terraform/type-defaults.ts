/** `optional(type, default)` in the type of a variable: what Terraform puts into a value that leaves a key out. */
import { isPlainObject } from '../../data.js';
import { intrinsicOf } from '../cloudformation/intrinsics.js';
import type { Expression, ParsedExpression } from './hcl.js';

/** The value with the defaults of its type; `evaluate` gives the value of an expression of the type. */
export function withTypeDefaults(
  value: unknown,
  { tree, source }: ParsedExpression,
  evaluate: (node: Expression, source: Buffer) => unknown,
): unknown {
  const fill = (given: unknown, type: Expression | undefined): unknown => {
    if (!type || given === null || intrinsicOf(given)) return given;
    const name = functionName(type);
    if (name === 'optional') return fill(given, type.children[0]);
    if (Array.isArray(given)) return name === 'list' || name === 'set' ? given.map((entry) => fill(entry, type.children[0])) : given;
    if (!isPlainObject(given)) return given;
    if (name === 'map') return Object.fromEntries(Object.entries(given).map(([key, entry]) => [key, fill(entry, type.children[0])]));
    return name === 'object' ? object(given, type.children[0]) : given;
  };
  const object = (given: Record<string, unknown>, type: Expression | undefined): Record<string, unknown> => {
    const filled: Record<string, unknown> = {};
    for (let at = 0; at + 1 < (type?.children.length ?? 0); at += 2) {
      const [key, of] = [type?.children[at] as Expression, type?.children[at + 1] as Expression];
      const name = source.subarray(key.range.start.byte, key.range.end.byte).toString().replace(/^"|"$/g, '');
      if (Object.hasOwn(given, name)) filled[name] = fill(given[name], of);
      else if (functionName(of) === 'optional')
        filled[name] = of.children[1] ? fill(evaluate(of.children[1], source), of.children[0]) : null;
    }
    return filled;
  };
  return fill(value, tree.type === 'template' ? tree.children[0] : tree);
}

function functionName(node: Expression): string | undefined {
  return node.type === 'function' ? (node.meta as unknown as { name: string }).name : undefined;
}
