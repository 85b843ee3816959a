/** What only CommonJS has, in files that are ES modules: `__dirname`, `__filename`, `require`. */
import type { API, FileInfo } from 'jscodeshift';
import { placeAt } from '../../src/analysis/places.js';
import { bindingAt, parseModule, type SourceModule } from '../../src/analysis/source-module.js';
import { child, isReference, list, memberPath, type Node, nameOf, stringOf, walk } from '../../src/analysis/syntax.js';
import { importNames } from '../../src/mending/imports.js';
import { SourceView } from '../../src/mending/source-view.js';
import { joinSource, splitSource } from '../source-text.js';
import type { TransformMeta } from '../transform.js';

export const meta: TransformMeta = {
  id: 'esm-paths',
  description:
    '__dirname, __filename and require in ES modules become import.meta.dirname, import.meta.filename and createRequire (Node.js 20.11)',
  trigger: 'by itself only: a migration bundles such code, and its build says where each file lay',
  kind: 'source',
};

export interface EsmPaths {
  /** Undefined when nothing changed. */
  text: string | undefined;
  /** What an ES module cannot take over as it is. */
  left: { code: string; line: number }[];
}

const places: Readonly<Record<string, string>> = { __dirname: 'import.meta.dirname', __filename: 'import.meta.filename' };

/** Rewrites one file; files without `import` and `export` are CommonJS and stay. */
export function esmPaths(file: string, source: string): EsmPaths {
  const module = parseModule(file, source);
  const left: EsmPaths['left'] = [];
  const statements = list(module.program, 'body');
  if (!module.program || !statements.some(({ type }) => /^(?:Import|Export)/.test(type))) return { text: undefined, left };
  const view = new SourceView(module);
  let needsRequire = false;
  walk(module.program, (node, parent) => {
    const name = isReference(node, parent) ? nameOf(node) : null;
    if (name === null || bindingAt(module, name, node.start)) return;
    if (Object.hasOwn(places, name)) replace(view, node, parent, places[name] as string);
    if (name === 'require') needsRequire ||= takesRequire(module, node, parent, left);
    if (name === 'module' || name === 'exports') left.push({ code: name, line: placeAt(module.text, node.start).line });
  });
  if (needsRequire) declareRequire(view, left);
  return { text: view.result() ?? undefined, left };
}

/** `{ __dirname }` keeps its key. */
function replace(view: SourceView, node: Node, parent: Node | null, code: string): void {
  const isShorthand = parent?.type === 'Property' && parent['shorthand'] === true;
  view.edits.replace(node, isShorthand ? `${nameOf(node)}: ${code}` : code);
}

/** `createRequire` loads what `require` did, but no ES module beside the file: the rest is for a person. */
function takesRequire(module: SourceModule, node: Node, parent: Node | null, left: EsmPaths['left']): boolean {
  const call = parent?.type === 'CallExpression' && parent['callee'] === node ? parent : null;
  const specifier = stringOf(list(call, 'arguments')[0] ?? null);
  if (call && specifier?.startsWith('.') && !/\.(?:json|cjs|node)$/.test(specifier))
    left.push({ code: `require('${specifier}')`, line: placeAt(module.text, node.start).line });
  // `typeof require`, `require.main === module`: asked for CommonJS itself.
  const asks = parent?.type === 'UnaryExpression' || memberPath(parent)?.join('.') === 'require.main';
  if (asks) left.push({ code: module.text.slice(parent?.start, parent?.end), line: placeAt(module.text, node.start).line });
  return !asks;
}

function declareRequire(view: SourceView, left: EsmPaths['left']): void {
  if (!importNames(view, 'node:module', ['createRequire'])) {
    left.push({ code: 'require', line: 1 });
    return;
  }
  const last = list(view.program, 'body').findLast(({ type }) => type === 'ImportDeclaration');
  const line = `const require = createRequire(import.meta.url)${view.semicolon}`;
  const { lineEnd } = view;
  if (last) view.edits.replace({ start: last.end, end: last.end }, `${lineEnd}${lineEnd}${line}`);
  else {
    const first = list(view.program, 'body').find((each) => typeof each['directive'] !== 'string' && child(each, 'type') === null);
    const at = first?.start ?? 0;
    view.edits.replace({ start: at, end: at }, `${line}${lineEnd}${lineEnd}`);
  }
}

/** `npx jscodeshift --no-babel -t dist/transforms/esm-paths/index.js src` */
export default function transformFile({ path, source }: FileInfo, api: Pick<API, 'report'>): string | undefined {
  if (!/\b(?:__dirname|__filename|require|exports)\b/.test(source)) return undefined;
  const split = splitSource(source);
  const { text, left } = esmPaths(path, split.body);
  for (const { code, line } of left) api.report(`${path}:${line} keeps ${code}: it has no equal in an ES module`);
  return text === undefined ? undefined : joinSource(split, text);
}
