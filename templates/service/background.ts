/**
 * Work that goes on after the answer. Code that starts such work puts its promise into the set of this name, and takes it out when it is
 * done: `globalThis[Symbol.for('backgroundWork')]`.
 */
const name = Symbol.for('backgroundWork');

/** Waits until nothing is left in the set; work may start more of it. */
export async function backgroundWorkDone(): Promise<void> {
  const work = (globalThis as unknown as Record<symbol, unknown>)[name];
  while (work instanceof Set && work.size > 0) {
    const all = [...work];
    await Promise.allSettled(all);
    for (const each of all) work.delete(each);
  }
}

/** Code that has something to close or to send at the end puts a function into this set: `globalThis[Symbol.for('shutdownWork')]`. */
const last = Symbol.for('shutdownWork');

/** Calls each function of the set once and waits for it; gives what failed. */
export async function shutdownWorkDone(): Promise<unknown[]> {
  const work = (globalThis as unknown as Record<symbol, unknown>)[last];
  if (!(work instanceof Set)) return [];
  const all = [...(work as Set<() => unknown>)];
  work.clear();
  const outcomes = await Promise.allSettled(all.map(async (each) => each()));
  return outcomes.flatMap((outcome) => (outcome.status === 'rejected' ? [outcome.reason as unknown] : []));
}
