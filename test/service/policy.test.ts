import { describe, expect, it } from 'vitest';
import { evaluate } from '../../templates/service/policy.js';

const arn = 'arn:aws:execute-api:eu-west-1:123456789012:service/Prod/GET/orders/7';
const allow = (more: object) => ({ Effect: 'Allow', Action: 'execute-api:Invoke', ...more });
const verdict = (...statements: object[]) => evaluate({ Version: '2012-10-17', Statement: statements }, arn);

describe('resources', () => {
  it.each<[string | string[], 'allow' | 'none']>([
    [arn, 'allow'],
    ['*', 'allow'],
    ['arn:aws:execute-api:*:*:*', 'allow'],
    ['arn:aws:execute-api:eu-west-1:123456789012:service/*/GET/*', 'allow'],
    ['arn:aws:execute-api:eu-west-1:123456789012:*/Prod/GET/orders/?', 'allow'],
    ['arn:aws:execute-api:eu-west-1:123456789012:service/Prod/*/orders/*', 'allow'],
    [['arn:aws:execute-api:eu-west-1:123456789012:service/Prod/POST/*', arn], 'allow'],
    ['arn:aws:execute-api:eu-west-1:123456789012:service/Prod/POST/orders/7', 'none'],
    ['arn:aws:execute-api:eu-west-1:123456789012:service/Prod/GET/orders', 'none'],
    ['arn:aws:execute-api:eu-west-1:123456789012:service/Prod/GET/orders/', 'none'],
    ['arn:aws:execute-api:eu-west-1:123456789012:service/Prod/GET/orders/??', 'none'],
    ['arn:aws:execute-api:eu-west-1:123456789012:service/prod/GET/*', 'none'],
    ['arn:aws:execute-api:us-east-1:123456789012:*', 'none'],
    ['arn:aws:s3:::*', 'none'],
    ['arn:aws:execute-api:*', 'none'],
    ['arn:*', 'none'],
    ['', 'none'],
    [[], 'none'],
  ])('%s: %s', (resource, expected) => expect(verdict(allow({ Resource: resource }))).toBe(expected));

  it('lets no wildcard of the account reach into the path of a request', () => {
    const sly = 'arn:aws:execute-api:eu-west-1:1:service/Prod/DELETE/x:service/Prod/GET/public/y';
    const policy = { Statement: allow({ Resource: 'arn:aws:execute-api:*:*:service/Prod/GET/public/*' }) };
    expect(evaluate(policy, sly)).toBe('none');
    expect(evaluate(policy, 'arn:aws:execute-api:eu-west-1:1:service/Prod/GET/public/y')).toBe('allow');
  });

  it('takes no text for a pattern', () => {
    expect(evaluate({ Statement: allow({ Resource: 'arn:aws:execute-api:a:1:s/P/GET/a.c' }) }, 'arn:aws:execute-api:a:1:s/P/GET/abc')).toBe(
      'none',
    );
    expect(evaluate({ Statement: allow({ Resource: 'arn:aws:execute-api:a:1:s/P/GET/a' }) }, 'arn:aws:execute-api:a:1:s/P/GET/*')).toBe(
      'none',
    );
  });

  it('does not take long for many wildcards', () => {
    const resource = `arn:aws:execute-api:a:1:${'*a'.repeat(2000)}b`;
    expect(evaluate({ Statement: allow({ Resource: resource }) }, `arn:aws:execute-api:a:1:${'a'.repeat(4000)}`)).toBe('none');
  });
});

describe('actions', () => {
  it.each<[string | string[], 'allow' | 'none']>([
    ['execute-api:Invoke', 'allow'],
    ['execute-api:invoke', 'allow'],
    ['execute-api:*', 'allow'],
    ['*', 'allow'],
    [['s3:*', 'execute-api:Inv*'], 'allow'],
    ['execute-api:ManageConnections', 'none'],
    ['s3:*', 'none'],
  ])('%s: %s', (action, expected) => expect(verdict(allow({ Action: action, Resource: '*' }))).toBe(expected));
});

describe('statements', () => {
  const deny = (more: object) => ({ ...allow(more), Effect: 'Deny' });

  it('lets a deny win', () => {
    expect(verdict(allow({ Resource: '*' }), deny({ Resource: '*' }))).toBe('deny');
    expect(verdict(deny({ Resource: '*' }), allow({ Resource: '*' }))).toBe('deny');
    expect(verdict(deny({ Resource: `${arn}/x` }), allow({ Resource: '*' }))).toBe('allow');
  });

  it('reads what is excluded', () => {
    expect(verdict({ Effect: 'Allow', NotAction: 's3:*', Resource: '*' })).toBe('allow');
    expect(verdict({ Effect: 'Allow', NotAction: 'execute-api:*', Resource: '*' })).toBe('none');
    expect(verdict({ Effect: 'Allow', Action: '*', NotResource: arn })).toBe('none');
    expect(verdict({ Effect: 'Allow', Action: '*', NotResource: `${arn}/x` })).toBe('allow');
  });

  it('never allows by a condition that it cannot check, and always denies by one', () => {
    const condition = { Condition: { IpAddress: { 'aws:SourceIp': '10.0.0.0/8' } } };
    expect(verdict(allow({ Resource: '*', ...condition }))).toBe('none');
    expect(verdict(allow({ Resource: '*' }), deny({ Resource: '*', ...condition }))).toBe('deny');
  });

  it('takes one statement without a list, and none', () => {
    expect(evaluate({ Statement: allow({ Resource: '*' }) }, arn)).toBe('allow');
    expect(evaluate({ Statement: [] }, arn)).toBe('none');
  });

  it.each<[string, unknown]>([
    ['no policy', undefined],
    ['null', null],
    ['text', 'Allow'],
    ['no statements', { Version: '2012-10-17' }],
    ['an effect in lower case', { Statement: [allow({ Resource: '*' }), { ...allow({ Resource: '*' }), Effect: 'allow' }] }],
    ['a statement without an action', { Statement: { Effect: 'Allow', Resource: '*' } }],
    ['a statement without a resource', { Statement: { Effect: 'Allow', Action: '*' } }],
    ['a resource that is no text', { Statement: allow({ Resource: { Ref: 'x' } }) }],
  ])('fails on %s', (_, document) => expect(() => evaluate(document, arn)).toThrow());
});
