import { isTelling } from '../concurrency/known-calls.js';
import type { Rule } from '../concurrency/rule.js';
import type { Call } from '../concurrency/trace.js';
import { child, isFunction, list, type Node, returnedBy, unwrap, walk } from '../syntax.js';

/** A promise that nobody waits for: when it fails, the rejection ends the process and every request in it. */
export const floatingPromise: Rule = {
  id: 'floating-promise',
  find: ({ trace }) =>
    trace.calls
      .filter((call) => (call.use === 'statement' || call.use === 'void') && !isTelling(call.path, call.name))
      .flatMap((call) => {
        const what = promiseOf(call);
        return what === null ? [] : [{ code: 'PROMISE_NOT_AWAITED', at: call.spot, args: { call: what } }];
      }),
};

/** Names the call when its result is a promise that can be rejected; null otherwise. */
function promiseOf(call: Call): string | null {
  const { name, path, target, args, isNew } = call;
  const text = path?.join('.') ?? name;
  if (/^(catch|finally)$/.test(name)) return name === 'finally' && !endsCaught(call.spot.node) ? 'a promise with finally()' : null;
  if (name === 'then') return args.length > 1 || endsCaught(call.spot.node) ? null : 'a promise with then() and no catch()';
  if (target) return isFunction(target.node) && givesPromise(target.node) && mayFail(target.node) && !catchesAll(target.node) ? text : null;
  if (/^(forEach|map|flatMap)$/.test(name))
    return isAsync(args[0]?.node) && !catchesAll(unwrap(args[0]?.node) as Node) ? `${text} with an async function` : null;
  if (isNew) return null;
  const isGivenCallback = args.some(({ node }) => isFunction(unwrap(node)));
  return !isGivenCallback && isKnown(call, text) ? text : null;
}

/** `.then(…).catch(…)` in any order of the chain. */
function endsCaught(node: Node): boolean {
  for (let at: Node | null = node; at?.type === 'CallExpression'; ) {
    const callee: Node | null = unwrap(child(at, 'callee'));
    const property = child(callee, 'property');
    if (property?.['name'] === 'catch' || (property?.['name'] === 'then' && list(at, 'arguments').length > 1)) return true;
    at = unwrap(child(callee, 'object'));
  }
  return false;
}

function isAsync(node: Node | undefined): boolean {
  const at = unwrap(node);
  return isFunction(at) && at['async'] === true;
}

function givesPromise(fn: Node): boolean {
  if (fn['async'] === true) return true;
  const returned = returnedBy(fn).map(unwrap);
  return returned.length > 0 && returned.every((each) => each?.type === 'NewExpression' && child(each, 'callee')?.['name'] === 'Promise');
}

/** Its promise is rejected only by what it waits for, throws, or hands on: code that only starts other work has its failures elsewhere. */
function mayFail(fn: Node): boolean {
  if (fn['async'] !== true || child(fn, 'body')?.type !== 'BlockStatement') return true;
  let may = false;
  walk(fn, (node) => {
    if (node !== fn && isFunction(node)) return false;
    const argument = node.type === 'ReturnStatement' ? unwrap(child(node, 'argument')) : null;
    if (/^(Await|Yield)Expression$|^ThrowStatement$/.test(node.type) || node['await'] === true) may = true;
    if (argument && /^(Call|New|Conditional|Logical)Expression$|^Identifier$/.test(argument.type)) may = true;
    return !may;
  });
  return may;
}

/** The whole body stands in `try` with a `catch` that throws nothing. */
function catchesAll(fn: Node): boolean {
  const statements = list(child(fn, 'body'), 'body');
  const risky = statements.filter(({ type }) => type !== 'VariableDeclaration' && type !== 'ReturnStatement');
  return (
    risky.length > 0 &&
    risky.every((each) => each.type === 'TryStatement' && child(each, 'handler') !== null && !throws(child(each, 'handler'))) &&
    !statements.some(isRiskyDeclaration)
  );
}

function isRiskyDeclaration(statement: Node): boolean {
  return (
    statement.type === 'VariableDeclaration' &&
    list(statement, 'declarations').some((each) => child(each, 'init')?.type === 'AwaitExpression')
  );
}

function throws(handler: Node | null): boolean {
  return list(child(handler, 'body'), 'body').some(({ type }) => type === 'ThrowStatement');
}

/** Functions of packages that are known to give promises. */
function isKnown({ external, name }: Call, text: string): boolean {
  if (name === 'promise') return true;
  if (/^(fetch|globalThis\.fetch)$/.test(text) || text === 'Promise.all' || text === 'Promise.allSettled')
    return text !== 'Promise.allSettled';
  if (!external) return false;
  if (/^@aws-sdk\/(client-|lib-)/.test(external.package)) return /^(send|done)$/.test(name);
  if (/^(axios|got|node-fetch|undici|superagent|ky|phin|needle)$/.test(external.package)) return true;
  if (/^fs\/promises$/.test(external.package) || (external.package === 'fs' && external.path[0] === 'promises')) return true;
  return (
    /^(pg|mysql2\/promise|mongodb|mongoose|ioredis|@prisma\/client|nodemailer|@sendgrid\/mail)$/.test(external.package) &&
    /^(query|insertOne|insertMany|updateOne|deleteOne|save|create|update|delete|sendMail|send|set|publish|execute)$/.test(name)
  );
}
