/** The result for people and for machines. */
import { type Paint, visible, visibleLine } from '../reports/paint.js';
import { type Cell, table } from '../reports/table.js';
import type { Difference } from './compare.js';
import type { Finding, FunctionVerdict, VerifyResult } from './verdict.js';

const verdicts: Readonly<Record<FunctionVerdict['verdict'], { text: string; color: 'green' | 'red' | 'yellow' }>> = {
  equal: { text: 'equal', color: 'green' },
  different: { text: 'different', color: 'red' },
  'not-comparable': { text: 'not comparable', color: 'yellow' },
};

/** One table, then each difference with both sides, then the rules that were used. */
export function verifyReport(result: VerifyResult, { paint, columns }: { paint: Paint; columns?: number | undefined }): string {
  const heading = ['function', 'verdict', 'compared', 'because'].map((text): Cell => ({ text, paint: paint.dim }));
  const rows = result.functions.map(({ function: id, verdict, compared, because, findings }): Cell[] => [
    { text: visibleLine(id), paint: paint.bold },
    { text: verdicts[verdict].text, paint: paint[verdicts[verdict].color] },
    { text: String(compared) },
    { text: visibleLine(because ?? findings[0]?.name ?? '') },
  ]);
  const details = result.functions.flatMap((each) => each.findings.map((finding) => findingText(each, finding, paint)));
  const rules = result.rules.map(({ says }) => `  ${paint.dim(says)}\n`).join('');
  const parts = [
    table([heading, ...rows], { columns }),
    ...details,
    rules === '' ? '' : `Rules of the comparison that were used:\n${rules}`,
    unansweredText(result),
    summary(result),
  ];
  return parts.filter((part) => part !== '').join('\n');
}

function findingText({ function: id }: FunctionVerdict, { name, request, differences }: Finding, paint: Paint): string {
  const heading = `${paint.red('different')} ${paint.bold(visibleLine(id))}: ${visibleLine(name)}\n`;
  return `${heading}${indented(request)}${differences.map((each) => differenceText(each, paint)).join('')}`;
}

function differenceText({ what, before, after }: Difference, paint: Paint): string {
  return `  ${paint.bold(visibleLine(what))}\n${marked('- ', before, paint.red)}${marked('+ ', after, paint.green)}`;
}

/** Longer texts are cut here, never in the JSON document. */
const shown = 1200;

function marked(mark: string, text: string, color: (text: string) => string): string {
  const cut = text.length > shown ? `${text.slice(0, shown)}… (${text.length} characters)` : text;
  return visible(cut)
    .split('\n')
    .map((line) => `    ${color(mark + line)}\n`)
    .join('');
}

function indented(text: string): string {
  return visible(text)
    .split('\n')
    .map((line) => `    ${line}\n`)
    .join('');
}

/** At most so many are shown here; the file of `--unanswered` has all. */
const unansweredShown = 10;

function unansweredText({ unanswered: { aws, http } }: VerifyResult): string {
  const calls = [...aws.map(({ service, operation }) => `${service} ${operation}`), ...http.map(({ method, url }) => `${method} ${url}`)];
  const different = [...new Set(calls)];
  if (different.length === 0) return '';
  const more = different.length > unansweredShown ? `  … and ${different.length - unansweredShown} more\n` : '';
  const lines = different.slice(0, unansweredShown).map((call) => `  ${visibleLine(call)}\n`);
  return `Calls that nobody answered, on either side; --unanswered <file> writes them down, --recordings answers them:\n${lines.join('')}${more}`;
}

function summary({ functions, seed }: VerifyResult): string {
  const count = (verdict: FunctionVerdict['verdict']) => functions.filter((each) => each.verdict === verdict).length;
  return `${functions.length} functions: ${count('equal')} equal, ${count('different')} different, ${count('not-comparable')} not comparable (seed ${seed})\n`;
}

/** The JSON document: the result as it is, with a version. */
export function verifyDocument({ functions, rules, seed, unanswered }: VerifyResult): unknown {
  const count = (verdict: FunctionVerdict['verdict']) => functions.filter((each) => each.verdict === verdict).length;
  return {
    schemaVersion: 1,
    seed,
    functions: functions.map(({ because, ...each }) => ({ ...each, ...(because !== undefined && { because }) })),
    rules,
    unanswered,
    summary: { functions: functions.length, equal: count('equal'), different: count('different'), notComparable: count('not-comparable') },
  };
}
