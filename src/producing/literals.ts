/** Prints data as JavaScript that reads as if written by hand: short values on one line, long ones broken, names unquoted. */
import { Code, stringLiteral } from '../render.js';

const identifier = /^[A-Za-z_$][\w$]*$/;

export interface LiteralOptions {
  quote: "'" | '"';
  /** Columns of a line; without it a value alone may take 120. */
  width?: number;
  /** Columns of one level; 2 when absent. */
  level?: number;
  /** Break the outermost value, however short. */
  expand?: boolean;
}

/**
 * A literal; nested {@link Code} stands as it is (an identifier, a call). Properties that are undefined are left out. `before`: columns of
 * what stands before it on its line.
 */
export function literal(value: unknown, options: LiteralOptions, indent = 0, before = 0): string {
  const short = flat(value, options);
  const { expand = false } = options;
  if (!isNested(value) || (!expand && fits(short, options, indent, before) && staysOnOneLine(value))) return short;
  const inner = ' '.repeat(indent + 2);
  const end = `\n${' '.repeat(indent)}`;
  if (Array.isArray(value))
    return `[\n${value.map((item) => `${inner}${literal(item, { ...options, expand: false }, indent + 2)},\n`).join('')}${end.slice(1)}]`;
  const lines = properties(value).map(
    ([name, item]) =>
      `${inner}${property(name, item, options, (text) => literal(text, { ...options, expand: false }, indent + 2, keyOf(name, options.quote).length + 2))},\n`,
  );
  return `{\n${lines.join('')}${end.slice(1)}}`;
}

/** With the comma after it. */
function fits(text: string, { width, level = 2 }: LiteralOptions, indent: number, before: number): boolean {
  return width === undefined ? indent + text.length <= 120 : (indent / 2) * level + before + text.length + 1 <= width;
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
  const key = keyOf(name, quote);
  return value instanceof Code && value.text === key ? key : `${key}: ${print(value)}`;
}

/** `__proto__: x` in a literal sets the prototype; the computed form does not. */
function keyOf(name: string, quote: LiteralOptions['quote']): string {
  if (name === '__proto__') return `[${stringLiteral(name, quote)}]`;
  return identifier.test(name) ? name : stringLiteral(name, quote);
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
