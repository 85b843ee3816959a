import { child, type FunctionNode, list, type Node, nameOf } from '../../src/analysis/syntax.js';
import { isAssignedFirst, type Uses } from '../../src/mending/assigned-first.js';
import { indentAt } from '../http-route-native/edits.js';
import { declarationOf, declared, removeDeclaration } from './declaration.js';
import { isNewValue, type State } from './state.js';

/** Moves a state that one function uses, and always writes first, into that function. False when it is not so. */
export function moveToLocal(state: State): boolean {
  const { view, references } = state;
  const fn = view.commonFunction(references.map(({ node }) => node));
  if (!fn || view.functionsAround(state.declarator).includes(fn)) return false;
  const owner = ownerOf(state, fn, state.needs);
  return owner !== null && declareIn(state, owner);
}

/** The innermost function around all uses in which each is written before it is read. */
export function ownerOf(state: State, common: FunctionNode, needs: readonly Uses[]): FunctionNode | null {
  const { view, declarator } = state;
  const outside = view.functionsAround(declarator);
  const candidates = [common, ...view.functionsAround(common)].filter((fn) => !outside.includes(fn));
  return candidates.find((fn) => needs.every((uses) => isAssignedFirst(fn, uses))) ?? null;
}

/** Declares the state in a function, with its first assignment where that stands by itself. */
export function declareIn(state: State, fn: FunctionNode): boolean {
  const { view, binding } = state;
  const declaration = declarationOf(state);
  const first = firstAssignment(state, fn);
  if (first) {
    const isOnly = state.references.every(({ node }) => !isNewValue(view, node) || node === child(first, 'left'));
    const keyword = declaration.keyword === 'var' ? 'var' : isOnly ? 'const' : 'let';
    const name = child(first, 'left') as Node;
    const indent = indentAt(view.module.text, name.start);
    const comments = declaration.comments.map((each) => `${each}${view.lineEnd}${indent}`).join('');
    view.edits.replace(name, `${comments}${keyword} ${binding.name}${declaration.annotation}`);
  } else if (!view.insertAtStart(fn, [...declaration.comments, declared(declaration, binding.name, view.semicolon)])) return false;
  removeDeclaration(state);
  return true;
}

/** `x = …;` as a statement of the function's own block, before all other uses. */
function firstAssignment({ view, isReassigned, references }: State, fn: FunctionNode): Node | null {
  const inside = references.filter(({ node }) => view.functionsAround(node).includes(fn));
  const [first] = inside;
  const assignment = first && view.parent(first.node);
  const statement = assignment && view.parent(assignment);
  if (!isReassigned || assignment?.type !== 'AssignmentExpression' || assignment['operator'] !== '=') return null;
  if (nameOf(child(assignment, 'left')) === null || child(assignment, 'left') !== first?.node) return null;
  const isOwn = statement?.type === 'ExpressionStatement' && list(view.blockOf(fn), 'body').includes(statement);
  const readsItself = inside.some(({ node }) => node !== first?.node && node.start < assignment.end);
  return isOwn && !readsItself ? assignment : null;
}
