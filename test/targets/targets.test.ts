import { describe, expect, it } from 'vitest';
import { UserError } from '../../src/errors.js';
import { defaultTarget, findTarget, targets } from '../../src/targets/index.js';

describe('targets', () => {
  it('lists the nine of them, each once', () => {
    expect(targets.map(({ id }) => id).sort()).toEqual(
      [
        'app-runner',
        'ec2-asg',
        'ecs-ec2',
        'ecs-express',
        'ecs-fargate',
        'eks',
        'lambda-managed-instances',
        'lambda-provisioned-concurrency',
        'lambda-web-function',
      ].sort(),
    );
  });
  it('has Fargate', () => expect(findTarget(defaultTarget).available).toBe(true));
  it.each(['lambda-web-function', 'nowhere', ''])('refuses %j and names what there is', (id) => {
    expect(() => findTarget(id)).toThrow(UserError);
    expect(() => findTarget(id)).toThrow(expect.objectContaining({ advice: expect.stringContaining('ecs-fargate') }));
  });
});
