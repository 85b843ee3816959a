import { relative, resolve, sep } from 'node:path';
import type { Report, ReportDiagnostic } from './json.js';

/** Runs over several folders as one document. Paths are relative to the folder given, or to what holds all of them. */
export function joinReports(runs: readonly { root: string; report: Report }[]): Report {
  const base = commonFolder(runs.map(({ root }) => root));
  const reports = runs.map(({ root, report }) => prefixed(report, toPath(relative(base, root))));
  const [first] = reports;
  if (reports.length === 1 && first) return first;
  const summary = { projects: 0, functions: 0, migrated: 0, stays: 0, needsPerson: 0, failed: 0 };
  for (const each of reports) for (const key of Object.keys(summary) as (keyof typeof summary)[]) summary[key] += each.summary[key];
  return {
    schemaVersion: 1,
    projects: reports.flatMap(({ projects }) => projects),
    diagnostics: reports.flatMap(({ diagnostics }) => diagnostics),
    summary,
  };
}

function prefixed(report: Report, prefix: string): Report {
  if (prefix === '') return report;
  const at = (path: string) => (path === '' ? prefix : `${prefix}/${path}`);
  const placed = (found: ReportDiagnostic): ReportDiagnostic => (found.file === undefined ? found : { ...found, file: at(found.file) });
  return {
    ...report,
    projects: report.projects.map((project) => ({
      ...project,
      root: at(project.root),
      definition: at(project.definition),
      functions: project.functions.map((each) => ({
        ...each,
        handler: { ...each.handler, file: each.handler.file === null ? null : at(each.handler.file) },
      })),
      diagnostics: project.diagnostics.map(placed),
    })),
    diagnostics: report.diagnostics.map(placed),
  };
}

/** The deepest folder that holds all of them; the folder itself when there is one. */
function commonFolder(folders: readonly string[]): string {
  const parts = folders.map((folder) => resolve(folder).split(sep));
  const [first = []] = parts;
  let length = 0;
  while (length < first.length && parts.every((each) => each[length] === first[length])) length++;
  return first.slice(0, length).join(sep) || sep;
}

function toPath(path: string): string {
  return path.split(sep).join('/');
}
