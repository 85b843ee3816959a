/** The one table of a corpus run, and the lists behind its numbers. */
import type { Report } from '../../src/index.js';
import { today } from '../results.js';
import type { BootResult, Outcome, ServiceResult } from './boot.js';
import type { Checkout } from './checkouts.js';
import { withoutPlaces } from './failure.js';
import { styleRows } from './style-rows.js';
import type { VerifyResult } from './verify.js';
import { verifyLists, verifyRows } from './verify-table.js';

type LambdaFunction = Report['projects'][number]['functions'][number];

export interface Examined {
  checkout: Checkout;
  report?: Report;
  /** Why the tool could not run. */
  error?: string;
  boots: BootResult[];
  verified: VerifyResult[];
}

type Row = [title: string, ...counts: (number | string)[]];
type Kind = ServiceResult['kind'];

const kinds: Kind[] = ['web', 'worker', 'job'];

/** Failures that the untouched project has too. */
const originals: Record<string, string> = {
  'original-install': 'the original does not install',
  'original-build': 'the original does not build',
  'original-load': 'the original does not load',
};

export function isHealthy({ services }: BootResult): boolean {
  return services.every(({ outcome }) => outcome === 'healthy');
}

/** What a run did beside the migration itself. */
export interface Parts {
  hasBoots: boolean;
  hasVerdicts: boolean;
  /** A style was asked for. */
  hasStyles: boolean;
}

export function markdown(examined: readonly Examined[], { hasBoots, hasVerdicts, hasStyles }: Parts): string {
  const rows = [
    ...(hasVerdicts ? migratedRows(examined) : functionRows(examined)),
    ...(hasStyles ? styleRows(examined.map(({ report }) => report)) : []),
    ...(hasBoots ? bootRows(examined) : []),
    ...(hasVerdicts ? verifyRows(examined.map(({ verified }) => verified)) : []),
  ];
  const names = examined.map(({ checkout }) => checkout.name);
  const isSum = examined.length > 1;
  const header = ['', ...names, ...(isSum ? ['all'] : [])];
  const lines = [
    `${today()}, Node.js ${process.version}`,
    '',
    ...examined.map(
      ({ checkout, error }) =>
        `- ${checkout.name}: commit ${checkout.commit ?? 'unknown'}${error ? `: could not run: ${inline(error)}` : ''}`,
    ),
    '',
    tableRow(header),
    tableRow(header.map((_, index) => (index === 0 ? '---' : '---:'))),
    ...rows.map(([title, ...counts]) => tableRow([title, ...counts, ...(isSum ? [sumOf(counts)] : [])])),
    ...(hasBoots ? bootLists(examined) : []),
    ...(hasVerdicts ? verifyLists(examined.flatMap(({ verified }) => verified)).flatMap(({ title, lines }) => list(title, lines)) : []),
  ];
  return lines.join('\n');
}

function tableRow(cells: readonly (number | string)[]): string {
  return `| ${cells.join(' | ')} |`;
}

/** Numbers are added; `3 of 4` by their parts. */
function sumOf(counts: readonly (number | string)[]): number | string {
  const parts = counts.map((count) => String(count).split(' of ').map(Number));
  const add = (index: number) => parts.reduce((sum, part) => sum + (part[index] ?? 0), 0);
  return parts.some((part) => part.length > 1) ? `${add(0)} of ${add(1)}` : add(0);
}

/** The functions that can be verified. */
function migratedRows(examined: readonly Examined[]): Row[] {
  const count = (kind: Kind) =>
    examined.map(
      ({ report }) =>
        report?.projects
          .flatMap((project) => project.functions)
          .filter(({ outcome, workload }) => outcome === 'migrated' && workload === kind).length ?? 0,
    );
  return kinds.map((kind): Row => [`migrated: ${kind}`, ...count(kind)]);
}

function functionRows(examined: readonly Examined[]): Row[] {
  const functions = examined.map(({ report }) => report?.projects.flatMap((project) => project.functions) ?? []);
  const row = (title: string, isCounted: (fn: LambdaFunction) => boolean): Row => [
    title,
    ...functions.map((all) => all.filter(isCounted).length),
  ];
  const reasons = (outcome: LambdaFunction['outcome'], reasonOf: (fn: LambdaFunction) => string): Row[] => {
    const all = functions.flat().filter((fn) => fn.outcome === outcome);
    return byFrequency(all.map(reasonOf)).map((reason) => row(`– ${reason}`, (fn) => fn.outcome === outcome && reasonOf(fn) === reason));
  };
  return [
    ['projects', ...examined.map(({ report }) => report?.summary.projects ?? 0)],
    row('functions found', () => true),
    row('for Node.js', isNode),
    ...kinds.map((kind): Row => row(`migrated: ${kind}`, ({ outcome, workload }) => outcome === 'migrated' && workload === kind)),
    row('stays on Lambda', ({ outcome }) => outcome === 'stays'),
    ...reasons('stays', stayReason),
    row('needs a person', ({ outcome }) => outcome === 'needs-person'),
    ...reasons('needs-person', ({ diagnostics }) => diagnostics.map((code) => `\`${code}\``).join(' ') || 'no diagnostic'),
    row('failed', ({ outcome }) => outcome === 'failed'),
  ];
}

function isNode({ runtime }: LambdaFunction): boolean {
  return runtime === null || runtime.startsWith('nodejs');
}

function stayReason(fn: LambdaFunction): string {
  if (!isNode(fn)) return 'not Node.js';
  return [...new Set(fn.triggers.map(({ type }) => type))].sort().join(' + ') || 'no trigger';
}

function byFrequency(items: readonly string[]): string[] {
  const counts = new Map<string, number>();
  for (const item of items) counts.set(item, (counts.get(item) ?? 0) + 1);
  return [...counts].sort((a, b) => b[1] - a[1] || (a[0] < b[0] ? -1 : 1)).map(([item]) => item);
}

function bootRows(examined: readonly Examined[]): Row[] {
  const boots = examined.map((each) => each.boots);
  const share = (title: string, isOf: (boot: BootResult) => boolean, isGood: (boot: BootResult) => boolean): Row => [
    title,
    ...boots.map((all) => `${all.filter((boot) => isOf(boot) && isGood(boot)).length} of ${all.filter(isOf).length}`),
  ];
  const isTyped = ({ types }: BootResult) => types.outcome === 'ok' || types.outcome === 'errors';
  const hadErrors = boots.map((all) => all.filter(({ types }) => types.outcome === 'original').length);
  return [
    share(
      'projects whose generated files parse',
      () => true,
      ({ unparsable }) => unparsable.length === 0,
    ),
    share('projects whose generated files type-check', isTyped, ({ types }) => types.outcome === 'ok'),
    ...(hadErrors.some((count) => count > 0) ? [['besides, the original does not type-check either', ...hadErrors] satisfies Row] : []),
    ...kinds.flatMap((kind) => kindRows(boots, kind)),
  ];
}

/** `web` projects and functions that are healthy; those whose original fails alike are left out of the whole and counted below. */
function kindRows(boots: readonly BootResult[][], kind: Kind): Row[] {
  const ofKind = (boot: BootResult) => boot.services.filter((service) => service.kind === kind);
  const states = boots.map((all) =>
    all
      .filter((boot) => ofKind(boot).length > 0)
      .map((boot) => ({ functions: boot.functions[kind], outcome: worst(ofKind(boot).map(({ outcome }) => outcome)) })),
  );
  const word = kind === 'job' ? 'load' : 'are healthy';
  const judged = states.map((all) => all.filter(({ outcome }) => originals[outcome] === undefined));
  const functionsOf = (all: { functions: number }[]) => all.reduce((sum, { functions }) => sum + functions, 0);
  const rows: Row[] = [
    [
      `${kind}: projects that ${word}`,
      ...judged.map((all) => `${all.filter(({ outcome }) => outcome === 'healthy').length} of ${all.length}`),
    ],
    [
      `${kind}: their functions`,
      ...judged.map((all) => `${functionsOf(all.filter(({ outcome }) => outcome === 'healthy'))} of ${functionsOf(all)}`),
    ],
  ];
  for (const [outcome, title] of Object.entries(originals)) {
    const counts = states.map((all) => all.filter((state) => state.outcome === outcome).length);
    if (counts.some((count) => count > 0)) rows.push([`${kind}: besides, ${title}`, ...counts]);
  }
  return rows;
}

/** A failure of ours counts before one of the original's. */
function worst(outcomes: readonly Outcome[]): Outcome {
  const failed = outcomes.filter((outcome) => outcome !== 'healthy');
  return failed.find((outcome) => originals[outcome] === undefined) ?? failed[0] ?? 'healthy';
}

function bootLists(examined: readonly Examined[]): string[] {
  const boots = examined.flatMap((each) => each.boots);
  const place = ({ checkout, root }: BootResult) => `${checkout}/${root}`;
  const failing = boots.flatMap((boot) =>
    boot.services.filter(({ outcome }) => outcome !== 'healthy').map((service) => ({ boot, service })),
  );
  const failureLine = ({ boot, service }: (typeof failing)[number]) =>
    `- ${place(boot)} (${service.name || boot.definition}): ${originals[service.outcome] ?? service.outcome}: ${inline(service.detail)}`;
  const isOriginal = ({ service }: (typeof failing)[number]) => originals[service.outcome] !== undefined;
  return [
    ...list('Services that fail', failing.filter((each) => !isOriginal(each)).map(failureLine)),
    ...list('Services whose original fails in the same way', failing.filter(isOriginal).map(failureLine)),
    ...list(
      'Generated files that do not parse',
      boots.flatMap((boot) => boot.unparsable.map((path) => `- ${boot.checkout}/${path}`)),
    ),
    ...list(
      'Type-check',
      boots.filter(({ types }) => types.detail !== '').map((boot) => `- ${place(boot)}: ${typeLine(boot)}`),
    ),
    ...list(
      'Values made up by the harness',
      boots.filter(({ placeholders }) => placeholders.length > 0).map((boot) => `- ${place(boot)}: ${boot.placeholders.join(', ')}`),
    ),
    ...list(
      'Notes',
      boots.flatMap((boot) => boot.notes.map((note) => `- ${place(boot)}: ${note}`)),
    ),
  ];
}

function typeLine({ types: { outcome, ownBefore, ownAfter, detail } }: BootResult): string {
  const own = `errors in its own files: ${ownBefore} before, ${ownAfter} in the program of the service`;
  const verdict = outcome === 'original' ? 'the original has errors, and so have the generated files' : `generated files ${outcome}`;
  return `${verdict}; ${own}: ${inline(detail)}`;
}

function list(title: string, lines: readonly string[]): string[] {
  return lines.length === 0 ? [] : ['', `### ${title}`, '', ...[...lines].sort()];
}

/** One line of text without places of this machine, and without what Markdown or HTML would take for its own. */
function inline(text: string): string {
  return withoutPlaces(text).replaceAll('|', '\\|').replaceAll('<', '&lt;');
}
