/** Takes the declaration of a state out of where it stands, and tells what it is to be elsewhere. */
import { child, list, type Node } from '../../src/analysis/syntax.js';
import { indentAt, wholeLine } from '../http-route-native/edits.js';
import type { State } from './state.js';

export interface Declaration {
  /** Comment lines that stood right above. */
  comments: string[];
  /** `let`, `const` or `var`. */
  keyword: string;
  /** `: User | undefined`, or nothing. */
  annotation: string;
  /** ` = []`, or nothing. */
  initial: string;
  /** ` // what it is`, or nothing. */
  trailing: string;
}

export function declarationOf({ view, declarator, declaration }: State): Declaration {
  const id = child(declarator, 'id');
  const init = child(declarator, 'init');
  const typed = child(id, 'typeAnnotation');
  const isAlone = list(declaration, 'declarations').length === 1;
  return {
    comments: isAlone ? commentsAbove(view.module.text, declaration) : [],
    keyword: String(declaration['kind']),
    annotation: typed ? view.text(typed) : '',
    initial: init ? ` = ${view.text(init).replaceAll(`\n${indentAt(view.module.text, declaration.start)}`, '\n')}` : '',
    trailing: isAlone ? trailingComment(view.module.text, declaration) : '',
  };
}

/** The declaration in one line (or more, when its value has more). */
export function declared({ keyword, annotation, initial, trailing }: Declaration, name: string, semicolon: string): string {
  return `${keyword} ${name}${annotation}${initial}${semicolon}${trailing}`;
}

/** Removes the declarator, and its whole line with its comments when nothing else is declared there. */
export function removeDeclaration({ view, declarator, declaration }: State): void {
  const all = list(declaration, 'declarations');
  if (all.length > 1) {
    const index = all.indexOf(declarator);
    const before = all[index - 1];
    const after = all[index + 1];
    view.edits.remove(before ? { start: before.end, end: declarator.end } : { start: declarator.start, end: (after as Node).start });
    return;
  }
  const { text } = view.module;
  const trailing = trailingComment(text, declaration);
  const line = wholeLine(text, { ...declaration, end: declaration.end + trailing.length });
  const comments = commentsAbove(text, declaration).length;
  let { start } = line;
  for (let index = 0; index < comments; index++) start = text.lastIndexOf('\n', start - 2) + 1;
  const isBlankAround = /(^|\n)[ \t]*\r?\n$/.test(text.slice(0, start)) && /^[ \t]*\r?\n/.test(text.slice(line.end));
  const blank = isBlankAround || start === 0 ? (/^[ \t]*\r?\n/.exec(text.slice(line.end))?.[0].length ?? 0) : 0;
  view.edits.remove({ start, end: line.end + blank });
}

function trailingComment(text: string, { end }: Node): string {
  return /^[ \t]*\/\/[^\r\n]*(?=\r?\n|$)/.exec(text.slice(end))?.[0] ?? '';
}

/** Lines of `//` right above, with nothing between. A comment at the start of the file is about the file. */
function commentsAbove(text: string, declaration: Node): string[] {
  const line = declaration.start - indentAt(text, declaration.start).length;
  const found: string[] = [];
  for (let end = line; end > 0; ) {
    const start = text.lastIndexOf('\n', end - 2) + 1;
    const comment = /^[ \t]*(\/\/.*?)\r?\n$/.exec(text.slice(start, end))?.[1];
    if (comment === undefined || start === 0 || /eslint|@ts-|biome/.test(comment)) return start === 0 && comment !== undefined ? [] : found;
    found.unshift(comment);
    end = start;
  }
  return found;
}

/** Type of a parameter that takes the state; null when TypeScript would have to guess. */
export function parameterType({ view, declarator }: State): string | null {
  if (view.module.language !== 'typescript') return '';
  const typed = child(child(declarator, 'id'), 'typeAnnotation');
  if (typed) return view.text(typed);
  const value = child(declarator, 'init')?.['value'];
  return typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean' ? `: ${typeof value}` : null;
}
