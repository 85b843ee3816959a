/** How often a schedule runs in a month. */

const minutesAMonth = 730 * 60;
const minutesOf: Readonly<Record<string, number>> = { minute: 1, hour: 60, day: 1440 };

/** Runs a month of `rate(…)` and `cron(…)`; 1 for `at(…)`; null for an expression that is not understood. */
export function runsAMonth(expression: string): number | null {
  const rate = /^rate\(\s*(\d+)\s+(minute|hour|day)s?\s*\)$/.exec(expression.trim());
  if (rate) return Number(rate[1]) === 0 ? null : minutesAMonth / (Number(rate[1]) * (minutesOf[rate[2] as string] as number));
  if (/^at\(.*\)$/.test(expression.trim())) return 1;
  const fields = /^cron\((.*)\)$/.exec(expression.trim())?.[1]?.trim().split(/\s+/);
  if (fields?.length !== 6) return null;
  const [minute, hour, day, month, weekday] = fields as [string, string, string, string, string];
  const perDay = times(times(1, minute, 60), hour, 24);
  const days = weekday === '?' || weekday === '*' ? share(day, 31) : share(weekday, 7);
  const months = share(month, 12);
  if (perDay === null || days === null || months === null) return null;
  return (perDay * days * months * 730) / 24;
}

function times(count: number | null, field: string, size: number): number | null {
  const part = share(field, size);
  return count === null || part === null ? null : count * part * size;
}

/** Which part of its values a field of cron takes; null when it is not understood. */
function share(field: string, size: number): number | null {
  let taken = 0;
  for (const part of field.split(',')) {
    const [range = '', step] = part.split('/');
    const width = /^[*?]$/.test(range) ? size : widthOf(range, step !== undefined, size);
    if (width === null || step === '0') return null;
    taken += step === undefined ? width : Math.ceil(width / Number(step));
  }
  return Number.isFinite(taken) ? Math.min(1, taken / size) : null;
}

/** `5`, `1-5`, `MON-FRI`, `5/10` (from 5 to the end), and the single days `L`, `15W`, `2#1`. */
function widthOf(range: string, stepped: boolean, size: number): number | null {
  const [from = '', to] = range.split('-');
  if (to !== undefined) {
    const [first, last] = [numberOf(from), numberOf(to)];
    return first === null || last === null ? null : ((last - first + size) % size) + 1;
  }
  if (stepped) {
    const first = numberOf(from);
    return first === null ? null : size - first;
  }
  return /^[\w#]+$/.test(range) ? 1 : null;
}

const names = ['SUN', 'MON', 'TUE', 'WED', 'THU', 'FRI', 'SAT'];
const months = ['JAN', 'FEB', 'MAR', 'APR', 'MAY', 'JUN', 'JUL', 'AUG', 'SEP', 'OCT', 'NOV', 'DEC'];

function numberOf(text: string): number | null {
  if (/^\d+$/.test(text)) return Number(text);
  const index = Math.max(names.indexOf(text.toUpperCase()), months.indexOf(text.toUpperCase()));
  return index === -1 ? null : index + 1;
}
