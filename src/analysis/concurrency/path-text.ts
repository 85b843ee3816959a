/** The text of a path expression, as far as it is fixed. */
import { bindingAt, lastAssigned, type SourceModule } from '../source-module.js';
import { child, list, memberPath, type Node, nameOf, stringOf, unwrap } from '../syntax.js';
import type { Values } from '../values.js';

export interface PathText {
  /** Unknown parts are `{…}`. */
  text: string;
  holes: number;
  /** An unknown part is known to differ from request to request. */
  isUnique: boolean;
  /** An unknown part is made anew in every request, so that no later one asks for the same name. */
  isNew: boolean;
  /** All unknown parts are the same for all requests. */
  isFixed: boolean;
}

const unique =
  /uuid|random|requestId|nanoid|messageId|mkdtemp|ulid|cuid|hash|digest|checksum|md5|sha\d|etag|Date\.now|getTime|hrtime|performance\.now|tmpName|tempy|unique|jobId|executionId|traceId|timestamp/i;
const made =
  /uuid|random|requestId|nanoid|messageId|mkdtemp|ulid|cuid|Date\.now|getTime|hrtime|performance\.now|tmpName|executionId|traceId|timestamp/i;
const maximumDepth = 8;

export function pathText(values: Values, module: SourceModule, node: Node, depth = 0): PathText {
  const at = unwrap(node);
  const fixed = stringOf(at);
  if (fixed !== null) return literal(fixed);
  if (!at || depth > maximumDepth) return hole('');
  if (at.type === 'TemplateLiteral') return template(values, module, at, depth);
  if (at.type === 'BinaryExpression' && at['operator'] === '+')
    return joined(
      [pathText(values, module, child(at, 'left') as Node, depth + 1), pathText(values, module, child(at, 'right') as Node, depth + 1)],
      '',
    );
  if (at.type === 'CallExpression') return ofCall(values, module, at, depth);
  if (nameOf(at) !== null) return ofName(values, module, at, depth);
  const path = memberPath(at);
  if (path?.[0] === 'process' && /TMP|TEMP/.test(path[2] ?? '')) return literal('/tmp');
  return hole(module.text.slice(at.start, at.end));
}

function ofCall(values: Values, module: SourceModule, call: Node, depth: number): PathText {
  const name = memberPath(child(call, 'callee'))?.at(-1) ?? '';
  const args = list(call, 'arguments');
  if (name === 'tmpdir') return literal('/tmp');
  if (/^(join|resolve)$/.test(name))
    return joined(
      args.map((each) => pathText(values, module, each, depth + 1)),
      '/',
    );
  if (/^(normalize|String|toString)$/.test(name) && args[0]) return pathText(values, module, args[0], depth + 1);
  return hole(module.text.slice(call.start, call.end));
}

function template(values: Values, module: SourceModule, node: Node, depth: number): PathText {
  const quasis = list(node, 'quasis').map((each) => literal(String((each['value'] as { cooked?: unknown }).cooked ?? '')));
  const parts = list(node, 'expressions').flatMap((each, index) => [
    quasis[index] ?? literal(''),
    pathText(values, module, each, depth + 1),
  ]);
  return joined([...parts, quasis.at(-1) ?? literal('')], '');
}

function ofName(values: Values, module: SourceModule, node: Node, depth: number): PathText {
  const name = nameOf(node) as string;
  const binding = bindingAt(module, name, node.start);
  if (binding?.kind === 'variable' && binding.path.length === 0) {
    const init = binding.init ?? lastAssigned(module, binding);
    const known = init ? pathText(values, module, init, depth + 1) : hole(name);
    return { ...known, isUnique: known.isUnique || unique.test(name), isNew: known.isNew || made.test(name) };
  }
  const value = binding?.source ? values.of(module, node) : null;
  if (value?.kind === 'node' && value.node !== node) return pathText(values, value.module, value.node, depth + 1);
  return hole(name);
}

function literal(text: string): PathText {
  return { text, holes: 0, isUnique: false, isNew: false, isFixed: true };
}

function hole(source: string): PathText {
  return { text: '{…}', holes: 1, isUnique: unique.test(source), isNew: made.test(source), isFixed: /^process\.env\b/.test(source) };
}

function joined(parts: readonly PathText[], by: string): PathText {
  return {
    text: parts
      .map(({ text }) => text)
      .join(by)
      .replace(/([^:])\/+/g, '$1/'),
    holes: parts.reduce((sum, { holes }) => sum + holes, 0),
    isUnique: parts.some(({ isUnique }) => isUnique),
    isNew: parts.some(({ isNew }) => isNew),
    isFixed: parts.every(({ isFixed, holes }) => holes === 0 || isFixed),
  };
}
