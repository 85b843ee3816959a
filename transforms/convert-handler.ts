/** Turns one handler that ends by calls into an async function, or throws {@link Keep} and leaves it as it is. */
import { type CompletionNames, CompletionPass, Keep } from './completions.js';
import { nodeStyleCall, sdkClients } from './node-style-calls.js';
import { QuietCode } from './quiet-code.js';
import {
  type Builders,
  child,
  type FunctionNode,
  identifiers,
  isCall,
  isMember,
  list,
  memberPath,
  type Node,
  nameOf,
  parameterName,
  some,
  unwrap,
  walk,
} from './syntax.js';

export interface ConvertInput {
  program: Node;
  handler: FunctionNode;
  names: CompletionNames;
  build: Builders;
}

/** Converts in place. Nothing is changed when it throws. */
export function convertHandler({ program, handler, names, build }: ConvertInput): void {
  if (handler.generator === true || handler.params.length > 3) throw new Keep('not-a-plain-function', handler);
  if (handler.params.some((parameter) => nameOf(parameter) === null && parameter.type === 'RestElement'))
    throw new Keep('arguments', handler);
  const usesArguments = identifiers(handler.body, 'arguments')[0];
  if (usesArguments) throw new Keep('arguments', usesArguments);
  const quiet = new QuietCode(program);
  const clients = sdkClients(program);
  const isAsync = handler.async === true;
  const pass = new CompletionPass(names, build, isAsync, (call, at) => nodeStyleCall(call, at, { handler, clients, names, build }));
  const isBlock = handler.body.type === 'BlockStatement';
  const completes = isBlock ? pass.block(handler.body) : pass.expression(handler.body) !== null;
  pass.requireAll(handler.body);
  if (!isAsync) requireContextKept(handler, names.context);
  requireSettled({ handler, pass, quiet, completes, isAsync, context: names.context });
  for (const { kind, value } of pass.completions)
    if (kind === 'success' && quiet.mayBePromise(value, program)) throw new Keep('result-may-be-promise', value);
  const dropType = requireReturnType(handler, isAsync);
  pass.apply();
  if (!isBlock) rewriteExpression(handler, pass, build);
  if (dropType) handler.returnType = null;
  handler.async = true;
  dropThirdParameter(handler);
}

/** Removes the callback parameter; the caller has made sure that it is not used. */
export function dropThirdParameter(handler: FunctionNode): void {
  if (handler.params.length === 3) handler.params = handler.params.slice(0, 2);
}

/** Names of the handler's callback and context parameters. */
export function completionNames(handler: FunctionNode): CompletionNames {
  return { callback: parameterName(handler.params[2]), context: parameterName(handler.params[1]) };
}

/** A context handed to other code could be completed there, after an async function had already answered. */
function requireContextKept(handler: FunctionNode, context: string | null): void {
  if (context === null) return;
  const harmless = new Set<Node>();
  walk(handler.body, (node) => {
    if (isMember(node) && nameOf(unwrap(node.object)) === context) harmless.add(unwrap(node.object) as Node);
    const callee = isCall(node) ? memberPath(unwrap(node.callee)) : null;
    if (callee && (callee[0] === 'console' || callee.join('.') === 'JSON.stringify'))
      for (const each of list(node, 'arguments')) harmless.add(each);
    const property = node.type === 'ObjectProperty' ? child(node, 'value') : null;
    if (property && isLogged(handler.body, node)) harmless.add(property).add(child(node, 'key') as Node);
  });
  const escaped = identifiers(handler.body, context).find((use) => !harmless.has(use));
  if (escaped) throw new Keep('context-escapes', escaped);
}

/** `console.log({ context })`, `JSON.stringify({ context })`. */
function isLogged(body: Node, property: Node): boolean {
  return some(body, (node) => {
    const callee = isCall(node) ? memberPath(unwrap(node.callee)) : null;
    if (!callee || (callee[0] !== 'console' && callee.join('.') !== 'JSON.stringify')) return false;
    return list(node, 'arguments').some((each) => each.type === 'ObjectExpression' && list(each, 'properties').includes(property));
  });
}

interface Settled {
  handler: FunctionNode;
  pass: CompletionPass;
  quiet: QuietCode;
  completes: boolean;
  isAsync: boolean;
  context: string | null;
}

/** The answer must not have waited for work that an async function would leave running. */
function requireSettled({ handler, pass, quiet, completes, isAsync, context }: Settled): void {
  const understood = new Set([...pass.completions.map(({ call }) => call), ...pass.awaited]);
  const running = quiet.firstUnquiet(handler.body, understood);
  if (!running) return;
  const waits = pass.completions.some((each) => each.waits && each.kind === 'success') || pass.passedOn.size > 0;
  if (waits && !answersAtOnce(handler, context, pass)) throw new Keep('waits-for-event-loop', running);
  if (!completes && !isAsync) throw new Keep('waits-for-event-loop', running);
}

/** `context.callbackWaitsForEmptyEventLoop = false` before anything ends the invocation. */
function answersAtOnce(handler: FunctionNode, context: string | null, pass: CompletionPass): boolean {
  const ends = new Set(pass.completions.map(({ call }) => call));
  for (const statement of list(handler.body, 'body')) {
    const expression = child(statement, 'expression');
    const target = expression?.type === 'AssignmentExpression' ? memberPath(unwrap(child(expression, 'left'))) : null;
    const value = expression && child(expression, 'right');
    if (target?.length === 2 && target[0] === context && target[1] === 'callbackWaitsForEmptyEventLoop')
      return value?.type === 'BooleanLiteral' && value.value === false;
    if (some(statement, (node) => ends.has(node))) return false;
  }
  return false;
}

/** True when the declared return type must go; throws when it says something that an async function does not fit. */
function requireReturnType(handler: FunctionNode, isAsync: boolean): boolean {
  const annotation = child(handler, 'returnType');
  const type = annotation && child(annotation, 'typeAnnotation');
  if (!type) return false;
  if (['TSVoidKeyword', 'TSAnyKeyword', 'TSUndefinedKeyword', 'TSUnknownKeyword'].includes(type.type)) return true;
  const name = nameOf(child(type, 'typeName'));
  const parameters = child(type, 'typeParameters') ?? child(type, 'typeArguments');
  const inner = parameters ? list(parameters, 'params')[0] : undefined;
  if (isAsync && name === 'Promise') return inner?.type === 'TSVoidKeyword' || inner?.type === 'TSUndefinedKeyword';
  throw new Keep('return-type', type);
}

function rewriteExpression(handler: FunctionNode, pass: CompletionPass, build: Builders): void {
  const [completion] = pass.completions;
  if (!completion) return;
  const { kind, value } = completion;
  // An object literal would be printed anew inside its parentheses; in a return statement it keeps its lines.
  if (kind === 'success' && value && value.type !== 'ObjectExpression') handler.body = value;
  else handler.body = build.block(value ? [kind === 'failure' ? build.throws(value) : build.returns(value)] : []);
}
