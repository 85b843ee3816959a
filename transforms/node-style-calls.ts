/**
 * A request of the AWS SDK v2 that is the last thing a handler does and whose own callback answers: it becomes an awaited
 * `.promise()`. Only clients that the file itself makes are certain enough.
 */
import { type CompletionNames, type CompletionPass, completingUses, truthyNames } from './completions.js';
import { requiredModule } from './quiet-code.js';
import {
  type Builders,
  child,
  type FunctionNode,
  identifiers,
  isCall,
  isFunction,
  isMember,
  list,
  memberPath,
  type Node,
  nameOf,
  some,
  stringOf,
  unwrap,
  walk,
} from './syntax.js';

/** Methods of clients that are no requests and have no promise. */
const notRequests = new Set([
  'getSignedUrl',
  'createPresignedPost',
  'createSet',
  'on',
  'once',
  'makeRequest',
  'makeUnauthenticatedRequest',
  'waitFor',
]);

/** Variables of the module that hold a client of the AWS SDK v2, with the expressions that make them. */
export function sdkClients(program: Node): Map<string, Node> {
  const namespaces = sdkNames(program);
  const clients = new Map<string, Node>();
  walk(program, (node) => {
    if (node.type !== 'VariableDeclarator') return;
    const init = unwrap(child(node, 'init'));
    const name = nameOf(child(node, 'id'));
    const made = init?.type === 'NewExpression' ? memberPath(child(init, 'callee')) : null;
    if (init && name !== null && made && namespaces.has(made[0] as string)) clients.set(name, init);
  });
  for (const name of clients.keys())
    if (
      declarations(program, name) !== 1 ||
      some(program, (node) => node.type === 'AssignmentExpression' && nameOf(child(node, 'left')) === name)
    )
      clients.delete(name);
  return clients;
}

function sdkNames(program: Node): Set<string> {
  const names = new Set<string>();
  const add = (pattern: Node | null) => {
    const name = nameOf(pattern);
    if (name !== null) names.add(name);
    for (const property of pattern ? list(pattern, 'properties') : []) names.add(nameOf(child(property, 'value')) ?? '');
  };
  const isSdk = (module: string | null) => module !== null && /^aws-sdk(?:\/clients\/[\w-]+)?$/.test(module);
  for (const statement of list(program, 'body')) {
    if (statement.type === 'ImportDeclaration' && isSdk(stringOf(child(statement, 'source'))))
      for (const each of list(statement, 'specifiers')) add(child(each, 'local'));
    if (statement.type !== 'VariableDeclaration') continue;
    for (const declarator of list(statement, 'declarations'))
      if (isSdk(requiredModule(child(declarator, 'init')))) add(child(declarator, 'id'));
  }
  return names;
}

function declarations(program: Node, name: string): number {
  let count = 0;
  walk(program, (node) => {
    if (node.type === 'VariableDeclarator' && nameOf(child(node, 'id')) === name) count++;
    if (isFunction(node) && node.params.some((parameter) => nameOf(parameter) === name)) count++;
  });
  return count;
}

/** The rule for {@link CompletionPass}: replacement statements for such a request, or null when it is not certain. */
export function nodeStyleCall(
  call: Node,
  pass: CompletionPass,
  { handler, clients, names, build }: { handler: FunctionNode; clients: Map<string, Node>; names: CompletionNames; build: Builders },
): { replacement: Node[]; completes: boolean } | null {
  const callee = isCall(call) ? unwrap(call.callee) : null;
  if (!isCall(call) || !isMember(callee) || callee.computed === true) return null;
  const client = nameOf(unwrap(callee.object));
  const args = list(call, 'arguments');
  const last = unwrap(args.at(-1) ?? null);
  if (client === null || !clients.has(client) || notRequests.has(nameOf(child(callee, 'property')) ?? '') || args.length > 2 || !last)
    return null;
  pass.awaited.add(clients.get(client) as Node);
  const request = () => build.call(build.member(build.call(callee, args.slice(0, -1)), 'promise'), []);
  if (names.callback !== null && nameOf(last) === names.callback) return direct(call, last, pass, request, build);
  if (!isFunction(last) || last.async === true || last.generator === true || last.params.length > 2) return null;
  const error = nameOf(last.params[0]);
  const data = last.params.length > 1 ? nameOf(last.params[1]) : null;
  if (error === null || (last.params.length > 1 && data === null) || error === data) return null;
  if (some(last.body, (node) => node.type === 'ThisExpression' || nameOf(node) === 'arguments')) return null;
  const handed = handedOn(last, names.callback, error, data);
  if (handed) return direct(call, handed, pass, request, build);
  return branched({ call, callback: last, error, data, pass, request, build, handler, names });
}

function direct(call: Node, reference: Node, pass: CompletionPass, request: () => Node, build: Builders) {
  pass.awaited.add(call);
  pass.passedOn.add(reference);
  return { replacement: [build.returns(request())], completes: true };
}

/** `(err, data) => callback(err, data)`: the callback's identifier. */
function handedOn(callback: FunctionNode, name: string | null, error: string, data: string | null): Node | null {
  const only =
    callback.body.type === 'BlockStatement'
      ? list(callback.body, 'body').length === 1
        ? list(callback.body, 'body')[0]
        : undefined
      : callback.body;
  if (!only) return null;
  const call =
    only.type === 'ExpressionStatement' ? child(only, 'expression') : only.type === 'ReturnStatement' ? child(only, 'argument') : only;
  if (!isCall(call) || name === null || nameOf(call.callee) !== name) return null;
  const given = list(call, 'arguments').map(nameOf);
  return data !== null && given.length === 2 && given[0] === error && given[1] === data ? call.callee : null;
}

interface Branched {
  call: Node;
  callback: FunctionNode;
  error: string;
  data: string | null;
  pass: CompletionPass;
  request: () => Node;
  build: Builders;
  handler: FunctionNode;
  names: CompletionNames;
}

/** `(err, data) => { if (err) { … ends } rest }` → `try { data = await … } catch (err) { … } rest`. */
function branched({
  call,
  callback,
  error,
  data,
  pass,
  request,
  build,
  handler,
  names,
}: Branched): { replacement: Node[]; completes: boolean } | null {
  const body = callback.body.type === 'BlockStatement' ? list(callback.body, 'body') : [];
  const [first, ...rest] = body;
  const test = first?.type === 'IfStatement' ? unwrap(child(first, 'test')) : null;
  if (!first || !test || truthyNames(test)[0] !== error || test.type === 'LogicalExpression') return null;
  const alternate = child(first, 'alternate');
  // Without a return the rest would run after the error's answer too.
  if (rest.length > 0 && (alternate || !leaves(child(first, 'consequent')))) return null;
  const failed = build.block(statementsOf(child(first, 'consequent')));
  const succeeded = build.block(alternate ? statementsOf(alternate) : rest);
  // Beside an error there is no data: nothing of the new form would hold what the callback was given.
  if (data !== null && identifiers(failed, data).length > 0) return null;
  if (!isFreeToMove(succeeded, callback, handler, error, data, names)) return null;
  pass.awaited.add(call);
  if (!pass.block(failed, new Set([error]))) return null;
  const completes = pass.block(succeeded);
  const used = data !== null && identifiers(succeeded, data).length > 0 ? data : null;
  const awaited = build.awaits(request());
  pass.inlined.add(succeeded);
  if (isThrownOn(failed, error, names.callback))
    return { replacement: [used === null ? build.statement(awaited) : build.declaration('const', used, awaited), succeeded], completes };
  const attempt = used === null ? build.statement(awaited) : build.assignment(build.identifier(used), awaited);
  const attempted = build.tries([attempt], error, []);
  // The handler's block is edited when the rest is: only then does it hold what it will hold.
  pass.later(() => {
    const clause = child(attempted, 'handler');
    if (clause) clause.body = failed;
    const start = list(failed, 'body')[0];
    if (start && first.comments) start.comments = [...first.comments, ...(start.comments ?? [])];
  });
  return { replacement: [...(used === null ? [] : [build.declaration('let', used, null)]), attempted, succeeded], completes };
}

/** `callback(error)` and nothing else: the rejection says the same by itself. */
function isThrownOn(failed: Node, error: string, callback: string | null): boolean {
  const [only, next] = list(failed, 'body');
  const call = only?.type === 'ReturnStatement' ? child(only, 'argument') : only ? child(only, 'expression') : null;
  if (!isCall(call) || callback === null || nameOf(call.callee) !== callback || (next && next.type !== 'ReturnStatement')) return false;
  return nameOf(list(call, 'arguments')[0]) === error && list(call, 'arguments').length === 1;
}

/** True when no path through a statement reaches what follows it. */
function leaves(node: Node | null): boolean {
  if (!node) return false;
  if (node.type === 'ReturnStatement' || node.type === 'ThrowStatement') return true;
  if (node.type === 'BlockStatement') return leaves(list(node, 'body').at(-1) ?? null);
  return node.type === 'IfStatement' && leaves(child(node, 'consequent')) && leaves(child(node, 'alternate'));
}

function statementsOf(node: Node | null): Node[] {
  return !node ? [] : node.type === 'BlockStatement' ? list(node, 'body') : [node];
}

/** The success part moves into the handler's own scope: none of its names may mean something else there. */
function isFreeToMove(
  moved: Node,
  callback: FunctionNode,
  handler: FunctionNode,
  error: string,
  data: string | null,
  names: CompletionNames,
): boolean {
  if (identifiers(moved, error).length > 0) return false;
  const declared = data === null ? [] : [data];
  for (const statement of list(moved, 'body')) {
    if (statement.type === 'FunctionDeclaration' || statement.type === 'ClassDeclaration') return false;
    for (const declarator of list(statement, 'declarations')) {
      const name = nameOf(child(declarator, 'id'));
      if (name === null) return false;
      declared.push(name);
    }
  }
  if (names.context !== null && completingUses(callback, names.context).some((use) => use.type === 'OptionalMemberExpression'))
    return false;
  return declared.every((name) => identifiers(handler, name).length === identifiers(callback, name).length);
}
