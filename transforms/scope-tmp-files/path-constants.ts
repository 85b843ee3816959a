/** Constants of the module that hold a path below /tmp. */
import { bindingAt } from '../../src/analysis/source-module.js';
import { child, list, type Node, nameOf, walk } from '../../src/analysis/syntax.js';
import type { SourceView } from '../../src/mending/source-view.js';
import { wholeLine } from '../http-route-native/edits.js';
import { isWritten } from '../http-route-native/handler.js';
import { type Occurrence, renamed } from './occurrences.js';

export interface PathConstant {
  declarator: Node;
  declaration: Node;
  occurrence: Occurrence;
  uses: Node[];
}

/** Those that occurrences outside of all functions belong to; null when one of them is something else. */
export function pathConstants(view: SourceView, all: readonly Occurrence[]): PathConstant[] | null {
  const found: PathConstant[] = [];
  for (const occurrence of all) {
    if (view.functionsAround(occurrence.node).length > 0) continue;
    const constant = constantAt(view, occurrence);
    if (!constant || found.some(({ declarator }) => declarator === constant.declarator)) return null;
    found.push(constant);
  }
  return found;
}

function constantAt(view: SourceView, occurrence: Occurrence): PathConstant | null {
  let declarator: Node | null = occurrence.node;
  while (declarator && declarator.type !== 'VariableDeclarator') declarator = view.parent(declarator);
  const declaration = declarator && view.parent(declarator);
  const id = child(declarator, 'id');
  const name = nameOf(id);
  if (!declarator || !declaration || !id || name === null || view.parent(declaration) !== view.program) return null;
  if (list(declaration, 'declarations').length !== 1 || !isPath(child(declarator, 'init') as Node)) return null;
  const binding = bindingAt(view.module, name, id.start);
  const uses = binding ? view.usesOf(binding) : [];
  if (uses.length === 0 || uses.some(({ node }) => isWritten(view, node))) return null;
  return { declarator, declaration, occurrence, uses: uses.map(({ node }) => node) };
}

/** Strings put together, perhaps by `path.join`. */
function isPath(init: Node): boolean {
  let isPlain = true;
  walk(init, (node) => {
    if (/^(Await|New|Assignment|Update|ArrowFunction|Function|Class)/.test(node.type)) isPlain = false;
    return isPlain;
  });
  return isPlain;
}

/** Takes the declaration away; gives its line for the function. */
export function removeConstant(view: SourceView, { declaration, declarator, occurrence }: PathConstant, name: string): string {
  const text = view.text(declarator);
  const start = occurrence.node.start - declarator.start;
  const end = occurrence.node.end - declarator.start;
  const line = wholeLine(view.module.text, declaration);
  const isBlankAround = /(^|\n)[ \t]*\r?\n$/.test(view.module.text.slice(0, line.start));
  const blank = isBlankAround ? (/^[ \t]*\r?\n/.exec(view.module.text.slice(line.end))?.[0].length ?? 0) : 0;
  view.edits.remove({ start: line.start, end: line.end + blank });
  return `const ${text.slice(0, start)}${renamed(view, occurrence, name)}${text.slice(end)}${view.semicolon}`;
}
