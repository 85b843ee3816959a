/** Values of a generated file that have a name of their own: declared once above what uses them. */
import { Code } from '../render.js';
import type { Imports } from './imports.js';
import { type LiteralOptions, literal } from './literals.js';

export class Constants {
  private readonly byText = new Map<string, { name: string; statement: string }>();

  constructor(
    private readonly imports: Imports,
    private readonly options: LiteralOptions,
  ) {}

  /** The name under which the value is declared; equal values have one. `type` is written after the name. */
  declare(wish: string, value: unknown, type?: string): Code {
    const text = literal(value, { ...this.options, expand: true });
    const known = this.byText.get(text) ?? this.add(wish, text, type);
    return new Code(known.name);
  }

  /** All declarations, in the order of first use; empty when there are none. */
  statements(): string {
    return [...this.byText.values()].map(({ statement }) => `\n${statement}\n`).join('');
  }

  private add(wish: string, text: string, type: string | undefined): { name: string; statement: string } {
    const name = this.imports.unique(wish);
    const made = { name, statement: `const ${name}${type === undefined ? '' : `: ${type}`} = ${text};` };
    this.byText.set(text, made);
    return made;
  }
}
