/** The one Handlebars instance. Templates place values; every value passes a helper that encodes it for where it lands. */
import { existsSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import Handlebars from 'handlebars';
import { stringify } from 'yaml';
import { UserError } from './errors.js';

export type TemplateValues = Readonly<Record<string, unknown>>;

export interface RenderOptions {
  /** Folder whose files replace templates of the same name. */
  templates?: string | undefined;
}

/** Text that was generated as code and goes into a template as it is. Only code generators make one. */
export class Code {
  constructor(readonly text: string) {}
}

const engine = Handlebars.create();
const compiled = new Map<string, Handlebars.TemplateDelegate>();

/** A JavaScript string literal that cannot be left from inside, whatever the text holds. */
export function stringLiteral(text: string, quote: "'" | '"' = "'"): string {
  const escaped = JSON.stringify(text)
    .slice(1, -1)
    .replace(/\\"/g, '"')
    .replace(/[\u2028\u2029]/g, unicodeEscape)
    .replace(/<\//g, '<\\/');
  return quote + escaped.replaceAll(quote, `\\${quote}`) + quote;
}

function unicodeEscape(character: string): string {
  return `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`;
}

/** One line of a comment: no line break, and nothing that ends a block comment. */
export function commentText(value: unknown): string {
  return oneLine(text(value)).replaceAll('*/', '* /');
}

/** A value of a Dockerfile instruction: no line break, and no variable or escape that Docker would read. */
export function dockerfileWord(value: unknown): string {
  const word = text(value);
  if (/[\r\n\u2028\u2029\0]/.test(word)) throw new Error('a value with a line break cannot stand in a Dockerfile');
  if (/^[\w@%+=:,./-]+$/.test(word)) return word;
  return `"${word.replace(/["\\$]/g, '\\$&')}"`;
}

/** Exec form: a JSON list on one line. Docker expands no variables in it. */
export function dockerfileList(value: unknown): string {
  if (!Array.isArray(value) || value.some((word) => typeof word !== 'string')) throw new Error('an exec form is a list of texts');
  return `[${value.map((word: string) => JSON.stringify(word)).join(', ')}]`;
}

/** Sources and destination of a COPY: words where that is possible, else the list form. */
export function copyPaths(value: unknown): string {
  if (!Array.isArray(value)) throw new Error('COPY takes a list of paths');
  const simple = value.every((path) => typeof path === 'string' && /^[\w@%+=:,./*?-]+$/.test(path));
  const list = simple ? value.join(' ') : dockerfileList(value);
  if (/[\r\n\u2028\u2029\0]/.test(value.join(''))) throw new Error('a path with a line break cannot stand in a Dockerfile');
  return list;
}

/** One word of a POSIX shell. */
export function shellWord(value: unknown): string {
  const word = text(value);
  if (word.includes('\0')) throw new Error('a value with a NUL cannot stand in a shell command');
  return /^[\w@%+=:,./-]+$/.test(word) ? word : `'${word.replaceAll("'", "'\\''")}'`;
}

/** A scalar of YAML that is read back as the same value. */
export function yamlScalar(value: unknown): string {
  if (
    typeof value === 'string' &&
    /^[A-Za-z_.][\w./-]*$/.test(value) &&
    !/^(?:true|false|null|yes|no|on|off|y|n|\.+(?:inf|nan)?)$/i.test(value) &&
    !/^\.\d/.test(value)
  )
    return value;
  if (typeof value === 'string') return JSON.stringify(value).replace(/[\u007f-\u009f\u2028\u2029\ufeff]/g, unicodeEscape);
  return stringify(value, { lineWidth: 0 }).trimEnd();
}

/** Plain text inside Markdown: no markup, no HTML, no table cell end. */
export function markdownText(value: unknown): string {
  return oneLine(text(value))
    .replace(/[\\`*_{}[\]<>#|~!&]/g, '\\$&')
    .replace(/^(\s*)([-+]|\d+\.)(\s)/, '$1\\$2$3');
}

/** A code span of Markdown, also for texts with backticks; a pipe is escaped so that it may stand in a table. */
export function markdownCode(value: unknown): string {
  // A backslash before the pipe would be escaped itself, and the pipe end the cell.
  const content = oneLine(text(value)).replace(/(\\*)\|/g, '$1$1\\|');
  if (content === '') return '';
  const longest = Math.max(0, ...[...content.matchAll(/`+/g)].map(([run]) => run.length));
  const fence = '`'.repeat(longest + 1);
  const pad = /^`|`$|^ .* $/.test(content) ? ' ' : '';
  return fence + pad + content + pad + fence;
}

/** Line breaks of any kind and control characters become blanks. */
function oneLine(value: string): string {
  return value.replace(/[\s\p{Cc}\u2028\u2029]+/gu, ' ').trim();
}

function text(value: unknown): string {
  if (typeof value === 'string') return value;
  if (typeof value === 'number' || typeof value === 'boolean') return String(value);
  throw new Error(`a template needs a text here, not ${value === null ? 'null' : typeof value}`);
}

/** Encoding helpers by name; a test holds that templates print nothing but through them. */
export const encodingHelpers: Readonly<Record<string, (value: unknown) => string>> = {
  json: (value) => JSON.stringify(value, null, 2),
  yaml: yamlScalar,
  dockerfile: dockerfileWord,
  exec: dockerfileList,
  copy: copyPaths,
  shell: shellWord,
  ts: (value) => (typeof value === 'string' ? stringLiteral(value) : JSON.stringify(value)),
  comment: commentText,
  markdown: markdownText,
  codespan: markdownCode,
  code: (value) => {
    if (!(value instanceof Code)) throw new Error('only generated code goes into a template as it is');
    return value.text;
  },
};

for (const [name, encode] of Object.entries(encodingHelpers)) engine.registerHelper(name, (value: unknown) => encode(value));

let folder: string | undefined;

/** Folder of the templates: beside `src` in the repository, beside `dist` in the package. */
export function templateFolder(): string {
  folder ??= findTemplates();
  return folder;
}

function findTemplates(): string {
  for (let at = dirname(fileURLToPath(import.meta.url)); ; at = dirname(at)) {
    if (existsSync(join(at, 'templates/docker')) && existsSync(join(at, 'package.json'))) return join(at, 'templates');
    if (at === dirname(at)) throw new Error('the templates of migrate-lambda are missing from its package');
  }
}

/**
 * Renders a template, e.g. `render('docker/Dockerfile.hbs', values)`. A value that the template names and that is not there is
 * an error.
 */
export function render(name: string, values: TemplateValues, options: RenderOptions = {}): string {
  const override = options.templates === undefined ? undefined : join(options.templates, name);
  const isOverridden = override !== undefined && existsSync(override);
  const draw = () =>
    template(isOverridden ? override : join(templateFolder(), name))(values, { allowedProtoMethods: {}, allowedProtoProperties: {} });
  if (!isOverridden) return draw();
  try {
    return draw();
  } catch (error) {
    throw new UserError(
      `The template ${name} cannot be filled in: ${error instanceof Error ? error.message : error}`,
      'It may name the values that the built-in template names, each through a helper that fits it.',
      override,
    );
  }
}

function template(file: string): Handlebars.TemplateDelegate {
  let found = compiled.get(file);
  if (!found) {
    const source = readFileSync(file, 'utf8').replaceAll('\r\n', '\n');
    found = engine.compile(source, { strict: true, noEscape: true, preventIndent: true, knownHelpersOnly: true, knownHelpers });
    compiled.set(file, found);
  }
  return found;
}

const knownHelpers = Object.fromEntries(Object.keys(encodingHelpers).map((name) => [name, true]));
