import { describe, expect, it } from 'vitest';
import { compileFilters } from '../../templates/service/filter.js';

function matches(pattern: unknown, record: unknown): boolean {
  return compileFilters([pattern])(record);
}

/** A rule on the field `x` of a JSON body. */
function passes(rule: unknown, value: unknown): boolean {
  return matches({ body: { x: [rule] } }, { body: JSON.stringify(value === undefined ? { other: 1 } : { x: value }) });
}

describe('rules', () => {
  it.each<[rule: unknown, yes: unknown[], no: unknown[]]>([
    ['a', ['a', ['b', 'a']], ['A', 'ab', '', null, undefined, { a: 1 }, []]],
    ['', [''], ['a', null, undefined]],
    [5, [5, 5.0], ['5', 6]],
    [true, [true], ['true', false, 1]],
    [null, [null], ['', undefined, 0]],
    [{ exists: true }, ['a', 0, null, false], [undefined, { nested: 1 }]],
    [{ exists: false }, [undefined, { nested: 1 }], ['a', null]],
    [{ prefix: 'ab' }, ['ab', 'abc', ['x', 'abc']], ['a', 'xab', 5]],
    [{ prefix: { 'equals-ignore-case': 'ab' } }, ['ABc'], ['xab']],
    [{ suffix: '.png' }, ['a.png'], ['a.PNG', '.pngx']],
    [{ suffix: { 'equals-ignore-case': '.png' } }, ['a.PNG'], ['png']],
    [{ 'equals-ignore-case': 'Alice' }, ['alice', 'ALICE'], ['alic', 5]],
    [{ wildcard: 'dir/*.png' }, ['dir/a.png', 'dir/.png', 'dir/a/b.png', 'dir/a\nb.png'], ['dir/a.pngx', 'xdir/a.png', 'dirXa-png']],
    [{ wildcard: 'a\\*b\\\\*' }, ['a*b\\', 'a*b\\c'], ['axb\\', 'a*b']],
    [{ wildcard: '[a-c]+(x)|$^.?{1}' }, ['[a-c]+(x)|$^.?{1}'], ['ax', '']],
    [{ numeric: ['=', 300] }, [300, 3e2], ['300', 301]],
    [{ numeric: ['>', 10, '<=', 20] }, [11, 20, [1, 15]], [10, 21, '15', undefined]],
    [{ numeric: ['<', 0] }, [-1], [0]],
    [{ numeric: ['>=', -1.5] }, [-1.5], [-2]],
    [{ 'anything-but': 'a' }, ['b', 5, null, ['a', 'b']], ['a', ['a'], undefined]],
    [{ 'anything-but': ['a', 5] }, ['b', 6], ['a', 5]],
    [{ 'anything-but': { prefix: 'a' } }, ['b', 5], ['ab']],
    [{ 'anything-but': { prefix: ['a', 'b'] } }, ['c'], ['ax', 'bx']],
    [{ 'anything-but': { suffix: '.png' } }, ['a.jpg'], ['a.png']],
    [{ 'anything-but': { 'equals-ignore-case': ['a', 'b'] } }, ['c'], ['A', 'B']],
    [{ 'anything-but': { wildcard: '*/lib/*' } }, ['a/b'], ['a/lib/b']],
  ])('%j', (rule, yes, no) => {
    for (const value of yes) expect([value, passes(rule, value)]).toEqual([value, true]);
    for (const value of no) expect([value, passes(rule, value)]).toEqual([value, false]);
  });

  it.each([
    [{ cidr: '10.0.0.0/8' }],
    [{ prefix: 5 }],
    [{ prefix: 'a', suffix: 'b' }],
    [{ exists: 'yes' }],
    [{ numeric: ['>'] }],
    [{ numeric: ['!', 5] }],
    [{ numeric: [] }],
    [{ 'anything-but': { exists: true } }],
    [{ toString: 'a' }],
    [{}],
    [['a']],
  ])('refuses to guess %j', (rule) => {
    expect(() => compileFilters([{ body: { x: [rule] } }])).toThrow('This filter rule is not known');
  });

  it.each([[{ body: 'a' }], ['text'], [null], [{ body: { a: { b: 'c' } } }]])('refuses the pattern %j', (pattern) => {
    expect(() => compileFilters([pattern])).toThrow('This filter rule is not known');
  });
});

describe('patterns', () => {
  it('need all of their fields', () => {
    const pattern = { body: { a: ['1'], b: { c: ['2', '3'] } } };
    expect(matches(pattern, { body: '{"a":"1","b":{"c":"3"}}' })).toBe(true);
    expect(matches(pattern, { body: '{"a":"1","b":{"c":"4"}}' })).toBe(false);
    expect(matches(pattern, { body: '{"a":"1"}' })).toBe(false);
  });

  it('match one element of a list of objects as a whole', () => {
    const pattern = { body: { items: { name: ['a'], count: [{ numeric: ['>', 1] }] } } };
    expect(matches(pattern, { body: '{"items":[{"name":"b","count":1},{"name":"a","count":2}]}' })).toBe(true);
    expect(matches(pattern, { body: '{"items":[{"name":"b","count":2},{"name":"a","count":1}]}' })).toBe(false);
  });

  it('find absent fields in absent objects', () => {
    expect(matches({ body: { a: { b: [{ exists: false }] } } }, { body: '{}' })).toBe(true);
    expect(matches({ body: { a: { b: [{ exists: false }] } } }, { body: '{"a":{"b":1}}' })).toBe(false);
  });

  it('can be alternatives', () => {
    const pattern = { body: { kind: ['x'], $or: [{ a: [1] }, { b: [{ exists: true }] }] } };
    expect(matches(pattern, { body: '{"kind":"x","a":1}' })).toBe(true);
    expect(matches(pattern, { body: '{"kind":"x","b":0}' })).toBe(true);
    expect(matches(pattern, { body: '{"kind":"x","a":2}' })).toBe(false);
    expect(matches({ $or: [{ body: ['text'] }, { body: { a: [1] } }] }, { body: 'text' })).toBe(true);
  });

  it('let everything through when there are none, and one of several is enough', () => {
    expect(compileFilters([])({ body: 'a' })).toBe(true);
    expect(compileFilters([{ body: ['a'] }, { body: ['b'] }])({ body: 'b' })).toBe(true);
    expect(compileFilters([{ body: ['a'] }, { body: ['b'] }])({ body: 'c' })).toBe(false);
  });
});

/** https://docs.aws.amazon.com/lambda/latest/dg/with-sqs-filtering.html, "Properly filtering Amazon SQS messages" */
describe('body', () => {
  const rules = { x: ['1'] };
  it.each([
    ['text', ['text'], true],
    ['text', [{ prefix: 'te' }], true],
    ['text', ['other'], false],
    ['text', rules, false],
    ['{"x":"1"}', rules, true],
    ['{"x":"2"}', rules, false],
    ['{"x":"1"}', ['{"x":"1"}'], false],
    ['{"x":', rules, false],
    ['12', ['12'], true],
    ['[{"x":"1"}]', rules, true],
  ])('%s with %j: %s', (body, rule, expected) => {
    expect(matches({ body: rule }, { body })).toBe(expected);
  });

  it('is not looked at by patterns on other fields', () => {
    expect(matches({ attributes: { SenderId: ['a'] } }, { body: 'text', attributes: { SenderId: 'a' } })).toBe(true);
  });
});
