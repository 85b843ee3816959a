/** What a handler says of its answer, as the arguments of `writeHead`. */
import { bindingAt } from '../../src/analysis/source-module.js';
import { child, keyOf, list, memberPath, type Node, nameOf } from '../../src/analysis/syntax.js';
import type { SourceView } from '../../src/mending/source-view.js';
import type { Part } from '../http-route-native/edits.js';

/** Status and headers; null when they are not written out. Without a type of its own the answer was sent as bytes. */
export function headCode(view: SourceView, metadata: Node): Part[] | null {
  if (metadata.type === 'ObjectExpression') return ofObject(view, metadata, null);
  const name = nameOf(metadata);
  const binding = name === null ? undefined : bindingAt(view.module, name, metadata.start);
  const object = binding?.kind === 'variable' && binding.path.length === 0 ? binding.init : null;
  if (!binding || name === null || object?.type !== 'ObjectExpression' || isTouched(view, metadata)) return null;
  return ofObject(view, object, name);
}

/** Something else than this call uses the object. */
function isTouched(view: SourceView, metadata: Node): boolean {
  const binding = bindingAt(view.module, nameOf(metadata) ?? '', metadata.start);
  return !binding || view.usesOf(binding).some(({ node }) => node !== metadata);
}

/** `name`: of the constant that holds the object, which is read from there. */
function ofObject(view: SourceView, object: Node, name: string | null): Part[] | null {
  const parts = new Map<string, Node>();
  for (const property of list(object, 'properties')) {
    const key = property.type === 'Property' && property['method'] !== true ? keyOf(property) : null;
    const value = child(property, 'value');
    if (key === null || !value || !['statusCode', 'headers', 'cookies'].includes(key)) return null;
    parts.set(key, value);
  }
  const shown = (key: string, value: Node): Part => (name === null ? { start: value.start, end: value.end } : `${name}.${key}`);
  const [status, headers, cookies] = ['statusCode', 'headers', 'cookies'].map((key) => parts.get(key));
  if (headers && headers.type !== 'ObjectExpression') return null;
  const names = list(headers, 'properties').map((each) => (each.type === 'Property' ? keyOf(each)?.toLowerCase() : null));
  const values = list(headers, 'properties').map((each) => child(each, 'value'));
  // Node refuses a header without a value, which Lambda left out.
  if (names.some((each) => each === null || each === undefined) || !values.every(isText)) return null;
  const { quote } = view;
  const added = [
    ...(names.includes('content-type') ? [] : [[`${quote}content-type${quote}: ${quote}application/octet-stream${quote}`]]),
    ...(cookies ? [[`${quote}set-cookie${quote}: `, shown('cookies', cookies)]] : []),
  ];
  if (cookies && names.includes('set-cookie')) return null;
  const code = status ? shown('statusCode', status) : '200';
  if (added.length === 0) return headers ? [code, ', ', shown('headers', headers)] : [code];
  const own: Part[][] = headers && names.length > 0 ? ownProperties(headers, name) : [];
  return [code, ', { ', ...[...own, ...added].flatMap((each, index) => (index === 0 ? each : [', ', ...each])), ' }'];
}

/** Certainly a text or a number. */
export function isText(node: Node | null): boolean {
  if (!node) return false;
  if (node.type === 'Literal') return typeof node['value'] === 'string' || typeof node['value'] === 'number';
  if (node.type === 'TemplateLiteral') return true;
  if (node.type === 'BinaryExpression') return node['operator'] === '+' && ['left', 'right'].some((each) => isText(child(node, each)));
  return node.type === 'CallExpression' && ['String', 'JSON.stringify'].includes(memberPath(child(node, 'callee'))?.join('.') ?? '');
}

function ownProperties(headers: Node, name: string | null): Part[][] {
  if (name !== null) return [[`...${name}.headers`]];
  return list(headers, 'properties').map(({ start, end }): Part[] => [{ start, end }]);
}
