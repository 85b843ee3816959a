/** The event of a test: what of it becomes a request of `app.inject()`. */
import { bindingAt, type SourceModule } from '../../src/analysis/source-module.js';
import { child, keyOf, list, type Node, nameOf, stringOf } from '../../src/analysis/syntax.js';
import type { Values } from '../../src/analysis/values.js';
import type { SourceView } from '../../src/mending/source-view.js';
import { withoutTypes } from '../http-route-native/places.js';
import { Refused } from '../http-route-native/refusal.js';

/** An object literal, and where it stands. */
export interface EventLiteral {
  object: Node | null;
  module: SourceModule;
  /** The variable that holds it, in the test's own file. */
  declarator: Node | null;
}

export interface EventContext {
  view: SourceView;
  values: Values;
}

/** Follows an argument to an object literal; nothing, or a variable without a value, is an event without a field. */
export function eventOf({ view, values }: EventContext, argument: Node | null): EventLiteral {
  const at = withoutTypes(argument);
  const nothing = { object: null, module: view.module, declarator: null };
  if (!at) return nothing;
  if (at.type === 'ObjectExpression') return { object: at, module: view.module, declarator: null };
  const name = nameOf(at);
  if (name === 'undefined') return nothing;
  const binding = name === null ? undefined : bindingAt(view.module, name, at.start);
  if (!binding) throw new Refused(`its event \`${view.text(at)}\` is not written out`, at);
  if (binding.kind === 'variable' && binding.path.length === 0 && !binding.source && !isRequire(binding.init)) {
    const changed = view.usesOf(binding).find(({ parent, node }) => isChanged(view, parent, node));
    if (changed) throw new Refused(`its event is changed in \`${view.text(changed.parent)}\``, changed.node);
    const init = withoutTypes(binding.init);
    if (!init) return { ...nothing, declarator: binding.node };
    if (init.type !== 'ObjectExpression') throw new Refused(`its event \`${name}\` is not written out`, at);
    return { object: init, module: view.module, declarator: binding.node };
  }
  const value = values.of(view.module, at);
  if (value.kind === 'node' && value.node.type === 'ObjectExpression')
    return { object: value.node, module: value.module, declarator: null };
  throw new Refused(`its event \`${name}\` is not written out`, at);
}

function isRequire(init: Node | null): boolean {
  return init?.type === 'CallExpression' && nameOf(child(init, 'callee')) === 'require';
}

/** `event.body = …`, `event = …`, `delete event.body`. */
function isChanged(view: SourceView, parent: Node, node: Node): boolean {
  let at = node;
  for (let up: Node | null = parent; up; at = up, up = view.parent(up)) {
    if (up.type === 'AssignmentExpression') return up['left'] === at;
    if (up.type === 'UpdateExpression') return true;
    if (up.type === 'UnaryExpression') return up['operator'] === 'delete';
    if (up.type !== 'MemberExpression' && up.type !== 'TSNonNullExpression') return false;
  }
  return false;
}

/** The fields of a literal by their name. */
export function fieldsOf({ object, module }: EventLiteral): Map<string, Node> {
  const fields = new Map<string, Node>();
  for (const property of list(object, 'properties')) {
    const name = property.type === 'Property' ? keyOf(property) : null;
    const value = child(property, 'value');
    if (name === null || !value || property['method'] === true || property['computed'] === true)
      throw new Refused(`its event has \`${module.text.slice(property.start, property.end).slice(0, 60)}\``, property);
    fields.set(name, value);
  }
  return fields;
}

/** Neither null, undefined, an empty text, nor an object of such. */
export function isGiven(node: Node | null | undefined): boolean {
  const at = withoutTypes(node ?? null);
  if (!at || nameOf(at) === 'undefined' || (at.type === 'Literal' && at['value'] === null)) return false;
  if (at.type === 'ObjectExpression')
    return list(at, 'properties').some((each) => isGiven(child(each, 'value')) || each.type !== 'Property');
  return stringOf(at) !== '';
}

/** Text of a value for the test: as it stands there, or, from another file, only what is written out. */
export function textOf(view: SourceView, node: Node, module: SourceModule): string {
  if (module === view.module) return view.text(withoutTypes(node) as Node);
  return printed(view, withoutTypes(node) as Node, module);
}

function printed(view: SourceView, node: Node, module: SourceModule): string {
  const text = stringOf(node);
  if (text !== null)
    return view.quote + text.replaceAll('\\', '\\\\').replaceAll(view.quote, `\\${view.quote}`).replaceAll('\n', '\\n') + view.quote;
  if (node.type === 'Literal') return module.text.slice(node.start, node.end);
  if (node.type !== 'ObjectExpression') throw new Refused('its event in another file is not written out', null);
  const properties = list(node, 'properties').map((each) => {
    const value = withoutTypes(child(each, 'value'));
    const key = child(each, 'key');
    if (each.type !== 'Property' || !value || !key || each['shorthand'] === true)
      throw new Refused('its event in another file is not written out', null);
    return `${module.text.slice(key.start, key.end)}: ${printed(view, value, module)}`;
  });
  return properties.length === 0 ? '{}' : `{ ${properties.join(', ')} }`;
}
