/** The places of a file that name the folder for temporary files. */
import { child, list, memberPath, type Node, walk } from '../../src/analysis/syntax.js';
import type { SourceView } from '../../src/mending/source-view.js';

export interface Occurrence {
  node: Node;
  kind: 'string' | 'template' | 'call';
}

const folder = /(?<![\w.-])\/tmp(?![\w.-])/g;

/** Strings, parts of templates and calls of `tmpdir()`, in the order of the text. */
export function occurrencesIn(view: SourceView): Occurrence[] {
  const found: Occurrence[] = [];
  walk(view.program, (node) => {
    if (node.type === 'Literal' && typeof node['value'] === 'string' && matches(node['value'])) found.push({ node, kind: 'string' });
    if (node.type === 'TemplateElement' && matches(view.text(node))) found.push({ node, kind: 'template' });
    if (node.type === 'CallExpression' && memberPath(child(node, 'callee'))?.at(-1) === 'tmpdir' && list(node, 'arguments').length === 0)
      found.push({ node, kind: 'call' });
  });
  return found;
}

export function mentionsTmp(text: string): boolean {
  return matches(text) || /\btmpdir\b/.test(text);
}

function matches(text: string): boolean {
  return text.search(folder) !== -1;
}

/** A string that is no value: a key, an import, a type. */
export function isPlainValue(view: SourceView, { node, kind }: Occurrence): boolean {
  if (kind !== 'string') return true;
  const parent = view.parent(node);
  if (!parent || /^(Import|Export|TS|JSX|Directive)/.test(parent.type)) return false;
  if (parent.type === 'ExpressionStatement') return false;
  return !(/Property|MethodDefinition/.test(parent.type) && child(parent, 'key') === node);
}

/** Names the folder of the request instead. */
export function rename(view: SourceView, { node, kind }: Occurrence, name: string): void {
  view.edits.replace(node, renamed(view, { node, kind }, name));
}

export function renamed(view: SourceView, { node, kind }: Occurrence, name: string): string {
  const text = view.text(node);
  if (kind === 'call') return name;
  if (kind === 'template') return text.replace(folder, `\${${name}}`);
  const inner = text.slice(1, -1);
  if (/^\/tmp\/?$/.test(inner)) return name;
  const raw = inner.replace(/\\(['"])/g, '$1').replace(/`|\$\{/g, '\\$&');
  return `\`${raw.replace(folder, `\${${name}}`)}\``;
}
