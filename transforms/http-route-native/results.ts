/** The handler's results: each becomes a call of Fastify's reply, or the handler is refused. */
import { bindingAt } from '../../src/analysis/source-module.js';
import { child, list, memberPath, type Node, nameOf, returnedBy } from '../../src/analysis/syntax.js';
import { guardAnswer } from './around.js';
import { assignmentsBefore } from './assigned.js';
import { type Completion, failureCode } from './callbacks.js';
import { mayEndWithoutValue } from './completes.js';
import { indentAt, type Part, type Range, wholeLine, withParentheses } from './edits.js';
import { commentsIn, type Emission, emit, outcomesOf } from './emissions.js';
import { textOf } from './event-uses.js';
import { frontOf, type Handler, usesOf } from './handler.js';
import { heldCalls } from './held.js';
import { withoutTypes } from './places.js';
import { Refused } from './refusal.js';
import { callsOf, callsOfBody, guardPlace, tryAround } from './result-calls.js';
import { answeringCall, type SenderCall, senderCall } from './senders.js';
import { textKind } from './texts.js';
import { ownerOf } from './variables.js';

export function rewriteResults(handler: Handler): void {
  if (handler.node['generator'] === true) throw new Refused('it is a generator', null);
  const emissions = handler.completions ? readCompletions(handler, handler.completions) : readReturned(handler);
  for (const each of emissions) for (const calls of outcomesOf(each)) guardAnswer(handler, calls, each.node);
  for (const each of emissions) emit(handler, each, emissions);
}

/** The results that a function returns. */
export function readReturned(handler: Handler): Emission[] {
  const { node } = handler;
  const needsPromise = node['async'] !== true && !handler.takesPlainValues;
  if ((needsPromise || frontOf(handler).payload === '2.0') && mayEndWithoutValue(node))
    throw new Refused(needsPromise ? notAsync : 'it can end without a result', null);
  const found = returnedBy(node).flatMap((returned) => {
    const parent = handler.parents.get(returned);
    const isStatement = parent?.type === 'ReturnStatement';
    return read(handler, returned, { holder: isStatement ? parent : node, statement: isStatement ? parent : null, lead: 'return ' });
  });
  const plain = needsPromise ? found.find(({ isPromise }) => !isPromise) : undefined;
  if (plain) throw new Refused(notAsync, null);
  handler.needs.promise = node['async'] === true || (found.length > 0 && found.every(({ sender }) => sender?.givesPromise));
  return found;
}

const notAsync = 'it is not async, and its runtime takes no other result than a promise';

/** The reply's calls take the place of the callback's. */
export function readCompletions(handler: Handler, completions: readonly Completion[]): Emission[] {
  const { edits, parents } = handler;
  return completions.flatMap(({ call, reference, result, error, helper }): Emission[] => {
    if (helper) {
      const sender = answeringCall(handler, call, helper, reference);
      const write = (parts: Part[]) => {
        edits.replace(call, ...parts);
      };
      return [{ node: call, calls: [], sender, isPromise: false, line: call, comments: [], statement: null, write }];
    }
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
    const found = read(handler, result, { holder: result, statement: isStatement ? parent : null, lead, start: call });
    if (found.some(({ isPromise }) => isPromise)) throw new Refused(`\`${textOf(handler, call)}\` answers with a promise`, call);
    return found;
  });
}

interface Place {
  /** Parentheses right around the result belong to it, from here on. */
  holder: Node;
  /** The statement that comments of the result are put in front of; null when there is none. */
  statement: Node | null;
  /** What the statement begins with. */
  lead: 'return ' | '';
  /** Where the reply will begin when that is not where the result does. */
  start?: Node;
}

function read(handler: Handler, result: Node, place: Place): Emission[] {
  const at = withoutTypes(result);
  if (!at) return [];
  if (at.type === 'ConditionalExpression')
    return ['consequent', 'alternate'].flatMap((field) =>
      read(handler, child(at, field) as Node, { holder: at, statement: null, lead: place.lead }),
    );
  if (at.type === 'CallExpression' && memberPath(child(at, 'callee'))?.join('.') === 'Promise.resolve')
    return [{ ...readValue(handler, list(at, 'arguments')[0] ?? null, result, place), isPromise: true }];
  if (nameOf(at) !== null && nameOf(at) !== 'undefined') return readNamed(handler, at, place);
  return [readValue(handler, at, result, place)];
}

/** A variable is the result. */
function readNamed(handler: Handler, identifier: Node, place: Place): Emission[] {
  const { statement, lead } = place;
  const written = statement
    ? (readAssignments(handler, identifier, statement, lead) ??
      readVariable(handler, identifier, statement, lead) ??
      readLast(handler, identifier, statement, lead))
    : null;
  if (written) return written;
  const calls = heldCalls(handler, identifier);
  if (!calls) throw new Refused(`\`${nameOf(identifier)}\` is a result that is not written out where it is returned`, identifier);
  const range = withParentheses(handler.module.text, identifier, place.holder.start);
  const line = statement ?? place.start ?? identifier;
  return [
    {
      node: identifier,
      calls,
      isPromise: false,
      line,
      comments: [],
      statement,
      write: (parts, before) => put(handler, { range, statement, lead }, before, parts),
    },
  ];
}

function readValue(handler: Handler, node: Node | null, replaced: Node, { holder, statement, lead, start }: Place): Emission {
  const value = withoutTypes(node);
  const isObject = value?.type === 'ObjectExpression';
  const range = withParentheses(handler.module.text, replaced, holder.start);
  const sender = sentBy(handler, value);
  if (sender) guardPlace(handler, replaced);
  return {
    node: replaced,
    isPromise: sender?.isAsync ?? false,
    ...(sender ? { sender, calls: [] } : { calls: isObject ? callsOf(handler, value) : callsOfBody(handler, value, replaced) }),
    line: statement ?? start ?? replaced,
    comments: isObject ? commentsIn(handler, value) : [],
    statement,
    write: (parts, before) => {
      put(handler, { range, statement, lead }, before, parts);
    },
  };
}

/** A call of the project's own function that makes the result, perhaps awaited. */
function sentBy(handler: Handler, value: Node | null): SenderCall | null {
  const awaited = value?.type === 'AwaitExpression' ? withoutTypes(child(value, 'argument')) : null;
  const call = awaited ?? value;
  if (call?.type !== 'CallExpression' || !isPlain(handler, call)) return null;
  const sender = senderCall(handler, call);
  if (!sender?.isAsync || !value || !awaited) return sender;
  // The reply is a promise of its end: a client that goes away early would look like a failure.
  if (tryAround(handler, value)) throw new Refused(`\`${textOf(handler, value)}\` waits for its answer where a failure is caught`, value);
  return { ...sender, isAsync: false, parts: [{ start: call.start, end: call.end }] };
}

/** What a call gives is a result, not the text of one. */
function isPlain(handler: Handler, call: Node): boolean {
  return textKind(handler, call) === null;
}

/** What comes before a statement is put in front of it; one that begins with the result takes it along. */
function put(handler: Handler, at: { range: Range; statement: Node | null; lead: string }, before: Part[], parts: Part[]): void {
  const { range, statement, lead } = at;
  if (before.length === 0) handler.edits.replace(range, ...parts);
  else if (!statement) putBlock(handler, range, before, parts);
  else if (lead === '') handler.edits.replace(range, ...before, ...parts);
  else {
    handler.edits.replace({ start: statement.start, end: statement.start }, ...before);
    handler.edits.replace(range, ...parts);
  }
}

/** The expression that is an arrow function's body becomes a block of two statements. */
function putBlock({ module, edits, unit, node }: Handler, range: Range, before: Part[], parts: Part[]): void {
  const outer = indentAt(module.text, node.start);
  const indent = outer + unit;
  const end = String(before.at(-1)).startsWith(';') ? ';' : '';
  const deeper = parts.map((part): Part => {
    if (typeof part === 'string') return part.replaceAll('\n', `\n${unit}`);
    return part.indent ? { ...part, indent: { from: part.indent.from, to: part.indent.to + unit } } : part;
  });
  edits.replace(range, `{\n${indent}`, ...before, 'return ', ...deeper, `${end}\n${outer}}`);
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

/** `const response = {…}; return response;` is the result itself; null when other code stands between. */
function readVariable(handler: Handler, identifier: Node, statement: Node, lead: string): Emission[] | null {
  const { module, parents, edits } = handler;
  const name = nameOf(identifier) as string;
  const binding = bindingAt(module, name, identifier.start);
  if (binding?.kind !== 'variable' || binding.path.length > 0) return null;
  const declaration = parents.get(binding.node);
  const init = withoutTypes(binding.init);
  const isResult = init !== null && ['ObjectExpression', 'CallExpression', 'AwaitExpression'].includes(init.type);
  if (declaration?.type !== 'VariableDeclaration' || list(declaration, 'declarations').length !== 1 || !isResult) return null;
  if (usesOf(handler, name, binding).length !== 1) return null;
  const statements = list(parents.get(declaration), 'body');
  const from = statements.indexOf(declaration);
  const to = statements.indexOf(statement);
  if (from < 0 || to < 0 || !statements.slice(from + 1, to).every(isLog)) return null;
  const isNext = to === from + 1 && module.text.slice(declaration.end, statement.start).trim() === '';
  const end = module.text[declaration.end - 1] === ';' ? ';' : '';
  // What is awaited ends before the code that follows.
  const sender = init.type === 'ObjectExpression' || (init.type === 'AwaitExpression' && !isNext) ? null : sentBy(handler, init);
  if (init.type !== 'ObjectExpression' && !sender) return null;
  if (sender) guardPlace(handler, statement);
  const emission: Emission = {
    node: init,
    isPromise: sender?.isAsync ?? false,
    ...(sender ? { sender, calls: [] } : { calls: callsOf(handler, init) }),
    line: isNext ? declaration : statement,
    comments: sender ? [] : commentsIn(handler, init),
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
  return [emission];
}

/** `response = {…}; return response;` where the variable held other things before. */
function readLast(handler: Handler, identifier: Node, statement: Node, lead: string): Emission[] | null {
  const { module, parents, edits } = handler;
  const name = nameOf(identifier) as string;
  const statements = list(parents.get(statement), 'body');
  const last = statements[statements.indexOf(statement) - 1];
  const assignment = last?.type === 'ExpressionStatement' ? child(last, 'expression') : null;
  const value = withoutTypes(child(assignment, 'right'));
  const isResult = value?.type === 'ObjectExpression' || value?.type === 'CallExpression';
  if (!last || !value || !isResult || assignment?.['operator'] !== '=' || nameOf(child(assignment, 'left')) !== name) return null;
  if (module.text.slice(last.end, statement.start).trim() !== '' || isReadElsewhere(handler, identifier)) return null;
  const emission = readValue(handler, value, value, { holder: last, statement: last, lead: 'return ' });
  const end = module.text[statement.end - 1] === ';' ? ';' : '';
  const write = (parts: Part[], before: Part[]) => edits.replace({ start: last.start, end: statement.end }, ...before, lead, ...parts, end);
  return [{ ...emission, write }];
}

/** Another function than the one that returns it reads the variable, perhaps later. */
function isReadElsewhere(handler: Handler, identifier: Node): boolean {
  const name = nameOf(identifier) as string;
  const binding = bindingAt(handler.module, name, identifier.start);
  const own = ownerOf(handler, identifier);
  return binding === undefined || usesOf(handler, name, binding).some(({ node }) => ownerOf(handler, node) !== own);
}

function isLog(statement: Node): boolean {
  const call = statement.type === 'ExpressionStatement' ? child(statement, 'expression') : null;
  return call?.type === 'CallExpression' && memberPath(child(call, 'callee'))?.[0] === 'console';
}
