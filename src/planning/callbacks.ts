import type { HandlerFacts } from '../analysis/facts.js';
import type { LambdaFunction } from '../project/model.js';

/**
 * Runtimes up to nodejs22.x pass a callback and ignore what a handler returns unless it is a promise; later ones do neither. Where the
 * runtime is not known the handler tells: one with a third parameter was written for the former. One without that returns a plain
 * value only makes sense on the latter.
 */
export function takesCallbacks({ runtime }: LambdaFunction, { usesCallback, parameterCount }: HandlerFacts): boolean {
  const major = /^nodejs(\d*)/.exec(runtime ?? '')?.[1];
  if (major !== undefined) return Number(major) < firstWithoutCallbacks;
  return usesCallback || parameterCount === null || parameterCount > 2;
}

const firstWithoutCallbacks = 24;
