/** Files that are made only when they are not there: `if (!existsSync(file)) { … }`, `if (existsSync(file)) return …;` before. */
import { child, children, list, memberPath, type Node, unwrap } from '../syntax.js';

export interface FileCache {
  kind: 'around' | 'before' | 'catch';
  /** The `if`, or the `try` whose `catch` makes the file. */
  statement: Node;
  /** The file's name in the test. */
  path: Node;
  /** The test has nothing else in it. */
  isPlain: boolean;
}

const looks = /^(existsSync|exists|pathExists|pathExistsSync|fileExists|access|accessSync|stat|statSync)$/;

/** The cache that a node in `fn` fills; `isFile` tells whether a node names the file. */
export function fileCacheAround(fn: Node, node: Node, isFile: (path: Node) => boolean): FileCache | null {
  let found: FileCache | null = null;
  for (let at: Node | undefined = child(fn, 'body') ?? undefined; at && at !== node; ) {
    const current: Node = at;
    const next: Node | undefined = children(current).find((each) => isWithin(node, each));
    found = (next && (ofBranch(current, next, isFile) ?? ofEarlier(current, next, isFile))) ?? found;
    at = next;
  }
  return found;
}

function isWithin(node: Node, outer: Node): boolean {
  return outer.start <= node.start && node.end <= outer.end;
}

/** The branch of a test, or the `catch` of a look, in which the node stands. */
function ofBranch(statement: Node, branch: Node, isFile: (path: Node) => boolean): FileCache | null {
  if (statement.type === 'TryStatement' && branch === child(statement, 'handler')) {
    const look = lookIn(child(statement, 'block'), isFile);
    return look && { kind: 'catch', statement, path: look, isPlain: false };
  }
  if (statement.type !== 'IfStatement') return null;
  const test = unwrap(child(statement, 'test'));
  const isMissing = branch === child(statement, 'consequent');
  if (!isMissing && branch !== child(statement, 'alternate')) return null;
  const negated = missingIn(test, isFile);
  if (isMissing && negated) return { kind: 'around', statement, path: negated.path, isPlain: negated.isPlain };
  const positive = isMissing ? null : lookOf(test, isFile);
  return positive && { kind: 'around', statement, path: positive, isPlain: false };
}

/** `if (existsSync(file)) return …;` before the statement, in the same block. */
function ofEarlier(block: Node, statement: Node, isFile: (path: Node) => boolean): FileCache | null {
  if (!/^(BlockStatement|FunctionBody)$/.test(block.type)) return null;
  const before = list(block, 'body').filter(({ end }) => end <= statement.start);
  for (const each of before.reverse()) {
    const path = each.type === 'IfStatement' && !child(each, 'alternate') ? lookOf(unwrap(child(each, 'test')), isFile) : null;
    if (path && endsWithReturn(child(each, 'consequent'))) return { kind: 'before', statement: each, path, isPlain: true };
  }
  return null;
}

function endsWithReturn(branch: Node | null): boolean {
  return branch?.type === 'ReturnStatement' || list(branch, 'body').at(-1)?.type === 'ReturnStatement';
}

/** `!existsSync(file)`, also as part of a longer test. */
function missingIn(test: Node | null, isFile: (path: Node) => boolean): { path: Node; isPlain: boolean } | null {
  if (test?.type === 'UnaryExpression' && test['operator'] === '!') {
    const path = lookOf(unwrap(child(test, 'argument')), isFile);
    return path && { path, isPlain: true };
  }
  if (test?.type !== 'LogicalExpression') return null;
  const side = missingIn(unwrap(child(test, 'left')), isFile) ?? missingIn(unwrap(child(test, 'right')), isFile);
  return side && { ...side, isPlain: false };
}

/** The argument of `existsSync(file)`, `await pathExists(file)`. */
function lookOf(node: Node | null, isFile: (path: Node) => boolean): Node | null {
  const call = node?.type === 'AwaitExpression' ? unwrap(child(node, 'argument')) : node;
  if (call?.type !== 'CallExpression' || !looks.test(memberPath(child(call, 'callee'))?.at(-1) ?? '')) return null;
  const [path] = list(call, 'arguments');
  return path && isFile(path) ? path : null;
}

function lookIn(block: Node | null, isFile: (path: Node) => boolean): Node | null {
  for (const statement of list(block, 'body')) {
    const path = lookOf(unwrap(child(statement, 'expression')), isFile);
    if (path) return path;
  }
  return null;
}
