/**
 * Which code leaves nothing running behind it. Lambda sent a callback's answer only when the event loop was empty; a promise's
 * answer is sent at once. The two are the same only when nothing was left running.
 */
import {
  child,
  children,
  type FunctionNode,
  isCall,
  isFunction,
  isMember,
  list,
  type Node,
  nameOf,
  stringOf,
  unwrap,
  walk,
} from './syntax.js';

const quietGlobals = new Set(
  'console JSON Math Object Array Number String Boolean Date Symbol BigInt RegExp Buffer Reflect Intl parseInt parseFloat isNaN isFinite encodeURIComponent decodeURIComponent encodeURI decodeURI structuredClone Error TypeError RangeError URL URLSearchParams Map Set WeakMap Uint8Array'.split(
    ' ',
  ),
);

const quietModules = new Set(['path', 'querystring', 'url', 'crypto', 'util', 'uuid', 'assert', 'os', 'string_decoder', 'buffer']);

/** Methods of strings, arrays, dates, maps and numbers that no client library gives another meaning. */
const quietMethods = new Set(
  (
    'toString toLocaleString split join map filter reduce forEach some every includes indexOf lastIndexOf slice replace replaceAll trim trimStart trimEnd toLowerCase toUpperCase ' +
    'startsWith endsWith match matchAll padStart padEnd substring substr charAt charCodeAt concat flat flatMap sort reverse keys values entries hasOwnProperty toFixed toISOString getTime ' +
    'getFullYear getMonth getDate getDay getHours getMinutes getSeconds toJSON toUTCString toDateString toTimeString localeCompare getRemainingTimeInMillis'
  ).split(' '),
);

/** Answers, for one module, whether a piece of its code can leave work running. */
export class QuietCode {
  private readonly functions = new Map<string, FunctionNode>();
  private readonly modules = new Set<string>();
  private readonly instances = new Map<string, Node[]>();
  private readonly known = new Map<Node, boolean>();

  constructor(program: Node) {
    for (const statement of list(program, 'body'))
      this.collect(statement.type.startsWith('Export') ? (child(statement, 'declaration') ?? statement) : statement);
  }

  private collect(statement: Node): void {
    const id = nameOf(child(statement, 'id'));
    if (isFunction(statement) && id !== null) this.functions.set(id, statement);
    if (statement.type === 'ImportDeclaration' && isQuietModule(stringOf(child(statement, 'source'))))
      for (const specifier of list(statement, 'specifiers')) this.modules.add(nameOf(child(specifier, 'local')) ?? '');
    if (statement.type !== 'VariableDeclaration') return;
    for (const declarator of list(statement, 'declarations')) {
      const name = nameOf(child(declarator, 'id'));
      const init = unwrap(child(declarator, 'init'));
      if (name !== null && isFunction(init) && statement.kind === 'const') this.functions.set(name, init);
      if (init && isQuietModule(requiredModule(init))) this.addModuleNames(child(declarator, 'id'));
    }
  }

  private addModuleNames(pattern: Node | null): void {
    if (!pattern) return;
    const name = nameOf(pattern);
    if (name !== null) this.modules.add(name);
    for (const property of list(pattern, 'properties')) this.modules.add(nameOf(child(property, 'value')) ?? '');
  }

  /** First call below `node` that may leave work running and is not in `allowed`; null when there is none. */
  firstUnquiet(node: Node, allowed: ReadonlySet<Node>): Node | null {
    if (allowed.has(node))
      return this.firstOf(
        children(node).flatMap((each) => (each === node.callee && isMember(each) ? children(each) : [each])),
        allowed,
      );
    if (node.type === 'AwaitExpression') return null;
    if ((isCall(node) || node.type === 'NewExpression') && !this.isQuietCall(node)) return node;
    if (['TaggedTemplateExpression', 'ImportExpression', 'YieldExpression'].includes(node.type)) return node;
    if (isFunction(node) && node.async === true) return null;
    return this.firstOf(children(node), allowed);
  }

  private firstOf(nodes: Node[], allowed: ReadonlySet<Node>): Node | null {
    for (const each of nodes) {
      const found = this.firstUnquiet(each, allowed);
      if (found) return found;
    }
    return null;
  }

  private isQuietCall(call: Node): boolean {
    const callee = unwrap(child(call, 'callee'));
    const args = list(call, 'arguments');
    if (!callee) return false;
    if (args.some((each) => isFunction(each) && each.async === true)) return false;
    const name = nameOf(callee);
    if (name !== null && !quietGlobals.has(name) && !this.modules.has(name))
      return this.isQuietFunction(name) && call.type !== 'NewExpression' && args.every((each) => !isFunction(each));
    if (name !== null) return !this.modules.has(name) || args.every((each) => !isFunction(each));
    if (isFunction(callee)) return callee.async !== true;
    if (!isMember(callee)) return false;
    if (args.some((each) => !isFunction(each) && this.mayBeUnquietFunction(each))) return false;
    const method = callee.computed === true ? null : nameOf(child(callee, 'property'));
    if (method !== null && quietMethods.has(method)) return true;
    return this.isQuietRoot(unwrap(child(callee, 'object'))) && args.every((each) => !isFunction(each) || this.isGlobalChain(callee));
  }

  /** A function passed by name: it runs inside the call, so it must be quiet itself. */
  private mayBeUnquietFunction(argument: Node): boolean {
    const name = nameOf(unwrap(argument));
    return name !== null && this.functions.has(name) && !this.isQuietFunction(name);
  }

  private isGlobalChain(callee: Node): boolean {
    const root = nameOf(rootOf(callee));
    return root !== null && quietGlobals.has(root);
  }

  private isQuietRoot(node: Node | null): boolean {
    if (!node) return false;
    const name = nameOf(rootOf(node));
    return name !== null && (quietGlobals.has(name) || this.modules.has(name)) && !this.functions.has(name);
  }

  private isQuietFunction(name: string): boolean {
    const declared = this.functions.get(name);
    if (!declared || declared.async === true || declared.generator === true) return false;
    const known = this.known.get(declared);
    if (known !== undefined) return known;
    // Assumed while it is looked at, so that recursion ends; a call to something unknown still decides.
    this.known.set(declared, true);
    const quiet = this.firstUnquiet(declared, new Set()) === null;
    this.known.set(declared, quiet);
    return quiet;
  }

  /** True when an expression's value may be a promise: answering with it would send what it settles to, not `{}`. */
  mayBePromise(node: Node | null, scope: Node): boolean {
    const value = unwrap(node);
    if (!value) return false;
    switch (value.type) {
      case 'CallExpression':
      case 'OptionalCallExpression':
        return !this.isQuietCall(value);
      case 'NewExpression':
        return nameOf(child(value, 'callee')) === 'Promise';
      case 'ConditionalExpression':
        return this.mayBePromise(child(value, 'consequent'), scope) || this.mayBePromise(child(value, 'alternate'), scope);
      case 'LogicalExpression':
        return this.mayBePromise(child(value, 'left'), scope) || this.mayBePromise(child(value, 'right'), scope);
      case 'SequenceExpression':
      case 'AssignmentExpression':
      case 'ImportExpression':
        return true;
      case 'Identifier':
        return this.nameMayBePromise(nameOf(value) ?? '', scope);
      default:
        return false;
    }
  }

  private nameMayBePromise(name: string, scope: Node): boolean {
    const key = `${name}`;
    const values = this.instances.get(key) ?? assignedValues(scope, name);
    this.instances.set(key, []);
    const found = values.some((each) => this.mayBePromise(each, scope));
    this.instances.delete(key);
    return found;
  }
}

function isQuietModule(name: string | null): boolean {
  return name !== null && quietModules.has(name.replace(/^node:/, ''));
}

/** `require('x')`, also with a property read from it → `x`. */
export function requiredModule(node: Node | null): string | null {
  let at = unwrap(node);
  while (isMember(at)) at = unwrap(child(at, 'object'));
  if (!isCall(at) || nameOf(child(at, 'callee')) !== 'require') return null;
  return stringOf(list(at, 'arguments')[0] ?? null);
}

function rootOf(node: Node): Node {
  let at: Node = node;
  for (;;) {
    const next: Node | null = isMember(at) ? unwrap(child(at, 'object')) : isCall(at) ? unwrap(child(at, 'callee')) : null;
    if (!next) return at;
    at = next;
  }
}

function assignedValues(scope: Node, name: string): Node[] {
  const values: Node[] = [];
  walk(scope, (node) => {
    const value =
      node.type === 'VariableDeclarator' ? child(node, 'init') : node.type === 'AssignmentExpression' ? child(node, 'right') : null;
    const target = node.type === 'VariableDeclarator' ? child(node, 'id') : child(node, 'left');
    if (value && nameOf(target) === name) values.push(value);
  });
  return values;
}
