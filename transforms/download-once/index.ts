import { pathText } from '../../src/analysis/concurrency/path-text.js';
import type { Node } from '../../src/analysis/syntax.js';
import { importNames, insertAfterImports } from '../../src/mending/imports.js';
import type { Mend } from '../../src/mending/mend.js';
import { SourceView } from '../../src/mending/source-view.js';
import { standaloneMend } from '../../src/mending/standalone.js';
import { indentAt } from '../http-route-native/edits.js';
import { type Download, downloadAround } from './place.js';

/** Makes a file of a cache in /tmp once, under a name of its own, and gives it its name when it is complete. */
export const downloadOnce: Mend = {
  meta: {
    id: 'download-once',
    description: 'Makes files that /tmp keeps for later requests once at a time, and renames them when they are complete',
    trigger: '`if (!existsSync(file)) { …; writeFile(file, …) }`, `if (existsSync(file)) return file;` before it, in an async function',
    kind: 'source',
  },
  codes: ['TMP_CACHE_NOT_ATOMIC'],
  mend({ finding: { at, args } }, { values }) {
    if (!at.module.program) return null;
    const view = new SourceView(at.module);
    const isFile = (node: Node) => pathText(values, at.module, node).text === args['path'];
    const download = downloadAround(view, at.node, isFile);
    const name = download && view.freeName('partial', 'partialFile', 'partialName');
    if (!download || !name || !declare(view)) return null;
    write(view, download, name);
    const text = view.result();
    return text === null ? null : new Map([[at.module.file, text]]);
  },
};

export default standaloneMend(downloadOnce);

const once = 'downloadOnce';
const running = 'downloads';

function write(view: SourceView, { path, statements, names }: Download, name: string): void {
  const { unit, semicolon: end, lineEnd, module } = view;
  const first = statements[0] as Node;
  const last = statements.at(-1) as Node;
  const indent = indentAt(module.text, first.start);
  for (const each of names) view.edits.replace(each, name);
  view.edits.replace(
    { start: first.start, end: last.end },
    `await ${once}(${view.text(path)}, async (${name}) => {${lineEnd}${indent}${unit}`,
    { start: first.start, end: last.end, indent: { from: indent, to: `${indent}${unit}` } },
    `${lineEnd}${indent}})${end}`,
  );
}

/** Declares the helper, once a file. False when its names mean something else. */
function declare(view: SourceView): boolean {
  if (view.module.text.includes(`const ${once} = (file`)) return true;
  if (!view.isFree(once) || !view.isFree(running)) return false;
  if (!importNames(view, 'node:crypto', ['randomUUID']) || !importNames(view, 'node:fs/promises', ['rename', 'rm'])) return false;
  const { semicolon: end, unit, module } = view;
  const isTyped = module.language === 'typescript';
  const lines = [
    '// Makes a file once at a time, and gives it its name when it is complete.',
    `const ${running} = new Map${isTyped ? '<string, Promise<void>>' : ''}()${end}`,
    `const ${once} = (file${isTyped ? ': string' : ''}, make${isTyped ? ': (partial: string) => Promise<void>' : ''}) => {`,
    `${unit}const run = async () => {`,
    `${unit}${unit}const partial = \`\${file}.\${randomUUID()}\`${end}`,
    `${unit}${unit}try {`,
    `${unit}${unit}${unit}await make(partial)${end}`,
    `${unit}${unit}${unit}await rename(partial, file)${end}`,
    `${unit}${unit}} finally {`,
    `${unit}${unit}${unit}await rm(partial, { force: true })${end}`,
    `${unit}${unit}${unit}${running}.delete(file)${end}`,
    `${unit}${unit}}`,
    `${unit}}${end}`,
    `${unit}const done = ${running}.get(file) ?? run()${end}`,
    `${unit}${running}.set(file, done)${end}`,
    `${unit}return done${end}`,
    `}${end}`,
  ];
  insertAfterImports(view, lines);
  return true;
}
