/** The context: its request id is the request's, and what only Lambda reads goes. */
import { bindingAt } from '../../src/analysis/source-module.js';
import { list, type Node, nameOf } from '../../src/analysis/syntax.js';
import { wholeLine } from './edits.js';
import { stepsFrom, textOf } from './event-uses.js';
import { type Handler, isWritten, parameterAt, type Reference, usesOf } from './handler.js';
import { dropContextLog } from './logged.js';
import { Refused } from './refusal.js';

export function rewriteContextUses(handler: Handler): void {
  const parameter = parameterAt(handler, handler.contextAt);
  if (!parameter) return;
  const name = nameOf(parameter);
  const binding = name === null ? undefined : bindingAt(handler.module, name, parameter.start);
  if (name === null || !binding) throw new Refused('its context parameter is no plain name', parameter);
  const completing = new Set(handler.completions?.map(({ reference }) => reference));
  for (const use of usesOf(handler, name, binding)) if (!completing.has(use.node)) rewriteUse(handler, use);
}

function rewriteUse(handler: Handler, { node, parent }: Reference): void {
  const [step] = stepsFrom(handler, node);
  // It goes on to a function of which the result is the handler's.
  if (!step && list(parent, 'arguments').some((each) => handler.givenToResults.has(each))) {
    handler.givenContexts.add(node);
    return;
  }
  if (!step && dropContextLog(handler, node)) return;
  if (step?.key === 'callbackWaitsForEmptyEventLoop') {
    dropStatement(handler, step.top);
    return;
  }
  const known = step && !isWritten(handler, step.top) ? knownText(handler, step.key) : null;
  if (step && known !== null) {
    handler.edits.replace({ start: node.start, end: step.node.end }, known);
    return;
  }
  if (step?.key !== 'awsRequestId' || isWritten(handler, step.top))
    throw new Refused(`\`${textOf(handler, step?.node ?? node)}\` of the context has no equal in a service`, step?.node ?? node);
  handler.needs.request = true;
  handler.edits.replace({ start: node.start, end: step.node.end }, `${handler.request}.id`);
}

/** What the definition says of the function. */
function knownText({ deployed, quote }: Handler, key: string): string | null {
  const texts: Readonly<Record<string, string | null>> = {
    functionName: deployed.functionName,
    functionVersion: '$LATEST',
    memoryLimitInMB: deployed.memoryMb === null ? null : String(deployed.memoryMb),
  };
  const text = Object.hasOwn(texts, key) ? texts[key] : null;
  return typeof text === 'string' && /^[\w$.:-]+$/.test(text) ? quote + text + quote : null;
}

/** `context.callbackWaitsForEmptyEventLoop = false;` says nothing to a service. */
function dropStatement(handler: Handler, target: Node): void {
  const assignment = handler.parents.get(target);
  const statement = assignment && handler.parents.get(assignment);
  const isPlain = assignment?.type === 'AssignmentExpression' && assignment['left'] === target && statement?.type === 'ExpressionStatement';
  const block = statement && handler.parents.get(statement);
  if (!isPlain || !block || !['BlockStatement', 'FunctionBody'].includes(block.type))
    throw new Refused(`\`${textOf(handler, assignment ?? target)}\` of the context has no equal in a service`, target);
  handler.edits.remove(withBlankLine(handler.module.text, wholeLine(handler.module.text, statement)));
}

/** Not two blank lines, or one at the start of a block, where one statement was. */
function withBlankLine(text: string, range: { start: number; end: number }): { start: number; end: number } {
  const isFirst = /(?:\{|\n)[ \t]*\r?\n$/.test(text.slice(Math.max(0, range.start - 40), range.start));
  const blank = /^[ \t]*\r?\n/.exec(text.slice(range.end));
  return isFirst && blank ? { start: range.start, end: range.end + blank[0].length } : range;
}
