/** The handler's results: each becomes a call of Fastify's reply, or the handler is refused. */
import { bindingAt } from '../../src/analysis/source-module.js';
import { child, list, memberPath, type Node, nameOf, returnedBy } from '../../src/analysis/syntax.js';
import { assignmentsBefore } from './assigned.js';
import { type Completion, failureCode } from './callbacks.js';
import { mayEndWithoutValue } from './completes.js';
import { indentAt, type Part, type Range, wholeLine, withParentheses } from './edits.js';
import { freeName, frontOf, type Handler, usesOf } from './handler.js';
import { withoutTypes } from './places.js';
import { Refused } from './refusal.js';
import { type ReplyCall, replyParts } from './reply-chain.js';
import { callsOf, callsOfBody, tryAround } from './result-calls.js';
import { textKind } from './texts.js';

export function rewriteResults(handler: Handler): void {
  if (handler.node['generator'] === true) throw new Refused('it is a generator', null);
  const emissions = handler.completions ? readCompletions(handler, handler.completions) : readReturned(handler);
  for (const each of emissions) emit(handler, each, emissions);
}

function readReturned(handler: Handler): Emission[] {
  const { node } = handler;
  if (node['async'] !== true && !handler.takesPlainValues)
    throw new Refused('it is not async, and its runtime takes no other result than a promise', null);
  if (frontOf(handler).payload === '2.0' && mayEndWithoutValue(node)) throw new Refused('it can end without a result', null);
  return returnedBy(node).flatMap((returned) => {
    const parent = handler.parents.get(returned);
    const isStatement = parent?.type === 'ReturnStatement';
    return read(handler, returned, { holder: isStatement ? parent : node, statement: isStatement ? parent : null, lead: 'return ' });
  });
}

/** The reply's calls take the place of the callback's. */
function readCompletions(handler: Handler, completions: readonly Completion[]): Emission[] {
  const { edits, parents } = handler;
  return completions.flatMap(({ call, result, error }) => {
    if (!result) {
      const { before, after } = failureCode(handler, error as Node);
      handler.needs.reply = true;
      edits.replace(call, `${handler.reply}.send(`, before, { start: (error as Node).start, end: (error as Node).end }, after, ')');
      return [];
    }
    edits.replace(call, { start: result.start, end: result.end });
    const parent = parents.get(call);
    const isStatement = parent?.type === 'ReturnStatement' || parent?.type === 'ExpressionStatement';
    const lead = parent?.type === 'ReturnStatement' ? 'return ' : '';
    return read(handler, result, { holder: result, statement: isStatement ? parent : null, lead });
  });
}

interface Place {
  /** Parentheses right around the result belong to it, from here on. */
  holder: Node;
  /** The statement that comments of the result are put in front of; null when there is none. */
  statement: Node | null;
  /** What the statement begins with. */
  lead: 'return ' | '';
}

/** A result that becomes calls of the reply. */
interface Emission {
  /** Where it is evaluated. */
  node: Node;
  calls: readonly ReplyCall[];
  /** Its indentation is that of this node's line. */
  line: Node;
  comments: string[];
  /** The statement that is put in front, and which it is part of; null where there is none. */
  statement: Node | null;
  write(parts: Part[], before: Part[]): void;
}

function read(handler: Handler, result: Node, place: Place): Emission[] {
  const at = withoutTypes(result);
  if (!at) return [];
  if (at.type === 'ConditionalExpression')
    return ['consequent', 'alternate'].flatMap((field) =>
      read(handler, child(at, field) as Node, { holder: at, statement: null, lead: place.lead }),
    );
  if (at.type === 'CallExpression' && memberPath(child(at, 'callee'))?.join('.') === 'Promise.resolve')
    return [readValue(handler, list(at, 'arguments')[0] ?? null, result, place)];
  if (nameOf(at) !== null && place.statement)
    return readAssignments(handler, at, place.statement, place.lead) ?? [readVariable(handler, at, place.statement, place.lead)];
  return [readValue(handler, at, result, place)];
}

function readValue(handler: Handler, node: Node | null, replaced: Node, { holder, statement, lead }: Place): Emission {
  const value = withoutTypes(node);
  const isObject = value?.type === 'ObjectExpression';
  const range = withParentheses(handler.module.text, replaced, holder.start);
  return {
    node: replaced,
    calls: isObject ? callsOf(handler, value) : callsOfBody(handler, value, replaced),
    line: statement ?? replaced,
    comments: isObject ? commentsIn(handler, value) : [],
    statement,
    write: (parts, before) => {
      put(handler, { range, statement, lead }, before, parts);
    },
  };
}

/** What comes before a statement is put in front of it; one that begins with the result takes it along. */
function put(handler: Handler, at: { range: Range; statement: Node | null; lead: string }, before: Part[], parts: Part[]): void {
  const { range, statement, lead } = at;
  if (before.length === 0 || !statement) handler.edits.replace(range, ...parts);
  else if (lead === '') handler.edits.replace(range, ...before, ...parts);
  else {
    handler.edits.replace({ start: statement.start, end: statement.start }, ...before);
    handler.edits.replace(range, ...parts);
  }
}

/** `let response; try { response = {…} } catch { response = {…} } return response;` returns where it assigned. */
function readAssignments(handler: Handler, identifier: Node, statement: Node, lead: string): Emission[] | null {
  const found = assignmentsBefore(handler, identifier, statement);
  if (!found) return null;
  const { edits, module } = handler;
  edits.remove(wholeLine(module.text, found.declaration));
  edits.remove(withBlankLineBefore(module.text, wholeLine(module.text, statement)));
  return found.assignments.map((assignment) => {
    const value = child(child(assignment, 'expression'), 'right') as Node;
    const emission = readValue(handler, value, value, { holder: assignment, statement: assignment, lead: 'return ' });
    const end = module.text[assignment.end - 1] === ';' ? ';' : '';
    return {
      ...emission,
      write: (parts: Part[], before: Part[]) => edits.replace(assignment, ...before, lead, ...parts, end),
    };
  });
}

/** A block does not end with the empty line that was in front of its last statement. */
function withBlankLineBefore(text: string, { start, end }: Range): Range {
  const blank = /\n([ \t]*\r?\n)+$/.exec(text.slice(0, start));
  return { start: blank ? blank.index + 1 : start, end };
}

/** `const response = {…}; return response;` is the result itself. */
function readVariable(handler: Handler, identifier: Node, statement: Node, lead: string): Emission {
  const { module, parents, edits } = handler;
  const name = nameOf(identifier) as string;
  const refuse = () => new Refused(`\`${name}\` is a result that is not written out where it is returned`, identifier);
  const binding = bindingAt(module, name, identifier.start);
  if (binding?.kind !== 'variable' || binding.path.length > 0) throw refuse();
  const declaration = parents.get(binding.node);
  const init = withoutTypes(binding.init);
  if (declaration?.type !== 'VariableDeclaration' || list(declaration, 'declarations').length !== 1 || init?.type !== 'ObjectExpression')
    throw refuse();
  if (usesOf(handler, name, binding).length !== 1) throw refuse();
  const statements = list(parents.get(declaration), 'body');
  const from = statements.indexOf(declaration);
  const to = statements.indexOf(statement);
  if (from < 0 || to < 0 || !statements.slice(from + 1, to).every(isLog)) throw refuse();
  const isNext = to === from + 1 && module.text.slice(declaration.end, statement.start).trim() === '';
  const end = module.text[declaration.end - 1] === ';' ? ';' : '';
  return {
    node: init,
    calls: callsOf(handler, init),
    line: isNext ? declaration : statement,
    comments: commentsIn(handler, init),
    statement: isNext ? declaration : statement,
    write: (parts, before) => {
      if (isNext) {
        edits.replace({ start: declaration.start, end: statement.end }, ...before, lead, ...parts, end);
        return;
      }
      edits.remove(wholeLine(module.text, declaration));
      put(handler, { range: identifier, statement, lead }, before, parts);
    },
  };
}

function isLog(statement: Node): boolean {
  const call = statement.type === 'ExpressionStatement' ? child(statement, 'expression') : null;
  return call?.type === 'CallExpression' && memberPath(child(call, 'callee'))?.[0] === 'console';
}

function emit(handler: Handler, emission: Emission, all: readonly Emission[]): void {
  const { calls, line, comments, statement, write } = emission;
  const hoisted = leaks(handler, emission, all) ? hoist(handler, emission) : { calls, before: [] };
  write(replyParts(handler, hoisted.calls, line), hoisted.before);
  putComments(handler, comments, statement, emission.node);
}

/**
 * A reply keeps the headers that it was given. When the body fails inside a `try`, the answer of the `catch` must not carry those
 * of the answer that was not sent.
 */
function leaks(handler: Handler, { node, calls }: Emission, all: readonly Emission[]): boolean {
  const around = tryAround(handler, node);
  if (!around || !calls.some(({ argument, name }) => name !== 'code' && argument && mayFail(handler, argument))) return false;
  const others = all.filter((other) => other.node.start < around.start || other.node.end > around.end);
  const sets = calls.flatMap((call) => [...(call.sets ?? [])]);
  return sets.some(([name, value]) => others.some((other) => !overwrites(other.calls, name, value)));
}

function overwrites(calls: readonly ReplyCall[], name: string, value: string | null): boolean {
  if (calls.some(({ sets }) => sets?.has(name))) return true;
  const isJson = calls.at(-1)?.isJson === true;
  return name === 'content-type' && value === 'application/json' && isJson;
}

/** Evaluating it may throw: all but plain values, names, and what every request has. */
function mayFail(handler: Handler, node: Node): boolean {
  const at = withoutTypes(node);
  if (!at || at.type === 'Literal' || at.type === 'Identifier') return false;
  const any = (field: string) => list(at, field).some((each) => mayFail(handler, each));
  if (at.type === 'TemplateLiteral') return any('expressions');
  if (at.type === 'ArrayExpression') return any('elements');
  if (at.type === 'ObjectExpression')
    return list(at, 'properties').some((each) => mayFail(handler, child(each, 'value') ?? child(each, 'argument') ?? each));
  return at.type !== 'MemberExpression' || textKind(handler, at) !== 'text';
}

/** The body is made before the reply is given its headers. */
function hoist(handler: Handler, { calls, statement, node }: Emission): { calls: ReplyCall[]; before: Part[] } {
  const last = calls.at(-1);
  const isOther = calls.slice(0, -1).some(({ argument, name }) => name !== 'code' && argument && mayFail(handler, argument));
  const isInBlock = statement !== null && handler.parents.get(statement)?.type === 'BlockStatement';
  if (!last?.argument || isOther || !isInBlock) throw new Refused('what fails in its result would leave headers in the reply', node);
  const name = freeName(handler, ['body', 'payload', 'content']);
  const indent = indentAt(handler.module.text, statement.start);
  const from = indentAt(handler.module.text, last.argument.start);
  const end = handler.module.text[statement.end - 1] === ';' ? ';' : '';
  const { start, end: stop } = last.argument;
  return {
    calls: [...calls.slice(0, -1), { name: 'send', code: name }],
    before: [`const ${name} = `, { start, end: stop, indent: { from, to: indent } }, `${end}\n${indent}`],
  };
}

/** Comments between the properties of a result. */
function commentsIn({ module }: Handler, object: Node): string[] {
  const properties = list(object, 'properties');
  const gaps = [object.start + 1, ...properties.map(({ end }) => end)].map((start, index) =>
    module.text.slice(start, properties[index]?.start ?? object.end - 1),
  );
  return gaps.flatMap((gap) => gap.match(/\/\/[^\n]*|\/\*[\s\S]*?\*\//g) ?? []).map((each) => each.trimEnd());
}

function putComments(handler: Handler, comments: string[], statement: Node | null, value: Node | null): void {
  if (comments.length === 0) return;
  if (!statement) throw new Refused('a comment stands in its result', value);
  const line = handler.module.text.lastIndexOf('\n', statement.start - 1) + 1;
  const indent = handler.module.text.slice(line, statement.start);
  if (indent.trim() !== '') throw new Refused('a comment stands in its result', value);
  handler.edits.replace({ start: line, end: line }, comments.map((each) => `${indent}${each}\n`).join(''));
}
