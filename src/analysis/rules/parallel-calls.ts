import { isFresh } from '../concurrency/known.js';
import type { Finding, Rule } from '../concurrency/rule.js';
import type { Call, Sources, Trace } from '../concurrency/trace.js';
import { type Node, unwrap } from '../syntax.js';

/** Batches have a largest size, which the event source keeps to. */
const bounded = /\.Records(\.|$)/;
const limits = /limit|semaphore|queue|throttle|bottleneck|concurrency/i;

/** `Promise.all(items.map(…))` over as many items as a request brings, with a call to the outside for each. Only told: nobody knows how many. */
export const parallelCalls: Rule = {
  id: 'parallel-calls',
  find: ({ trace }) => trace.calls.flatMap((call): Finding[] => parallelIn(call, trace)),
};

function parallelIn(call: Call, trace: Trace): Finding[] {
  if (!/^Promise\.(all|allSettled)$/.test(call.path?.join('.') ?? '') || call.inLoop) return [];
  const given = unwrap(call.args[0]?.node ?? null);
  const map = trace.calls.find(({ spot, name }) => spot.node === given && name === 'map');
  const callback = map?.args[0]?.node;
  if (!map || !callback || !isOfRequest(map.receiverSources)) return [];
  const { module } = map.spot;
  if (limits.test(module.text.slice(callback.start, callback.end))) return [];
  const outside = trace.calls.find((each) => each.spot.module === module && isWithin(each.spot.node, callback) && isOutside(each));
  return outside ? [{ code: 'PARALLEL_WITHOUT_LIMIT', at: call.spot, args: { call: outside.path?.join('.') ?? outside.name } }] : [];
}

function isOfRequest(sources: Sources): boolean {
  return sources.size > 0 && [...sources].every((source) => !isFresh(source) && !source.startsWith('⟨') && !bounded.test(source));
}

function isOutside({ external, path, target }: Call): boolean {
  if (target !== null) return false;
  return external === null
    ? path?.join('.') === 'fetch'
    : /^(@aws-sdk\/|aws-sdk|axios|got|undici|node-fetch|pg|mysql2)/.test(external.package);
}

function isWithin(node: Node, outer: Node): boolean {
  return outer.start <= node.start && node.end <= outer.end;
}
