/** Members that the top of a module gives an object after it was made: `log.for = …`, `Object.defineProperty(log, 'meta', { get, set })`. */
import type { SourceModule } from '../source-module.js';
import { child, isFunction, keyOf, list, memberPath, type Node, nameOf, stringOf, unwrap } from '../syntax.js';
import type { Shared, Spot } from './trace.js';

type Kind = 'get' | 'set' | 'method';

const known = new WeakMap<SourceModule, ReadonlyMap<string, Node>>();

/** The function behind such a member of a variable of the module; null when there is none. */
export function addedMember({ kind, declared: { module }, name }: Shared, key: string, as: Kind): Spot | null {
  if (kind !== 'variable') return null;
  const members = known.get(module) ?? membersIn(module);
  known.set(module, members);
  const node = members.get(`${as} ${name}.${key}`);
  return node ? { module, node } : null;
}

function membersIn({ program }: SourceModule): Map<string, Node> {
  const found = new Map<string, Node>();
  for (const statement of list(program, 'body')) {
    const expression = statement.type === 'ExpressionStatement' ? unwrap(child(statement, 'expression')) : null;
    if (expression?.type === 'AssignmentExpression') {
      const path = memberPath(child(expression, 'left'));
      const value = unwrap(child(expression, 'right'));
      if (path?.length === 2 && isFunction(value)) found.set(`method ${path.join('.')}`, value);
    }
    if (expression?.type === 'CallExpression' && memberPath(child(expression, 'callee'))?.join('.') === 'Object.defineProperty')
      for (const [name, node] of accessorsIn(list(expression, 'arguments'))) found.set(name, node);
  }
  return found;
}

function accessorsIn([object, key, descriptor]: readonly Node[]): [string, Node][] {
  const owner = nameOf(unwrap(object));
  const name = stringOf(unwrap(key));
  if (owner === null || name === null) return [];
  return list(unwrap(descriptor), 'properties').flatMap((each): [string, Node][] => {
    const value = unwrap(child(each, 'value'));
    const kind = keyOf(each);
    return isFunction(value) && (kind === 'get' || kind === 'set') ? [[`${kind} ${owner}.${name}`, value]] : [];
  });
}
