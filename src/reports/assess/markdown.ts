import { visibleLine } from '../paint.js';
import type { Block } from './blocks.js';

/** Blocks as Markdown that can be attached to a decision. */
export function markdownBlocks(blocks: readonly Block[]): string {
  return `${blocks
    .map(blockText)
    .filter((text) => text !== '')
    .join('\n\n')}\n`;
}

function blockText(block: Block): string {
  if (block.kind === 'heading') return `${'#'.repeat(block.level)} ${escaped(block.text)}`;
  if (block.kind === 'text') return block.tone === 'strong' ? `**${escaped(block.text)}**` : escaped(block.text);
  if (block.kind === 'list') return block.items.map((item) => `- ${escaped(item)}`).join('\n');
  if (block.kind === 'readiness') return block.counts.map(({ text, count }) => `- ${escaped(text)}: ${count}`).join('\n');
  if (block.kind !== 'table') return '';
  const row = (cells: readonly string[]) => `| ${cells.map(escaped).join(' | ')} |`;
  return [row(block.heading), row(block.heading.map(() => '---')), ...block.rows.map((cells) => row(cells.map(({ text }) => text)))].join(
    '\n',
  );
}

/** Names of the user must not become links, tables, code or HTML; commands in backticks are ours, and entities are no entities there. */
function escaped(text: string): string {
  return visibleLine(text).replace(/`(?:migrate-lambda |--)[^`|\\]*`|[\\|<>*_[\]]/g, (found) =>
    found.startsWith('`') ? found : (entities[found] ?? `\\${found}`),
  );
}

const entities: Readonly<Record<string, string>> = { '<': '&lt;', '>': '&gt;' };
