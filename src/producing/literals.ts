/** Prints data as JavaScript that reads as if written by hand: short values on one line, long ones broken, names unquoted. */
import { Code, stringLiteral } from '../render.js';

const identifier = /^[A-Za-z_$][\w$]*$/;

export interface LiteralOptions {
  quote: "'" | '"';
  /** Columns after which a value is broken. */
  width?: number;
  /** Break the outermost value, however short. */
  expand?: boolean;
}

/** A literal; nested {@link Code} stands as it is (an identifier, a call). Properties that are undefined are left out. */
export function literal(value: unknown, options: LiteralOptions, indent = 0): string {
  const short = flat(value, options);
  const { expand = false, width = 120 } = options;
  if (!isNested(value) || (!expand && indent + short.length <= width && staysOnOneLine(value))) return short;
  const inner = ' '.repeat(indent + 2);
  const end = `\n${' '.repeat(indent)}`;
  if (Array.isArray(value))
    return `[\n${value.map((item) => `${inner}${literal(item, { ...options, expand: false }, indent + 2)},\n`).join('')}${end.slice(1)}]`;
  const lines = properties(value).map(
    ([name, item]) => `${inner}${property(name, item, options, (text) => literal(text, { ...options, expand: false }, indent + 2))},\n`,
  );
  return `{\n${lines.join('')}${end.slice(1)}}`;
}

/** Property access on an expression: `.get` or `['my-handler']`. */
export function access(name: string, quote: "'" | '"'): string {
  return identifier.test(name) ? `.${name}` : `[${stringLiteral(name, quote)}]`;
}

export function isIdentifier(name: string): boolean {
  return identifier.test(name);
}

function flat(value: unknown, options: LiteralOptions): string {
  if (value instanceof Code) return value.text;
  if (typeof value === 'string') return stringLiteral(value, options.quote);
  if (Array.isArray(value)) return `[${value.map((item) => flat(item, options)).join(', ')}]`;
  if (typeof value !== 'object' || value === null) return JSON.stringify(value) ?? 'undefined';
  const inside = properties(value).map(([name, item]) => property(name, item, options, (text) => flat(text, options)));
  return inside.length === 0 ? '{}' : `{ ${inside.join(', ')} }`;
}

function property(name: string, value: unknown, { quote }: LiteralOptions, print: (value: unknown) => string): string {
  // `__proto__: x` in a literal sets the prototype; the computed form does not.
  const key = name === '__proto__' ? `[${stringLiteral(name, quote)}]` : identifier.test(name) ? name : stringLiteral(name, quote);
  return value instanceof Code && value.text === key ? key : `${key}: ${print(value)}`;
}

function properties(value: object): [string, unknown][] {
  return Object.entries(value).filter(([, item]) => item !== undefined);
}

function isNested(value: unknown): value is object {
  return (
    typeof value === 'object' &&
    value !== null &&
    !(value instanceof Code) &&
    (Array.isArray(value) ? value.length > 0 : properties(value).length > 0)
  );
}

/** Lists of objects are broken, and objects that hold objects of objects. */
function staysOnOneLine(value: object): boolean {
  return depth(value) <= (Array.isArray(value) ? 1 : 2) && !Object.values(value).some((item) => Array.isArray(item) && depth(item) > 1);
}

function depth(value: unknown): number {
  if (!isNested(value)) return 0;
  return 1 + Math.max(...Object.values(value).map(depth));
}
