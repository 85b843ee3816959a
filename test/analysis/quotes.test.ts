import { describe, expect, it } from 'vitest';
import { importQuoteOf, quoteOf } from '../../src/analysis/quotes.js';

describe('quotes of a module', () => {
  it.each([
    ['no text', '', "'", "'"],
    ['an import beside JSON', `import { a } from 'a';\nsend({ "b": "c", "d": "e" });`, '"', "'"],
    ['an import for its effect', `import 'a';\nf("b", "c");`, '"', "'"],
    ['a require', `const a = require("a");\nf('b', 'c');`, "'", '"'],
    ['no import', `f("b");`, '"', '"'],
  ])('%s', (_, text, all, imports) => {
    expect([quoteOf(text), importQuoteOf(text)]).toEqual([all, imports]);
  });
});
