import { describe, expect, it } from 'vitest';
import type { Origin } from '../../src/infrastructure/origins/origin.js';
import { templateParameter } from '../../src/infrastructure/origins/template.js';
import { noPermissions } from '../../src/infrastructure/permissions/permissions.js';
import { StackDraft } from '../../src/infrastructure/stack-draft.js';

function origin(deploys: Origin['deploys'], taken: string[] = []): Origin {
  return {
    deploys,
    variable: () => undefined,
    value: () => undefined,
    queue: () => undefined,
    schedules: () => [],
    permissions: () => noPermissions(),
    network: () => undefined,
    condition: () => undefined,
    logRetention: () => undefined,
    text: (literal) => literal,
    parameter: templateParameter,
    taken: () => new Set(taken),
  };
}

describe('a stack that joins one that is deployed', () => {
  const draft = new StackDraft(origin('beside'));
  draft.image();
  draft.parameter('Vpc', { type: 'AWS::EC2::VPC::Id', description: 'VPC' });
  const own = draft.condition('HasMore', { 'Fn::Equals': ['a', 'b'] });
  draft.resource('Always', 'X::Y::Z', {});
  draft.resource('InProduction', 'X::Y::Z', {}, { Condition: 'IsProduction', DependsOn: ['A'] });
  draft.resource('More', 'X::Y::Z', {}, { Condition: own });
  draft.output('Url', 'Where', 'x');
  const { stack } = draft;

  it('has its resources and outputs only once there is an image', () => {
    expect(stack.Resources).toMatchObject({
      ContainerAlways: { Condition: 'ContainerDeployed' },
      ContainerInProduction: { Condition: 'ContainerIfIsProduction', DependsOn: ['A'] },
      ContainerMore: { Condition: 'ContainerIfHasMore' },
    });
    expect(stack.Outputs).toMatchObject({ ContainerUrl: { Condition: 'ContainerDeployed' } });
    expect(stack.Conditions).toEqual({
      ContainerDeployed: {
        'Fn::And': ['ContainerImage', 'ContainerVpc'].map((id) => ({ 'Fn::Not': [{ 'Fn::Equals': [{ Ref: id }, ''] }] })),
      },
      ContainerHasMore: { 'Fn::Equals': ['a', 'b'] },
      ContainerIfHasMore: { 'Fn::And': [{ Condition: 'ContainerHasMore' }, { Condition: 'ContainerDeployed' }] },
      ContainerIfIsProduction: { 'Fn::And': [{ Condition: 'IsProduction' }, { Condition: 'ContainerDeployed' }] },
    });
  });

  it('asks for nothing before, and then for all of it', () => {
    expect(stack.Parameters).toMatchObject({ ContainerImage: { Default: '' }, ContainerVpc: { Type: 'String', Default: '' } });
    expect(stack.Rules).toMatchObject({
      ContainerParameters: { Assertions: [{ Assert: { 'Fn::Not': [{ 'Fn::Equals': [{ Ref: 'ContainerVpc' }, ''] }] } }] },
    });
    expect(draft.parameters.filter(({ default: fallback }) => fallback === undefined).map(({ name }) => name)).toEqual([
      'ContainerImage',
      'ContainerVpc',
    ]);
  });
});

it('a stack of its own asks for what it needs', () => {
  const draft = new StackDraft(origin('apart'));
  draft.image();
  draft.parameter('Vpc', { type: 'AWS::EC2::VPC::Id', description: 'VPC' });
  draft.resource('Always', 'X::Y::Z', {});
  expect(draft.stack.Parameters['ContainerImage']).not.toHaveProperty('Default');
  expect(draft.stack.Parameters['ContainerVpc']).toMatchObject({ Type: 'AWS::EC2::VPC::Id' });
  expect(draft.stack).toMatchObject({ Rules: {}, Conditions: {}, Resources: { ContainerAlways: { Type: 'X::Y::Z' } } });
});

it('ids that are taken get another beginning', () => {
  expect(new StackDraft(origin('beside', ['containerRegistry'])).id('Task')).toBe('Container2Task');
});
