/** Files that code finds by its own place (`__dirname`, `import.meta.url`), as far as its text tells. */
import type { Repository } from '../project/repository.js';
import { join } from './paths.js';

const ownPlace = /\b__dirname\b|\b__filename\b|import\.meta\.(?:url|dirname|filename)/;

/** First line (from 1) that asks where the file lies; undefined when none does. */
export function ownPlaceLine(text: string): number | undefined {
  const index = text.split('\n').findIndex((line) => ownPlace.test(line));
  return index === -1 ? undefined : index + 1;
}

export interface ReadsInput {
  repository: Repository;
  text: string;
  /** Folder that `__dirname` stands for. */
  folder: string;
  /** Variables whose value is known, for paths like `.env.${process.env.STAGE}`. */
  environment: Readonly<Record<string, string>>;
}

/** Files of the repository that the paths in the text lead to; for a folder all files in it. */
export function filesRead({ repository, text, folder, environment }: ReadsInput): string[] {
  const patterns = pathsBesideFile(text, environment).map((path) => join(folder, path));
  if (patterns.length === 0) return [];
  const expressions = patterns.filter((pattern) => !pattern.startsWith('..') && pattern !== folder).map(expressionOf);
  return repository.files().filter((file) => expressions.some((expression) => expression.test(file)));
}

/** What is only known when the code runs stands for any text. */
const unknown = '*';

/** Paths that are joined to the file's own folder, with `*` for what is not known. */
function pathsBesideFile(text: string, environment: Readonly<Record<string, string>>): string[] {
  const found: string[] = [];
  const place = String.raw`(?:__dirname|import\.meta\.dirname|(?:path\s*\.\s*)?dirname\([^()]*(?:\([^()]*\))?[^()]*\))`;
  for (const [, list = ''] of text.matchAll(new RegExp(String.raw`\b(?:join|resolve)\(\s*${place}\s*,([^;]*?)\)`, 'g')))
    found.push(wordsOf(list, environment).join('/'));
  for (const [, word = ''] of text.matchAll(new RegExp(String.raw`${place}\s*\+\s*(${stringWord})`, 'g')))
    found.push(textOf(word, environment));
  for (const [, rest = ''] of text.matchAll(/`\$\{(?:__dirname|import\.meta\.dirname)\}([^`]*)`/g))
    found.push(textOf(`\`${rest}\``, environment));
  for (const [, word = ''] of text.matchAll(new RegExp(String.raw`new\s+URL\(\s*(${stringWord})\s*,\s*import\.meta\.url`, 'g')))
    found.push(textOf(word, environment));
  return found.filter((path) => path !== '');
}

const stringWord = '\'[^\'\\n]*\'|"[^"\\n]*"|`[^`]*`';

/** Arguments of a call: texts as they are, anything else as unknown. */
function wordsOf(list: string, environment: Readonly<Record<string, string>>): string[] {
  const words = [...list.matchAll(new RegExp(`${stringWord}|[^,\\s][^,]*`, 'g'))].map(([word]) => word.trim());
  return words.map((word) => textOf(word, environment));
}

function textOf(word: string, environment: Readonly<Record<string, string>>): string {
  if (!/^['"`]/.test(word)) return unknown;
  const inner = word.slice(1, -1);
  if (word[0] !== '`') return inner;
  return inner.replace(/\$\{([^}]*)\}/g, (_, expression: string) => {
    const name = /^\s*process\.env(?:\.(\w+)|\[['"](\w+)['"]\])\s*$/.exec(expression);
    return environment[name?.[1] ?? name?.[2] ?? ''] ?? unknown;
  });
}

function expressionOf(pattern: string): RegExp {
  const escaped = pattern.replace(/[.+?^${}()|[\]\\]/g, '\\$&').replaceAll('*', '[^/]*');
  return new RegExp(`^${escaped}(?:/.*)?$`);
}
