/** winston: `defaultMeta` reads and sets the request's state. https://github.com/winstonjs/winston#creating-your-own-logger */
import { child, keyOf, list } from '../../src/analysis/syntax.js';
import type { SourceView } from '../../src/mending/source-view.js';
import { startOf, statementAround } from '../request-scope/slot.js';
import { freeKey, hold, madeBefore, storage } from '../request-scope/storage.js';
import { isFreshValue } from '../scope-shared-state/initial.js';
import { isUsedAtStart, type Logger, optionsOf } from './logger.js';

/** What sets `defaultMeta` besides an assignment. */
export const winstonMethods = /^configure$/;

/** False when the logger is made or used in a way in which its keys cannot be kept by request. */
export function keepWinstonKeys(view: SourceView, logger: Logger): boolean {
  const { binding, call } = logger;
  const options = optionsOf(logger);
  const given = child(
    list(options, 'properties').find((each) => keyOf(each) === 'defaultMeta'),
    'value',
  );
  const first = statementAround(view, call);
  const before = madeBefore(view);
  const key = before === undefined ? null : freeKey(before, 'logMeta', `${binding.name}Meta`);
  if (options === null || !first || key === null || isUsedAtStart(view, binding)) return false;
  if (given && (!isFreshValue(view, given, binding.node) || view.text(given).includes('\n'))) return false;
  const initial = given ? view.text(given) : 'null';
  const type = 'Record<string, unknown> | null';
  if (!hold(view, { name: key, type, initial }, startOf(view, first), view.lineEnd)) return false;
  const { lineEnd, semicolon: end, unit, quote } = view;
  const state = `${storage.current}().${key}`;
  const typed = view.module.language === 'typescript' ? `: ${type}` : '';
  const lines = [
    '// Only the lines of the request carry it.',
    `Object.defineProperty(${binding.name}, ${quote}defaultMeta${quote}, {`,
    `${unit}get: () => ${state},`,
    `${unit}set: (meta${typed}) => {`,
    `${unit}${unit}${state} = meta${end}`,
    `${unit}},`,
    `})${end}`,
  ];
  view.edits.replace({ start: first.end, end: first.end }, `${lineEnd}${lines.join(lineEnd)}`);
  return true;
}
