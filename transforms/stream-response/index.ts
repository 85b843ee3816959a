/** Handlers in `awslambda.streamifyResponse`, which only Lambda has: they write to a response of Node's HTTP server in its place. */
import type { API, FileInfo } from 'jscodeshift';
import { placeAt } from '../../src/analysis/places.js';
import { bindingAt, parseModule, type SourceModule } from '../../src/analysis/source-module.js';
import { child, isFunction, keyOf, list, memberPath, type Node, nameOf, parametersOf, walk } from '../../src/analysis/syntax.js';
import { importNames } from '../../src/mending/imports.js';
import { SourceView } from '../../src/mending/source-view.js';
import { indentAt } from '../http-route-native/edits.js';
import { joinSource, splitSource } from '../source-text.js';
import type { TransformMeta } from '../transform.js';
import { headCode, isText } from './head.js';

export const meta: TransformMeta = {
  id: 'stream-response',
  description:
    "awslambda.streamifyResponse goes, and its handler writes to a response of Node's HTTP server: status, headers, cookies and type as Lambda sent them",
  trigger: 'by itself only: the service runs such handlers as they are',
  kind: 'source',
};

export interface StreamResponse {
  /** Undefined when nothing changed. */
  text: string | undefined;
  /** What forced the handlers of the file to stay. */
  left: { reason: string; line: number }[];
}

/** Rewrites one file: all of its streaming handlers, or none. */
export function streamResponse(file: string, source: string): StreamResponse {
  const module = parseModule(file, source);
  const left: StreamResponse['left'] = [];
  if (!module.program) return { text: undefined, left };
  const view = new SourceView(module);
  const leave = (node: Node, reason: string) => left.push({ reason, line: placeAt(module.text, node.start).line });
  const known = new Set<Node>();
  const types: Node[] = [];
  walk(module.program, (node) => {
    if (!isOfLambda(module, node, 'streamifyResponse')) return;
    known.add(child(node, 'callee') as Node);
    const type = unwrap(view, node, leave);
    if (type) types.push(type);
  });
  if (known.size === 0) return { text: undefined, left };
  walk(module.program, (node, parent) => {
    if (nameOf(node) !== 'awslambda' || bindingAt(module, 'awslambda', node.start)) return;
    if (parent?.type === 'MemberExpression' && parent['property'] === node && parent['computed'] !== true) return;
    if (types.some((each) => each.start <= node.start && node.end <= each.end)) return;
    const callee = calleeOf(view, node);
    const call = callee && view.parent(callee);
    if (!callee || !call || (!known.has(callee) && !putHead(view, call))) leave(node, '`awslambda` is used in another way');
  });
  return { text: left.length > 0 ? undefined : (view.result() ?? undefined), left };
}

function isOfLambda(module: SourceModule, node: Node, member: string): boolean {
  const path = node.type === 'CallExpression' ? memberPath(child(node, 'callee')) : null;
  return path?.join('.') === `awslambda.${member}` && !bindingAt(module, 'awslambda', node.start);
}

/** The whole `awslambda.a.b` that is called. */
function calleeOf(view: SourceView, node: Node): Node | null {
  let at = node;
  for (let parent = view.parent(at); parent?.type === 'MemberExpression' && parent['object'] === at; parent = view.parent(at)) at = parent;
  const call = view.parent(at);
  return call?.type === 'CallExpression' && call['callee'] === at ? at : null;
}

type Leave = (node: Node, reason: string) => void;

/** The function takes the place of the call around it. Gives the type of its stream, which goes too. */
function unwrap(view: SourceView, call: Node, leave: Leave): Node | null {
  const [fn, ...more] = list(call, 'arguments');
  const stream = fn && isFunction(fn) ? parametersOf(fn)[1] : undefined;
  const name = nameOf(stream ?? null);
  const binding = stream && name !== null ? bindingAt(view.module, name, stream.start) : undefined;
  if (!fn || !stream || !binding || more.length > 0) {
    leave(call, 'its handler is no function that is written out there and names its stream');
    return null;
  }
  const { text } = view.module;
  const indent = { from: indentAt(text, fn.start), to: indentAt(text, call.start) };
  view.edits.replace(call, { start: fn.start, end: fn.end, indent });
  const annotation = child(stream, 'typeAnnotation');
  if (annotation) {
    view.edits.replace(annotation, ': ServerResponse');
    if (!importNames(view, 'node:http', ['ServerResponse'])) leave(stream, '`ServerResponse` is something else in its file');
  }
  const names = new Set([name]);
  for (const { node, parent } of view.usesOf(binding)) followAlias(view, node, parent, names);
  let hasType = false;
  walk(fn, (node) => {
    const callee = node.type === 'CallExpression' ? child(node, 'callee') : null;
    hasType ||= node.type === 'CallExpression' && isOfLambda(view.module, node, 'HttpResponseStream.from');
    if (callee?.type !== 'MemberExpression' || !names.has(nameOf(child(callee, 'object')))) return;
    if (keyOf(callee) === 'setContentType') {
      hasType = true;
      setType(view, callee, node, leave);
    }
    if (keyOf(callee) === 'write') writeText(view, node, leave);
  });
  if (!hasType) beginWithType(view, fn, name as string, leave);
  return annotation;
}

/** `const http = awslambda.HttpResponseStream.from(stream, …)` is another name of it. */
function followAlias(view: SourceView, node: Node, call: Node, names: Set<string | null>): void {
  const declarator =
    isOfLambda(view.module, call, 'HttpResponseStream.from') && list(call, 'arguments')[0] === node ? view.parent(call) : null;
  if (declarator?.type === 'VariableDeclarator') names.add(nameOf(child(declarator, 'id')));
}

/** `setContentType(type)` becomes a header. */
function setType(view: SourceView, callee: Node, call: Node, leave: Leave): void {
  const [type] = list(call, 'arguments');
  if (!type) {
    leave(call, 'it sets no type');
    return;
  }
  const quote = view.quote;
  view.edits.replace(child(callee, 'property') as Node, 'setHeader');
  view.edits.replace({ start: type.start, end: type.start }, `${quote}content-type${quote}, `);
}

/** Lambda's stream takes any value, and writes the JSON of what is neither text nor bytes. */
function writeText(view: SourceView, call: Node, leave: Leave): void {
  const [chunk] = list(call, 'arguments');
  if (!chunk) return;
  if (chunk.type === 'ObjectExpression' || chunk.type === 'ArrayExpression') {
    view.edits.replace({ start: chunk.start, end: chunk.start }, 'JSON.stringify(');
    view.edits.replace({ start: chunk.end, end: chunk.end }, ')');
    return;
  }
  if (!isChunk(chunk)) leave(call, `\`${view.text(chunk)}\` may be neither text nor bytes, which Lambda wrote as JSON`);
}

function isChunk(node: Node): boolean {
  if (node.type === 'Literal' && typeof node['value'] === 'number') return false;
  return isText(node) || (node.type === 'CallExpression' && memberPath(child(node, 'callee'))?.join('.') === 'Buffer.from');
}

/** What says nothing of its type was sent as bytes. */
function beginWithType(view: SourceView, fn: Node, name: string, leave: Leave): void {
  const body = child(fn, 'body');
  const [first] = list(body, 'body');
  if (!first) {
    leave(fn, 'it writes nothing');
    return;
  }
  const { quote, semicolon, lineEnd } = view;
  const line = view.module.text.lastIndexOf('\n', first.start - 1) + 1;
  const indent = view.module.text.slice(line, first.start);
  const header = `${name}.setHeader(${quote}content-type${quote}, ${quote}application/octet-stream${quote})${semicolon}`;
  view.edits.replace({ start: first.start, end: first.start }, `${header}${indent.trim() === '' ? lineEnd + indent : ' '}`);
}

/** `awslambda.HttpResponseStream.from(stream, metadata)` is the stream, with its head. */
function putHead(view: SourceView, call: Node): boolean {
  if (!isOfLambda(view.module, call, 'HttpResponseStream.from')) return false;
  const [stream, metadata, ...more] = list(call, 'arguments');
  const head = stream && metadata && more.length === 0 && nameOf(stream) !== null ? headCode(view, metadata) : null;
  if (!stream || head === null) return false;
  view.edits.replace(call, `${nameOf(stream)}.writeHead(`, ...head, ')');
  return true;
}

/** `npx jscodeshift --no-babel -t dist/transforms/stream-response/index.js src` */
export default function transformFile({ path, source }: FileInfo, api: Pick<API, 'report'>): string | undefined {
  if (!source.includes('streamifyResponse')) return undefined;
  const split = splitSource(source);
  const { text, left } = streamResponse(path, split.body);
  for (const { reason, line } of left) api.report(`${path}:${line} stays: ${reason}`);
  return text === undefined ? undefined : joinSource(split, text);
}
