import { describe, expect, it } from 'vitest';
import { parseModule } from '../../../src/analysis/source-module.js';
import { child, list } from '../../../src/analysis/syntax.js';
import { guardText } from '../../../transforms/http-route-native/sound.js';

const before = parseModule('a.js', 'const { a } = require("a");\nexports.handler = async (event) => { return{ body: a(event) } };\n');

function check(after: string): string {
  try {
    guardText(before, after, child(list(before.program, 'body')[0], 'declarations') ?? (before.program as never));
    return 'sound';
  } catch (error) {
    return (error as Error).message;
  }
}

describe('a rewritten text', () => {
  it.each([
    ['const { a } = require("a");\nexports.handler = async (request, reply) => reply.send(a(request));\n', 'sound'],
    ['exports.handler = async (request) => String(decodeURIComponent(request.body) ?? undefined);\n', 'sound'],
    [
      'exports.handler = async (request, reply) => { returnreply.send(1) };\n',
      '`returnreply` would stand for nothing in its rewritten form',
    ],
    [
      'exports.handler = async (request, reply) => { return reply.send(event) };\n',
      '`event` would stand for nothing in its rewritten form',
    ],
    ['exports.handler = async (request, reply) => { return return 1 };\n', 'its rewritten form would not parse'],
  ])('%s', (after, expected) => {
    expect(check(after)).toBe(expected);
  });
});
