/** A variable of the module becomes a property of the request's state. */
import { child, list, type Node, nameOf } from '../../src/analysis/syntax.js';
import { isWritten } from '../http-route-native/handler.js';
import { removeDeclaration } from '../scope-shared-state/declaration.js';
import type { State } from '../scope-shared-state/state.js';
import { freeKey, hold, madeBefore, storage } from './storage.js';
import { typedValue } from './types.js';

/** False when a use of the variable cannot be written as a property, or its type is not known. */
export function moveVariable({ view, ...state }: State): boolean {
  const { declarator, declaration, references, binding } = state;
  if (view.parent(declaration) !== view.program) return false;
  const setsNothing = references.some(({ node }) => isSetToNothing(node, view.parent(node)));
  const value = typedValue(view, { annotated: child(declarator, 'id'), init: child(declarator, 'init'), before: declarator }, !setsNothing);
  const before = madeBefore(view);
  const name = before === undefined ? null : freeKey(before, binding.name, `${binding.name}2`);
  if (!value || name === null) return false;
  const isAlone = list(declaration, 'declarations').length === 1;
  const at = isAlone && !before ? declaration : { start: declaration.end, end: declaration.end };
  if (!hold(view, { name, ...value }, at)) return false;
  if (!isAlone || before) removeDeclaration({ view, ...state });
  const replaced = `${storage.current}().${name}`;
  for (const { node, parent } of references) {
    if (isCalled(node, parent)) return false;
    const isShorthand = parent.type === 'Property' && parent['shorthand'] === true;
    view.edits.replace(node, isShorthand ? `${nameOf(node)}: ${replaced}` : replaced);
  }
  return true;
}

/** As a call, it would get another `this`. */
function isCalled(node: Node, parent: Node): boolean {
  return (
    (/^(Call|New)Expression$/.test(parent.type) && child(parent, 'callee') === node) ||
    parent.type === 'TaggedTemplateExpression' ||
    /^JSX/.test(node.type) ||
    (parent.type === 'AssignmentPattern' && child(parent, 'left') === node)
  );
}

function isSetToNothing(node: Node, parent: Node | null): boolean {
  const right = parent?.type === 'AssignmentExpression' && child(parent, 'left') === node ? child(parent, 'right') : null;
  return right !== null && (nameOf(right) === 'undefined' || (right.type === 'Literal' && right['value'] === null));
}

/** The variable is read or set as a whole; what it holds may be changed too. */
export function isScalarOrCollection({ isReassigned, writes, view, references }: State): boolean {
  return isReassigned || (writes.size > 0 && references.every(({ node, parent }) => !isPropertyWrite(node, parent, view)));
}

function isPropertyWrite(node: Node, parent: Node, view: State['view']): boolean {
  return (
    parent.type === 'MemberExpression' &&
    child(parent, 'object') === node &&
    isWritten(view, parent) &&
    child(parent, 'property')?.['name'] !== 'length'
  );
}
