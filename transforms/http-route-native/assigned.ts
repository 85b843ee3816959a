/** A result that is assigned on every way to the `return` that gives it. */
import { bindingAt } from '../../src/analysis/source-module.js';
import { child, list, type Node, nameOf } from '../../src/analysis/syntax.js';
import { leaves } from './guarded.js';
import { type Handler, usesOf } from './handler.js';

export interface Assigned {
  declaration: Node;
  /** Statements `response = {…}`, after each of which nothing runs but the `return`. */
  assignments: Node[];
}

/** The assignments right before `return response`, when that is all that happens to the variable; null otherwise. */
export function assignmentsBefore(handler: Handler, identifier: Node, statement: Node): Assigned | null {
  const { module, parents } = handler;
  const name = nameOf(identifier) as string;
  const binding = bindingAt(module, name, identifier.start);
  const declaration = binding && parents.get(binding.node);
  if (binding?.kind !== 'variable' || binding.init || declaration?.type !== 'VariableDeclaration') return null;
  if (list(declaration, 'declarations').length !== 1 || declaration['kind'] === 'const') return null;
  const statements = list(parents.get(statement), 'body');
  const before = statements[statements.indexOf(statement) - 1];
  const assignments = before ? lastAssignments(before, name) : null;
  if (!assignments || assignments.length === 0) return null;
  const uses = usesOf(handler, name, binding);
  return uses.length === assignments.length + 1 ? { declaration, assignments } : null;
}

/** The statements that a statement ends with on each of its ways, if all of them assign; null when one does not. */
function lastAssignments(statement: Node, name: string): Node[] | null {
  if (leaves(statement) && statement.type !== 'IfStatement' && statement.type !== 'TryStatement') return [];
  switch (statement.type) {
    case 'ExpressionStatement':
      return isAssignment(child(statement, 'expression'), name) ? [statement] : null;
    case 'BlockStatement': {
      const last = list(statement, 'body').at(-1);
      return last ? lastAssignments(last, name) : null;
    }
    case 'IfStatement':
      return both(child(statement, 'consequent'), child(statement, 'alternate'), name);
    case 'TryStatement': {
      const handler = child(statement, 'handler');
      if (!handler || child(statement, 'finalizer')) return null;
      return both(child(statement, 'block'), child(handler, 'body'), name);
    }
    default:
      return null;
  }
}

function both(one: Node | null, other: Node | null, name: string): Node[] | null {
  const found = [one, other].map((each) => each && lastAssignments(each, name));
  return found[0] && found[1] ? [...found[0], ...found[1]] : null;
}

function isAssignment(node: Node | null, name: string): boolean {
  return node?.type === 'AssignmentExpression' && node['operator'] === '=' && nameOf(child(node, 'left')) === name;
}
