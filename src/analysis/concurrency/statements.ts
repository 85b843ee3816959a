/** How control flows through statements; expressions in them are visited in the order in which they run. */
import { child, list, type Node, stringOf } from '../syntax.js';
import { guardOf, inBoth } from './flow.js';
import { eitherOf, type Known, nothing } from './known.js';
import type { Walker } from './walker.js';

type Visit = (walker: Walker, node: Node) => void;

function block(walker: Walker, nodes: readonly Node[]): void {
  for (const each of nodes) {
    walker.visit(each);
    if (walker.flow.isEnded) return;
  }
}

/** After `if (cached) return cached;` all that follows depends on the test. */
function ifStatement(walker: Walker, node: Node): void {
  const test = walker.within('test', () => walker.visit(child(node, 'test')));
  let ended = false;
  walker.guarded(test, () => {
    walker.branches(
      () => {
        walker.visit(child(node, 'consequent'));
        ended = walker.flow.isEnded;
        return nothing;
      },
      () => {
        walker.visit(child(node, 'alternate'));
        ended ||= walker.flow.isEnded;
        return nothing;
      },
    );
  });
  if (ended) walker.flow.guards = [...walker.flow.guards, guardOf(test)];
}

function loop(
  walker: Walker,
  before: readonly (Node | null)[],
  body: Node | null,
  after: readonly (Node | null)[] = [],
  test: Node | null = null,
): void {
  for (const each of before) walker.visit(each);
  const round = (): void => {
    const known = walker.within('test', () => walker.visit(test));
    walker.guarded(known, () => {
      walker.visit(body);
      for (const each of after) walker.visit(each);
    });
    walker.flow.isEnded = false;
  };
  if (walker.frame) walker.frame.loops++;
  const { segment } = walker.flow;
  walker.branches(
    () => {
      round();
      // The second round begins in what the first has left.
      if (walker.flow.segment !== segment) round();
      return nothing;
    },
    () => nothing,
  );
  if (walker.frame) walker.frame.loops--;
}

function forEach(walker: Walker, node: Node): void {
  const items = walker.visit(child(node, 'right'));
  if (node['await'] === true) walker.segments.wait(walker.flow);
  const left = child(node, 'left');
  const pattern = left?.type === 'VariableDeclaration' ? child(list(left, 'declarations')[0], 'id') : left;
  const item: Known =
    items.is !== null ? { ...items, is: `${items.is}.*`, sources: new Set([`${items.is}.*`]) } : { ...items, shared: null };
  walker.bind(pattern, node.type === 'ForInStatement' ? { ...nothing, sources: items.sources, reads: items.reads } : item);
  loop(walker, [], child(node, 'body'));
}

function tryStatement(walker: Walker, node: Node): void {
  const handler = child(node, 'handler');
  const start = walker.segments.copy(walker.flow);
  if (handler && walker.frame) walker.frame.caught++;
  walker.visit(child(node, 'block'));
  if (handler && walker.frame) walker.frame.caught--;
  if (handler) {
    const done = walker.flow;
    walker.flow = walker.segments.copy(start);
    // An error may come from before or after any wait of the block.
    if (done.segment !== start.segment) walker.segments.wait(walker.flow);
    walker.visit(child(handler, 'body'));
    const failed = walker.flow;
    walker.flow = walker.segments.copy(start);
    walker.segments.join(walker.flow, done, failed);
  }
  const finalizer = child(node, 'finalizer');
  if (!finalizer) return;
  const { isEnded, assigned } = walker.flow;
  walker.flow.isEnded = false;
  // An error may have come before anything of the block was done.
  walker.flow.assigned = inBoth(start.assigned, assigned);
  walker.visit(finalizer);
  walker.flow.isEnded ||= isEnded;
  walker.flow.assigned = new Set([...assigned, ...walker.flow.assigned]);
}

function switchStatement(walker: Walker, node: Node): void {
  const test = walker.within('test', () => walker.visit(child(node, 'discriminant')));
  walker.guarded(test, () => {
    walker.branches(
      ...list(node, 'cases').map((each) => () => {
        walker.within('test', () => walker.visit(child(each, 'test')));
        block(walker, list(each, 'consequent'));
        if (list(each, 'consequent').some(({ type }) => type === 'BreakStatement')) walker.flow.isEnded = false;
        return nothing;
      }),
      () => nothing,
    );
  });
}

function end(walker: Walker, node: Node): void {
  const known = walker.visit(child(node, 'argument'), 'return');
  const { frame, flow } = walker;
  if (node.type === 'ReturnStatement' && frame) {
    frame.result = eitherOf(frame.result, known);
    frame.leaves = frame.leaves ? inBoth(frame.leaves, flow.assigned) : flow.assigned;
  }
  walker.flow.isEnded = true;
}

function declaration(walker: Walker, node: Node): void {
  for (const each of list(node, 'declarations')) {
    const init = child(each, 'init');
    walker.bind(child(each, 'id'), init ? walker.visit(init) : nothing);
  }
}

function statement(walker: Walker, node: Node): void {
  if (stringOf(child(node, 'expression')) === null) walker.visit(child(node, 'expression'), 'statement');
}

const skip: Visit = () => undefined;

export const statements: Readonly<Record<string, Visit>> = {
  BlockStatement: (walker, node) => block(walker, list(node, 'body')),
  FunctionBody: (walker, node) => block(walker, list(node, 'body')),
  ExpressionStatement: statement,
  VariableDeclaration: declaration,
  IfStatement: ifStatement,
  ForStatement: (walker, node) => {
    const update = child(node, 'update');
    loop(walker, [child(node, 'init')], child(node, 'body'), [update], child(node, 'test'));
  },
  WhileStatement: (walker, node) => {
    if (walker.frame) walker.trace.loops.push({ module: walker.frame.module, node });
    loop(walker, [], child(node, 'body'), [], child(node, 'test'));
  },
  DoWhileStatement: (walker, node) => loop(walker, [], child(node, 'body'), [child(node, 'test')]),
  ForOfStatement: forEach,
  ForInStatement: forEach,
  TryStatement: tryStatement,
  SwitchStatement: switchStatement,
  ReturnStatement: end,
  ThrowStatement: end,
  BreakStatement: (walker) => {
    walker.flow.isEnded = true;
  },
  ContinueStatement: (walker) => {
    walker.flow.isEnded = true;
  },
  LabeledStatement: (walker, node) => {
    const { assigned } = walker.flow;
    walker.visit(child(node, 'body'));
    walker.flow.assigned = assigned;
  },
  FunctionDeclaration: skip,
  ClassDeclaration: skip,
  EmptyStatement: skip,
};
