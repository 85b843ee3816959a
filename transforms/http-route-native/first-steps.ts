/** Code that takes the place of middlewares: functions that the handler begins with. */
import { quoteOf } from '../../src/analysis/quotes.js';
import { child, isFunction, list, type Node, nameOf, parametersOf } from '../../src/analysis/syntax.js';
import { Edits, indentAt } from './edits.js';
import { type Handler, noteReplaced, parentsOf } from './handler.js';
import type { Helper } from './middlewares/index.js';
import type { Middied } from './middy.js';
import { Refused } from './refusal.js';
import { addSender, senderPlace } from './sender-places.js';

/** Makes the function the handler itself, and has it begin with what its middlewares did. */
export function replaceMiddlewares(handler: Handler, middied: Middied): void {
  const { edits, surroundings } = handler;
  const { call, argument, maker, befores } = middied;
  edits.replace(call, { start: argument.start, end: argument.end });
  for (const name of middied.imports) noteReplaced({ surroundings, module: maker?.module ?? handler.module }, name);
  const helpers = befores.flatMap(({ helper, withEvent }) => {
    if (helper && handler.needs.event && !withEvent)
      throw new Refused('what its middlewares put into the event, which it uses as a whole, depends on their minor version', call);
    return (handler.needs.event ? withEvent : helper) ?? [];
  });
  const calls = helpers.map((helper) => `${maker ? besideMaker(handler, middied, helper) : inFile(handler, helper)}(${handler.request})`);
  if (calls.length === 0) return;
  handler.needs.request = true;
  begin(handler, calls);
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
function besideMaker(handler: Handler, { maker, call }: Middied, helper: Helper): string {
  const { module, node } = maker as { module: Handler['module']; node: Node };
  if (!isFunction(node)) throw new Refused('what puts middlewares around it is no function', call);
  const parents = module === handler.module ? handler.parents : parentsOf(module.program as Node);
  const edits = handler.surroundings.edits.get(module) ?? new Edits(module.text, []);
  const sub: Handler = { ...handler, module, node, parents, edits, quote: quoteOf(module.text) };
  const place = senderPlace(sub);
  const prefix = place ? module.text.slice(place.range.start, place.name.start).replace(/\b(?:async\s+)?function\s*$/, 'const ') : '';
  if (!place || !/^(?:export )?(?:const|let|var) $|^(?:module\.)?exports\.$/.test(prefix))
    throw new Refused('how the function that puts middlewares around it is declared is not understood', call);
  return addSender(handler, sub, place, child(call, 'callee') as Node, {
    lead: `/** ${helper.comment} */\n`,
    names: () => [helper.name],
    text: (name) => declaration(sub, helper, `${prefix}${name}`),
  });
}

/** In the handler's own file, in front of the statement that holds it. */
function inFile(handler: Handler, helper: Helper): string {
  const { module, edits, parents, node } = handler;
  const text = declaration(handler, helper, `const ${helper.name}`);
  if (module.text.includes(text)) return helper.name;
  if (new RegExp(`\\b${helper.name}\\b`).test(module.text)) throw new Refused(`the name \`${helper.name}\` is taken`, node);
  let at: Node = node;
  for (let parent = parents.get(at); parent && parent.type !== 'Program'; parent = parents.get(at)) at = parent;
  const comment = /(?:\/\*\*(?:[^*]|\*(?!\/))*\*\/\s*|\/\/[^\n]*\n\s*)+$/.exec(module.text.slice(0, at.start));
  const start = comment ? comment.index : at.start;
  edits.replace({ start, end: start }, `/** ${helper.comment} */\n${text}\n\n`);
  return helper.name;
}

function declaration({ module, quote }: Handler, { body, type }: Helper, declared: string): string {
  const isTyped = module.language === 'typescript';
  const unit = /\n(\t| {2,4})\S/.exec(module.text)?.[1] ?? '  ';
  const end = semicolon(module.text);
  const written = (code: string) => (quote === "'" ? code : code.replaceAll("'", '"')).replace(/;$/, end);
  const parameter = isTyped ? `(request: ${written(type)}): void` : '(request)';
  const lines = body(isTyped).map((line) => `${unit}${written(line)}\n`);
  const open = `${declared} = ${parameter} => {\n`;
  return `${open}${lines.join('')}}${end}`;
}

function semicolon(text: string): string {
  return /;[ \t]*\r?$/m.test(text) || !/[\w)}'"`][ \t]*\r?\n/.test(text) ? ';' : '';
}

/** Name under which the function is used in its file but as the argument of its middlewares; for the guard of other uses. */
export function isMiddlewareArgument(middied: Middied | null, use: Node): boolean {
  return middied !== null && nameOf(use) !== null && middied.argument.start === use.start && middied.argument.end === use.end;
}
