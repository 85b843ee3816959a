/** Whether each request gives a state its value before it looks at it, so that what an earlier one has left is never seen. */
import type { Access, Trace, Write } from '../../src/analysis/concurrency/trace.js';

/** True when every access of every request is known, runs in the request's own context, and sees only what the request itself has put there. */
export function isOwnOfEach(traces: readonly Trace[], state: string, key: string): boolean {
  const users = traces.filter((trace) => accessesOf(trace, state, key).length > 0);
  return (
    users.length > 0 &&
    users.every((trace) => {
      const isKnown = !trace.isCut && !trace.isPartial && trace.roots.length === 1;
      return isKnown && accessesOf(trace, state, key).every((access) => !access.isLoose && isOwn(access, key));
    })
  );
}

/** Accesses of the state `key`, of what is below it, and of what it is part of. */
export function accessesOf({ reads, writes }: Trace, state: string, key: string): (Access | Write)[] {
  return [...reads, ...writes].filter(
    (access) => access.shared.key === state && (access.key === key || access.key.startsWith(`${key}.`) || key.startsWith(`${access.key}.`)),
  );
}

function isOwn(access: Access | Write, key: string): boolean {
  if (access.key.length < key.length && 'how' in access) return false;
  const isNew = 'how' in access && access.key === key && (access.how === 'assign' || access.how === 'empty');
  return isNew || access.assigned.some((each) => each === key || key.startsWith(`${each}.`));
}
