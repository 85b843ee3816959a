/** The AsyncLocalStorage of a module and what it holds: made once, and used for every state of the module that belongs to requests. */
import { exportsOf } from '../../src/analysis/exports.js';
import { child, keyOf, list, type Node, nameOf, unwrap } from '../../src/analysis/syntax.js';
import { importNames } from '../../src/mending/imports.js';
import type { SourceView } from '../../src/mending/source-view.js';
import type { Range } from '../http-route-native/edits.js';

/** One state, as it is declared in what the storage holds. */
export interface Held {
  name: string;
  /** Its TypeScript type, without the colon; empty in JavaScript. */
  type: string;
  initial: string;
}

export interface Storage {
  /** Gives the state of the request. */
  current: string;
  /** Begins a call that runs its last argument with a new state. */
  run: string;
}

const names = ['newRequestState', 'requestStates', 'stateOutsideRequests', 'requestState'] as const;
const [maker, storages, outside, current] = names;
export const runner = 'withRequestState';

export const storage: Storage = { current, run: `${storages}.run(${maker}(), ` };

/** What the module's storage holds already; null when it has none, undefined when the names mean something else. */
export function madeBefore(view: SourceView): Node | null | undefined {
  if (names.every((name) => view.isFree(name))) return null;
  const { text } = view.module;
  if (!text.includes(`const ${current} = () => ${storages}.getStore() ?? ${outside}`)) return undefined;
  const binding = (view.module.bindings.get(maker) ?? [])[0];
  const arrow = unwrap(binding?.init ?? null);
  const object = unwrap(child(arrow, 'body'));
  return arrow?.type === 'ArrowFunctionExpression' && object?.type === 'ObjectExpression' ? object : undefined;
}

/** A name that the storage of the module does not hold yet. */
export function freeKey(object: Node | null, ...candidates: string[]): string | null {
  const taken = new Set(list(object, 'properties').map(keyOf));
  return candidates.find((name) => !taken.has(name)) ?? null;
}

/** Declares the storage at `at`, with `after` behind it, or adds to the one that is there. False when its names are taken. */
export function hold(view: SourceView, held: Held, at: Range, after = ''): boolean {
  const before = madeBefore(view);
  if (before === undefined) return false;
  if (before) return extend(view, before, held);
  const { semicolon: end, lineEnd } = view;
  const isTyped = view.module.language === 'typescript';
  const type = isTyped ? `: { ${held.name}: ${held.type} }` : '';
  const generic = isTyped ? `<ReturnType<typeof ${maker}>>` : '';
  if (!importNames(view, 'node:async_hooks', ['AsyncLocalStorage'])) return false;
  view.edits.replace(
    at,
    [
      `const ${maker} = ()${type} => ({ ${propertyOf(held)} })${end}`,
      `const ${storages} = new AsyncLocalStorage${generic}()${end}`,
      `const ${outside} = ${maker}()${end}`,
      `const ${current} = () => ${storages}.getStore() ?? ${outside}${end}`,
    ].join(lineEnd),
    after,
  );
  return true;
}

function propertyOf({ name, initial }: Held): string {
  return `${name}: ${initial}`;
}

function extend(view: SourceView, object: Node, held: Held): boolean {
  const last = list(object, 'properties').at(-1);
  const arrow = view.parent(object)?.type === 'ArrowFunctionExpression' ? view.parent(object) : null;
  const type = list(child(child(arrow, 'returnType'), 'typeAnnotation'), 'members').at(-1);
  if (!last || (view.module.language === 'typescript' && !type)) return false;
  view.edits.replace({ start: last.end, end: last.end }, `, ${propertyOf(held)}`);
  if (type) {
    const end = view.text(type).endsWith(';') ? type.end - 1 : type.end;
    view.edits.replace({ start: end, end }, `; ${held.name}: ${held.type}`);
  }
  return true;
}

/** Exports what runs a handler with a new state, for handlers in other files. False when the module's exports are not understood. */
export function exportRunner(view: SourceView): boolean {
  const isTyped = view.module.language === 'typescript';
  const work = isTyped ? `${/\.tsx$/.test(view.module.file) ? '<T,>' : '<T>'}(work: () => T): T` : '(work)';
  return exportMore(view, runner, `${work} => ${storage.run}work)`, '// Runs the handler with a state of its own.');
}

/** Exports what gives the state of the request. False when the module's exports are not understood. */
export function exportCurrent(view: SourceView): boolean {
  return exportMore(view, current, null, '// The state of the request.');
}

/** `value`: null exports what has the name already. */
function exportMore(view: SourceView, name: string, value: string | null, comment: string): boolean {
  if (exportsOf(view.module).named.has(name) || view.module.text.includes(`'${name}'`)) return true;
  if (value !== null && !view.isFree(name)) return false;
  const { semicolon: end, lineEnd, quote } = view;
  const isEsm = view.module.isEsm || view.module.language === 'typescript';
  if (list(view.program, 'body').some(({ type }) => type === 'TSExportAssignment')) return false;
  const { whole } = exportsOf(view.module);
  const esm = value === null ? `export { ${name} }${end}` : `export const ${name} = ${value}${end}`;
  const line = isEsm
    ? esm
    : whole === null
      ? `exports.${name} = ${value ?? name}${end}`
      : `Object.defineProperty(module.exports, ${quote}${name}${quote}, { value: ${value ?? name} })${end}`;
  const last = list(view.program, 'body').at(-1);
  if (!last || (!isEsm && nameOf(unwrap(whole)) === 'undefined')) return false;
  view.edits.replace({ start: last.end, end: last.end }, `${lineEnd}${lineEnd}${comment}${lineEnd}${line}`);
  return true;
}
