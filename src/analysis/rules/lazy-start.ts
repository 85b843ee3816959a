import { isFresh } from '../concurrency/known.js';
import { isTelling } from '../concurrency/known-calls.js';
import type { Finding, Rule } from '../concurrency/rule.js';
import type { Call, Trace, Write } from '../concurrency/trace.js';
import { declaredWhere, nameOfState } from '../concurrency/words.js';
import { child } from '../syntax.js';

const starts =
  /(connect\w*|createConnection|createClient|createPool|createServer|createApp|bootstrap\w*|listen|launch|\binit\w*|\bstart\w*|\bopen\w*|login|register|build)\(|NestFactory/i;

/** `if (!connection) connection = await connect()`: the requests that come before it is there each make one of their own. */
export const lazyStart: Rule = {
  id: 'lazy-start',
  find: ({ trace }) =>
    trace.writes.filter((write) => !isKeptAsPromise(write)).flatMap((write) => [...started(write), ...flagged(write, trace)]),
};

/** `starting ??= (async () => { client = await start(); })()`: whoever comes in the meantime waits for the same promise. */
function isKeptAsPromise({ fn, spot: { module } }: Write): boolean {
  for (const assignments of module.assignments.values())
    for (const each of assignments) {
      const right = child(each, 'right');
      if (!/^(\?\?|\|\|)=$/.test(String(each['operator'])) || right?.type === 'AwaitExpression') continue;
      if (right && right.start <= fn.start && fn.end <= right.end) return true;
    }
  return false;
}

function started(write: Write): Finding[] {
  if (write.guards.length === 0 || !write.afterWait || write.how !== 'assign' || write.literal === 'null' || write.literal === 'undefined')
    return [];
  if (![...write.sources].every(isFresh) || isLibrary(write) || write.guards.some(({ sources }) => sources.size > 0)) return [];
  const { text } = write.spot.module;
  if (!starts.test(text.slice(write.fn.start, Math.min(write.fn.end, write.fn.start + 3000)))) return [];
  return [finding(write, 'requests that come before it is ready start it once more each, and all but one are never closed')];
}

/** `if (!ready) { ready = true; await start(); }` lets the second request pass before the start is over. */
function flagged(write: Write, trace: Trace): Finding[] {
  if (
    write.guards.length === 0 ||
    write.afterWait ||
    write.how !== 'assign' ||
    !/^(true|false|1)$/.test(write.literal ?? '') ||
    isLibrary(write)
  )
    return [];
  const goesOn = trace.calls.some((call) => isPartOf(call, write));
  return goesOn ? [finding(write, 'request B takes it for ready while request A is still starting it')] : [];
}

function isPartOf(call: Call, write: Write): boolean {
  return (
    call.use === 'await' &&
    call.fn === write.fn &&
    call.order > write.order &&
    !isTelling(call.path, call.name) &&
    call.guards.some(({ reads }) => reads.has(write.key))
  );
}

function isLibrary({ shared }: Write): boolean {
  return shared.kind === 'library' || shared.kind === 'environment';
}

function finding(write: Write, consequence: string): Finding {
  return {
    code: 'LAZY_START_RACES',
    at: write.spot,
    shared: write.shared,
    args: { name: nameOfState(write), declared: declaredWhere(write.shared, write.spot), consequence },
  };
}
