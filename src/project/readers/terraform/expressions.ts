/** Texts of a repository's Terraform files, parsed once each. */
import { isNestedSafely } from '../../../nesting.js';
import { isPlainObject } from '../../data.js';
import type { ExpressionSource } from './evaluate.js';
import { isTemplateText, type ParsedExpression, parseTemplate } from './hcl.js';

/** More expressions than this are not parsed: no project has them, a hostile one may. */
const maximumExpressions = 50_000;
const maximumText = 500_000;

export class ExpressionCache implements ExpressionSource {
  private readonly parsed = new Map<string, ParsedExpression | undefined>();
  private readonly wanted = new Set<string>();

  find(text: string): ParsedExpression | undefined {
    if (!this.parsed.has(text)) this.wanted.add(text);
    return this.parsed.get(text);
  }

  /** Parses every text in a value. */
  async prepare(value: unknown): Promise<void> {
    this.collect(value, 0);
    await this.parseWanted();
  }

  private collect(value: unknown, depth: number): void {
    if (depth > 200) return;
    if (typeof value === 'string') {
      if (isTemplateText(value) && !this.parsed.has(value)) this.wanted.add(value);
    } else if (Array.isArray(value)) {
      for (const entry of value) this.collect(entry, depth + 1);
    } else if (isPlainObject(value)) {
      for (const [key, entry] of Object.entries(value)) {
        this.collect(key, depth + 1);
        this.collect(entry, depth + 1);
      }
    }
  }

  /** Parses what was asked for and missing; false when there was nothing. */
  async parseWanted(): Promise<boolean> {
    const texts = [...this.wanted];
    this.wanted.clear();
    for (const text of texts) {
      const safe = this.parsed.size < maximumExpressions && text.length <= maximumText && isNestedSafely(text);
      this.parsed.set(text, safe ? await parseTemplate(text) : undefined);
    }
    return texts.length > 0;
  }
}
