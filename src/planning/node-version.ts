import type { LambdaFunction } from '../project/model.js';

/** Oldest Node.js major that a service is built for: older ones get no security fixes. */
const minimumNodeMajor = 22;

/** Node.js major of the service's image: the newest runtime of its functions, never below {@link minimumNodeMajor}. */
export function nodeMajor(functions: readonly Pick<LambdaFunction, 'runtime'>[]): number {
  const majors = functions.map(({ runtime }) => Number(/^nodejs(\d+)\.x$/.exec(runtime ?? '')?.[1] ?? 0));
  return Math.max(minimumNodeMajor, ...majors);
}
