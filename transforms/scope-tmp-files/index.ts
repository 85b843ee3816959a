import { type FunctionNode, isFunction, list, type Node } from '../../src/analysis/syntax.js';
import { importNames } from '../../src/mending/imports.js';
import type { Mend } from '../../src/mending/mend.js';
import { SourceView } from '../../src/mending/source-view.js';
import { standaloneMend } from '../../src/mending/standalone.js';
import { indentAt } from '../http-route-native/edits.js';
import { statementsOf, staysInside, unawaitedReturns } from './flow.js';
import { isPlainValue, mentionsTmp, type Occurrence, occurrencesIn, rename } from './occurrences.js';
import { pathConstants, removeConstant } from './path-constants.js';

/** Gives each request a folder of its own below /tmp, which goes when the request ends. */
export const scopeTmpFiles: Mend = {
  meta: {
    id: 'scope-tmp-files',
    description:
      'Puts temporary files of fixed names, and those that nothing removes, into a folder for each request (mkdtemp), removed in finally',
    trigger: 'a file below /tmp that one async function writes, uses and is done with',
    kind: 'source',
  },
  codes: ['TMP_NAME_SHARED', 'TMP_GROWS'],
  mend({ finding, trace }) {
    const { module } = finding.at;
    if (!module.program || [...trace.functions.values()].some((other) => other !== module && mentionsTmp(other.text))) return null;
    const view = new SourceView(module);
    const text = edited(view) ? view.result() : null;
    return text === null ? null : new Map([[module.file, text]]);
  },
};

export default standaloneMend(scopeTmpFiles);

/** A look for a file that is there already is a cache, or a file that somebody else has left. */
const looksFor = /\b(existsSync|pathExists|fileExists|access|accessSync|readdir|readdirSync)\s*\(/;

function edited(view: SourceView): boolean {
  const all = occurrencesIn(view);
  if (all.length === 0 || !all.every((each) => isPlainValue(view, each))) return false;
  const constants = pathConstants(view, all);
  if (!constants) return false;
  const inside = all.filter(({ node }) => !constants.some(({ declarator }) => isWithin(node, declarator)));
  const names = constants.flatMap(({ uses }) => uses);
  const fn = asyncFunctionAround(view, [...inside.map(({ node }) => node), ...names]);
  if (!fn || looksFor.test(view.text(fn)) || !staysInside(view, fn, [...inside.map(wholeOf(view)), ...names])) return false;
  const name = view.freeName('requestFolder', 'folderOfRequest', 'requestTmpFolder');
  const block = view.blockOf(fn);
  if (name === null || !block || !importNames(view, 'node:fs/promises', ['mkdtemp', 'rm'])) return false;
  for (const each of inside) rename(view, each, name);
  const first = firstStatement(view, fn, [...inside.map(({ node }) => node), ...names]);
  if (!first) return false;
  for (const argument of unawaitedReturns(view, fn, first.start))
    view.edits.replace({ start: argument.start, end: argument.start }, /^(Conditional|Logical)/.test(argument.type) ? 'await (' : 'await ');
  for (const argument of unawaitedReturns(view, fn, first.start))
    if (/^(Conditional|Logical)/.test(argument.type)) view.edits.replace({ start: argument.end, end: argument.end }, ')');
  wrap(
    view,
    block,
    first,
    name,
    constants.map((each) => removeConstant(view, each, name)),
    baseOf(view, all),
  );
  return true;
}

function isWithin(node: Node, outer: Node): boolean {
  return outer.start <= node.start && node.end <= outer.end;
}

/** A part of a template stands for the whole of it. */
function wholeOf(view: SourceView): (occurrence: Occurrence) => Node {
  return ({ node, kind }) => (kind === 'template' ? (view.parent(node) ?? node) : node);
}

function asyncFunctionAround(view: SourceView, nodes: readonly Node[]): FunctionNode | null {
  const common = view.commonFunction(nodes);
  const candidates = common ? [common, ...view.functionsAround(common)] : [];
  const found = candidates.find((fn) => fn['async'] === true && fn['generator'] !== true && view.blockOf(fn) !== null);
  return found && isFunction(found) ? found : null;
}

/** The statement of the function's block with the first use; the first of all where functions are declared further on. */
function firstStatement(view: SourceView, fn: Node, nodes: readonly Node[]): Node | null {
  const statements = statementsOf(view, fn);
  const first = statements.find((statement) => nodes.some((node) => isWithin(node, statement)));
  if (!first) return null;
  const rest = statements.slice(statements.indexOf(first));
  return rest.some(({ type }) => /^(Function|Class)Declaration$/.test(type)) ? (statements[0] ?? null) : first;
}

/** Where the folder is made, as the code says it. */
function baseOf(view: SourceView, all: readonly Occurrence[]): string {
  const call = all.find(({ kind }) => kind === 'call');
  return call && all.every(({ kind }) => kind === 'call')
    ? `\`\${${view.text(call.node)}}/request-\``
    : `${view.quote}/tmp/request-${view.quote}`;
}

function wrap(view: SourceView, block: Node, first: Node, name: string, constants: readonly string[], base: string): void {
  const { unit, semicolon, lineEnd, module } = view;
  const last = list(block, 'body').at(-1) as Node;
  const indent = indentAt(module.text, first.start);
  const line = (text: string, depth = 0) => `${lineEnd}${indent}${unit.repeat(depth)}${text}`;
  view.edits.replace(
    { start: first.start, end: last.end },
    `const ${name} = await mkdtemp(${base})${semicolon}`,
    line('try {'),
    ...constants.map((each) => line(each, 1)),
    line('', 1),
    { start: first.start, end: last.end, indent: { from: indent, to: `${indent}${unit}` } },
    line('} finally {'),
    line(`await rm(${name}, { recursive: true, force: true })${semicolon}`, 1),
    line('}'),
  );
}
