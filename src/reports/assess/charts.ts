/** Charts as SVG text. Text comes from dictionaries and ids; it is escaped by the page's own function. */
import { number } from '../../assess/money.js';
import { type Block, titleOf } from './blocks.js';
import { escaped } from './html.js';

type Of<Kind extends Block['kind']> = Extract<Block, { kind: Kind }>;

const size = { width: 1000, height: 420, left: 80, right: 310, top: 20, bottom: 50 } as const;
const right = size.width - size.right;
const floor = size.height - size.bottom;

/** Told apart by colour and by dashes, so that a black and white print can be read. */
const strokes = ['#1f6feb', '#d1242f', '#1a7f37', '#8250df', '#bf8700', '#0a7ea4', '#cf5d0e', '#57606a', '#bf3989', '#4d2d00'];
const dashes = ['', '7 4', '2 3', '10 3 2 3'];

/** Cost against traffic, both logarithmic, with the points from which on an option costs less than staying. */
export function curveSvg({ region, say, title }: Of<'curve'>): string {
  const { requests, options } = region.curve;
  const known = Object.entries(options).filter(([, amounts]) => amounts.every((amount) => amount !== null)) as [string, number[]][];
  if (known.length === 0) return `<p class="faint">${escaped(say('word.unknown'))}</p>`;
  const amounts = known.flatMap(([, each]) => each).map((amount) => Math.max(amount, 1));
  const x = scale(requests[0] ?? 1, requests.at(-1) ?? 10, size.left, right);
  const y = scale(Math.max(1, Math.min(...amounts)), Math.max(...amounts, 10), floor, size.top);
  const lines = known.map(([id, each], index) => {
    const points = each.map((amount, at) => `${x(requests[at] ?? 1).toFixed(1)},${y(Math.max(amount, 1)).toFixed(1)}`).join(' ');
    return `<polyline data-option="${escaped(id)}" fill="none" stroke-width="2" ${strokeOf(index)} points="${points}"/>`;
  });
  const legend = known.map(([id], index) => {
    const at = size.top + 12 + index * 24;
    const title = `<text x="${right + 52}" y="${at + 4}">${escaped(titleOf(id, say))}</text>`;
    return `<line x1="${right + 16}" x2="${right + 44}" y1="${at}" y2="${at}" stroke-width="2" ${strokeOf(index)}/>${title}`;
  });
  const marks = region.options.flatMap(({ id, crossing }) => {
    const index = known.findIndex(([each]) => each === id);
    const at = crossing.kind === 'at' && index !== -1 ? interpolated(requests, known[index]?.[1] ?? [], crossing.requests) : undefined;
    if (at === undefined || crossing.kind !== 'at') return [];
    const label = `${titleOf(id, say)}: ${number(crossing.requests)}`;
    const colour = strokes[index % strokes.length];
    return [
      `<circle data-crossing="${escaped(id)}" cx="${x(crossing.requests).toFixed(1)}" cy="${y(Math.max(at, 1)).toFixed(1)}" r="5" fill="#fff" stroke-width="2" stroke="${colour}"><title>${escaped(label)}</title></circle>`,
    ];
  });
  return [
    `<svg viewBox="0 0 ${size.width} ${size.height}" role="img" aria-label="${escaped(title)}">`,
    ...axis(powers(requests[0] ?? 1, requests.at(-1) ?? 10), (value) => vertical(x(value), short(value))),
    ...axis(powers(Math.max(1, Math.min(...amounts)), Math.max(...amounts, 10)), (value) => horizontal(y(value), short(value))),
    `<text x="${(size.left + right) / 2}" y="${size.height - 8}" text-anchor="middle">${escaped(say('word.requests-a-month'))}</text>`,
    `<text x="14" y="${(size.top + floor) / 2}" text-anchor="middle" transform="rotate(-90 14 ${(size.top + floor) / 2})">${escaped(`${say('heading.cost')} (${region.region.currency})`)}</text>`,
    ...lines,
    ...marks,
    ...legend,
    '</svg>',
  ].join('\n');
}

/** A bar of all functions, and what its parts are. */
export function readinessSvg({ counts, title }: Of<'readiness'>): string {
  const total = counts.reduce((sum, { count }) => sum + count, 0);
  const colours = { ready: '#1a7f37', work: '#bf8700', person: '#d1242f', stays: '#57606a', unknown: '#8250df' } as const;
  const shown = counts.filter(({ count }) => count > 0);
  let from = 0;
  const bars = shown.map(({ count, readiness }) => {
    const width = (count / Math.max(1, total)) * size.width;
    const bar = `<rect data-readiness="${readiness}" x="${from.toFixed(1)}" y="0" width="${width.toFixed(1)}" height="34" fill="${colours[readiness]}"/>`;
    from += width;
    return bar;
  });
  const legend = shown.map(({ text, count, readiness }, index) => {
    const at = (index * size.width) / 5;
    return `<rect x="${at}" y="48" width="12" height="12" fill="${colours[readiness]}"/><text x="${at + 18}" y="58">${escaped(`${text}: ${count}`)}</text>`;
  });
  return [`<svg viewBox="0 0 ${size.width} 70" role="img" aria-label="${escaped(title)}">`, ...bars, ...legend, '</svg>'].join('\n');
}

function scale(from: number, to: number, start: number, end: number): (value: number) => number {
  const span = Math.log(to / from) || 1;
  return (value) => start + ((end - start) * Math.log(value / from)) / span;
}

function powers(from: number, to: number): number[] {
  const values: number[] = [];
  for (let power = Math.ceil(Math.log10(from) - 1e-9); power <= Math.log10(to) + 1e-9; power++) values.push(10 ** power);
  return values;
}

function axis(values: readonly number[], draw: (value: number) => string): string[] {
  return values.map(draw);
}

function vertical(at: number, text: string): string {
  const x = at.toFixed(1);
  return `<line x1="${x}" x2="${x}" y1="${size.top}" y2="${floor}" stroke="#e6e9ee"/><text x="${x}" y="${floor + 18}" text-anchor="middle">${text}</text>`;
}

function horizontal(at: number, text: string): string {
  const y = at.toFixed(1);
  return `<line x1="${size.left}" x2="${right}" y1="${y}" y2="${y}" stroke="#e6e9ee"/><text x="${size.left - 8}" y="${(at + 4).toFixed(1)}" text-anchor="end">${text}</text>`;
}

/** 1000 → 1k, 1e6 → 1M, 1e9 → 1G. */
function short(value: number): string {
  const [unit, name] = (
    [
      [1e9, 'G'],
      [1e6, 'M'],
      [1e3, 'k'],
    ] as const
  ).find(([least]) => value >= least) ?? [1, ''];
  return `${Math.round(value / unit)}${name}`;
}

function strokeOf(index: number): string {
  const dash = dashes[index % dashes.length];
  return `stroke="${strokes[index % strokes.length]}"${dash === '' ? '' : ` stroke-dasharray="${dash}"`}`;
}

/** Cost at a traffic between two points of the curve. */
function interpolated(requests: readonly number[], amounts: readonly number[], at: number): number | undefined {
  const next = requests.findIndex((each) => each >= at);
  const [a, b] = [amounts[next - 1], amounts[next]];
  const [from, to] = [requests[next - 1], requests[next]];
  if (a === undefined || b === undefined || from === undefined || to === undefined) return undefined;
  return a + ((b - a) * (at - from)) / (to - from);
}
