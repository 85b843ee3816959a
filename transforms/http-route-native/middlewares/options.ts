/** Options of a middleware that are written out. */
import { child, isFunction, keyOf, list, memberPath, type Node } from '../../../src/analysis/syntax.js';
import { withoutTypes } from '../places.js';

/** A method of the console, which is all that options name without writing it out. */
interface ConsoleMethod {
  method: string;
}

/** A text, number, truth value, `undefined`, `null`, list of texts, or method of the console. */
export type Option = string | number | boolean | null | undefined | readonly string[] | ConsoleMethod;

export type Options = Readonly<Record<string, Option>>;

/** The options of an object that is written out; null when some of it is not. */
export function readOptions(argument: Node | null): Options | null {
  if (!argument) return {};
  const object = withoutTypes(argument);
  if (object?.type !== 'ObjectExpression') return null;
  const found: Record<string, Option> = {};
  for (const property of list(object, 'properties')) {
    const key = property.type === 'Property' && property['kind'] === 'init' ? keyOf(property) : null;
    const value = key === null ? notKnown : optionOf(child(property, 'value'));
    if (key === null || value === notKnown) return null;
    found[key] = value as Option;
  }
  return found;
}

const notKnown = Symbol('not known');

function optionOf(node: Node | null): Option | typeof notKnown {
  const at = withoutTypes(node);
  if (at?.type === 'Literal') return literal(at);
  if (at?.type === 'Identifier' && at['name'] === 'undefined') return undefined;
  if (at?.type === 'ArrayExpression') {
    const values = list(at, 'elements').map(optionOf);
    const isWhole = values.length === (at['elements'] as unknown[]).length;
    return isWhole && values.every((each) => typeof each === 'string') ? (values as string[]) : notKnown;
  }
  const path = at && !isFunction(at) ? memberPath(at) : null;
  return path?.length === 2 && path[0] === 'console' && path[1] !== undefined ? { method: path[1] } : notKnown;
}

/** A text is one that any quotes can stand around. */
function literal(node: Node): Option | typeof notKnown {
  const value = node['value'];
  if (typeof value === 'string') return /^[\x20-\x7e]*$/.test(value) && !/['"`\\]/.test(value) ? value : notKnown;
  return typeof value === 'number' || typeof value === 'boolean' || node['raw'] === 'null' ? (value as Option) : notKnown;
}
