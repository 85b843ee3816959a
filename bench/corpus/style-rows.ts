/** Rows of a corpus run with `--style`: what became of the handlers behind HTTP, and why those that were not rewritten were not. */
import type { Report } from '../../src/index.js';

type Row = [title: string, ...counts: (number | string)[]];
type Function = Report['projects'][number]['functions'][number];

export function styleRows(reports: readonly (Report | undefined)[]): Row[] {
  const web = reports.map((report) => report?.projects.flatMap(({ functions }) => functions).filter(isWeb) ?? []);
  const reasons = reports.map((report) => (report?.projects.flatMap(refusals) ?? []).map(withoutNames));
  const kinds = [...new Set(reasons.flat())].sort((one, other) => count(reasons.flat(), other) - count(reasons.flat(), one));
  const row = (title: string, style: string): Row => [title, ...web.map((all) => all.filter((each) => each.style === style).length)];
  return [
    row('web: a server that listens by itself', 'unwrapped'),
    ['web: rewritten into a route', ...web.map((all) => `${styled(all, 'native')} of ${styled(all, 'native') + styled(all, 'adapter')}`)],
    row('web: kept behind an adapter', 'adapter'),
    ...kinds.map((kind): Row => [`– ${kind}`, ...reasons.map((all) => count(all, kind))]),
  ];
}

function isWeb({ outcome, workload }: Function): boolean {
  return outcome === 'migrated' && workload === 'web';
}

function styled(functions: readonly Function[], style: string): number {
  return functions.filter((each) => each.style === style).length;
}

function refusals({ diagnostics }: Report['projects'][number]): string[] {
  return diagnostics
    .filter(({ code }) => code === 'HANDLER_NOT_REWRITTEN')
    .map(({ message }) => message.replace(/^.* is not rewritten into a route: |\.$/g, ''));
}

/** What is about one function alone does not make a reason of its own. */
function withoutNames(reason: string): string {
  return reason
    .replace(/`[^`]*`/g, '`…`')
    .replace(/\S+\.[cm]?[jt]sx?\b/g, '…')
    .replace(/^\S+ (?=runs the same code)/, 'another function ');
}

function count(all: readonly string[], kind: string): number {
  return all.filter((each) => each === kind).length;
}
