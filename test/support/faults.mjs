/**
 * Faults of the file system. `armFault` lets the n-th change of a file below a folder fail with an error code, kills the
 * process there, or interrupts it as Ctrl-C does; the count begins anew. Preloaded into a child process (`node --import`) it takes its fault from FAULT (a
 * JSON of the same), and writes the number of changes made into the file that FAULT_COUNT names.
 */
import { createRequire, syncBuiltinESMExports } from 'node:module';

const fs = createRequire(import.meta.url)('node:fs');

let fault = { under: '\0', at: 0, kind: 'kill' };
let count = 0;

/** @param {{ under: string, at: number, kind: string }} next */
export function armFault(next) {
  fault = next;
  count = 0;
}

/** Changes of files since the fault was armed. */
export function changesMade() {
  return count;
}

function strike() {
  if (fault.kind === 'interrupt') {
    process.kill(process.pid, 'SIGINT');
    return;
  }
  if (fault.kind === 'kill') process.kill(process.pid, 'SIGKILL');
  throw Object.assign(new Error(`${fault.kind}: simulated`), { code: fault.kind });
}

const isBelow = (path) => typeof path === 'string' && path.startsWith(fault.under);
const isDue = () => ++count === fault.at;

const real = { ...fs.promises };
for (const name of ['rename', 'link', 'copyFile', 'mkdir', 'rmdir', 'unlink', 'rm', 'chmod', 'chown', 'writeFile', 'cp', 'mkdtemp']) {
  fs.promises[name] = async (...args) => {
    if (args.some(isBelow) && isDue()) strike();
    return real[name](...args);
  };
}
fs.promises.open = async (path, flags, ...rest) => {
  const writes = isBelow(path) && /[wa+]/.test(flags ?? 'r');
  if (writes && isDue()) strike();
  const handle = await real.open(path, flags, ...rest);
  const write = handle.writeFile.bind(handle);
  handle.writeFile = async (content, ...more) => {
    if (writes && isDue()) {
      if (fault.kind !== 'interrupt') await write(content.slice(0, content.length / 2));
      strike();
    }
    return write(content, ...more);
  };
  return handle;
};
syncBuiltinESMExports();

if (process.env.FAULT) armFault(JSON.parse(process.env.FAULT));
if (process.env.FAULT_COUNT) process.on('exit', () => fs.writeFileSync(process.env.FAULT_COUNT, String(count)));
