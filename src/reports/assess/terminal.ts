import { type paintOf, visibleLine } from '../paint.js';
import { type Cell, table, wrap } from '../table.js';
import type { TerminalOptions } from '../terminal.js';
import type { Block, BlockCell } from './blocks.js';

type Paints = ReturnType<typeof paintOf>;

/** Blocks for a terminal; pictures are left out. */
export function terminalBlocks(blocks: readonly Block[], options: TerminalOptions): string {
  return blocks
    .map((block) => blockText(block, options))
    .filter((text) => text !== '')
    .join('\n');
}

function blockText(block: Block, { paint, columns }: TerminalOptions): string {
  const room = columns ?? Number.POSITIVE_INFINITY;
  if (block.kind === 'heading') return block.level === 3 ? `${paint.cyan(block.text)}\n` : `${paint.bold(block.text)}\n`;
  if (block.kind === 'text')
    return lines(block.text, room, '', '')
      .map((line) => `${toned(block.tone, paint)?.(line) ?? line}\n`)
      .join('');
  if (block.kind === 'list') return `${block.items.flatMap((item) => lines(item, room, '- ', '  ')).join('\n')}\n`;
  if (block.kind !== 'table') return '';
  const heading = block.heading.map((text): Cell => ({ text, paint: paint.dim }));
  return table([heading, ...block.rows.map((row) => row.map((cell) => cellOf(cell, paint)))], { columns });
}

function lines(text: string, room: number, first: string, rest: string): string[] {
  return wrap(visibleLine(text), Math.max(40, room) - first.length).map((line, index) => `${index === 0 ? first : rest}${line}`);
}

function cellOf({ text, tone }: BlockCell, paint: Paints): Cell {
  return { text: visibleLine(text), paint: toned(tone, paint) };
}

function toned(tone: BlockCell['tone'], paint: Paints): ((text: string) => string) | undefined {
  if (tone === undefined) return undefined;
  return { good: paint.green, fair: paint.yellow, bad: paint.red, strong: paint.bold, faint: paint.dim }[tone];
}
