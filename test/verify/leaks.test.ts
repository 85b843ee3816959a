import { describe, expect, it } from 'vitest';
import type { ModelRoute } from '../../src/verify/fronts/routing.js';
import { leaksInAnswers, leaksInCalls, leaksInLog } from '../../src/verify/leaks.js';

const route = { functionId: 'Get', trigger: {} } as unknown as ModelRoute;
const asked = ['mark0000x', 'mark0001x', 'mark0002x'].map((mark) => ({ route, mark }));
const answers = asked.map(({ mark }, index) => ({ requestId: `id-${index}`, text: `answer ${mark}` }));
const line = (requestId: string, message: string) => JSON.stringify({ requestId, message });
const marksOf = (leaks: { asked: { mark: string }; foreign: string }[]) => leaks.map((leak) => [leak.asked.mark, leak.foreign]);

describe('the mark of another request is found', () => {
  it('in an answer', () => {
    const given = answers.map((each, index) => (index === 2 ? { ...each, text: 'answer mark0000x' } : each));
    expect(marksOf(leaksInAnswers(asked, given))).toEqual([['mark0002x', 'mark0000x']]);
    expect(leaksInAnswers(asked, answers)).toEqual([]);
  });

  it('in the lines of a request that the front names, also when its own mark is in none', () => {
    const log = [line('id-0', 'for mark0000x'), line('id-1', 'for mark0000x'), 'no line of a request mark0002x'].join('\n');
    expect(marksOf(leaksInLog(asked, answers, log))).toEqual([['mark0001x', 'mark0000x']]);
  });

  it('in the lines of a request that nothing names, beside its own', () => {
    const unnamed = answers.map(({ text }) => ({ requestId: undefined, text }));
    const log = [line('a', 'start mark0001x'), line('b', 'start mark0002x'), line('a', 'end mark0002x'), line('b', 'end mark0002x')];
    expect(marksOf(leaksInLog(asked, unnamed, log.join('\n')))).toEqual([['mark0001x', 'mark0002x']]);
  });

  it('in a call with two marks, and in one that took the place of another', () => {
    const alone = new Map([[route, 1]]);
    expect(marksOf(leaksInCalls(asked, ['/mark0000x/mark0001x'], new Map()))).toEqual([['mark0000x', 'mark0001x']]);
    expect(marksOf(leaksInCalls(asked, ['/mark0000x', '/mark0002x', '/mark0002x'], alone))).toEqual([['mark0001x', 'mark0002x']]);
  });

  it('not in calls of which some are left out, or made twice', () => {
    const alone = new Map([[route, 1]]);
    expect(leaksInCalls(asked, ['/mark0000x', '/mark0002x'], alone)).toEqual([]);
    expect(leaksInCalls(asked, ['/mark0000x', '/mark0001x', '/mark0002x', '/mark0002x'], alone)).toEqual([]);
    expect(leaksInCalls(asked, ['/mark0000x', '/mark0002x', '/mark0002x'], new Map())).toEqual([]);
  });
});
