import type { Finding, Rule } from '../concurrency/rule.js';
import type { Call, Spot } from '../concurrency/trace.js';
import { child, walk } from '../syntax.js';

const slow: readonly { name: RegExp; instead: string; severity: 'warning' | 'info' }[] = [
  { name: /^(execSync|execFileSync|spawnSync)$/, instead: 'execFile with a promise', severity: 'warning' },
  {
    name: /^(pbkdf2Sync|scryptSync|hkdfSync|generateKeyPairSync|generatePrimeSync|checkPrimeSync)$/,
    instead: 'the asynchronous function of the same name',
    severity: 'warning',
  },
  { name: /^(hashSync|compareSync)$/, instead: 'hash and compare, which work in other threads', severity: 'warning' },
  {
    name: /^(gzipSync|gunzipSync|deflateSync|inflateSync|brotliCompressSync|brotliDecompressSync|unzipSync)$/,
    instead: 'the asynchronous function',
    severity: 'info',
  },
];

/** Work that keeps the only thread busy while other requests wait. */
export const eventLoop: Rule = {
  id: 'event-loop',
  find: ({ trace }) => [...trace.calls.flatMap(ofCall), ...trace.loops.filter(isBusyWait).map(ofLoop)],
};

function ofCall({ name, path, spot }: Call): Finding[] {
  const kind = slow.find((each) => each.name.test(name));
  if (kind)
    return [
      { code: 'EVENT_LOOP_BLOCKED', at: spot, severity: kind.severity, args: { what: path?.join('.') ?? name, instead: kind.instead } },
    ];
  return path?.join('.') === 'Atomics.wait'
    ? [{ code: 'EVENT_LOOP_BLOCKED', at: spot, args: { what: 'Atomics.wait', instead: 'Atomics.waitAsync' } }]
    : [];
}

function ofLoop(spot: Spot): Finding {
  return {
    code: 'EVENT_LOOP_BLOCKED',
    at: spot,
    args: { what: 'a loop that waits for the clock', instead: 'await setTimeout(…) of node:timers/promises' },
  };
}

/** `while (Date.now() < end) {}` */
function isBusyWait({ module, node }: Spot): boolean {
  const test = child(node, 'test');
  if (!test || !/\b(Date\.now|new Date|performance\.now|hrtime)\b/.test(module.text.slice(test.start, test.end))) return false;
  let waits = false;
  walk(node, (each) => {
    if (each.type === 'AwaitExpression' || each.type === 'YieldExpression') waits = true;
    return !waits;
  });
  return !waits;
}
