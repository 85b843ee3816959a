/** Text of a chain of calls of the reply, laid out as the file is. */
import type { Node } from '../../src/analysis/syntax.js';
import { indentAt, type Part } from './edits.js';
import type { Handler } from './handler.js';

export interface ReplyCall {
  name: 'code' | 'type' | 'header' | 'headers' | 'send';
  /** A first argument that is plain text. */
  text?: string;
  argument?: Node;
  /** An argument that is written as it stands here. */
  code?: string;
  /** Names of the headers that it sets, in lower case, and the content type when it is written out. */
  sets?: ReadonlyMap<string, string | null>;
  /** How the headers of an object are written, by lower-case name, and their values that are written out. */
  given?: ReadonlyMap<string, { name: string; value: unknown }>;
  /** The result did not say it. */
  isImplied?: true;
  /** A value is sent, which Fastify writes as JSON. */
  isJson?: boolean;
}

const widest = 100;

/** `reply.code(200).send(…)`; on lines of its own where it would be too wide, or where an argument before the last has several. */
export function replyParts(handler: Handler, calls: readonly ReplyCall[], place: Node): Part[] {
  handler.needs.reply = true;
  const { module } = handler;
  const indent = indentAt(module.text, place.start);
  const lines = calls.map((call) => lineCount(handler, call));
  const isStatement = place.type.endsWith('Statement') || place.type.endsWith('Declaration');
  const column = isStatement ? indent.length + 'return '.length : place.start - module.text.lastIndexOf('\n', place.start) - 1;
  const width = column + handler.reply.length + calls.reduce((sum, call) => sum + firstLineWidth(handler, call), 0) + 1;
  const isHugged = lines.slice(0, -1).every((count) => count === 1) && calls.length <= 2;
  const isOneLine = lines.every((count) => count === 1) || isHugged;
  if (isOneLine && width <= widest) return [handler.reply, ...calls.flatMap((call) => partsOf(handler, call, indent))];
  if (calls.length < 3 && isHugged) return [handler.reply, ...calls.flatMap((call) => partsOf(handler, call, indent))];
  const inner = indent + handler.unit;
  return [handler.reply, ...calls.flatMap((call) => [`\n${inner}`, ...partsOf(handler, call, inner)])];
}

function partsOf({ module, quote }: Handler, { name, text, argument, code }: ReplyCall, indent: string): Part[] {
  const shown = code !== undefined ? [code] : text === undefined ? [] : [quote + text + quote, ...(argument ? [', '] : [])];
  if (!argument) return [`.${name}(`, ...shown, ')'];
  const from = indentAt(module.text, argument.start);
  return [`.${name}(`, ...shown, { start: argument.start, end: argument.end, indent: { from, to: indent } }, ')'];
}

function rendered({ edits }: Handler, { argument }: ReplyCall): string {
  return argument ? edits.render(argument) : '';
}

function lineCount(handler: Handler, call: ReplyCall): number {
  return rendered(handler, call).split('\n').length;
}

function firstLineWidth(handler: Handler, call: ReplyCall): number {
  const [line = ''] = rendered(handler, call).split('\n');
  return (
    call.name.length +
    3 +
    line.length +
    (call.code?.length ?? 0) +
    (call.text === undefined ? 0 : call.text.length + (call.argument ? 4 : 2))
  );
}
