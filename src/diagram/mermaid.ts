/** Diagrams in the language of Mermaid, which Markdown of GitHub and others draws. https://mermaid.js.org/syntax/flowchart.html */
import type { Diagram, DiagramNode, NodeKind } from './diagram.js';

const shapes: Readonly<Record<NodeKind, readonly [string, string]>> = {
  source: ['([', '])'],
  function: ['[', ']'],
  front: ['{{', '}}'],
  service: ['[[', ']]'],
};

/** One flowchart, from left to right; `title` is what a reader of the text alone sees first. */
export function mermaid({ nodes, edges }: Diagram, title: string): string[] {
  return [
    'flowchart LR',
    `  accTitle: ${title}`,
    ...nodes.map((node) => `  ${node.id}${boxOf(node)}`),
    ...edges.map(({ from, to, label }) => `  ${from} -->${label === undefined ? '' : `|"${mermaidText(label)}"|`} ${to}`),
  ];
}

function boxOf({ kind, label }: DiagramNode): string {
  const [open, close] = shapes[kind];
  return `${open}"${mermaidText(label)}"${close}`;
}

/**
 * A text between quotes of Mermaid: letters, digits and a few signs as they are (`-`, `.` and `_` only inside a word: at its start they make lists), anything else by its code point, so that neither Mermaid,
 * nor Markdown in it, nor the page it is drawn in reads something else.
 */
function mermaidText(text: string): string {
  const line = text.replace(/[\s\p{Cc}\p{Cs}\u2028\u2029]+/gu, ' ').trim();
  return line.replace(/[-._](?!(?<=[\p{L}\p{N}].)[\p{L}\p{N}])|[^-._\p{L}\p{N} ,:()/]/gu, (sign) => `#${sign.codePointAt(0)};`) || '#32;';
}
