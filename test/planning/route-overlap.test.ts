import { describe, expect, it } from 'vitest';
import { isCatchAll, overlap, samePattern } from '../../src/planning/route-overlap.js';
import type { Front } from '../../src/project/trigger.js';

function pattern(text: string, type: Front = 'http-api') {
  const [method = '', path = ''] = text.split(' ');
  return { method, path, type };
}

describe('routes that one request can match', () => {
  it.each([
    ['GET /a', 'GET /a'],
    ['GET /a/{id}', 'GET /a/{key}'],
    ['GET /a/{id}', 'GET /a/b'],
    ['ANY /a', 'GET /a'],
    ['GET /{proxy+}', 'GET /a/b'],
    ['ANY $default', 'POST /'],
    ['GET /a/{rest+}', 'GET /{x}/b'],
  ])('%s and %s', (one, other) => {
    expect(overlap(pattern(one), pattern(other))).toBe(true);
    expect(overlap(pattern(other), pattern(one))).toBe(true);
  });

  it.each([
    ['GET /a', 'POST /a'],
    ['GET /a', 'GET /b'],
    ['GET /a', 'GET /a/b'],
    ['GET /{proxy+}', 'GET /'],
    ['GET /a/{x}', 'GET /b/{x}'],
  ])('not %s and %s', (one, other) => expect(overlap(pattern(one), pattern(other))).toBe(false));

  it('reads the wildcards of a load balancer', () => {
    expect(overlap(pattern('ANY /hello/*', 'alb'), pattern('ANY /hello/a/b', 'alb'))).toBe(true);
    expect(overlap(pattern('ANY /img*', 'alb'), pattern('ANY /hello', 'alb'))).toBe(true);
  });

  it('tells equal patterns', () => {
    expect(samePattern(pattern('GET /a/{id}'), pattern('GET /a/{key}'))).toBe(true);
    expect(samePattern(pattern('GET /a/{id}'), pattern('GET /a/b'))).toBe(false);
  });

  it.each([
    ['ANY $default', true],
    ['ANY /{proxy+}', true],
    ['ANY /*', true],
    ['GET /{proxy+}', false],
    ['ANY /api/{proxy+}', false],
  ])('%s takes everything: %s', (text, expected) => expect(isCatchAll(pattern(text))).toBe(expected));
});
