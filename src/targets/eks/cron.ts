/** Schedules of EventBridge as the five fields of a CronJob. */

/** The fields, or why there are none. `moved`: it runs as often, at other moments than counted from its creation. */
export type CronSchedule = { schedule: string; moved: boolean } | { reason: string };

/**
 * An expression of EventBridge in the words of Kubernetes. Both are read minute by minute; Kubernetes has no years, no `L`, `W` and `#`,
 * and counts the days of the week from 0.
 * https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-scheduled-rule-pattern.html
 * https://kubernetes.io/docs/concepts/workloads/controllers/cron-jobs/#schedule-syntax
 * @example kubernetesCron('cron(0 12 ? * MON-FRI *)') // { schedule: '0 12 * * 1-5', moved: false }
 */
export function kubernetesCron(expression: string): CronSchedule {
  const text = expression.trim();
  const rate = /^rate\(\s*(\d+)\s+(minute|hour|day)s?\s*\)$/.exec(text);
  if (rate) return ofRate(Number(rate[1]) * (minutesOf[rate[2] as string] as number));
  if (/^at\(.*\)$/.test(text)) return { reason: 'it runs once, and a CronJob has no year' };
  const fields = /^cron\((.*)\)$/.exec(text)?.[1]?.trim().split(/\s+/);
  return fields?.length === 6 ? ofFields(fields) : { reason: 'its expression is not known here' };
}

const minutesOf: Readonly<Record<string, number>> = { minute: 1, hour: 60, day: 1440 };

function ofRate(minutes: number): CronSchedule {
  const every = (count: number) => (count === 1 ? '*' : `*/${count}`);
  if (minutes === 0) return { reason: 'its rate is zero' };
  if (60 % minutes === 0 && minutes < 60) return { schedule: `${every(minutes)} * * * *`, moved: false };
  const hours = minutes / 60;
  if (Number.isInteger(hours) && 24 % hours === 0 && hours < 24) return { schedule: `0 ${every(hours)} * * *`, moved: true };
  if (hours === 24) return { schedule: '0 0 * * *', moved: true };
  if (hours === 24 * 7) return { schedule: '0 0 * * 0', moved: true };
  return { reason: 'its rate divides neither the hour, the day nor the week' };
}

interface Field {
  from: number;
  to: number;
  names?: readonly string[];
}

const minute: Field = { from: 0, to: 59 };
const hour: Field = { from: 0, to: 23 };
const day: Field = { from: 1, to: 31 };
const month: Field = { from: 1, to: 12, names: ['JAN', 'FEB', 'MAR', 'APR', 'MAY', 'JUN', 'JUL', 'AUG', 'SEP', 'OCT', 'NOV', 'DEC'] };
const weekday: Field = { from: 1, to: 7, names: ['SUN', 'MON', 'TUE', 'WED', 'THU', 'FRI', 'SAT'] };

function ofFields(fields: readonly string[]): CronSchedule {
  const [minutes = '', hours = '', days = '', months = '', weekdays = '', years = ''] = fields;
  if (years !== '*') return { reason: 'it names years' };
  if (/[LW#]/i.test(days) || /^L$|\dL|[A-Z]L|#/i.test(weekdays)) {
    return { reason: 'a CronJob knows no last or nearest day (L, W) and no such weekday of the month (#)' };
  }
  const isAny = (text: string) => text === '*' || text === '?';
  // EventBridge refuses this; Kubernetes would take either.
  if (!isAny(days) && !isAny(weekdays)) return { reason: 'it names days of the month and of the week' };
  const sets = [
    valuesOf(minutes, minute),
    valuesOf(hours, hour),
    valuesOf(days, day),
    valuesOf(months, month),
    valuesOf(weekdays, weekday),
  ];
  if (sets.some((set) => set === null)) return { reason: 'its expression is not understood' };
  const [inHour, inDay, inMonth, inYear, inWeek] = sets as [number[], number[], number[], number[], number[]];
  const week = { from: 0, to: 6 };
  const schedule = [
    written(inHour, minute),
    written(inDay, hour),
    written(inMonth, day),
    written(inYear, month),
    written(
      inWeek.map((value) => value - 1),
      week,
    ),
  ].join(' ');
  return { schedule, moved: false };
}

/** Every value that a field takes, in order; null when it is not understood. */
function valuesOf(text: string, field: Field): number[] | null {
  const found = new Set<number>();
  for (const part of text.split(',')) {
    const values = partOf(part, field);
    if (!values) return null;
    for (const value of values) found.add(value);
  }
  return [...found].sort((a, b) => a - b);
}

/** `*`, `5`, `1-5`, `MON-FRI`, `5/10` (from 5 to the end); a range may go over the end. */
function partOf(part: string, field: Field): number[] | null {
  const [range = '', stepText, ...more] = part.split('/');
  const step = stepText === undefined ? 1 : /^\d+$/.test(stepText) ? Number(stepText) : 0;
  if (more.length > 0 || step === 0) return null;
  const [low, high] = boundsOf(range, stepText !== undefined, field);
  if (low === undefined || high === undefined) return null;
  const size = field.to - field.from + 1;
  const last = high >= low ? high : high + size;
  const values: number[] = [];
  for (let value = low; value <= last; value += step) values.push(value > field.to ? value - size : value);
  return values;
}

function boundsOf(range: string, stepped: boolean, field: Field): [number | undefined, number | undefined] {
  if (range === '*' || range === '?') return [field.from, field.to];
  const [from = '', to, ...more] = range.split('-');
  if (more.length > 0) return [undefined, undefined];
  const low = numberOf(from, field);
  return [low, to !== undefined ? numberOf(to, field) : stepped ? field.to : low];
}

function numberOf(text: string, { from, to, names = [] }: Field): number | undefined {
  const name = names.indexOf(text.toUpperCase());
  const value = name === -1 ? (/^\d+$/.test(text) ? Number(text) : Number.NaN) : name + from;
  return value >= from && value <= to ? value : undefined;
}

/** All: `*`; evenly from the first on: a step; else numbers and ranges. */
function written(values: readonly number[], { from, to }: Field): string {
  if (values.length === to - from + 1) return '*';
  const [first, second] = values as [number, number | undefined];
  const step = second === undefined ? 0 : second - first;
  const isEven =
    step > 1 && first === from && values.every((value, index) => value === from + index * step) && (values.at(-1) as number) + step > to;
  if (isEven && (from === 0 || values.length > 2)) return `*/${step}`;
  const parts: string[] = [];
  for (let at = 0; at < values.length; ) {
    let end = at;
    while (values[end + 1] === (values[end] as number) + 1) end++;
    if (end - at >= 2) parts.push(`${values[at]}-${values[end]}`);
    else for (let each = at; each <= end; each++) parts.push(String(values[each]));
    at = end + 1;
  }
  return parts.join(',');
}
