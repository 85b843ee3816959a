import { describe, expect, it } from 'vitest';
import { UserError } from '../../src/errors.js';
import type { Requirement } from '../../src/targets/assessment.js';
import { availabilityFindings, type Place } from '../../src/targets/availability.js';
import { targets } from '../../src/targets/index.js';

const web: Requirement[] = [{ workload: 'web', triggers: ['http-api'] }];

function findingsOf(id: string, place: Place) {
  const target = targets.find((each) => each.id === id);
  if (!target) throw new Error(`no target ${id}`);
  return availabilityFindings(target, web, place, 'template.yaml');
}

describe('availability of a target', () => {
  it.each(['aws', 'aws-cn', 'aws-us-gov'] as const)('has nothing to say of Fargate in %s', (partition) =>
    expect(findingsOf('ecs-fargate', { partition })).toEqual([]),
  );

  it.each<[string, Place]>([
    ['app-runner', { partition: 'aws-cn' }],
    ['app-runner', { region: 'ap-east-1', partition: 'aws' }],
    ['lambda-managed-instances', { region: 'cn-northwest-1', partition: 'aws-cn' }],
  ])('refuses %s in %o, with the fact and its date', (id, place) => {
    expect(() => findingsOf(id, place)).toThrow(UserError);
    expect(() => findingsOf(id, place)).toThrow(/not available there \(.+; 20\d\d-\d\d-\d\d\)/);
  });

  it.each<[string, Place, string[]]>([
    ['app-runner', { partition: 'aws' }, ['TARGET_CLOSED']],
    ['app-runner', { region: 'eu-west-1', partition: 'aws' }, ['TARGET_CLOSED']],
    ['lambda-managed-instances', { region: 'eu-west-1', partition: 'aws' }, []],
    ['lambda-managed-instances', { partition: 'aws' }, ['TARGET_AVAILABILITY_UNKNOWN']],
    ['ecs-express', { partition: 'aws-cn' }, ['TARGET_AVAILABILITY_UNKNOWN']],
    ['ecs-express', { partition: 'aws-us-gov' }, []],
  ])('warns of %s in %o', (id, place, codes) => expect(findingsOf(id, place).map(({ code }) => code)).toEqual(codes));
});
