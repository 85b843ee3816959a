/** What of the code is to belong to each request: a variable, a property of an object, or a field of an object that is made once. */
import { Classes, membersOf } from '../../src/analysis/concurrency/classes.js';
import type { Hazard } from '../../src/analysis/concurrency/find-hazards.js';
import { SharedStates } from '../../src/analysis/concurrency/shared-states.js';
import type { Shared, Trace } from '../../src/analysis/concurrency/trace.js';
import type { SourceModule } from '../../src/analysis/source-module.js';
import { child, children, isFunction, keyOf, list, memberPath, type Node, nameOf, unwrap, walk } from '../../src/analysis/syntax.js';
import type { Values } from '../../src/analysis/values.js';
import type { SourceView } from '../../src/mending/source-view.js';
import { accessesOf } from './proof.js';

/** A property of an object, or a field of a class. */
export interface Slot {
  name: string;
  /** Where it is declared; null: only assigned in the constructor. */
  member: Node | null;
  /** Object literal or class. */
  holder: Node;
}

/** Modules that the functions reach which use the state. */
function modulesOf(values: Values, traces: readonly Trace[], key: string): SourceModule[] {
  const files = new Set(traces.filter((trace) => accessesOf(trace, key, key).length > 0).flatMap(({ files }) => files));
  return [...files].flatMap((file) => values.modules.get(file) ?? []);
}

/** The walk has seen what the code does at this place. */
function isSeen(traces: readonly Trace[], state: string, module: SourceModule, { start }: Node): boolean {
  return traces.some((trace) =>
    accessesOf(trace, state, state).some(({ spot }) => spot.module.file === module.file && spot.node.start === start),
  );
}

/** All uses of a variable stand in functions whose code was walked. */
export function isVariableSeen(view: SourceView, traces: readonly Trace[], state: string, uses: readonly { node: Node }[]): boolean {
  return uses.every(({ node }) => view.functionsAround(node).length > 0 && isSeen(traces, state, view.module, node));
}

/** `state.user` of `const state = { user: null }`; null when something else than plain uses is made of the object. */
export function propertySlot(
  { finding }: Hazard,
  shared: Shared,
  { values, traces }: { values: Values; traces: readonly Trace[] },
): Slot | null {
  const holder = unwrap(shared.initial?.node ?? null);
  const name = firstStep(finding.args['name'], shared.name);
  if (holder?.type !== 'ObjectExpression' || name === null || shared.initial?.module !== shared.declared.module) return null;
  const properties = list(holder, 'properties');
  const member = properties.find((each) => keyOf(each) === name) ?? null;
  if (properties.some(({ type }) => type === 'SpreadElement') || member?.['computed'] === true || member?.['method'] === true) return null;
  if (member && (member['kind'] !== 'init' || isFunction(unwrap(child(member, 'value'))))) return null;
  const states = new SharedStates(values);
  const isPlain = modulesOf(values, traces, shared.key).every((module) => isPlainIn(module, states, shared, traces, name));
  return isPlain ? { name, member, holder } : null;
}

function firstStep(name: unknown, owner: string): string | null {
  const steps = String(name).split('.');
  return steps[0] === owner && /^\w+$/.test(steps[1] ?? '') ? (steps[1] ?? null) : null;
}

/** Uses of the object in a module: declared, handed on by imports and exports, or seen by the walk. */
function isPlainIn(module: SourceModule, states: SharedStates, shared: Shared, traces: readonly Trace[], name: string): boolean {
  let isPlain = true;
  const visit = (node: Node, parent: Node | null, isInFunction: boolean): void => {
    if (nameOf(node) !== null && isVariable(node, parent) && means(module, states, shared, node)) {
      const isOther = parent?.type === 'MemberExpression' && child(parent, 'object') === node && isOtherName(parent, name);
      if (isInFunction ? !isOther && !isSeen(traces, shared.key, module, node) : !isHandedOn(parent)) isPlain = false;
    }
    for (const each of children(node)) visit(each, node, isInFunction || isFunction(node));
  };
  if (module.program) visit(module.program, null, false);
  return isPlain;
}

function isVariable(node: Node, parent: Node | null): boolean {
  if (parent?.type === 'MemberExpression') return child(parent, 'object') === node || parent['computed'] === true;
  if (parent?.type === 'Property') return child(parent, 'value') === node;
  return true;
}

function means(module: SourceModule, states: SharedStates, shared: Shared, node: Node): boolean {
  const meaning = states.meaningOf(module, nameOf(node) as string, node.start, () => false);
  if (meaning.kind === 'module')
    return nameOf(node) !== 'module' && nameOf(node) !== 'exports' && exportsState(states, meaning.module, shared);
  return meaning.kind === 'shared' && meaning.shared.key === shared.key;
}

/** `module.exports = state`: the module stands for it. */
function exportsState(states: SharedStates, module: SourceModule, shared: Shared): boolean {
  const meaning = states.exported(module, 'default', () => false);
  return meaning.kind === 'shared' && meaning.shared.key === shared.key;
}

function isOtherName(member: Node, name: string): boolean {
  const key = keyOf(member);
  return key !== null && key !== name;
}

function isHandedOn(parent: Node | null): boolean {
  if (!parent) return false;
  if (/^(Import|Export)/.test(parent.type) || parent.type === 'VariableDeclarator') return true;
  if (parent.type === 'AssignmentExpression')
    return /^(module\.exports|exports)\b/.test((memberPath(child(parent, 'left')) ?? []).join('.'));
  return parent.type === 'Property';
}

/** `this.user` of a class of which one object is made, when the module is loaded. */
export function fieldSlot(
  { finding }: Hazard,
  shared: Shared,
  { values, traces }: { values: Values; traces: readonly Trace[] },
): Slot | null {
  const { module, node: holder } = shared.declared;
  const name = /^this\.(\w+)/.exec(String(finding.args['name']))?.[1] ?? null;
  if (name === null || !isMadeOnce(values, modulesOf(values, traces, shared.key), shared)) return null;
  const member = membersOf(holder).find((each) => keyOf(each) === name) ?? null;
  if (member && (member.type !== 'PropertyDefinition' || member['static'] === true || member['readonly'] === true)) return null;
  if (member && (list(member, 'decorators').length > 0 || member['declare'] === true || member['computed'] === true)) return null;
  if (isFunction(unwrap(child(member, 'value')))) return null;
  return membersOf(holder).every((each) => each['kind'] === 'constructor' || areFieldUsesSeen(module, each, shared, traces, name))
    ? { name, member, holder }
    : null;
}

function areFieldUsesSeen(module: SourceModule, member: Node, shared: Shared, traces: readonly Trace[], name: string): boolean {
  let areSeen = true;
  if (isFunction(unwrap(child(member, 'value'))))
    walk(member, (node) => {
      const isField = node.type === 'MemberExpression' && child(node, 'object')?.type === 'ThisExpression' && keyOf(node) === name;
      const isComputed = node.type === 'MemberExpression' && child(node, 'object')?.type === 'ThisExpression' && keyOf(node) === null;
      if (isComputed || (isField && !isSeen(traces, shared.key, module, node))) areSeen = false;
      return areSeen;
    });
  return areSeen;
}

function isMadeOnce(values: Values, modules: readonly SourceModule[], { declared }: Shared): boolean {
  const classes = new Classes(values, []);
  let count = 0;
  let isExtended = false;
  for (const module of modules) {
    const visit = (node: Node, isInFunction: boolean): void => {
      const isOf = (each: Node | null) => classes.classOf(module, each)?.node === declared.node;
      if (node.type === 'NewExpression' && isOf(child(node, 'callee'))) count += isInFunction ? 2 : 1;
      if (/^Class/.test(node.type) && child(node, 'superClass') && isOf(child(node, 'superClass'))) isExtended = true;
      for (const each of children(node)) visit(each, isInFunction || isFunction(node));
    };
    if (module.program && module.text.includes(nameOf(child(declared.node, 'id')) ?? 'class')) visit(module.program, false);
  }
  return count === 1 && !isExtended;
}
