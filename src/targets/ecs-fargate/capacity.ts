import type { Capacity } from '../ecs/stack/capacity.js';

/** Nothing to be made: AWS runs the hosts. */
export const fargate: Capacity = {
  compatibility: 'FARGATE',
  publicIp: (draft) =>
    draft.parameter('PublicIp', {
      type: 'String',
      description: 'ENABLED when the subnets of the tasks reach the Internet only with a public address',
      default: 'DISABLED',
      allowed: ['DISABLED', 'ENABLED'],
    }),
  launch: () => () => ({ properties: { LaunchType: 'FARGATE' } }),
};
