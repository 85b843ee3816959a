import type { LambdaFunction } from './model.js';

/** What `context.functionName` is on Lambda, as far as it can be told: the physical name when it is a literal, else the id. */
export function deployedName({ name, id }: LambdaFunction): string {
  return name?.kind === 'literal' && typeof name.value === 'string' ? name.value : id;
}
