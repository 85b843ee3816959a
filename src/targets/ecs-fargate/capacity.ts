import type { Capacity, Launch } from '../ecs/stack/capacity.js';

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

/**
 * The first task of a service always has a place, the others take what is spare. ARM64 is fine: the tasks run on platform version 1.4.0.
 * https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_CapacityProviderStrategyItem.html
 */
const spare: Launch = {
  properties: {
    CapacityProviderStrategy: [
      { CapacityProvider: 'FARGATE', Base: 1, Weight: 0 },
      { CapacityProvider: 'FARGATE_SPOT', Weight: 1 },
    ],
  },
};

export const fargateSpot: Capacity = {
  ...fargate,
  providers: ['FARGATE', 'FARGATE_SPOT'],
  // A run of a schedule that is stopped would not be started again.
  launch: (draft, shared, services) => {
    const reserved = fargate.launch(draft, shared, services);
    return (service) => (service.kind === 'job' ? reserved(service) : spare);
  },
};
