/** The report of `check` for people: findings by project, the gravest first, and a summary. */
import type { Severity } from '../diagnostics/diagnostic.js';
import type { Report, ReportDiagnostic } from './json.js';
import { visibleLine } from './paint.js';
import { wrap } from './table.js';
import { counted, type TerminalOptions } from './terminal.js';

const order: Readonly<Record<Severity, number>> = { error: 0, warning: 1, info: 2 };

export function checkReport({ projects, diagnostics, summary }: Report, options: TerminalOptions): string {
  const { paint } = options;
  const told = projects
    .filter((project) => project.diagnostics.length > 0)
    .map((project) => `${paint.bold(visibleLine(project.definition))}\n\n${findings(project.diagnostics, options)}`);
  const all = distinct([...diagnostics, ...projects.flatMap((project) => project.diagnostics)]);
  const head = `${counted(summary.projects, 'project')}, ${counted(summary.functions, 'function')}`;
  return [...told, ...(diagnostics.length > 0 ? [findings(diagnostics, options)] : []), `${paint.bold(head)}: ${counts(all)}\n`].join('\n');
}

function counts(found: readonly ReportDiagnostic[]): string {
  const texts = (['error', 'warning', 'info'] as const).flatMap((severity) => {
    const count = found.filter((each) => each.severity === severity).length;
    return count === 0 ? [] : [severity === 'info' ? `${count} for information` : counted(count, severity)];
  });
  return texts.length === 0 ? 'nothing found' : texts.join(', ');
}

/** What several functions share is told once, with all of their names. */
function findings(diagnostics: readonly ReportDiagnostic[], { paint, columns }: TerminalOptions): string {
  const sorted = [...diagnostics].sort((a, b) => order[a.severity] - order[b.severity] || compare(placeOf(a), placeOf(b)));
  const room = columns === undefined ? Number.POSITIVE_INFINITY : Math.max(40, columns - 2);
  return distinct(sorted)
    .map((found) => {
      const color = { error: paint.red, warning: paint.yellow, info: paint.cyan }[found.severity];
      const functions = [...new Set(sorted.filter((each) => keyOf(each) === keyOf(found)).flatMap((each) => each.function ?? []))];
      const heading = [color(found.severity), found.code, paint.bold(placeOf(found)), paint.dim(functions.map(visibleLine).join(', '))];
      const body = [visibleLine(found.message), ...(found.advice === '' ? [] : [paint.dim(visibleLine(found.advice))])];
      const lines = body.flatMap((text) => wrap(text, room).map((line) => `  ${line}`));
      return `${[heading.filter((text) => text !== '').join('  '), ...lines].join('\n')}\n`;
    })
    .join('');
}

function distinct(found: readonly ReportDiagnostic[]): ReportDiagnostic[] {
  return [...new Map(found.map((each) => [keyOf(each), each])).values()];
}

function keyOf({ function: _, ...found }: ReportDiagnostic): string {
  return JSON.stringify(found);
}

function placeOf({ file, line, column }: ReportDiagnostic): string {
  return visibleLine([file, line, column].filter((part) => part !== undefined).join(':'));
}

function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
