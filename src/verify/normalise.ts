import type { RuleId, RuleUse } from './rules.js';

export interface NormaliseContext extends RuleUse {
  /** Milliseconds since the epoch; what is near stands for "now". */
  now: number;
  /** Folders that the sides run in. */
  roots: readonly string[];
}

const hours = 60 * 60 * 1000;
const monthNames = '(?:Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec)';

interface Replacement {
  rule: RuleId;
  pattern: RegExp;
  /** Numbers are replaced by a number, so that JSON stays JSON. */
  by: string;
  /** Whether this match stands for the placeholder. */
  fits?: (match: string, context: NormaliseContext) => boolean;
}

const replacements: Replacement[] = [
  // As they are, or in a JSON text.
  { rule: 'stacks', pattern: /(?:(?:\\n|\r?\n) {4}at (?:(?!\\n)[^"\r\n])+)+/g, by: ' at <frames>' },
  { rule: 'log-streams', pattern: /\b\d{4}\/\d\d\/\d\d\/\[\$LATEST\][0-9a-f]{32}\b/g, by: '<log stream>' },
  { rule: 'uuids', pattern: /\b1-[0-9a-f]{8}-[0-9a-f]{24}\b/g, by: '<trace>' },
  { rule: 'uuids', pattern: /\b[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}\b/gi, by: '<uuid>' },
  { rule: 'clock', pattern: /\b\d{4}-\d\d-\d\d[T ]\d\d:\d\d:\d\d(?:\.\d+)?(?:Z|[+-]\d\d:?\d\d)?/g, by: '<now>', fits: isNear },
  // Of presigned URLs: when they were signed, and the signature, which the time is part of.
  { rule: 'clock', pattern: /\b\d{8}T\d{6}Z\b/g, by: '<now>', fits: isNearCompact },
  { rule: 'signatures', pattern: /\bX-Amz-Signature=[0-9a-f]{64}\b/g, by: 'X-Amz-Signature=<signature>' },
  { rule: 'signatures', pattern: /\bSignature=[\w%+/=-]{20,}/g, by: 'Signature=<signature>' },
  {
    rule: 'clock',
    pattern: new RegExp(`\\b\\d\\d/${monthNames}/\\d{4}:\\d\\d:\\d\\d:\\d\\d \\+0000`, 'g'),
    by: '<now>',
    fits: isNearLogTime,
  },
  {
    rule: 'clock',
    pattern: new RegExp(`\\b\\w{3},? ${monthNames} \\d\\d \\d{4} \\d\\d:\\d\\d:\\d\\d GMT\\+\\d{4}[^",]*`, 'g'),
    by: '<now>',
    fits: isNear,
  },
  { rule: 'clock', pattern: new RegExp(`\\b\\w{3}, \\d\\d ${monthNames} \\d{4} \\d\\d:\\d\\d:\\d\\d GMT`, 'g'), by: '<now>', fits: isNear },
  // What toLocaleString() and its like print: 2026. 11. 27. 13:14:50, 11/27/2026, 1:14:50 PM, 27.11.2026, 13:14:50
  {
    rule: 'clock',
    pattern: /(?<![\d.])\d{1,4}[-/.] ?\d{1,2}[-/.] ?\d{2,4}[.,]?,? (?:\p{L}{1,3} )?\d{1,2}:\d\d:\d\d(?:[ \u202f][AaPp]\.?[Mm]\.?)?/gu,
    by: '<now>',
    fits: isOnTheDay,
  },
  {
    rule: 'clock',
    pattern: /(?<![\d.])1\d{12}(?:\.\d+)?(?![\d])/g,
    by: '4102444800000',
    fits: (match, { now }) => Math.abs(Number(match) - now) < 2 * hours,
  },
  {
    rule: 'clock',
    pattern: /(?<![\d.])1\d{9}(?:\.\d+)?(?![\d])/g,
    by: '4102444800',
    fits: (match, { now }) => Math.abs(Number(match) * 1000 - now) < 2 * hours,
  },
];

/** A text with everything replaced that differs from run to run. */
export function normaliseText(text: string, context: NormaliseContext): string {
  return replacements.reduce((current, replacement) => replace(current, replacement, context), withoutRoots(text, context));
}

function replace(text: string, { rule, pattern, by, fits }: Replacement, context: NormaliseContext): string {
  return text.replace(pattern, (match) => {
    if (fits && !fits(match, context)) return match;
    context.used(rule);
    return by;
  });
}

function withoutRoots(text: string, { roots, used }: NormaliseContext): string {
  return roots.reduce((current, root) => {
    if (root === '' || !current.includes(root)) return current;
    used('paths');
    return current.replaceAll(root, '<root>');
  }, text);
}

function isNear(match: string, { now }: NormaliseContext): boolean {
  const time = Date.parse(match);
  return Number.isFinite(time) && Math.abs(time - now) < 2 * hours;
}

/** `20260131T102446Z` */
function isNearCompact(match: string, context: NormaliseContext): boolean {
  return isNear(match.replace(/^(\d{4})(\d\d)(\d\dT\d\d)(\d\d)/, '$1-$2-$3:$4:'), context);
}

/** A local time of day may be that of any zone. */
function isOnTheDay(match: string, { now }: NormaliseContext): boolean {
  const [first = 0, second = 0, third = 0] = (match.match(/\d+/g) ?? []).map(Number);
  const dates =
    first > 31
      ? [[first, second, third]]
      : [
          [third, first, second],
          [third, second, first],
        ];
  return dates.some(([year = 0, month = 0, day = 0]) => Math.abs(Date.UTC(year, month - 1, day, 12) - now) < 38 * hours);
}

function isNearLogTime(match: string, context: NormaliseContext): boolean {
  return isNear(match.replace(':', ' ').replaceAll('/', ' '), context);
}
