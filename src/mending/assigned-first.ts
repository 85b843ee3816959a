/** Definite assignment: whether every read of a state in a function comes after a write of the same call, on every way through it. */
import { child, children, isFunction, list, type Node } from '../analysis/syntax.js';

export interface Uses {
  /** Nodes that read the state. */
  reads: ReadonlySet<Node>;
  /** Nodes (assignments, calls) after which the state has a value of this call. */
  writes: ReadonlySet<Node>;
}

/** True when no read of the function's body can see what an earlier call has left. Closures run after the place where they are made. */
export function isAssignedFirst(fn: Node, uses: Uses): boolean {
  const walk = new Assigned(uses);
  for (const parameter of list(fn, 'params')) walk.visit(parameter, false);
  walk.visit(child(fn, 'body'), false);
  return walk.holds;
}

type Visit = (walk: Assigned, node: Node, before: boolean) => boolean;

class Assigned {
  holds = true;

  constructor(private readonly uses: Uses) {}

  /** `before` and the result: the state has been written on every way to here. */
  visit(node: Node | null, before: boolean): boolean {
    if (!node) return before;
    if (!before && this.uses.reads.has(node)) this.holds = false;
    const own = isFunction(node) ? closure : visits[node.type];
    const after = own ? own(this, node, before) : this.inOrder(children(node), before);
    return after || this.uses.writes.has(node);
  }

  inOrder(nodes: readonly Node[], before: boolean): boolean {
    return nodes.reduce((at, node) => this.visit(node, at), before);
  }
}

/** What a closure writes may never happen; a declaration may be called before its line. */
function closure(walk: Assigned, fn: Node, before: boolean): boolean {
  walk.inOrder(children(fn), fn.type === 'FunctionDeclaration' ? false : before);
  return before;
}

/** The way ends here: what follows is reached on others. */
function leaves(walk: Assigned, node: Node, before: boolean): boolean {
  walk.inOrder(children(node), before);
  return true;
}

/** What is inside may not run: it adds nothing for what follows. */
function maybe(walk: Assigned, node: Node, before: boolean): boolean {
  walk.inOrder(children(node), before);
  return before;
}

function either(walk: Assigned, node: Node, before: boolean): boolean {
  const tested = walk.visit(child(node, 'test'), before);
  const yes = walk.visit(child(node, 'consequent'), tested);
  const no = walk.visit(child(node, 'alternate'), tested);
  return yes && no;
}

const visits: Readonly<Record<string, Visit>> = {
  IfStatement: either,
  ConditionalExpression: either,
  LogicalExpression(walk, node, before) {
    const left = walk.visit(child(node, 'left'), before);
    walk.visit(child(node, 'right'), left);
    return left;
  },
  AssignmentPattern(walk, node, before) {
    walk.visit(child(node, 'right'), before);
    return walk.visit(child(node, 'left'), before);
  },
  ChainExpression: maybe,
  LabeledStatement: maybe,
  ClassBody: maybe,
  DoWhileStatement: maybe,
  ReturnStatement: leaves,
  ThrowStatement: leaves,
  BreakStatement: leaves,
  ContinueStatement: leaves,
  WhileStatement(walk, node, before) {
    const tested = walk.visit(child(node, 'test'), before);
    walk.visit(child(node, 'body'), tested);
    return tested;
  },
  ForStatement(walk, node, before) {
    const started = walk.visit(child(node, 'init'), before);
    const tested = walk.visit(child(node, 'test'), started);
    walk.visit(child(node, 'update'), walk.visit(child(node, 'body'), tested) && tested);
    return tested;
  },
  ForInStatement: eachOf,
  ForOfStatement: eachOf,
  SwitchStatement(walk, node, before) {
    const chosen = walk.visit(child(node, 'discriminant'), before);
    for (const each of list(node, 'cases')) {
      walk.visit(child(each, 'test'), chosen);
      walk.inOrder(list(each, 'consequent'), chosen);
    }
    return chosen;
  },
  TryStatement(walk, node, before) {
    const tried = walk.visit(child(node, 'block'), before);
    const handler = child(node, 'handler');
    const caught = handler ? walk.inOrder(children(handler), before) : true;
    const after = walk.visit(child(node, 'finalizer'), before);
    return after || (tried && caught);
  },
};

function eachOf(walk: Assigned, node: Node, before: boolean): boolean {
  const listed = walk.visit(child(node, 'right'), before);
  walk.visit(child(node, 'body'), walk.visit(child(node, 'left'), listed));
  return listed;
}
