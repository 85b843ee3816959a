/** A variable of the module (or of a factory) that requests write: where it is used, and how. */
import type { Hazard } from '../../src/analysis/concurrency/find-hazards.js';
import type { Binding } from '../../src/analysis/source-module.js';
import { child, keyOf, list, type Node, nameOf, unwrap } from '../../src/analysis/syntax.js';
import type { Uses } from '../../src/mending/assigned-first.js';
import type { SourceView } from '../../src/mending/source-view.js';
import { isWritten, type Reference } from '../http-route-native/handler.js';
import { isFreshValue } from './initial.js';

export interface State {
  view: SourceView;
  binding: Binding;
  declarator: Node;
  declaration: Node;
  references: Reference[];
  /** What has to be written before it is read: the variable, or each property that is written. */
  needs: Uses[];
  /** Nodes that write it. */
  writes: ReadonlySet<Node>;
  /** The variable itself gets another value; else only what it holds is changed. */
  isReassigned: boolean;
}

/** The state of a hazard, when all its uses are plain ones in its own file. */
export function stateOf({ finding: { shared } }: Hazard, view: SourceView): State | null {
  if (!shared || (shared.kind !== 'variable' && shared.kind !== 'closure')) return null;
  const declarator = shared.declared.node;
  const binding = (view.module.bindings.get(shared.name) ?? []).find(({ node }) => node === declarator);
  const declaration = view.parent(declarator);
  if (binding?.kind !== 'variable' || binding.path.length > 0 || declaration?.type !== 'VariableDeclaration') return null;
  const around = view.parent(declaration);
  if (!around || !/^(Program|BlockStatement|FunctionBody)$/.test(around.type) || nameOf(child(declarator, 'id')) === null) return null;
  const init = child(declarator, 'init');
  if (init && !isFreshValue(view, init, declarator)) return null;
  const references = view.usesOf(binding);
  if (
    references.some(
      ({ parent }) => parent.type.startsWith('TS') && !/^TS(AsExpression|NonNullExpression|SatisfiesExpression)$/.test(parent.type),
    )
  )
    return null;
  const isReassigned = references.some(({ node }) => isNewValue(view, node));
  const found =
    !isReassigned && unwrap(init)?.type === 'ObjectExpression' ? usesOfProperties(view, references) : usesOfVariable(view, references);
  return found && { view, binding, declarator, declaration, references, isReassigned, ...found };
}

/** The name itself gets a value; `x.a = 1` only changes what it holds. */
export function isNewValue(view: SourceView, node: Node): boolean {
  const parent = view.parent(node);
  return isWritten(view, node) && !(parent?.type === 'MemberExpression' && child(parent, 'object') === node);
}

type Found = Pick<State, 'needs' | 'writes'>;

function usesOfVariable(view: SourceView, references: readonly Reference[]): Found | null {
  const writes = new Set<Node>();
  const reads = new Set<Node>();
  for (const { node } of references) {
    const write = isNewValue(view, node) ? assignmentOf(view, node) : null;
    const reset = resetOf(view, node);
    if (write === undefined) return null;
    if (write) writes.add(write);
    else if (reset) writes.add(reset);
    else if (!isLengthInReset(view, node)) reads.add(node);
  }
  return { needs: [{ reads, writes }], writes };
}

/** The assignment that gives a name a new value; null when it reads the old one too; undefined for loops and `delete`. */
function assignmentOf(view: SourceView, node: Node): Node | null | undefined {
  for (let at = view.parent(node); at; at = view.parent(at)) {
    if (at.type === 'AssignmentExpression') return at['operator'] === '=' ? at : null;
    if (at.type === 'UpdateExpression') return null;
    if (/^(For|Unary)/.test(at.type)) return undefined;
  }
  return undefined;
}

/** `list.length = 0`, `list.splice(0)`, `map.clear()`: the node after which nothing old is left. */
function resetOf(view: SourceView, node: Node): Node | null {
  const member = view.parent(node);
  const outer = member && view.parent(member);
  if (!member || !outer || member.type !== 'MemberExpression' || child(member, 'object') !== node) return null;
  const key = keyOf(member);
  if (outer.type === 'AssignmentExpression')
    return key === 'length' && child(outer, 'left') === member && child(outer, 'right')?.['value'] === 0 ? outer : null;
  if (outer.type !== 'CallExpression' || child(outer, 'callee') !== member) return null;
  const [first, second] = list(outer, 'arguments');
  if (key === 'clear') return first ? null : outer;
  return key === 'splice' && first?.['value'] === 0 && (!second || isLengthOf(second, nameOf(node))) ? outer : null;
}

function isLengthOf(node: Node, name: string | null): boolean {
  return node.type === 'MemberExpression' && keyOf(node) === 'length' && nameOf(child(node, 'object')) === name;
}

/** The second `list` of `list.splice(0, list.length)`. */
function isLengthInReset(view: SourceView, node: Node): boolean {
  const call = view.parent(view.parent(node) ?? node);
  const callee = call?.type === 'CallExpression' ? child(call, 'callee') : null;
  const owner = child(callee, 'object');
  return owner !== null && owner !== node && nameOf(owner) === nameOf(node) && resetOf(view, owner) === call;
}

/**
 * Of an object that is changed in place, each property that is written must be written before it is read; and where all of it is
 * used, one of them must have been: then it is put together for this very use.
 */
function usesOfProperties(view: SourceView, references: readonly Reference[]): Found | null {
  const written = new Map<string, { path: readonly string[]; nodes: Set<Node> }>();
  const reads: { node: Node; path: readonly string[] }[] = [];
  for (const { node } of references) {
    const place = placeOf(view, node);
    if (!place) return null;
    const { path, top } = place;
    const outer = view.parent(top);
    if (!outer || path.length === 0 || !isWritten(view, top)) reads.push({ node, path });
    else if (outer.type === 'AssignmentExpression' && outer['operator'] === '=' && child(outer, 'left') === top) {
      const key = path.join('\0');
      const entry = written.get(key) ?? { path, nodes: new Set<Node>() };
      entry.nodes.add(outer);
      written.set(key, entry);
    } else if (outer.type === 'UpdateExpression' || outer.type === 'AssignmentExpression') {
      reads.push({ node, path });
      written.set(`${path.join('\0')}\0`, { path, nodes: new Set() });
    } else return null;
  }
  if (written.size === 0) return null;
  const writes = new Set([...written.values()].flatMap(({ nodes }) => [...nodes]));
  const needs: Uses[] = [...written.values()].map(({ path, nodes }) => ({
    writes: nodes,
    reads: new Set(reads.filter((read) => startsWith(read.path, path)).map(({ node }) => node)),
  }));
  const wholes = reads.filter((read) =>
    [...written.values()].some(({ path }) => !startsWith(read.path, path) && startsWith(path, read.path)),
  );
  return { needs: [...needs, { writes, reads: new Set(wholes.map(({ node }) => node)) }], writes };
}

/** The longest plain path that begins with a name; null when a computed key may be written. */
function placeOf(view: SourceView, node: Node): { path: string[]; top: Node } | null {
  const path: string[] = [];
  let top = node;
  for (let parent = view.parent(top); parent?.type === 'MemberExpression' && child(parent, 'object') === top; parent = view.parent(top)) {
    const key = keyOf(parent);
    if (key === null) return isWritten(view, parent) ? null : { path, top };
    path.push(key);
    top = parent;
  }
  return { path, top };
}

function startsWith(path: readonly string[], start: readonly string[]): boolean {
  return start.every((step, index) => path[index] === step);
}
