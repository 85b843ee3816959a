/**
 * Moves what the user's code waits for by some milliseconds, while a file is there that holds a seed: requests that are under way together
 * then meet in ever other orders. Timers may fire late and files may be slow on any machine, so that nothing changes its meaning.
 */
import fs from 'node:fs';
import timers from 'node:timers';
import timersPromises from 'node:timers/promises';
import { promisify } from 'node:util';

/** The file is looked for once in so many milliseconds. */
const lookMilliseconds = 25;
/** The first waits are long, so that requests meet however slowly they come in; the rest are short, because a function may have many. */
const longestMilliseconds = [150, 12];
const longWaits = 200;

const realTimeout = timers.setTimeout;
const realSleep = timersPromises.setTimeout;
const existing = fs.existsSync;
const read = fs.readFileSync;

/** @param {string} file */
export function perturbWaits(file) {
  const jitter = jitterBy(file);
  const timeout = (callback, delay, ...args) => realTimeout(callback, Number(delay ?? 0) + jitter(), ...args);
  const sleep = async (delay, value, options) => realSleep(Number(delay ?? 0) + jitter(), value, options);
  timeout[promisify.custom] = sleep;
  timers.setTimeout = timeout;
  globalThis.setTimeout = timeout;
  timersPromises.setTimeout = sleep;
  for (const [name, real] of Object.entries(fs.promises)) {
    // These give iterators, not promises.
    if (typeof real !== 'function' || name === 'watch' || name === 'glob') continue;
    fs.promises[name] = async (...args) => {
      const moved = jitter();
      if (moved > 0) await realSleep(moved);
      return real.apply(fs.promises, args);
    };
  }
}

/** Gives 0 while the file is not there. */
function jitterBy(file) {
  let looked = 0;
  let waits = 0;
  let state = null;
  return () => {
    const now = Date.now();
    if (now - looked >= lookMilliseconds) {
      looked = now;
      if (!existing(file)) {
        state = null;
        waits = 0;
      } else state ??= Number(read(file, 'utf8')) >>> 0;
    }
    if (state === null) return 0;
    // https://en.wikipedia.org/wiki/Linear_congruential_generator, the numbers of Numerical Recipes
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return (state >>> 16) % (longestMilliseconds[waits++ < longWaits ? 0 : 1] + 1);
  };
}
