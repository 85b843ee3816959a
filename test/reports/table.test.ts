import { describe, expect, it } from 'vitest';
import { table } from '../../src/reports/table.js';

const cells = (...rows: string[][]) => rows.map((row) => row.map((text) => ({ text })));
const lines = (rows: string[][], columns?: number) =>
  table(cells(...rows), { columns })
    .trimEnd()
    .split('\n');

describe('a table', () => {
  it('is as wide as its cells without a terminal', () => {
    expect(
      lines([
        ['one', 'two three'],
        ['fourteen', 'x'],
      ]),
    ).toEqual(['one       two three', 'fourteen  x']);
  });

  it('wraps its last column first', () => {
    const text = 'a sentence of several words that is long';
    const wrapped = lines(
      [
        ['name', text],
        ['other', 'short'],
      ],
      35,
    );
    expect(wrapped).toEqual(['name   a sentence of several words', '       that is long', 'other  short']);
  });

  it('wraps headings of other columns where the last is not enough', () => {
    const heading = ['function', 'Amazon ECS on AWS Fargate, eu-west-1', 'Amazon ECS on AWS Fargate, us-east-1'];
    const wrapped = lines([heading, ['GetOrder', 'HIGH (fits)', 'HIGH (fits)']], 60);
    for (const line of wrapped) expect(line.length).toBeLessThanOrEqual(60);
    expect(wrapped.join(' ').replace(/ +/g, ' ')).toContain('GetOrder HIGH (fits) HIGH (fits)');
  });

  it('never breaks a word', () => {
    expect(lines([['a-name-that-is-long', 'another-long-name']], 10)).toEqual(['a-name-that-is-long  another-long-name']);
  });

  it('counts Chinese characters twice', () => {
    expect(
      lines([
        ['方案', 'x'],
        ['abcd', 'y'],
      ]),
    ).toEqual(['方案  x', 'abcd  y']);
  });

  it('paints each line of a cell, not its padding', () => {
    const paint = (text: string) => `<${text}>`;
    expect(table([[{ text: 'one two', paint }, { text: 'three' }]], { columns: 10 })).toBe('<one>  three\n<two>\n');
  });
});
