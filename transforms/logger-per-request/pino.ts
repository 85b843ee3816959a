/** pino: the keys of a request come from the request's state, by the option `mixin`. https://github.com/pinojs/pino/blob/main/docs/api.md */
import { child, keyOf, list, memberPath, type Node, unwrap } from '../../src/analysis/syntax.js';
import type { SourceView } from '../../src/mending/source-view.js';
import { indentAt } from '../http-route-native/edits.js';
import { startOf, statementAround } from '../request-scope/slot.js';
import { freeKey, hold, madeBefore, storage } from '../request-scope/storage.js';
import { isUsedAtStart, type Logger, optionsOf } from './logger.js';

/** What sets or copies keys of a pino logger. */
export const pinoMethods = /^(setBindings|child|bindings)$/;

/** False when the logger is made or used in a way in which its keys cannot be kept by request. */
export function keepPinoKeys(view: SourceView, logger: Logger): boolean {
  const { binding, call } = logger;
  const options = optionsOf(logger);
  const first = statementAround(view, call);
  const before = madeBefore(view);
  const key = before === undefined ? null : freeKey(before, 'logBindings', `${binding.name}Bindings`);
  const children = replacements(view, logger);
  if (options === null || !first || key === null || !children || isUsedAtStart(view, binding)) return false;
  if (options && list(options, 'properties').some((each) => /^mixin/.test(keyOf(each) ?? 'mixin'))) return false;
  const state = `${storage.current}().${key}`;
  if (!hold(view, { name: key, type: 'Record<string, unknown>', initial: '{}' }, startOf(view, first), view.lineEnd)) return false;
  giveMixin(view, call, options, `mixin: () => ({ ...${state} })`);
  for (const { statement, given } of children)
    view.edits.replace(statement, `Object.assign(${state}, `, { start: given.start, end: given.end }, `)${view.semicolon}`);
  if (children.length === 0) redefine(view, first, binding.name, state);
  else makeConstant(view, view.parent(binding.node) as Node);
  return true;
}

/** `logger = logger.child(keys);` as statements; null when the variable gets another value too. */
function replacements(view: SourceView, { binding }: Logger): { statement: Node; given: Node }[] | null {
  const found: { statement: Node; given: Node }[] = [];
  for (const { node, parent } of view.usesOf(binding)) {
    if (parent.type !== 'AssignmentExpression' || child(parent, 'left') !== node) continue;
    const statement = view.parent(parent);
    const call = unwrap(child(parent, 'right'));
    const [given, ...rest] = list(call, 'arguments');
    const isChild = call?.type === 'CallExpression' && memberPath(child(call, 'callee'))?.join('.') === `${binding.name}.child`;
    if (!isChild || !given || rest.length > 0 || parent['operator'] !== '=' || statement?.type !== 'ExpressionStatement') return null;
    found.push({ statement, given });
  }
  return found;
}

function giveMixin(view: SourceView, call: Node, options: Node | undefined, mixin: string): void {
  const last = list(options, 'properties').at(-1);
  if (last) {
    const isOwnLine = indentAt(view.module.text, last.start) !== '' && view.text(options as Node).includes('\n');
    const between = isOwnLine ? `,${view.lineEnd}${indentAt(view.module.text, last.start)}` : ', ';
    view.edits.replace({ start: last.end, end: last.end }, `${between}${mixin}`);
  } else if (options) view.edits.replace(options, `{ ${mixin} }`);
  else view.edits.replace({ start: call.end - 1, end: call.end - 1 }, `{ ${mixin} }`);
}

function redefine(view: SourceView, first: Node, name: string, state: string): void {
  const { lineEnd, semicolon: end, unit } = view;
  const lines = [
    `${name}.setBindings = (bindings) => {`,
    `${unit}// Only the lines of the request carry them.`,
    `${unit}Object.assign(${state}, bindings)${end}`,
    `}${end}`,
  ];
  view.edits.replace({ start: first.end, end: first.end }, `${lineEnd}${lines.join(lineEnd)}`);
}

function makeConstant(view: SourceView, declaration: Node): void {
  if (list(declaration, 'declarations').length !== 1) return;
  const keyword = String(declaration['kind']);
  if (keyword === 'let') view.edits.replace({ start: declaration.start, end: declaration.start + keyword.length }, 'const');
}
