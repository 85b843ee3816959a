import type { ComparableResponse, Difference } from './compare.js';
import { comparableResponse, compareResponses, withoutUnstable } from './compare.js';
import type { Handling } from './fronts/gateway.js';
import type { HeaderLine, WireRequest, WireResponse } from './fronts/http.js';
import type { Arrival } from './fronts/model.js';
import { accountId } from './lambda/environment.js';
import type { Original } from './lambda/original.js';
import { failed, type InvokeOutcome } from './lambda/outcome.js';
import type { LiveService } from './live-service.js';
import type { NormaliseContext } from './normalise.js';
import type { OutsideCall } from './outside/call.js';
import { compareCalls, withoutUnstableCalls } from './outside/compare-calls.js';
import { laterCalls } from './outside/later-calls.js';
import type { Outside } from './outside/side.js';
import { clientAddress } from './requests/plan.js';
import { region } from './settings.js';

/** The two sides of a web service, ready to be asked the same. */
export interface Pair {
  gateway(request: WireRequest, arrival: Arrival): Handling;
  originals: ReadonlyMap<string, Original>;
  before: Outside;
  service: LiveService;
  after: Outside;
  context: NormaliseContext;
  /** Aborted by Ctrl-C: then the sides are gone, and nothing may be concluded from their silence. */
  signal: AbortSignal | undefined;
  /** How often each function ran into its timeout. */
  timeouts: Map<string, number>;
  /** Functions with an invocation that did not fail. */
  succeeded: Set<string>;
  /** How long an answer may take. */
  timeoutSeconds: number;
  /** What `check` has found in each function: state that one request can see another's data in. */
  suspects: ReadonlyMap<string, readonly string[]>;
  /** Files that a function reaches. */
  filesOf(functionId: string): readonly string[];
}

interface Asked {
  response: ComparableResponse;
  calls: OutsideCall[];
  outcome: InvokeOutcome | null;
}

export type Compared =
  | { kind: 'compared'; differences: Difference[]; functionId: string | null; outcome: InvokeOutcome | null }
  /** AWS's answer cannot be told. */
  | { kind: 'unknown' };

/** How often the original is asked again where the sides differ. */
const repeats = 3;

/** Asks both sides, and again where they differ: what the original does not repeat is no difference. */
export async function compareOn(pair: Pair, request: WireRequest): Promise<Compared> {
  const arrival = arrivalNow();
  const handling = pair.gateway(request, arrival);
  if (handling.kind === 'unknown') return { kind: 'unknown' };
  const functionId = handling.kind === 'invoke' ? handling.functionId : null;
  const before = await askOriginal(pair, handling);
  const after = await askMigrated(pair, request, functionId, before.calls.length);
  before.calls.push(...(await laterCalls(pair.before, after.calls.length - before.calls.length, pair.context)));
  pair.signal?.throwIfAborted();
  const { outcome } = before;
  if (functionId !== null && outcome && !failed(outcome)) pair.succeeded.add(functionId);
  if (functionId !== null && outcome?.kind === 'timeout') pair.timeouts.set(functionId, (pair.timeouts.get(functionId) ?? 0) + 1);
  const compared = (differences: Difference[]): Compared => ({ kind: 'compared', differences, functionId, outcome });
  const differences = differ(pair, before, after);
  if (differences.length === 0) return compared([]);
  let stable = { before: before.response, after: after.response };
  let calls = { before: before.calls, after: after.calls };
  let rest = differences;
  // A choice among few comes out alike now and then.
  for (let times = 0; times < repeats && rest.length > 0; times++) {
    const again = await askOriginal(pair, pair.gateway(request, arrivalNow()));
    await askMigrated(pair, request, functionId, again.calls.length);
    pair.signal?.throwIfAborted();
    stable = withoutUnstable(stable.before, stable.after, again.response);
    calls = withoutUnstableCalls(calls.before, calls.after, again.calls, pair.context);
    rest = differ(
      pair,
      { ...before, response: stable.before, calls: calls.before },
      { ...after, response: stable.after, calls: calls.after },
    );
  }
  if (rest.length < differences.length) pair.context.used('unstable');
  if (rest.length === 0) return compared([]);
  return compared((await agreesInOtherSpelling(pair, request, after)) ? [] : [...rest, ...errorOf(outcome)]);
}

/** What the caller of a function never sees, and the reader of a difference needs. */
function errorOf(outcome: InvokeOutcome | null): Difference[] {
  if (!outcome || !failed(outcome)) return [];
  const { errorType, errorMessage } = outcome.error;
  const when = outcome.kind === 'init-error' ? 'at its start: ' : '';
  return [{ what: 'error of the function', before: `${when}${errorType}: ${errorMessage}`, after: '(not seen)' }];
}

function differ({ context }: Pair, before: Asked, after: Asked): Difference[] {
  return [...compareResponses(before.response, after.response), ...compareCalls(before.calls, after.calls, context)];
}

async function askOriginal(pair: Pair, handling: Handling): Promise<Asked> {
  if (handling.kind === 'unknown') throw new Error('nothing to ask');
  if (handling.kind === 'answer') return { response: comparableResponse(handling.response, pair.context), calls: [], outcome: null };
  const original = pair.originals.get(handling.functionId);
  if (!original) throw new Error(`no original of ${handling.functionId}`);
  const { outcome } = await original.invoke(handling.event);
  const calls = await pair.before.takeCalls();
  return { response: comparableResponse(handling.finish(outcome), pair.context), calls, outcome };
}

async function askMigrated(pair: Pair, request: WireRequest, functionId: string | null, expectedCalls: number): Promise<Asked> {
  const response = await pair.service.ask(request, functionId, pair.timeoutSeconds).catch(brokenConnection);
  return { response: comparableResponse(response, pair.context), calls: await pair.after.takeCalls(expectedCalls), outcome: null };
}

/** A connection that broke is an answer too: the client saw no status. */
function brokenConnection(error: unknown): WireResponse {
  return { status: 0, headers: [], body: Buffer.from(`no answer: ${error instanceof Error ? error.message : String(error)}`) };
}

/** The service finds headers in any spelling, REST APIs hand them on as they came: a handler that finds both spellings shows it. */
async function agreesInOtherSpelling(pair: Pair, request: WireRequest, after: Asked): Promise<boolean> {
  const handling = pair.gateway({ ...request, headers: inEverySpelling(request.headers) }, arrivalNow());
  if (handling.kind !== 'invoke') return false;
  if (differ(pair, await askOriginal(pair, handling), after).length > 0) return false;
  pair.context.used('spelling');
  return true;
}

function inEverySpelling(headers: readonly HeaderLine[]): HeaderLine[] {
  const spellings = [(name: string) => name, titleCase, (name: string) => name.toLowerCase()];
  return spellings
    .flatMap((spell) => headers.map(([name, value]): HeaderLine => [spell(name), value]))
    .filter(
      ([name, value], index, all) => index < headers.length || !all.slice(0, index).some((each) => each[0] === name && each[1] === value),
    );
}

function titleCase(name: string): string {
  return name.toLowerCase().replace(/(^|-)[a-z]/g, (start) => start.toUpperCase());
}

let arrivals = 0;

/** The moment at which a gateway gets a request. */
export function arrivalNow(): Arrival {
  const requestId = `00000000-0000-4000-9000-${String(++arrivals).padStart(12, '0')}`;
  return { requestId, time: Date.now(), sourceIp: clientAddress, accountId, region };
}
