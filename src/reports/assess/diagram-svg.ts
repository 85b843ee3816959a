/** A diagram as SVG text: what calls is on the left, what is called on the right, what is between in the middle. */
import type { Diagram, DiagramNode, NodeKind } from '../../diagram/diagram.js';
import { escaped } from './html.js';

const box = { width: 280, height: 40, gap: 14, between: 80 } as const;

const colours: Readonly<Record<NodeKind, string>> = { source: '#57606a', function: '#bf8700', front: '#8250df', service: '#1a7f37' };

/** Half-width characters that fit into a box; the whole text is its title. */
const longest = 38;

export function diagramSvg({ nodes, edges }: Diagram, title: string): string {
  const isCalled = (id: string) => edges.some(({ to }) => to === id);
  const columns = [nodes.filter(({ id }) => !isCalled(id)), nodes.filter(({ id }) => isCalled(id))].filter((column) => column.length > 0);
  const places = new Map(
    columns.flatMap((column, at) =>
      column.map(({ id }, row) => [id, { x: at * (box.width + box.between), y: row * (box.height + box.gap) }] as const),
    ),
  );
  const height = Math.max(1, ...columns.map((column) => column.length)) * (box.height + box.gap);
  const width = Math.max(1, columns.length) * (box.width + box.between) - box.between;
  const at = (id: string) => places.get(id) ?? { x: 0, y: 0 };
  return [
    `<svg viewBox="-2 -2 ${width + 4} ${height + 4}" role="img" aria-label="${escaped(title)}">`,
    ...edges.map(({ from, to, label }) => arrow(at(from), at(to), label)),
    ...nodes.map((node) => boxOf(node, at(node.id))),
    '</svg>',
  ].join('\n');
}

function arrow(from: { x: number; y: number }, to: { x: number; y: number }, label: string | undefined): string {
  const start = { x: from.x + box.width, y: from.y + box.height / 2 };
  const end = { x: to.x, y: to.y + box.height / 2 };
  const middle = (start.x + end.x) / 2;
  const line = `<path d="M${start.x} ${start.y}C${middle} ${start.y} ${middle} ${end.y} ${end.x} ${end.y}" fill="none" stroke="#8c959f"/>`;
  const head = `<path d="M${end.x} ${end.y}l-7 -4v8z" fill="#8c959f"/>`;
  return label === undefined ? line + head : `<g>${line}${head}<title>${escaped(label)}</title></g>`;
}

function boxOf({ id, kind, label }: DiagramNode, { x, y }: { x: number; y: number }): string {
  return [
    `<g data-node="${id}"><title>${escaped(label)}</title>`,
    `<rect x="${x}" y="${y}" width="${box.width}" height="${box.height}" rx="6" fill="#fff" stroke="${colours[kind]}" stroke-width="1.5"/>`,
    `<text x="${x + 12}" y="${y + box.height / 2 + 4}">${escaped(shortened(label))}</text></g>`,
  ].join('');
}

function shortened(label: string): string {
  let room = longest;
  const shown = [...label].filter((character) => {
    room -= /[\u1100-\uffff]|\p{Extended_Pictographic}/u.test(character) ? 2 : 1;
    return room > 0;
  });
  return room >= 0 ? label : `${shown.join('')}…`;
}
