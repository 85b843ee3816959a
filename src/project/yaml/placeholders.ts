/**
 * Files that are themselves templates (cookiecutter, Jinja): `{{name}}` and `{% if … %}`. Such a text is no YAML, yet its
 * shape can be told. Every replacement has the length of what it replaces, so that offsets stay.
 */

/** Characters of a placeholder are moved here while the text is parsed: none of them means anything to YAML. */
const shelter = 0xe000;

const placeholder = /\{\{[^{}\n]*\}\}/g;
const tag = /\{%-?\s*(\w+)[^\n]*?%\}/g;

/** Keeps `{{name}}` from being read as a mapping; {@link restored} brings it back. */
export function sheltered(text: string): string {
  return text.includes('{{')
    ? text.replace(placeholder, (found) => mapCharacters(found, (code) => (code < 0x100 ? code + shelter : code)))
    : text;
}

export function restored(text: string): string {
  return /[\ue000-\ue0ff]/.test(text)
    ? mapCharacters(text, (code) => (code >= shelter && code < shelter + 0x100 ? code - shelter : code))
    : text;
}

function mapCharacters(text: string, map: (code: number) => number): string {
  return Array.from({ length: text.length }, (_, at) => String.fromCharCode(map(text.charCodeAt(at)))).join('');
}

/** The text without `{% … %}`: the first branch of every condition stays, and loops run once. Undefined when it has none. */
export function withoutTags(text: string): string | undefined {
  let result = '';
  let at = 0;
  /** How deep the tags are nested inside a branch that is left out; 0 outside of one. */
  let hidden = 0;
  for (const match of text.matchAll(tag)) {
    const between = text.slice(at, match.index);
    result += (hidden > 0 ? blank(between) : between) + blank(match[0]);
    at = match.index + match[0].length;
    hidden = nesting(match[1] as string, hidden);
  }
  return at === 0 ? undefined : result + text.slice(at);
}

function nesting(word: string, hidden: number): number {
  if (hidden === 0) return word === 'else' || word === 'elif' ? 1 : 0;
  if (word === 'if' || word === 'for') return hidden + 1;
  return word === 'endif' || word === 'endfor' ? hidden - 1 : hidden;
}

function blank(text: string): string {
  return text.replace(/[^\r\n]/g, ' ');
}
