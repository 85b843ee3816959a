/** Which quotes the text of a module is written with. */
export type Quote = "'" | '"';

/** Those that it has more of; single ones when it has none. */
export function quoteOf(text: string): Quote {
  return text.split('"').length > text.split("'").length ? '"' : "'";
}

/** Those of its first import or require, which a text full of JSON may write otherwise than the rest. */
export function importQuoteOf(text: string): Quote {
  const found = /^(?:import\s*(?:[^'"\n]*\sfrom\s*)?|[^'"\n]*\brequire\(\s*)(['"])/m.exec(text)?.[1];
  return (found as Quote | undefined) ?? quoteOf(text);
}
