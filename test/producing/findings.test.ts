/** Findings keep up with what becomes of the code that they are about. */
import { afterAll, describe, expect, it } from 'vitest';
import { lineMap } from '../../src/producing/edited-lines.js';
import { migrate } from '../../src/run.js';
import { cleanUp, temporaryFolder } from '../support/fixtures.js';
import { writeTree } from '../support/trees.js';

afterAll(cleanUp);

const definition = `Resources:
  Get:
    Type: AWS::Serverless::Function
    Properties: { Handler: get.handler, Runtime: nodejs20.x, Events: { Api: { Type: Api, Properties: { Path: /, Method: get } } } }
`;

/** A callback in a callback: it stays one unless the whole handler becomes a route. */
const nested = `exports.handler = (event, context, callback) => {
  setTimeout(() => callback(null, { statusCode: 200, body: 'late' }), 5);
};
`;

describe('what was found about a callback', () => {
  it.each([
    ['adapter', ['CALLBACK_KEPT']],
    ['auto', []],
  ] as const)('with style %s: %j', async (style, expected) => {
    const folder = await temporaryFolder();
    await writeTree(folder, { 'template.yaml': definition, 'get.js': nested });
    const { projects } = await migrate({ folder, style, threads: 0 });
    const codes = projects.flatMap(({ diagnostics }) => diagnostics.map(({ code }) => code));
    expect(codes.filter((code) => code.startsWith('CALLBACK'))).toEqual(expected);
  });
});

it.each([
  ['before an edit', 'a\nb\nc\n', 'a\nB\nc\n', 1, 1],
  ['behind added lines', 'a\nc\n', 'a\nb\nb\nc\n', 2, 4],
  ['behind removed lines', 'a\nb\nc\n', 'a\nc\n', 3, 2],
  ['in a part written anew, at the same place', 'a\nb\nc\nd\n', 'a\nB\nC\nd\n', 3, 3],
  ['in a part that got shorter, at its end', 'a\nb\nc\nd\n', 'a\nB\nd\n', 3, 2],
  ['removed: what follows', 'a\nb\nc\n', 'a\nc\n', 2, 2],
])('a line %s', (_, before, after, line, expected) => expect(lineMap(before, after)(line)).toBe(expected));
