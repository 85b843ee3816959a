import { expect, it } from 'vitest';
import { parseSource } from '../src/parse-source.js';

it('parses what a person writes', () => {
  const { errors, module, program } = parseSource('a.ts', 'export const handler = async (event: unknown) => ({ statusCode: 200 });');
  expect(errors).toEqual([]);
  expect(module.hasModuleSyntax).toBe(true);
  expect(program.body).toHaveLength(1);
});

it('gives an error for what would end the process', () => {
  const deep = `exports.handler = ${'['.repeat(50_000)}${']'.repeat(50_000)};`;
  const { errors, program } = parseSource('a.js', deep);
  expect(errors.map(({ message }) => message)).toEqual(['the code is nested too deep']);
  expect(program.body).toEqual([]);
});
