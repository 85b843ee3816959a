/** Code that takes the place of middlewares: functions that the handler begins with. */
import { quoteOf } from '../../src/analysis/quotes.js';
import { child, isFunction, list, type Node, nameOf, parametersOf } from '../../src/analysis/syntax.js';
import { type Wrapper, wrapperOf } from './around.js';
import { besideDefault, defaultPlace, importsWhole } from './default-makers.js';
import { Edits, indentAt, type Range, wholeLine } from './edits.js';
import { type Handler, noteReplaced, parentsOf } from './handler.js';
import type { Helper } from './middlewares/index.js';
import type { Middied } from './middy.js';
import { Refused } from './refusal.js';
import { addSender, senderPlace } from './sender-places.js';

/** Makes the function the handler itself, and has it do what its middlewares did. */
export function replaceMiddlewares(handler: Handler, middied: Middied): void {
  const { edits, surroundings, module, around } = handler;
  const { call, argument, maker, effects, later } = middied;
  const indent = { from: indentAt(module.text, argument.start), to: indentAt(module.text, call.start) };
  const kept = { start: argument.start, end: argument.end, indent };
  for (const name of middied.imports) noteReplaced({ surroundings, module: maker?.module ?? module }, name);
  const helpers = effects.flatMap(({ helper, withEvent }) => {
    if (helper && handler.needs.event && !withEvent)
      throw new Refused('what its middlewares put into the event, which it uses as a whole, depends on their minor version', call);
    return (handler.needs.event ? withEvent : helper) ?? [];
  });
  const pieces = [...helpers.map(pieceOf), ...(around ? [wrapperPiece(wrapperOf(around))] : [])];
  const names = maker ? besideMaker(handler, middied, pieces) : pieces.map((piece) => inFile(handler, piece));
  const calls = names.slice(0, helpers.length).map((name) => `${name}(${handler.request})`);
  const wrapper = around ? (names.at(-1) ?? null) : null;
  if (wrapper === null) edits.replace(call, kept);
  else edits.replace(call, `${wrapper}(`, kept, ')');
  for (const statement of later) edits.remove(withBlankLine(module.text, wholeLine(module.text, statement)));
  dropAnnotation(handler, call);
  if (calls.length === 0) return;
  handler.needs.request = true;
  begin(handler, calls);
}

/** A statement between two empty lines, or at the end of the file behind one, takes one of them along. */
function withBlankLine(text: string, { start, end }: Range): Range {
  const before = /\n[ \t]*(?:\r?\n[ \t]*)+$/.exec(text.slice(0, start));
  const isLast = text.slice(end).trim() === '' || /^[ \t]*\r?\n/.test(text.slice(end));
  return before && isLast ? { start: before.index + 1, end } : { start, end };
}

/** What was the type of a Lambda handler is none of the route. */
function dropAnnotation(handler: Handler, call: Node): void {
  let at = call;
  for (let parent = handler.parents.get(at); parent?.type.startsWith('TS'); parent = handler.parents.get(at)) at = parent;
  const declarator = handler.parents.get(at);
  const annotation = declarator?.type === 'VariableDeclarator' ? child(child(declarator, 'id'), 'typeAnnotation') : null;
  if (!annotation) return;
  handler.edits.remove(annotation);
  const name = nameOf(child(child(annotation, 'typeAnnotation'), 'typeName'));
  if (name !== null) noteReplaced(handler, name);
}

/** A function that is declared under one of several names: what stands behind its name. */
interface Piece {
  names: readonly string[];
  comment: string;
  lines(isTyped: boolean): readonly string[];
}

function pieceOf({ name, comment, type, body }: Helper): Piece {
  return {
    names: [name],
    comment,
    lines: (isTyped) => [`${isTyped ? `(request: ${type}): void` : '(request)'} => {`, ...body(isTyped).map((line) => `\t${line}`), '};'],
  };
}

function wrapperPiece({ names, comment, lines }: Wrapper): Piece {
  return { names, comment, lines };
}

/** The statements come first in the function. */
function begin({ node, module, edits, unit, parents }: Handler, calls: readonly string[]): void {
  const body = child(node, 'body') as Node;
  const end = semicolon(module.text);
  const isBlock = body.type === 'BlockStatement' || body.type === 'FunctionBody';
  if (!isBlock || parametersOf(node)[0]?.type === 'ObjectPattern')
    throw new Refused('what its middlewares do has no place at the beginning of it', body);
  const [first] = list(body, 'body');
  const outer = indentAt(module.text, (parents.get(body) as Node).start);
  const indent = first ? indentAt(module.text, first.start) : outer + unit;
  const lines = calls.map((each) => `\n${indent}${each}${end}`).join('');
  edits.replace({ start: body.start + 1, end: body.start + 1 }, lines, first ? '' : `\n${outer}`);
}

/** Beside the function of the project that puts the middlewares around handlers. */
function besideMaker(handler: Handler, { maker, call }: Middied, pieces: readonly Piece[]): string[] {
  const { module, node } = maker as { module: Handler['module']; node: Node };
  if (!isFunction(node)) throw new Refused('what puts middlewares around it is no function', call);
  const parents = module === handler.module ? handler.parents : parentsOf(module.program as Node);
  const edits = handler.surroundings.edits.get(module) ?? new Edits(module.text, []);
  const sub: Handler = { ...handler, module, node, parents, edits, quote: quoteOf(module.text) };
  const callee = child(call, 'callee') as Node;
  const whole = importsWhole(handler, callee) ? defaultPlace(module, parents, node) : null;
  if (whole) {
    const declared = pieces.map((piece) => ({ ...piece, text: (lead: string) => declaration(sub, piece, lead) }));
    return besideDefault(handler, { module, ...whole }, callee, declared);
  }
  const place = senderPlace(sub);
  const prefix = place ? module.text.slice(place.range.start, place.name.start).replace(/\b(?:async\s+)?function\s*$/, 'const ') : '';
  if (!place || !/^(?:export )?(?:const|let|var) $|^(?:module\.)?exports\.$/.test(prefix))
    throw new Refused('how the function that puts middlewares around it is declared is not understood', call);
  return pieces.map((piece) =>
    addSender(handler, sub, place, callee, {
      lead: `/** ${piece.comment} */\n`,
      names: () => piece.names,
      text: (name) => declaration(sub, piece, `${prefix}${name}`),
    }),
  );
}

/** In the handler's own file, in front of the statement that holds it. */
function inFile(handler: Handler, piece: Piece): string {
  const { module, edits, parents, node } = handler;
  const known = piece.names.find((name) => module.text.includes(declaration(handler, piece, `const ${name}`)));
  if (known !== undefined) return known;
  const name = piece.names.find((each) => !new RegExp(`\\b${each}\\b`).test(module.text));
  if (name === undefined) throw new Refused(`the name \`${piece.names[0]}\` is taken`, node);
  let at: Node = node;
  for (let parent = parents.get(at); parent && parent.type !== 'Program'; parent = parents.get(at)) at = parent;
  const comment = /(?:\/\*\*(?:[^*]|\*(?!\/))*\*\/\s*|\/\/[^\n]*\n\s*)+$/.exec(module.text.slice(0, at.start));
  const start = comment ? comment.index : at.start;
  edits.replace({ start, end: start }, `/** ${piece.comment} */\n${declaration(handler, piece, `const ${name}`)}\n\n`);
  return name;
}

function declaration({ module, quote }: Handler, { lines }: Piece, declared: string): string {
  const unit = /\n(\t| {2,4})\S/.exec(module.text)?.[1] ?? '  ';
  const end = semicolon(module.text);
  const written = (code: string) =>
    (quote === "'" ? code : code.replaceAll("'", '"')).replace(/;$/, end).replace(/^\t+/, (tabs) => unit.repeat(tabs.length));
  return `${declared} = ${lines(module.language === 'typescript')
    .map(written)
    .join('\n')}`;
}

function semicolon(text: string): string {
  return /;[ \t]*\r?$/m.test(text) || !/[\w)}'"`][ \t]*\r?\n/.test(text) ? ';' : '';
}

/** Name under which the function is used in its file but as the argument of its middlewares; for the guard of other uses. */
export function isMiddlewareArgument(middied: Middied | null, use: Node): boolean {
  return middied !== null && nameOf(use) !== null && middied.argument.start === use.start && middied.argument.end === use.end;
}
