/** The report as one HTML page that needs nothing from elsewhere: styles inside, pictures as SVG, no script. */
import type { Language } from '../../assess/words/words.js';
import { visibleLine } from '../paint.js';
import type { Block, BlockCell } from './blocks.js';
import { curveSvg, readinessSvg } from './charts.js';
import { diagramSvg } from './diagram-svg.js';

const style = `
:root { color-scheme: light; --line: #d5dae1; --faint: #5b6675; --good: #1a7f37; --fair: #9a6700; --bad: #cf222e; }
* { box-sizing: border-box; }
body { margin: 0 auto; max-width: 1100px; overflow-wrap: anywhere; padding: 2rem 1.25rem 4rem; color: #1d2430; background: #fff;
  font: 15px/1.55 system-ui, -apple-system, "Segoe UI", "Noto Sans", "Noto Sans CJK SC", "PingFang SC", "Microsoft YaHei", sans-serif; }
h1 { font-size: 1.7rem; line-height: 1.25; }
h2 { margin-top: 2.5rem; padding-top: 1rem; border-top: 2px solid var(--line); font-size: 1.3rem; }
h3 { margin-top: 1.75rem; font-size: 1.05rem; }
.wide { overflow-x: auto; }
table { border-collapse: collapse; width: 100%; font-size: 13.5px; }
th, td { padding: .4rem .6rem; border-bottom: 1px solid var(--line); text-align: left; vertical-align: top; overflow-wrap: anywhere; }
th { color: var(--faint); font-weight: 600; white-space: nowrap; }
td.strong { font-weight: 600; min-width: 9rem; }
.good { color: var(--good); } .fair { color: var(--fair); } .bad { color: var(--bad); } .faint { color: var(--faint); }
.strong { font-weight: 600; }
figure { margin: 1rem 0; } figcaption { font-weight: 600; margin-bottom: .5rem; }
svg { display: block; width: 100%; height: auto; }
svg text { font: 12px system-ui, "Noto Sans CJK SC", sans-serif; fill: #1d2430; }
@media print { body { max-width: none; padding: 0; } h2 { break-before: page; } }
`;

export function htmlPage(blocks: readonly Block[], language: Language): string {
  const title = blocks.find((block) => block.kind === 'heading')?.text ?? '';
  return [
    '<!doctype html>',
    `<html lang="${language === 'zh' ? 'zh-CN' : 'en'}">`,
    '<head>',
    '<meta charset="utf-8">',
    '<meta name="viewport" content="width=device-width, initial-scale=1">',
    `<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'">`,
    `<title>${escaped(title)}</title>`,
    `<style>${style}</style>`,
    '</head>',
    '<body>',
    ...blocks.map(blockHtml),
    '</body>',
    '</html>',
    '',
  ].join('\n');
}

function blockHtml(block: Block): string {
  if (block.kind === 'heading') return `<h${block.level}>${escaped(block.text)}</h${block.level}>`;
  if (block.kind === 'text') return `<p${classOf(block.tone)}>${escaped(block.text)}</p>`;
  if (block.kind === 'list') return `<ul>\n${block.items.map((item) => `<li>${escaped(item)}</li>`).join('\n')}\n</ul>`;
  if (block.kind === 'curve') return figure(block.title, curveSvg(block));
  if (block.kind === 'diagram') return figure(block.title, diagramSvg(block.diagram, block.title));
  if (block.kind === 'readiness') return figure(block.title, readinessSvg(block));
  const heading = block.heading.map((text) => `<th scope="col">${escaped(text)}</th>`).join('');
  const rows = block.rows.map((row) => `<tr>${row.map((cell) => `<td${classOf(cell.tone)}>${escaped(cell.text)}</td>`).join('')}</tr>`);
  return `<div class="wide"><table>\n<thead><tr>${heading}</tr></thead>\n<tbody>\n${rows.join('\n')}\n</tbody>\n</table></div>`;
}

function figure(title: string, svg: string): string {
  return `<figure>\n<figcaption>${escaped(title)}</figcaption>\n${svg}\n</figure>`;
}

function classOf(tone: BlockCell['tone']): string {
  return tone === undefined ? '' : ` class="${tone}"`;
}

export function escaped(text: string): string {
  return visibleLine(text).replace(/[&<>"']/g, (character) => `&#${character.charCodeAt(0)};`);
}
