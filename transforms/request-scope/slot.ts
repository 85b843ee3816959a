/** A property of an object, or a field of a class, reads and sets the request's state: its uses stay as they are. */
import { child, list, type Node, nameOf } from '../../src/analysis/syntax.js';
import type { SourceView } from '../../src/mending/source-view.js';
import { indentAt } from '../http-route-native/edits.js';
import type { Slot } from './place.js';
import { freeKey, hold, madeBefore, storage } from './storage.js';
import { typedValue } from './types.js';

/** False when the type is not known, or there is no place for it. */
export function moveSlot(view: SourceView, { name, member, holder }: Slot): boolean {
  const isClass = holder.type !== 'ObjectExpression';
  const isTyped = view.module.language === 'typescript';
  if (isTyped && (!isClass || !member)) return false;
  const first = statementAround(view, holder);
  const before = madeBefore(view);
  const owner = nameOf(child(holder, 'id')) ?? 'shared';
  const key = before === undefined ? null : freeKey(before, name, `${owner.charAt(0).toLowerCase()}${owner.slice(1)}_${name}`);
  const value = typedValue(
    view,
    { annotated: member, init: child(member, 'value'), before: holder, isOptional: member?.['optional'] === true },
    false,
  );
  if (!first || key === null || !value) return false;
  const at = startOf(view, first);
  if (!place(view, { name, member, holder }, accessors(view, { name, member, holder }, key, value.type))) return false;
  return hold(view, { name: key, ...value }, at, `${view.lineEnd}${view.lineEnd}`);
}

/** The statement of the module that a node stands in. */
export function statementAround(view: SourceView, node: Node): Node | null {
  return list(view.program, 'body').find((each) => each.start <= node.start && node.end <= each.end) ?? null;
}

/** Before the statement and the comment that is about it. */
export function startOf(view: SourceView, { start }: Node): { start: number; end: number } {
  const { text } = view.module;
  const comment = /((^|\n)[ \t]*(\/\/[^\n]*|\/\*\*(?:(?!\*\/)[\s\S])*\*\/))+\s*$/.exec(text.slice(0, start));
  const at = comment && !/\n\s*\n\s*$/.test(comment[0]) ? comment.index + (comment[0].startsWith('\n') ? 1 : 0) : start;
  return { start: at, end: at };
}

function accessors(view: SourceView, { member }: Slot, key: string, type: string): { get: string; set: string } {
  const access = String(member?.['accessibility'] ?? '');
  const prefix = access === 'undefined' || access === 'null' || access === '' ? '' : `${access} `;
  const isTyped = view.module.language === 'typescript';
  const name = member ? view.text(child(member, 'key') as Node) : key;
  const { semicolon } = view;
  const state = `${storage.current}().${key}`;
  return {
    get: `${prefix}get ${name}()${isTyped ? `: ${type}` : ''} {\n${view.unit}return ${state}${semicolon}\n}`,
    set: `${prefix}set ${name}(value${isTyped ? `: ${type}` : ''}) {\n${view.unit}${state} = value${semicolon}\n}`,
  };
}

/** In the place of the declaration; where there is none, first in the class or last in the object. */
function place(view: SourceView, { member, holder }: Slot, { get, set }: { get: string; set: string }): boolean {
  const { text } = view.module;
  const isClass = holder.type !== 'ObjectExpression';
  const all = isClass ? list(child(holder, 'body'), 'body') : list(holder, 'properties');
  const [first] = all;
  const at = member ?? first;
  if (!at || !text.slice(Math.max(0, at.start - 200), at.start).includes('\n')) return false;
  const indent = indentAt(text, at.start);
  const lines = (code: string) => code.replaceAll('\n', `${view.lineEnd}${indent}`);
  const between = isClass ? `${view.lineEnd}${view.lineEnd}${indent}` : `,${view.lineEnd}${indent}`;
  const both = `${lines(get)}${between}${lines(set)}`;
  if (member) {
    const end = isClass && text[member.end] === ';' ? member.end + 1 : member.end;
    const isCrowded = isClass && member !== all.at(-1) && !/^[ \t]*\r?\n[ \t]*\r?\n/.test(text.slice(end));
    view.edits.replace({ start: member.start, end }, both, isCrowded ? view.lineEnd : '');
  } else view.edits.replace({ start: at.start, end: at.start }, `${both}${between}`);
  return true;
}
