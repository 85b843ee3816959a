import { join } from 'node:path';
import type { BatchResult } from '../batch/batch.js';
import type { RepositoryOutcome, RepositoryResult } from '../batch/job.js';
import type { UserError } from '../errors.js';
import { errorEntry, type ReportError } from './json.js';
import { type Paint, visibleLine } from './paint.js';
import { type Cell, table } from './table.js';
import { counted } from './terminal.js';

/** The document of `batch --json`, see docs/batch.schema.json. */
export interface BatchReport {
  schemaVersion: 1;
  repositories: BatchReportEntry[];
  summary: BatchResult['summary'];
  /** Set when it could not run (exit code 2): there are no repositories then. */
  error?: ReportError;
}

interface BatchReportEntry extends RepositoryResult {
  /** Absolute folder of the clone. */
  clone: string;
  /** Absolute file with the whole document of the run; null when there is none. */
  report: string | null;
}

/** A batch as plain data. */
export function batchReport({ work, repositories, summary }: BatchResult): BatchReport {
  return {
    schemaVersion: 1,
    repositories: repositories.map((result) => ({
      ...result,
      clone: join(work, 'clones', result.id),
      report: result.summary === null ? null : join(work, 'reports', `${result.id}.json`),
    })),
    summary,
  };
}

/** The document of a batch that could not begin or was interrupted. */
export function batchErrorReport(error: UserError): BatchReport {
  const counts = { repositories: 0, migratedRepositories: 0, unchangedRepositories: 0, failedRepositories: 0 };
  const functions = { projects: 0, functions: 0, migrated: 0, stays: 0, needsPerson: 0, failed: 0 };
  return { schemaVersion: 1, repositories: [], summary: { ...counts, ...functions }, error: errorEntry(error) };
}

const colors = { migrated: 'green', unchanged: 'cyan', failed: 'red' } as const satisfies Record<RepositoryOutcome, keyof Paint>;

/** One row a repository, and a summary. */
export function batchTable(
  { work, repositories, summary }: BatchResult,
  { paint, columns }: { paint: Paint; columns?: number | undefined },
): string {
  const heading = ['repository', 'outcome', 'functions', 'migrated', 'commit', 'notes'].map((text): Cell => ({ text, paint: paint.dim }));
  const rows = repositories.map((result): Cell[] => [
    { text: visibleLine(result.name), paint: paint.bold },
    { text: result.outcome, paint: paint[colors[result.outcome]] },
    { text: result.summary ? String(result.summary.functions) : '–' },
    { text: result.summary ? String(result.summary.migrated) : '–' },
    { text: result.commit?.slice(0, 10) ?? '–' },
    { text: visibleLine(notesOf(result)) },
  ]);
  const outcomes = [
    `${summary.migratedRepositories} migrated`,
    `${summary.unchangedRepositories} unchanged`,
    `${summary.failedRepositories} failed`,
  ];
  const functions = `${counted(summary.functions, 'function')}: ${summary.migrated} migrated, ${summary.stays} stay on Lambda`;
  return [
    table([heading, ...rows], { columns }),
    `${paint.bold(counted(summary.repositories, 'repository').replace(/ys$/, 'ies'))}: ${outcomes.join(', ')}; ${functions}`,
    `Clones and reports are in ${visibleLine(work)}. Nothing was pushed.\n`,
  ].join('\n');
}

function notesOf({ error, notes, workLeft, summary }: RepositoryResult): string {
  if (error) return `${error.place === undefined ? '' : `${error.place}: `}${error.message}. ${error.advice}`.replace(/\.\. /, '. ');
  const left = summary === null ? 0 : summary.needsPerson + summary.failed;
  return [...(workLeft ? [left > 0 ? `${counted(left, 'function')} left for a person` : 'work left for a person'] : []), ...notes].join(
    '; ',
  );
}
