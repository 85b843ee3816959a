import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { kubernetesCron } from '../../../src/targets/eks/cron.js';

describe('a schedule of EventBridge as a CronJob has it', () => {
  it.each([
    ['rate(1 minute)', '* * * * *', false],
    ['rate(5 minutes)', '*/5 * * * *', false],
    ['rate(60 minutes)', '0 * * * *', true],
    ['rate(1 hour)', '0 * * * *', true],
    ['rate(120 minutes)', '0 */2 * * *', true],
    ['rate(12 hours)', '0 */12 * * *', true],
    ['rate(1 day)', '0 0 * * *', true],
    ['rate(7 days)', '0 0 * * 0', true],
    ['cron(0 12 * * ? *)', '0 12 * * *', false],
    ['cron(15 10 ? * 1 *)', '15 10 * * 0', false],
    ['cron(15 10 ? * 7 *)', '15 10 * * 6', false],
    ['cron(0 18 ? * MON-FRI *)', '0 18 * * 1-5', false],
    ['cron(0 18 ? * mon,wed *)', '0 18 * * 1,3', false],
    ['cron(0 18 ? * FRI-MON *)', '0 18 * * 0,1,5,6', false],
    ['cron(0/15 8-17 ? * 2-6 *)', '*/15 8-17 * * 1-5', false],
    ['cron(5/20 * * * ? *)', '5,25,45 * * * *', false],
    ['cron(0 8 1 JAN-MAR,JUL ? *)', '0 8 1 1-3,7 *', false],
    ['cron(0 22-2 * * ? *)', '0 0-2,22,23 * * *', false],
  ])('%s is %s', (expression, schedule, moved) => expect(kubernetesCron(expression)).toEqual({ schedule, moved }));

  it.each([
    'rate(7 minutes)',
    'rate(90 minutes)',
    'rate(5 hours)',
    'rate(2 days)',
    'rate(0 minutes)',
    'at(2026-12-01T09:00:00)',
    'cron(0 12 L * ? *)',
    'cron(0 12 15W * ? *)',
    'cron(0 12 ? * 6L *)',
    'cron(0 12 ? * L *)',
    'cron(0 12 ? * MON#1 *)',
    'cron(0 12 * * ? 2027)',
    'cron(0 12 1 * MON *)',
    'cron(60 12 * * ? *)',
    'cron(0 12 ? * 0 *)',
    'cron(0/0 12 * * ? *)',
    'cron(0 12 * * *)',
    'cron(x 12 * * ? *)',
    `\${self:custom.rate}`,
    '!Ref Rate',
    '',
  ])('%s is refused with a reason', (expression) => expect(kubernetesCron(expression)).toEqual({ reason: expect.stringMatching(/\w/) }));

  it('takes the same moments, whatever the fields', () => {
    fc.assert(
      fc.property(field(0, 59), field(0, 23), field(1, 31), field(1, 12), field(1, 7), fc.boolean(), (m, h, d, mo, w, byWeek) => {
        const expression = `cron(${m.text} ${h.text} ${byWeek ? '?' : d.text} ${mo.text} ${byWeek ? w.text : '?'} *)`;
        const translated = kubernetesCron(expression);
        if ('reason' in translated) throw new Error(`${expression}: ${translated.reason}`);
        const [minutes = '', hours = '', days = '', months = '', weekdays = ''] = translated.schedule.split(' ');
        expect(taken(minutes, 0, 59)).toEqual(m.values);
        expect(taken(hours, 0, 23)).toEqual(h.values);
        expect(taken(days, 1, 31)).toEqual(byWeek ? range(1, 31) : d.values);
        expect(taken(months, 1, 12)).toEqual(mo.values);
        expect(taken(weekdays, 0, 6)).toEqual(byWeek ? w.values.map((day) => day - 1) : range(0, 6));
      }),
    );
  });
});

const range = (from: number, to: number) => Array.from({ length: to - from + 1 }, (_, index) => from + index);

/** A field as AWS writes it, and the values that it takes. */
function field(from: number, to: number): fc.Arbitrary<{ text: string; values: number[] }> {
  const part = fc.oneof(
    fc.integer({ min: from, max: to }).map((value) => ({ text: String(value), values: [value] })),
    fc.tuple(fc.integer({ min: from, max: to }), fc.integer({ min: from, max: to })).map(([a, b]) => ({
      text: `${Math.min(a, b)}-${Math.max(a, b)}`,
      values: range(Math.min(a, b), Math.max(a, b)),
    })),
    fc.tuple(fc.integer({ min: from, max: to }), fc.integer({ min: 1, max: to })).map(([start, step]) => ({
      text: `${start}/${step}`,
      values: range(start, to).filter((value) => (value - start) % step === 0),
    })),
  );
  const list = fc.array(part, { minLength: 1, maxLength: 3 }).map((parts) => ({
    text: parts.map(({ text }) => text).join(','),
    values: [...new Set(parts.flatMap(({ values }) => values))].sort((a, b) => a - b),
  }));
  return fc.oneof(fc.constant({ text: '*', values: range(from, to) }), list);
}

/** What a field takes by the rules of Kubernetes. */
function taken(text: string, from: number, to: number): number[] {
  const values = text.split(',').flatMap((part) => {
    const [span = '', step = '1'] = part.split('/');
    const [first, last] = span === '*' ? [from, to] : span.split('-').map(Number);
    const all = range(first ?? Number.NaN, last ?? first ?? Number.NaN);
    return all.filter((value) => (value - (first as number)) % Number(step) === 0);
  });
  return [...new Set(values)].sort((a, b) => a - b);
}
