import { bindingAt, parseModule, type SourceModule } from '../../src/analysis/source-module.js';
import { isReference, type Node, nameOf, walk } from '../../src/analysis/syntax.js';
import { Refused } from './refusal.js';

/**
 * Last check of a text that was put together: it parses, and names nothing that it does not hold and the text before did not name.
 * @throws Refused when it does: the handler is kept.
 */
export function guardText(before: SourceModule, after: string, node: Node): void {
  const module = parseModule(before.file, after);
  if (!module.program) throw new Refused('its rewritten form would not parse', node);
  const known = new Set(freeNames(before));
  const strange = freeNames(module).find((name) => !known.has(name) && !(name in globalThis) && !loaderNames.has(name));
  if (strange !== undefined) throw new Refused(`\`${strange}\` would stand for nothing in its rewritten form`, node);
}

const loaderNames: ReadonlySet<string> = new Set(['require', 'module', 'exports', '__dirname', '__filename']);

function freeNames(module: SourceModule): string[] {
  const names: string[] = [];
  if (!module.program) return names;
  walk(module.program, (each, parent) => {
    const name = isReference(each, parent) ? nameOf(each) : null;
    if (name !== null && !bindingAt(module, name, each.start)) names.push(name);
  });
  return names;
}
