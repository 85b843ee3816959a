/** Where code makes a file that is not there yet, and whether that can be done under another name. */
import { type FileCache, fileCacheAround } from '../../src/analysis/concurrency/file-cache.js';
import { bindingAt } from '../../src/analysis/source-module.js';
import { child, isFunction, list, memberPath, type Node, nameOf, stringOf, unwrap, walk } from '../../src/analysis/syntax.js';
import type { SourceView } from '../../src/mending/source-view.js';
import { isWritten } from '../http-route-native/handler.js';
import { isForAll } from '../lazy-start-once/for-all.js';
import { staysInside } from '../scope-tmp-files/flow.js';
import { mentionsTmp } from '../scope-tmp-files/occurrences.js';

export interface Download {
  fn: Node;
  /** The file's name, as the code writes it. */
  path: Node;
  /** What makes the file. */
  statements: Node[];
  /** Uses of the name in it that become those of another name. */
  names: Node[];
}

/** The download that a call is part of; null when it has another shape, or is more than a download. */
export function downloadAround(view: SourceView, call: Node, isFile: (node: Node) => boolean): Download | null {
  const fn = view.functionsAround(call)[0];
  const cache = fn && fileCacheAround(fn, call, isFile);
  if (!cache?.isPlain || fn?.['async'] !== true || fn['generator'] === true || !isStable(view, cache.path)) return null;
  const statements = statementsOf(view, fn, cache);
  if (!statements || !isForAll(view, fn, statements) || declaresForOthers(view, fn, statements)) return null;
  const { path } = cache;
  const names = occurrences(view, path, statements).filter((node) => !isTold(view, node));
  const isKnown = names.length > 0 && names.every((node) => isGiven(view, node)) && isAllOfIt(view, statements, names);
  return isKnown && staysInside(view, fn, names) ? { fn, path, statements, names } : null;
}

/** The branch; or all between the early return and the last one. */
function statementsOf(view: SourceView, fn: Node, { kind, statement }: FileCache): Node[] | null {
  if (kind === 'around') {
    const body = child(statement, 'consequent');
    if (child(statement, 'alternate')) return null;
    return body?.type === 'BlockStatement' ? list(body, 'body') : body ? [body] : null;
  }
  const all = list(view.blockOf(fn), 'body');
  const index = all.indexOf(statement);
  const last = all.at(-1);
  const early = returnIn(child(statement, 'consequent'));
  if (kind !== 'before' || index === -1 || last?.type !== 'ReturnStatement' || !early || view.text(early) !== view.text(last)) return null;
  return all.slice(index + 1, -1);
}

/** `return file;` alone. */
function returnIn(branch: Node | null): Node | null {
  if (branch?.type === 'ReturnStatement') return branch;
  const body = list(branch, 'body');
  return body.length === 1 && body[0]?.type === 'ReturnStatement' ? body[0] : null;
}

/** The name is the same before and after: a constant, a parameter that nothing sets, or put together of such. */
function isStable(view: SourceView, path: Node): boolean {
  const at = unwrap(path);
  if (!at) return false;
  if (stringOf(at) !== null) return true;
  const name = nameOf(at);
  if (name !== null) {
    const binding = bindingAt(view.module, name, at.start);
    return binding !== undefined && view.usesOf(binding).every(({ node }) => !isWritten(view, node));
  }
  if (at.type === 'TemplateLiteral') return list(at, 'expressions').every((each) => isStable(view, each));
  const callee = memberPath(child(at, 'callee'));
  return (
    at.type === 'CallExpression' &&
    /^(join|resolve|tmpdir)$/.test(callee?.at(-1) ?? '') &&
    list(at, 'arguments').every((each) => isStable(view, each))
  );
}

function occurrences(view: SourceView, path: Node, statements: readonly Node[]): Node[] {
  const text = view.text(path);
  const found: Node[] = [];
  for (const statement of statements)
    walk(statement, (node) => {
      if (node.type !== path.type || view.text(node) !== text || isKey(view, node)) return true;
      found.push(node);
      return false;
    });
  return found;
}

function isKey(view: SourceView, node: Node): boolean {
  const parent = view.parent(node);
  if (parent?.type === 'MemberExpression') return child(parent, 'property') === node && parent['computed'] !== true;
  return parent?.type === 'Property' && child(parent, 'key') === node && parent['computed'] !== true;
}

/** An argument of a call: it can be another name. */
function isGiven(view: SourceView, node: Node): boolean {
  const parent = view.parent(node);
  return parent?.type === 'CallExpression' && child(parent, 'callee') !== node;
}

/** People are told the name of the file. */
function isTold(view: SourceView, node: Node): boolean {
  for (let at = view.parent(node); at && !/Statement$/.test(at.type); at = view.parent(at))
    if (at.type === 'CallExpression' && /^(console|log|logger)$/.test(memberPath(child(at, 'callee'))?.at(-2) ?? '')) return true;
  return false;
}

/** Nothing else of it is about files of /tmp. */
function isAllOfIt(view: SourceView, statements: readonly Node[], names: readonly Node[]): boolean {
  return statements.every((statement) => {
    let rest = view.text(statement);
    for (const name of names.filter((each) => statement.start <= each.start && each.end <= statement.end))
      rest = rest.replace(view.text(name), '');
    return !mentionsTmp(rest);
  });
}

/** A name of it is used further on. */
function declaresForOthers(view: SourceView, fn: Node, statements: readonly Node[]): boolean {
  const isIn = (node: { start: number; end: number }) => statements.some((each) => each.start <= node.start && node.end <= each.end);
  return [...view.module.bindings.values()].flat().some((binding) => {
    const isOwn = fn.start <= binding.from && binding.to <= fn.end && isIn(binding.node) && !isFunction(binding.node);
    return isOwn && view.usesOf(binding).some(({ node }) => !isIn(node));
  });
}
