import { bindingAt } from '../../src/analysis/source-module.js';
import { child, type Node } from '../../src/analysis/syntax.js';
import type { Mend } from '../../src/mending/mend.js';
import { SourceView } from '../../src/mending/source-view.js';
import { standaloneMend } from '../../src/mending/standalone.js';
import { indentAt } from '../http-route-native/edits.js';
import { type LazyStart, lazyStartAt } from './start.js';

/** Keeps the promise of a start on first use, so that requests that come together wait for the same one; a failed start is forgotten. */
export const lazyStartOnce: Mend = {
  meta: {
    id: 'lazy-start-once',
    description: 'Lets requests that come together wait for one start of a client or server; a failed start is tried again',
    trigger: '`if (!client) client = await start()` and its kin, on a variable of the module',
    kind: 'source',
  },
  codes: ['LAZY_START_RACES'],
  mend({ finding: { at, shared } }) {
    if (!shared || (shared.kind !== 'variable' && shared.kind !== 'closure') || shared.declared.module !== at.module) return null;
    if (!at.module.program) return null;
    const view = new SourceView(at.module);
    const binding = bindingAt(at.module, shared.name, at.node.start);
    const declaration = binding && view.parent(binding.node);
    if (!binding || declaration?.type !== 'VariableDeclaration' || binding.node !== shared.declared.node) return null;
    const start = lazyStartAt(view, at.node, binding);
    const name = view.freeName(`${binding.name}Starting`, `${binding.name}Start`, `startOf_${binding.name}`);
    if (!start || name === null) return null;
    declare(view, declaration, name);
    write(view, start, name, binding.name, initialOf(view, binding.node));
    const text = view.result();
    return text === null ? null : new Map([[at.module.file, text]]);
  },
};

export default standaloneMend(lazyStartOnce);

function initialOf(view: SourceView, declarator: Node): string {
  const init = child(declarator, 'init');
  return init ? view.text(init) : 'undefined';
}

function declare(view: SourceView, declaration: Node, name: string): void {
  const type = view.module.language === 'typescript' ? ': Promise<void> | undefined' : '';
  const line = `${indentAt(view.module.text, declaration.start)}let ${name}${type}${view.semicolon}`;
  const end = view.module.text.indexOf('\n', declaration.end);
  const at = end === -1 ? declaration.end : end;
  view.edits.replace({ start: at, end: at }, `${view.lineEnd}${line}`);
}

/** The statements of the start, kept once as a promise. */
function write(
  view: SourceView,
  { statements, guard, isEarly, replaced, before, after }: LazyStart,
  name: string,
  state: string,
  initial: string,
): void {
  const { unit, semicolon: end, lineEnd, module } = view;
  const first = statements[0] as Node;
  const last = statements.at(-1) as Node;
  const outer = indentAt(module.text, replaced.start);
  const base = before === null ? outer : `${outer}${unit}`;
  const from = indentAt(module.text, first.start);
  const line = (text: string, depth = 0) => `${lineEnd}${base}${unit.repeat(depth)}${text}`;
  const wanted = isEarly ? guard.whenStarting(name) : guard.text;
  const forget = `${name} = undefined${end}`;
  const settled = isEarly
    ? [
        line('.catch((error) => {', 1),
        line(`${state} = ${initial}${end}`, 2),
        line(`throw error${end}`, 2),
        line('})', 1),
        line('.finally(() => {', 1),
        line(forget, 2),
        line(`})${end}`, 1),
      ]
    : ['.finally(() => {', line(forget, 1), line(`})${end}`)];
  view.edits.replace(
    replaced,
    before === null ? `${wanted}${lineEnd}${base}` : `${before(wanted)}${lineEnd}${base}`,
    `${name} ??= (async () => {`,
    `${lineEnd}${base}${unit}`,
    { start: first.start, end: last.end, indent: { from, to: `${base}${unit}` } },
    line('})()'),
    ...settled,
    line(`await ${name}${end}`),
    after === null ? '' : `${lineEnd}${outer}${after}`,
  );
}
