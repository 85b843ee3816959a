import type { Reason } from '../../targets/assessment.js';
import { en } from './en.js';
import { zh } from './zh.js';

export type WordKey = keyof typeof en;

/** A dictionary: a sentence for every key. */
export type Words = Readonly<Record<WordKey, string>>;

/** Every language, by the name of `--lang`. */
const languages = { en, zh } as const satisfies Record<string, Words>;

/** Between the items of a list. */
const separators: Readonly<Record<Language, string>> = { en: ', ', zh: '、' };

export type Language = keyof typeof languages;

/** Says a sentence in a language. Words of the user stay as they are. */
export type Say = (key: WordKey, args?: Reason['args']) => string;

export function sayIn(language: Language): Say {
  const words: Words = languages[language];
  const translated = (text: string) => text.replace(inner, (key) => (isWord(key) ? words[key] : key));
  const textOf = (value: string | number | readonly string[]) =>
    typeof value === 'object' ? value.join(separators[language]) : String(value);
  return (key, args = {}) => words[key].replace(/\{([\w-]+)\}/g, (whole, name: string) => translated(textOf(args[name] ?? whole)));
}

/** Titles and levels among the values of a sentence are said in its language too. */
const inner = /\b(?:title|level)\.[a-z\d-]+/g;

/** True for what is a key of the dictionaries: notes of facts and titles of targets are made of their ids. */
export function isWord(key: string): key is WordKey {
  return Object.hasOwn(en, key);
}
