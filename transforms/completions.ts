/**
 * Where a handler ends its invocation by a call (`callback(null, x)`, `context.succeed(x)`), and whether that call can become a
 * `return` or `throw`: only when nothing else would still run after it. Looking collects the edits; they are made only when
 * every completion of the handler could be converted.
 */
import {
  type Builders,
  child,
  identifiers,
  isCall,
  isFunction,
  isMember,
  isNode,
  lineOf,
  list,
  memberPath,
  type Node,
  nameOf,
  some,
  stringOf,
  unwrap,
} from './syntax.js';

/** Why a handler is left as it is; part of a diagnostic's args. */
export type KeepReason =
  | 'position'
  | 'nested'
  | 'passed-on'
  | 'error-may-be-empty'
  | 'caught'
  | 'waits-for-event-loop'
  | 'returns-value'
  | 'result-may-be-promise'
  | 'called-elsewhere'
  | 'not-a-plain-function'
  | 'arguments'
  | 'context-escapes'
  | 'return-type';

export class Keep extends Error {
  constructor(
    readonly reason: KeepReason,
    readonly node: Node | null,
    /** Set when the place is in another file. */
    readonly line: number = lineOf(node),
  ) {
    super(reason);
  }
}

/** A call that ends the invocation, as it will be written. */
export interface Completion {
  kind: 'success' | 'failure';
  call: Node;
  /** What is returned or thrown; null returns nothing. */
  value: Node | null;
  /** The identifier that names the callback or the context. */
  reference: Node;
  /** A callback's answer waited for the event loop to be empty; that of `context.succeed` and of errors did not. */
  waits: boolean;
}

/** How the handler names what ends it. */
export interface CompletionNames {
  callback: string | null;
  context: string | null;
}

interface Position {
  /** Nothing of the handler runs after this statement list. */
  tail: boolean;
  /** Inside a `try` with a `catch`: a throw would land there. */
  caught: boolean;
  /** Inside a `try` with a `finally`: a return or throw would not be the last word. */
  pinned: boolean;
  /** Names that are certainly neither null nor undefined here. */
  certain: ReadonlySet<string>;
}

/** One pass over a function body. */
export class CompletionPass {
  readonly completions: Completion[] = [];
  /** Calls that were understood by themselves and whose work is awaited in the new form. */
  readonly awaited = new Set<Node>();
  /** Uses of the callback that are no calls but were understood. */
  readonly passedOn = new Set<Node>();
  /** Blocks whose statements take the block's place. */
  readonly inlined = new Set<Node>();
  private readonly edits: (() => void)[] = [];

  constructor(
    private readonly names: CompletionNames,
    private readonly build: Builders,
    /** The function was async already: a returned value was its answer. */
    private readonly isAsync: boolean,
    /** Tries an expression that the rules do not know (a Node-style call) and that nothing follows; returns its replacement or null. */
    private readonly other: (expression: Node, pass: CompletionPass) => { replacement: Node[]; completes: boolean } | null = () => null,
  ) {}

  /** Adds an edit that is made when all of the handler was understood. */
  later(edit: () => void): void {
    this.edits.push(edit);
  }

  private flat(statements: Node[]): Node[] {
    return statements.flatMap((each) => (this.inlined.has(each) ? list(each, 'body') : [each]));
  }

  apply(): void {
    for (const edit of this.edits) edit();
  }

  /** Looks at a block body. True when every path through it ends the invocation (or throws). */
  block(block: Node, certain: ReadonlySet<string> = new Set()): boolean {
    return this.statements(block, 'body', { tail: true, caught: false, pinned: false, certain });
  }

  /** An expression that is the function's whole body. */
  expression(node: Node): Completion {
    const completion = this.completionOf(node, new Set());
    if (!completion) throw new Keep('position', node);
    this.completions.push(completion);
    return completion;
  }

  private statements(owner: Node, field: string, at: Position): boolean {
    const body = list(owner, field);
    const replacements = new Map<Node, Node[]>();
    let completes = false;
    for (let index = 0; index < body.length; index++) {
      const statement = body[index] as Node;
      const next = body[index + 1];
      const endsHere = isBareReturn(next) || (isPlainBreak(next) && at.tail && owner.type === 'SwitchCase');
      const tail = endsHere || (at.tail && index === body.length - 1);
      const done = this.statement(statement, { ...at, tail }, (replacement) => replacements.set(statement, replacement));
      const replaced = replacements.get(statement);
      if (endsHere && next && done && replaced) {
        const last = replaced.at(-1) as Node;
        if (next.comments) last.comments = [...(last.comments ?? []), ...next.comments];
        replacements.set(next, []);
      }
      completes ||= done;
    }
    if (replacements.size > 0) this.edits.push(() => (owner[field] = body.flatMap((each) => this.flat(replacements.get(each) ?? [each]))));
    return completes;
  }

  private statement(statement: Node, at: Position, replace: (statements: Node[]) => void): boolean {
    switch (statement.type) {
      case 'ExpressionStatement':
        return this.expressionStatement(statement, at, replace);
      case 'ReturnStatement':
        return this.returnStatement(statement, at, replace);
      case 'ThrowStatement':
        return true;
      case 'IfStatement':
        return this.ifStatement(statement, at);
      case 'BlockStatement':
        return this.statements(statement, 'body', at);
      case 'TryStatement':
        return this.tryStatement(statement, at);
      case 'SwitchStatement':
        return this.switchStatement(statement, at);
      case 'ForStatement':
      case 'ForInStatement':
      case 'ForOfStatement':
      case 'WhileStatement':
      case 'DoWhileStatement':
        this.slot(statement, 'body', { ...at, tail: false });
        return false;
      case 'LabeledStatement':
      case 'WithStatement':
        throw new Keep('position', statement);
      default:
        return false;
    }
  }

  private expressionStatement(statement: Node, at: Position, replace: (statements: Node[]) => void): boolean {
    const completion = this.completionOf(child(statement, 'expression'), at.certain);
    if (!completion) {
      const other = at.tail && !at.caught && !at.pinned ? this.other(child(statement, 'expression') ?? statement, this) : null;
      if (!other) return false;
      replace(withComments(other.replacement, statement));
      return other.completes;
    }
    if (!at.tail) throw new Keep('position', statement);
    replace(withComments([this.written(completion, at)], statement));
    return true;
  }

  private returnStatement(statement: Node, at: Position, replace: (statements: Node[]) => void): boolean {
    const argument = unwrap(child(statement, 'argument'));
    if (!argument) return this.isAsync;
    const completion = this.completionOf(argument, at.certain);
    if (completion) {
      replace(withComments([this.written(completion, at)], statement));
      return true;
    }
    const other = at.caught || at.pinned ? null : this.other(argument, this);
    if (other) {
      // The return went with the request; a path without an end would run into what follows.
      if (!at.tail && !other.completes) throw new Keep('position', statement);
      replace(withComments(other.replacement, statement));
      return other.completes;
    }
    if (!this.isAsync && !isEmptyValue(argument)) throw new Keep('returns-value', statement);
    return this.isAsync;
  }

  private written(completion: Completion, at: Position): Node {
    if (at.pinned) throw new Keep('position', completion.call);
    if (completion.kind === 'failure' && at.caught) throw new Keep('caught', completion.call);
    this.completions.push(completion);
    return completion.kind === 'failure' ? this.build.throws(completion.value as Node) : this.build.returns(completion.value);
  }

  private ifStatement(statement: Node, at: Position): boolean {
    const test = unwrap(child(statement, 'test'));
    const whenTrue = this.slot(statement, 'consequent', { ...at, certain: new Set([...at.certain, ...truthyNames(test)]) });
    const alternate = child(statement, 'alternate');
    const whenFalse = alternate
      ? this.slot(statement, 'alternate', { ...at, certain: new Set([...at.certain, ...falsyTestNames(test)]) })
      : false;
    return whenTrue && whenFalse;
  }

  /** A single statement as the body of an `if` or a loop. */
  private slot(owner: Node, field: string, at: Position): boolean {
    const statement = child(owner, field);
    if (!statement) return false;
    return this.statement(statement, at, (replacement) => {
      this.edits.push(() => {
        const statements = this.flat(replacement);
        owner[field] = statements.length === 1 ? statements[0] : this.build.block(statements);
      });
    });
  }

  private tryStatement(statement: Node, outer: Position): boolean {
    const block = child(statement, 'block');
    const handler = child(statement, 'handler');
    const finalizer = child(statement, 'finalizer');
    // What `finally` does, throwing included, came after the answer; it would replace a returned one.
    const at = { ...outer, pinned: outer.pinned || finalizer !== null };
    if (finalizer) this.statements(finalizer, 'body', { ...at, tail: false });
    const completes = block ? this.statements(block, 'body', { ...at, caught: at.caught || handler !== null }) : false;
    const body = handler && child(handler, 'body');
    if (!handler || !body) return completes;
    const caught = nameOf(child(handler, 'param'));
    const certain = caught === null ? at.certain : new Set([...at.certain, caught]);
    return this.statements(body, 'body', { ...at, certain }) && completes;
  }

  private switchStatement(statement: Node, at: Position): boolean {
    const cases = list(statement, 'cases');
    const ends = cases.map((each, index) =>
      this.statements(each, 'consequent', { ...at, tail: at.tail && index === cases.length - 1 ? true : at.tail && endsWithBreak(each) }),
    );
    return (
      ends.every((end, index) => end || list(cases[index] as Node, 'consequent').length === 0) && cases.some((each) => each.test === null)
    );
  }

  /** The completion that an expression is, or null when it is something else. Throws {@link Keep} when it cannot be told apart. */
  completionOf(expression: Node | null, certain: ReadonlySet<string>): Completion | null {
    const call = unwrap(expression);
    if (!isCall(call) || call.type === 'OptionalCallExpression') return null;
    const callee = unwrap(call.callee);
    const args = list(call, 'arguments');
    const name = nameOf(callee);
    const path = memberPath(callee);
    const method = path?.length === 2 && path[0] === this.names.context && this.names.context !== null ? path[1] : undefined;
    const isCallback = name !== null && name === this.names.callback;
    if (!isCallback && (method === undefined || !['succeed', 'fail', 'done'].includes(method))) return null;
    if (args.some((each) => each.type === 'SpreadElement')) throw new Keep('passed-on', call);
    const reference = (isCallback ? callee : isMember(callee) ? unwrap(callee.object) : null) as Node;
    const made = { call, reference, waits: isCallback };
    if (method === 'succeed') return { ...made, kind: 'success', value: args[0] ?? null };
    if (method === 'fail') return { ...made, kind: 'failure', value: args[0] ?? this.build.identifier('undefined') };
    return this.nodeStyle(made, args, certain);
  }

  /** `(error, result)`: a success when the error is written as null, a failure when it certainly is something. */
  private nodeStyle(made: Pick<Completion, 'call' | 'reference' | 'waits'>, args: Node[], certain: ReadonlySet<string>): Completion {
    const [error, result] = args;
    if (!error || isEmptyValue(error))
      return { ...made, kind: 'success', value: result && !isEmptyValue(result, 'undefined') ? result : null };
    if (!isCertain(error, certain)) throw new Keep('error-may-be-empty', error);
    // The result is dropped, and with it whatever its evaluation could do.
    if (result && !isInert(result)) throw new Keep('position', result);
    return { ...made, kind: 'failure', value: error, waits: false };
  }

  /** Fails unless every use of the callback (and every completing use of the context) below `body` has been understood. */
  requireAll(body: Node): void {
    const understood = new Set([...this.completions.map(({ reference }) => reference), ...this.passedOn]);
    if (this.names.callback !== null)
      for (const use of identifiers(body, this.names.callback))
        if (!understood.has(use)) throw new Keep(usedInNested(body, use) ? 'nested' : 'passed-on', use);
    const contextName = this.names.context;
    if (contextName === null) return;
    for (const use of completingUses(body, contextName))
      if (!understood.has(use.object)) throw new Keep(usedInNested(body, use) ? 'nested' : 'position', use);
  }
}

/** `context.done`, `context.succeed`, `context.fail`, however they are used. */
export function completingUses(scope: Node, contextName: string): (Node & { object: Node })[] {
  const found: (Node & { object: Node })[] = [];
  some(scope, (node) => {
    const path = isMember(node) ? memberPath(node) : null;
    if (isMember(node) && path?.length === 2 && path[0] === contextName && ['succeed', 'fail', 'done'].includes(path[1] as string))
      found.push(node);
    return false;
  });
  return found;
}

function usedInNested(body: Node, use: Node): boolean {
  return some(body, (node) => node !== body && isFunction(node) && some(node, (each) => each === use));
}

function withComments(statements: Node[], from: Node): Node[] {
  const [first] = statements;
  if (first && from.comments) first.comments = [...from.comments];
  return statements;
}

function isBareReturn(node: Node | undefined): boolean {
  return node?.type === 'ReturnStatement' && !isNode(node.argument);
}

function isPlainBreak(node: Node | undefined): boolean {
  return node?.type === 'BreakStatement' && !isNode(node.label);
}

function endsWithBreak(switchCase: Node): boolean {
  const last = list(switchCase, 'consequent').at(-1);
  return isPlainBreak(last) || (last?.type === 'BlockStatement' && isPlainBreak(list(last, 'body').at(-1)));
}

function isEmptyValue(node: Node | null, only?: 'undefined'): boolean {
  if (!node) return true;
  if (nameOf(node) === 'undefined') return true;
  if (node.type === 'UnaryExpression' && node.operator === 'void') return true;
  return only === undefined && (node.type === 'NullLiteral' || (node.type === 'Literal' && node.value === null));
}

/** Literals and names, also inside objects and arrays: their evaluation neither throws nor does anything. */
function isInert(node: Node): boolean {
  const inert = /Literal$|^Identifier$|^ObjectExpression$|^ArrayExpression$|^ObjectProperty$|^TemplateElement$/;
  return !some(node, (each) => !inert.test(each.type) || (each.type === 'TemplateLiteral' && list(each, 'expressions').length > 0));
}

/** True when an error expression is certainly neither null nor undefined, so that Lambda took it for an error. */
function isCertain(node: Node, certain: ReadonlySet<string>): boolean {
  const value = unwrap(node);
  if (!value) return false;
  if (
    stringOf(value) !== null ||
    ['TemplateLiteral', 'NewExpression', 'ObjectExpression', 'ArrayExpression', 'NumericLiteral', 'BooleanLiteral'].includes(value.type)
  )
    return true;
  if (value.type === 'BinaryExpression') return true;
  if (isCall(value)) return /^(?:JSON\.stringify|String|Error|TypeError|RangeError)$/.test(memberPath(value.callee)?.join('.') ?? '');
  const name = nameOf(value);
  return name !== null && certain.has(name);
}

/** Names that are truthy where `test` holds. */
export function truthyNames(test: Node | null): string[] {
  const node = unwrap(test);
  const name = nameOf(node);
  if (name !== null) return [name];
  if (node?.type === 'LogicalExpression' && node.operator === '&&')
    return [...truthyNames(child(node, 'left')), ...truthyNames(child(node, 'right'))];
  if (node?.type === 'BinaryExpression' && (node.operator === '!=' || node.operator === '!==')) {
    const left = nameOf(child(node, 'left'));
    // Only `!= null` rules out both; `!== null` leaves undefined.
    if (left !== null && node.operator === '!=' && isEmptyValue(child(node, 'right'))) return [left];
  }
  return [];
}

/** Names that are truthy where `test` fails: `if (!error) … else …`. */
function falsyTestNames(test: Node | null): string[] {
  const node = unwrap(test);
  return node?.type === 'UnaryExpression' && node.operator === '!' ? truthyNames(child(node, 'argument')) : [];
}
