/** Rows and lists of a corpus run with `--verify`. */
import type { FunctionVerdict } from '../../src/verify/verdict.js';
import { withoutPlaces } from './failure.js';
import type { VerifyResult } from './verify.js';

type Row = [title: string, ...counts: (number | string)[]];

/** Verdicts of each checkout, and what makes functions not comparable. */
export function verifyRows(checkouts: readonly (readonly VerifyResult[])[]): Row[] {
  const functions = checkouts.map((results) => results.flatMap((result) => result.functions));
  const row = (title: string, isCounted: (verdict: FunctionVerdict) => boolean): Row => [
    title,
    ...functions.map((all) => all.filter(isCounted).length),
  ];
  const reasons = [...new Set(functions.flat().filter(isNotComparable).map(reasonOf))].sort();
  return [
    row('verified: equal', ({ verdict }) => verdict === 'equal'),
    row('verified: different', ({ verdict }) => verdict === 'different'),
    row('verified: not comparable', isNotComparable),
    ...reasons.map((reason) => row(`– ${reason}`, (each) => isNotComparable(each) && reasonOf(each) === reason)),
    ['requests, batches and runs compared', ...functions.map((all) => all.reduce((sum, { compared }) => sum + compared, 0))],
  ];
}

function isNotComparable({ verdict }: FunctionVerdict): boolean {
  return verdict === 'not-comparable';
}

/** Kind of the reason: what comes after a colon is about one function. */
function reasonOf({ because = 'no reason' }: FunctionVerdict): string {
  return because.split(': ')[0] as string;
}

/** One line a function that is not equal. */
export function verifyLists(results: readonly VerifyResult[]): { title: string; lines: string[] }[] {
  const lines = (verdict: FunctionVerdict['verdict'], tell: (each: FunctionVerdict) => string) =>
    results.flatMap(({ checkout, root, functions }) =>
      functions.filter((each) => each.verdict === verdict).map((each) => `- ${checkout}/${root} ${each.function}: ${inline(tell(each))}`),
    );
  return [
    { title: 'Functions that answer differently', lines: lines('different', differenceOf) },
    { title: 'Functions that are not comparable', lines: lines('not-comparable', ({ because = '' }) => because) },
  ];
}

function differenceOf({ because, findings }: FunctionVerdict): string {
  if (because !== undefined) return because;
  return findings.map(({ name, differences }) => `${name} (${differences.map(({ what }) => what).join(', ')})`).join('; ');
}

function inline(text: string): string {
  return withoutPlaces(text).replaceAll('|', '\\|').replaceAll('<', '&lt;').slice(0, 300);
}
