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
