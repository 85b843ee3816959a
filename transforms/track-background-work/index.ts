import type { Trace } from '../../src/analysis/concurrency/trace.js';
import { child, keyOf, list, memberPath, type Node, nameOf, parametersOf, patternOf, unwrap, walk } from '../../src/analysis/syntax.js';
import { insertAfterImports } from '../../src/mending/imports.js';
import type { Mend } from '../../src/mending/mend.js';
import { SourceView } from '../../src/mending/source-view.js';
import { standaloneMend } from '../../src/mending/standalone.js';

/** Keeps the promise of work that nobody waits for, so that the service waits for it before it ends and its failure ends nothing. */
export const trackBackgroundWork: Mend = {
  meta: {
    id: 'track-background-work',
    description: 'Keeps promises that nobody waits for in a set that the service waits for before it ends, and logs their failures',
    trigger: 'a call in a request whose promise is dropped: `publish(message);`, `void audit(event);`, `records.forEach(async …)`',
    kind: 'source',
  },
  codes: ['PROMISE_NOT_AWAITED'],
  mend({ finding: { at } }, { sharedFiles, traces }) {
    if (!at.module.program || sharedFiles.has(at.module.file)) return null;
    const view = new SourceView(at.module);
    if (mayAnswer(view, at.node, traces)) return null;
    const text = tracked(view, at.node) ? view.result() : null;
    return text === null ? null : new Map([[at.module.file, text]]);
  },
};

export default standaloneMend(trackBackgroundWork);

const answers = /^_?(callback|cb|done|next|res|response|reply|resolve|reject|responseStream)$/;

/** Somebody waits for what comes of the work: when it failed unseen, the request would never be answered. */
function mayAnswer(view: SourceView, call: Node, traces: readonly Trace[]): boolean {
  const isExecutor = (fn: Node) => child(view.parent(fn), 'callee')?.['name'] === 'Promise';
  if (view.functionsAround(call).some(isExecutor)) return true;
  let isHandedOn = false;
  walk(call, (node) => {
    if (answers.test(nameOf(node) ?? '')) isHandedOn = true;
    return !isHandedOn;
  });
  const roots = traces.filter(({ calls }) => calls.some(({ spot }) => spot.node === call)).flatMap((trace) => trace.roots);
  return (
    isHandedOn ||
    roots.some(({ node }) => node['async'] !== true || parametersOf(node).some((each) => answers.test(nameOf(patternOf(each)) ?? '')))
  );
}

const keep = 'inBackground';
const kept = 'backgroundWork';

function tracked(view: SourceView, call: Node): boolean {
  const parent = view.parent(call);
  const outer = parent?.type === 'UnaryExpression' && parent['operator'] === 'void' ? parent : call;
  if (view.parent(outer)?.type !== 'ExpressionStatement' || !declare(view)) return false;
  const all = allOf(view, call);
  if (!all) return false;
  view.edits.replace(outer, `${keep}(`, ...all, ')');
  return true;
}

/** One promise for all that the call starts; null when it is not known to be of an array. */
function allOf(view: SourceView, call: Node): Parameters<SourceView['edits']['replace']>[1][] | null {
  const callee = unwrap(child(call, 'callee'));
  const name = callee?.type === 'MemberExpression' ? keyOf(callee) : null;
  const given = unwrap(list(call, 'arguments')[0]);
  if (!callee || (name !== 'forEach' && name !== 'map') || given?.['async'] !== true) return [call];
  const property = child(callee, 'property') as Node;
  if (name === 'forEach' && !isArray(view, child(callee, 'object'))) return null;
  return ['Promise.all(', { start: call.start, end: property.start }, 'map', { start: property.end, end: call.end }, ')'];
}

/** Maps and sets have `forEach` too, but no `map`. */
function isArray(view: SourceView, node: Node | null): boolean {
  const at = unwrap(node);
  if (at?.type === 'ArrayExpression') return true;
  if (at?.type !== 'CallExpression') return at !== null && /(^|\.)Records$/.test(view.text(at));
  const path = memberPath(child(at, 'callee'));
  const name = keyOf(child(at, 'callee')) ?? '';
  return /^Object\.(keys|values|entries)$/.test(path?.join('.') ?? '') || /^(map|filter|slice|split|concat|flatMap)$/.test(name);
}

/** Declares the set and the function, once a file. False when their names mean something else. */
function declare(view: SourceView): boolean {
  if (view.module.text.includes(`= (globalThis[Symbol.for('${kept}')]`) || view.module.text.includes(`[Symbol.for('${kept}')] ??=`))
    return true;
  if (!view.isFree(keep) || !view.isFree(kept)) return false;
  const { semicolon: end, unit } = view;
  const isTyped = view.module.language === 'typescript';
  const holder = isTyped ? '(globalThis as unknown as Record<symbol, Set<Promise<unknown>>>)' : 'globalThis';
  insertAfterImports(view, [
    '// Goes on after the answer: the service waits for what is in the set before it ends.',
    `const ${kept} = (${holder}[Symbol.for('${kept}')] ??= new Set())${end}`,
    `const ${keep} = (work${isTyped ? ': unknown' : ''}) => {`,
    `${unit}const done = Promise.resolve(work)`,
    `${unit}${unit}.catch((error) => console.error('work in the background failed', error))`,
    `${unit}${unit}.finally(() => ${kept}.delete(done))${end}`,
    `${unit}${kept}.add(done)${end}`,
    `}${end}`,
  ]);
  return true;
}
