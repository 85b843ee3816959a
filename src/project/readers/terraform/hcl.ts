/** Terraform's own parser, as WebAssembly: HCL files and expressions as plain data. It takes half a second to start, so it is loaded when the first file is read. */
import type { TFExpressionSyntaxTree } from '@cdktn/hcl2json';
import { objectOf, type PlainObject } from '../../data.js';

export type Expression = TFExpressionSyntaxTree.ExpressionType;

/** An expression and the text that its ranges count in. */
export interface ParsedExpression {
  tree: Expression;
  /** UTF-8, because ranges are in bytes. */
  source: Buffer;
}

/** A file that is not HCL: why and where. */
export class UnreadableHcl extends Error {
  constructor(
    message: string,
    readonly line: number,
    readonly column: number,
  ) {
    super(message);
  }
}

async function parser(): Promise<typeof import('@cdktn/hcl2json')> {
  return import('@cdktn/hcl2json');
}

/**
 * Blocks of a `.tf` or `.tfvars` file: block type → labels → list of bodies. Texts stay templates: `${…}` is not put in.
 * @throws UnreadableHcl
 */
export async function parseFile(file: string, text: string): Promise<PlainObject> {
  if (text.trim() === '') return {};
  const known = files.get(text);
  if (known) return structuredClone(known);
  try {
    const content = objectOf(await (await parser()).parse(file, text));
    remember(files, text, content, 1000);
    return structuredClone(content);
  } catch (error) {
    throw unreadable(error);
  }
}

/** By text: modules of a repository are called by many roots, and the same few expressions are in most files. */
const files = new Map<string, PlainObject>();
const templates = new Map<string, ParsedExpression | undefined>();

/** The oldest goes when there are too many: a run over thousands of projects must not grow. */
function remember<Parsed>(known: Map<string, Parsed>, text: string, parsed: Parsed, most: number): void {
  known.set(text, parsed);
  for (const oldest of known.keys()) {
    if (known.size <= most) return;
    known.delete(oldest);
  }
}

function unreadable(error: unknown): UnreadableHcl {
  const message = error instanceof Error ? error.message : String(error);
  const [, line, column, reason] = /:(\d+),(\d+)-[\d,]+: ([^;\n]*)/.exec(message) ?? [];
  return new UnreadableHcl(reason ?? message, Number(line ?? 1), Number(column ?? 1));
}

/** True for a text that is more than its own characters. */
export function isTemplateText(text: string): boolean {
  return text.includes('${') || text.includes('%{');
}

/** The tree of a template text as {@link parseFile} gives it; undefined when it cannot be parsed. */
export async function parseTemplate(text: string): Promise<ParsedExpression | undefined> {
  if (!templates.has(text)) remember(templates, text, await parsedTemplate(text), 10_000);
  return templates.get(text);
}

async function parsedTemplate(text: string): Promise<ParsedExpression | undefined> {
  // A heredoc takes any text as it is: nothing in it has to be escaped again.
  const end = text.includes('TEMPLATE') ? `TEMPLATE_${text.length}` : 'TEMPLATE';
  const source = `<<${end}\n${text}\n${end}\n`;
  try {
    const tree = await (await parser()).getExpressionAst('template.tf', source);
    return tree ? { tree, source: Buffer.from(source) } : undefined;
  } catch {
    return undefined;
  }
}
