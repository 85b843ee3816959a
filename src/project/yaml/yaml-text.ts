import { Composer, type Document, isScalar, type Node, Parser, type YAMLError } from 'yaml';
import { type ParsedText, UnreadableText, type YamlOptions } from '../yaml.js';
import { YamlConverter } from './convert.js';
import { YamlLocator } from './locate.js';
import { sheltered, withoutTags } from './placeholders.js';

/** Complaints of the parser about what AWS reads without one. */
const tolerated = new Set(['KEY_OVER_1024_CHARS', 'MULTILINE_IMPLICIT_KEY', 'MULTIPLE_DOCS', 'BAD_DIRECTIVE', 'TAG_RESOLVE_FAILED']);

/** Rounds of joining lines before giving up; each costs a parse. */
const maximumRepairs = 40;

/** Characters parsed again for repairs before giving up: a big file gets fewer rounds. */
const maximumRepairedText = 10_000_000;

/** @throws UnreadableText */
export function readYamlText(text: string, options: YamlOptions): ParsedText {
  const document = templatedDocument(sheltered(text));
  const root = (document?.contents ?? null) as Node | null;
  if (root === null) return { value: null, duplicates: [], locate: () => undefined };
  const converter = new YamlConverter(text, options);
  const value = converter.convert(root);
  const locator = new YamlLocator(text, converter);
  return { value, duplicates: converter.duplicates, locate: (path) => locator.locate(root, path) };
}

/** A text with template tags is read without them when it is no YAML with them. */
function templatedDocument(text: string): Document.Parsed | undefined {
  try {
    return repairedDocument(text);
  } catch (error) {
    const plain = withoutTags(text);
    if (plain === undefined) throw error;
    return repairedDocument(plain);
  }
}

/** AWS does not mind how lines inside `[…]`, `{…}` and quotes are indented; the parser does, so such lines are joined. */
function repairedDocument(text: string): Document.Parsed | undefined {
  let source = text;
  let first: YAMLError | undefined;
  for (let repairs = 0; ; repairs++) {
    const document = firstDocument(source);
    const errors = document?.errors.filter(({ code }) => !tolerated.has(code)) ?? [];
    first ??= errors[0];
    if (errors.length === 0 || first === undefined) return document;
    const repaired = repairs < maximumRepairs && repairs * text.length < maximumRepairedText ? joinLines(source, errors) : source;
    // The parser hands on what the engine says when a text is too deep for it.
    const reason = first.message.startsWith('Maximum call stack') ? 'it is nested too deeply' : first.message;
    if (repaired === source) throw new UnreadableText(reason, first.pos[0]);
    source = repaired;
  }
}

/** All lines that can be joined at once; the text itself when none can. */
function joinLines(text: string, errors: readonly YAMLError[]): string {
  return errors.reduce((joined, error) => joinLine(joined, error) ?? joined, text);
}

/** The text with one line break (and a comment before it) blanked out, so that every offset stays; undefined for other errors. */
function joinLine(text: string, { code, message, pos }: YAMLError): string | undefined {
  if (code === 'MISSING_CHAR' && /closing ["']/.test(message)) return blankBreak(text, text.indexOf('\n', pos[0]));
  return code === 'BAD_INDENT' && message.startsWith('Flow ') ? blankBreak(text, text.lastIndexOf('\n', pos[0])) : undefined;
}

function blankBreak(text: string, at: number): string | undefined {
  if (at < 0) return undefined;
  const lineStart = text.lastIndexOf('\n', at - 1) + 1;
  const line = text.slice(lineStart, at);
  const comment = /(^|\s)#[^"'\]}]*$/.exec(line);
  const kept = comment ? line.slice(0, comment.index).padEnd(line.length) : line.replace(/\r$/, ' ');
  return `${text.slice(0, lineStart)}${kept} ${text.slice(at + 1)}`;
}

/** The first document that holds something; later ones are not even parsed. */
function firstDocument(text: string): Document.Parsed | undefined {
  const composer = new Composer({
    schema: 'failsafe',
    uniqueKeys: false,
    prettyErrors: false,
    logLevel: 'silent',
    keepSourceTokens: false,
  });
  for (const document of composer.compose(new Parser().parse(text), true, text.length)) {
    const { contents } = document;
    const empty = contents === null || (isScalar(contents) && contents.source === '' && contents.type === 'PLAIN');
    if (!empty || document.errors.length > 0) return document as Document.Parsed;
  }
  return undefined;
}
