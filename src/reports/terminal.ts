/** The report for people: findings, one table a project, and a summary. */
import { sentences } from '../diagnostics/catalog.js';
import type { Diagnostic, Severity } from '../diagnostics/diagnostic.js';
import type { FunctionPlan, Outcome } from '../planning/plan.js';
import type { MigratedProject, RunResult, Summary } from '../run.js';
import { type Paint, visibleLine } from './paint.js';
import { type Cell, table, wrap } from './table.js';
import { triggerText } from './trigger-text.js';

export interface TerminalOptions {
  paint: Paint;
  columns?: number | undefined;
}

/** Everything that a run has to tell, without the diff. */
export function terminalReport(result: RunResult, options: TerminalOptions): string {
  const projects = result.projects.map((project) => projectReport(project, options));
  const parts = [...projects, findings(result.diagnostics, options), summaryLine(result.summary, options.paint)];
  return parts.filter((part) => part !== '').join('\n');
}

function projectReport(migrated: MigratedProject, options: TerminalOptions): string {
  const { project, plan, diagnostics } = migrated;
  const heading = `${options.paint.bold(visibleLine(project.definition))} ${options.paint.dim(`(${project.dialect})`)}\n`;
  const told = findings(diagnostics, options);
  return `${heading}\n${functionTable(plan.functions, options)}${told === '' ? '' : `\n${told}`}`;
}

const outcomes: Readonly<Record<Outcome, { text: string; color: 'green' | 'yellow' | 'red' | 'cyan' }>> = {
  migrated: { text: 'migrated', color: 'green' },
  stays: { text: 'stays on Lambda', color: 'cyan' },
  'needs-person': { text: 'needs a person', color: 'yellow' },
  failed: { text: 'failed', color: 'red' },
};

function functionTable(functions: readonly FunctionPlan[], { paint, columns }: TerminalOptions): string {
  const heading = ['function', 'trigger', 'workload', 'outcome', 'because'].map((text): Cell => ({ text, paint: paint.dim }));
  const rows = functions.map(({ id, triggers, workload, style, outcome, because }): Cell[] => {
    const { text, color } = outcomes[outcome];
    return [
      { text: visibleLine(id), paint: paint.bold },
      { text: triggersText(triggers.map(triggerText)) },
      { text: style === null || workload === 'stays' ? workload : `${workload} (${style})` },
      { text, paint: paint[color] },
      { text: visibleLine(because) },
    ];
  });
  return table([heading, ...rows], { columns });
}

/** The first, and how many more there are. */
function triggersText(texts: readonly string[]): string {
  const [first, ...more] = [...new Set(texts)];
  return first === undefined ? '–' : `${visibleLine(first)}${more.length > 0 ? ` +${more.length}` : ''}`;
}

const order: Readonly<Record<Severity, number>> = { error: 0, warning: 1, info: 2 };

/** Findings, the gravest first; the same one is told once. */
function findings(diagnostics: readonly Diagnostic[], options: TerminalOptions): string {
  const sorted = [...diagnostics].sort((a, b) => order[a.severity] - order[b.severity]);
  return [...new Set(sorted.map((found) => finding(found, options)))].join('');
}

function finding(found: Diagnostic, { paint, columns }: TerminalOptions): string {
  const color = { error: paint.red, warning: paint.yellow, info: paint.cyan }[found.severity];
  const { message, advice } = sentences(found);
  const room = columns === undefined ? Number.POSITIVE_INFINITY : Math.max(40, columns - 2);
  const body = [visibleLine(message), ...(advice === '' ? [] : [paint.dim(visibleLine(advice))])];
  const place = placeOf(found);
  const heading = `${color(found.severity)} ${found.code}${place === '' ? '' : `  ${paint.bold(place)}`}`;
  return `${[heading, ...body.flatMap((text) => wrap(text, room).map((line) => `  ${line}`))].join('\n')}\n`;
}

function placeOf({ file, line, column }: Diagnostic): string {
  return visibleLine([file, line, column].filter((part) => part !== undefined).join(':'));
}

function summaryLine(summary: Summary, paint: Paint): string {
  const counts = [
    [summary.migrated, 'migrated', paint.green],
    [summary.stays, summary.stays === 1 ? 'stays on Lambda' : 'stay on Lambda', paint.cyan],
    [summary.needsPerson, summary.needsPerson === 1 ? 'needs a person' : 'need a person', paint.yellow],
    [summary.failed, 'failed', paint.red],
  ] as const;
  const told = counts.filter(([count]) => count > 0).map(([count, text, color]) => color(`${count} ${text}`));
  const head = `${counted(summary.projects, 'project')}, ${counted(summary.functions, 'function')}`;
  return `${paint.bold(head)}${told.length > 0 ? `: ${told.join(', ')}` : ''}\n`;
}

/** `1 file`, `2 files`. */
export function counted(count: number, noun: string): string {
  return `${count} ${noun}${count === 1 ? '' : 's'}`;
}
