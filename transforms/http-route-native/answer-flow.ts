/**
 * Whether code that answers by calls does so exactly once on every way: Lambda took the first answer and dropped the others, and
 * answered by itself when there was none. A route has to be certain of both.
 */
import { child, isFunction, keyOf, list, memberPath, type Node, stringOf, walk } from '../../src/analysis/syntax.js';
import { chainOf, type Link } from './promise-chain.js';
import { Refused } from './refusal.js';

export interface Answers {
  /** Calls that answer. */
  calls: ReadonlySet<Node>;
  /** Functions below the handler that answer, also those that only hold such a function. */
  functions: ReadonlySet<Node>;
  /** Names that stand for one of these functions, where they are handed to a call. */
  handedOn: ReadonlyMap<Node, Node>;
}

/** Ways on which a piece of code goes on: nothing happened yet, an answer will come from a function that is called later, it is there. */
const open = 1;
const pending = 2;
const answered = 4;

/** Refuses a handler that may answer twice, not at all, or does more than write to the log once it has. */
export function checkAnswers(handler: Node, answers: Answers): void {
  new AnswerFlow(answers).checkFunction(handler);
}

class AnswerFlow {
  /** What `break` leads to, of the innermost `switch` or loop. */
  private readonly breaks: number[] = [];

  constructor(private readonly answers: Answers) {}

  checkFunction(fn: Node): void {
    const body = child(fn, 'body') as Node;
    const isBlock = body.type === 'BlockStatement' || body.type === 'FunctionBody';
    const end = isBlock ? this.statements(list(body, 'body'), open) : this.expression(body, open);
    if (end & open) throw new Refused('it can end without an answer', fn);
  }

  private statements(statements: readonly Node[], from: number): number {
    return statements.reduce((states, each) => (states === 0 ? 0 : this.statement(each, states)), from);
  }

  private statement(statement: Node, states: number): number {
    switch (statement.type) {
      case 'ExpressionStatement':
        return this.expression(child(statement, 'expression') as Node, states);
      case 'VariableDeclaration':
        return list(statement, 'declarations').reduce((at, each) => this.declarator(each, at), states);
      case 'FunctionDeclaration':
        if (this.answers.functions.has(statement)) this.nested(statement);
        return states;
      case 'ReturnStatement': {
        const argument = child(statement, 'argument');
        const end = argument ? this.expression(argument, states) : states;
        if (end & open) throw new Refused('it can end without an answer', statement);
        return 0;
      }
      case 'BreakStatement':
        if (child(statement, 'label') || this.breaks.length === 0) throw this.unclear(statement);
        this.breaks.push((this.breaks.pop() ?? 0) | states);
        return 0;
      case 'BlockStatement':
        return this.statements(list(statement, 'body'), states);
      case 'EmptyStatement':
        return states;
      default:
        // A test that throws after the answer, say, would have been the answer of a Lambda function that still waited.
        if (states & answered) throw new Refused('code runs after its answer', statement);
        return this.branches(statement, states);
    }
  }

  private branches(statement: Node, states: number): number {
    switch (statement.type) {
      case 'ThrowStatement':
        return 0;
      case 'IfStatement': {
        this.withoutAnswer(child(statement, 'test'));
        const alternate = child(statement, 'alternate');
        return this.statement(child(statement, 'consequent') as Node, states) | (alternate ? this.statement(alternate, states) : states);
      }
      case 'TryStatement':
        return this.attempt(statement, states);
      case 'SwitchStatement':
        return this.switched(statement, states);
      case 'ForStatement':
      case 'ForInStatement':
      case 'ForOfStatement':
      case 'WhileStatement':
      case 'DoWhileStatement': {
        if (this.holdsAnswer(statement)) throw new Refused('it answers in a loop', statement);
        this.breaks.push(0);
        const end = this.statement(child(statement, 'body') as Node, states);
        return states | end | (this.breaks.pop() ?? 0);
      }
      case 'ContinueStatement':
        return 0;
      default:
        if (this.holdsAnswer(statement)) throw this.unclear(statement);
        return states;
    }
  }

  /** What is caught was thrown before there was an answer: after it only the log is written to, and what is pending ends its block. */
  private attempt(statement: Node, states: number): number {
    const block = child(statement, 'block') as Node;
    const handler = child(statement, 'handler');
    const finalizer = child(statement, 'finalizer');
    if (finalizer && this.holdsAnswer(statement)) throw new Refused('a `finally` runs after its answer', finalizer);
    const statements = list(block, 'body');
    const end = this.statements(statements, states);
    if (finalizer) this.statement(finalizer, states);
    if (!handler) return end;
    if (this.holdsAnswer(handler) && end & pending && !(states & pending)) this.pendingIsLast(statements);
    return end | this.statement(child(handler, 'body') as Node, states);
  }

  private pendingIsLast(statements: readonly Node[]): void {
    const index = statements.findIndex((each) => this.holdsAnswer(each) && this.hasNestedAnswer(each));
    const after = statements.slice(index + 1).find((each) => !isQuiet(each) && each.type !== 'ReturnStatement');
    if (index >= 0 && after) throw new Refused('it may answer twice', after);
  }

  private hasNestedAnswer(node: Node): boolean {
    return this.outermost(node).length > 0;
  }

  private switched(statement: Node, states: number): number {
    this.withoutAnswer(child(statement, 'discriminant'));
    const cases = list(statement, 'cases');
    this.breaks.push(0);
    let through = 0;
    for (const each of cases) through = this.statements(list(each, 'consequent'), states | through);
    const hasDefault = cases.some((each) => child(each, 'test') === null);
    return through | (this.breaks.pop() ?? 0) | (hasDefault ? 0 : states);
  }

  private declarator(declarator: Node, states: number): number {
    const init = child(declarator, 'init');
    if (init && isFunction(init) && this.answers.functions.has(init)) {
      this.nested(init);
      return states;
    }
    return init ? this.expression(init, states) : states;
  }

  /** A function of its own: `break` leads nowhere outside. */
  private nested(fn: Node): void {
    new AnswerFlow(this.answers).checkFunction(fn);
  }

  private expression(node: Node, states: number): number {
    const at = withoutWrapping(node);
    if (!this.holdsAnswer(at)) {
      if (states & answered && !isQuietExpression(at)) throw new Refused('code runs after its answer', at);
      return states;
    }
    if (states & answered || (states & pending && !isListener(at))) throw new Refused('it may answer twice', at);
    if (this.answers.calls.has(at)) {
      for (const each of list(at, 'arguments')) this.withoutAnswer(each);
      return answered;
    }
    switch (at.type) {
      case 'ConditionalExpression':
        this.withoutAnswer(child(at, 'test'));
        return this.expression(child(at, 'consequent') as Node, states) | this.expression(child(at, 'alternate') as Node, states);
      case 'LogicalExpression':
        this.withoutAnswer(child(at, 'left'));
        return states | this.expression(child(at, 'right') as Node, states);
      case 'SequenceExpression':
        return list(at, 'expressions').reduce((all, each) => this.expression(each, all), states);
      default:
        this.later(at);
        return pending;
    }
  }

  /** An expression that hands functions to other code, one of which answers. */
  private later(at: Node): void {
    const found = this.outermost(at);
    if (this.hasDirectCall(at) || found.length === 0) throw this.unclear(at);
    for (const { fn, place } of found) if (place === fn) this.nested(fn);
    const chain = chainOf(at);
    const links = chain?.links.flatMap((link) => [link.fulfilled, link.rejected]) ?? [];
    const isRoot = (place: Node) => chain !== null && chain.root === place;
    if (chain && found.some(({ place }) => links.includes(place) || isRoot(place))) {
      const other = found.find(({ place }) => !links.includes(place) && !isRoot(place));
      if (other) throw new Refused('it may answer twice', other.place);
      this.followChain(chain, found);
      return;
    }
    const [only, second] = found;
    if (second || !only) throw new Refused('it may answer twice', second?.place ?? at);
    if (!isCalledOnce(at, only.place)) throw new Refused('the function that answers may be called more than once, or never', only.place);
  }

  private followChain(chain: { root: Node | null; links: readonly Link[] }, found: readonly Found[]): void {
    const completes = (node: Node | null) => found.some(({ place }) => place === node);
    let states: PromiseStates = { fulfilled: !completes(chain.root), rejected: true, answered: completes(chain.root), late: false };
    for (const link of chain.links) states = afterLink(states, link, completes);
    if (states.fulfilled) throw new Refused('it can end without an answer', chain.links.at(-1)?.call ?? chain.root);
  }

  private withoutAnswer(node: Node | null): void {
    if (node && this.holdsAnswer(node)) throw this.unclear(node);
  }

  private unclear(node: Node): Refused {
    return new Refused('whether it answers once is not clear', node);
  }

  private holdsAnswer(node: Node): boolean {
    return this.hasDirectCall(node) || this.outermost(node).length > 0;
  }

  /** Not inside another function. */
  private hasDirectCall(node: Node): boolean {
    let has = false;
    walk(node, (each) => {
      if (each !== node && isFunction(each)) return false;
      if (this.answers.calls.has(each)) has = true;
      return !has;
    });
    return has;
  }

  /** Functions that answer, and names of such functions handed to a call. */
  private outermost(node: Node): Found[] {
    const found: Found[] = [];
    walk(node, (each) => {
      const named = this.answers.handedOn.get(each);
      if (named) found.push({ fn: named, place: each });
      if (!isFunction(each)) return true;
      if (this.answers.functions.has(each)) found.push({ fn: each, place: each });
      return false;
    });
    return found;
  }
}

interface Found {
  fn: Node;
  place: Node;
}

interface PromiseStates {
  fulfilled: boolean;
  rejected: boolean;
  answered: boolean;
  /** Something that may fail runs after the answer. */
  late: boolean;
}

function afterLink(states: PromiseStates, { fulfilled, rejected, call }: Link, completes: (node: Node | null) => boolean): PromiseStates {
  const next: PromiseStates = { fulfilled: false, rejected: false, answered: states.answered, late: states.late };
  const isTwice = (states.answered && completes(fulfilled)) || (states.late && completes(rejected));
  if (isTwice) throw new Refused('it may answer twice', call);
  if (states.answered && fulfilled) next.late = true;
  if (states.fulfilled) {
    if (completes(fulfilled)) next.answered = true;
    else next.fulfilled = true;
    next.rejected = true;
  }
  if (states.rejected) {
    if (completes(rejected)) next.answered = true;
    else if (rejected) next.fulfilled = true;
    next.rejected = true;
  }
  return next;
}

/** The expression below types, `await`, `void` and the end of an optional chain. */
function withoutWrapping(node: Node): Node {
  let at = node;
  for (;;) {
    const isWrapped =
      ['AwaitExpression', 'TSAsExpression', 'TSNonNullExpression', 'TSSatisfiesExpression', 'ChainExpression'].includes(at.type) ||
      (at.type === 'UnaryExpression' && at['operator'] === 'void');
    const inner = isWrapped ? (child(at, 'expression') ?? child(at, 'argument')) : null;
    if (!inner) return at;
    at = inner;
  }
}

/** `request.on('error', …)` beside the answer of a response: one of both happens. */
function isListener(node: Node): boolean {
  const callee = child(node, 'callee');
  const event = stringOf(list(node, 'arguments')[0]) ?? '';
  return node.type === 'CallExpression' && ['on', 'once'].includes(keyOf(callee) ?? '') && ['error', 'timeout', 'abort'].includes(event);
}

const repeating = new Set(['forEach', 'map', 'filter', 'flatMap', 'reduce', 'some', 'every', 'find', 'setInterval', 'sort', 'each']);
const lastEvents = ['end', 'close', 'finish', 'error', 'timeout', 'abort', 'exit'];

/** The function is handed straight to a call, of which nothing tells that it calls it many times. */
function isCalledOnce(root: Node, fn: Node): boolean {
  let call: Node | null = null;
  walk(root, (each) => {
    if (list(each, 'arguments').includes(fn)) call = each;
  });
  const holder = call as Node | null;
  if (!holder) return false;
  const method = memberPath(child(holder, 'callee'))?.at(-1) ?? keyOf(child(holder, 'callee')) ?? '';
  if (repeating.has(method)) return false;
  return !['on', 'addListener'].includes(method) || lastEvents.includes(stringOf(list(holder, 'arguments')[0]) ?? '');
}

/** Writes to the log, or does nothing. */
function isQuiet(statement: Node): boolean {
  return statement.type === 'ExpressionStatement' && isQuietExpression(child(statement, 'expression') as Node);
}

function isQuietExpression(node: Node): boolean {
  if (node.type === 'Identifier' || node.type === 'Literal') return true;
  return node.type === 'CallExpression' && memberPath(child(node, 'callee'))?.[0] === 'console';
}
