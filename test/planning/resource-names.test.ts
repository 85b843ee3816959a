import { describe, expect, it } from 'vitest';
import { resolveValue } from '../../src/planning/resource-names.js';

const resources = {
  Orders: { type: 'AWS::DynamoDB::Table', name: 'orders', properties: {} },
  Unnamed: { type: 'AWS::DynamoDB::Table', properties: {} },
  Queue: { type: 'AWS::SQS::Queue', name: 'jobs', properties: {} },
};
const resolve = (text: string) => {
  const value = resolveValue({ resources }, { kind: 'reference', text, names: [] });
  return value.kind === 'literal' ? value.value : undefined;
};

describe('references to resources of the project', () => {
  it.each(['!Ref Orders', 'Ref: Orders', '{"Ref":"Orders"}', '{ Ref: Orders }', '!Sub ${Orders}', '!Sub "${Orders}"'])(
    '%s is its name',
    (text) => expect(resolve(text)).toBe('orders'),
  );
  it.each(['!GetAtt Queue.QueueName', '{"Fn::GetAtt":["Queue","QueueName"]}'])('%s is its name', (text) =>
    expect(resolve(text)).toBe('jobs'),
  );
  it.each([
    '!Ref Unnamed',
    '!Ref Queue',
    '!GetAtt Queue.Arn',
    '!Ref Elsewhere',
    '!Sub "${Orders}-x"',
    '!ImportValue Orders',
    '!Ref constructor',
  ])('%s stays a reference', (text) => expect(resolve(text)).toBeUndefined());
});
