import { setTimeout as sleep } from 'node:timers/promises';
import { createGateway } from './fronts/gateway.js';
import type { ModelRoute } from './fronts/routing.js';
import { accountId } from './lambda/environment.js';
import type { Original } from './lambda/original.js';
import { type Answered, type Asked, type Leak, leaksInAnswers, leaksInCalls, leaksInLog } from './leaks.js';
import type { Keeper } from './outside/keepers.js';
import type { Pair } from './pair.js';
import { clientAddress, type RequestPlan, toWire, variableCount } from './requests/plan.js';
import { send } from './send.js';
import { region } from './settings.js';
import type { Finding } from './verdict.js';

/** Requests that are under way at the same time. */
const concurrency = 50;
/** So few that each of them gets several of the requests. */
const routesAtOnce = 10;
/** What a process prints comes through a pipe. */
const pipeMilliseconds = 50;

type Found = [functionId: string, finding: Finding | undefined];

/**
 * Many marked requests at once, with waits of uneven length: an answer, a call to the outside or a log line that carries the mark of another
 * request is a leak, unless the original shows earlier marks too when it is asked one after the other. One entry a function; its finding
 * names the variables that hold marks afterwards, else those that the analysis suspects.
 */
export async function checkMixing(pair: Pair, routes: readonly ModelRoute[], seed: number): Promise<Found[]> {
  const leaks = new Map<string, Finding | undefined>(routes.map(({ functionId }) => [functionId, undefined]));
  for (let start = 0; start < routes.length; start += routesAtOnce) {
    for (const leak of await mixed(pair, routes.slice(start, start + routesAtOnce), seed, (start / routesAtOnce) * concurrency)) {
      const { route } = leak.asked;
      if (leaks.get(route.functionId) === undefined && !(await originalShowsOthers(pair, route, routes)))
        leaks.set(route.functionId, leakOf(leak, await sharedBy(pair, route.functionId)));
    }
  }
  return [...leaks];
}

/** `before` is the number of requests that were marked before these: the log has their marks, too. */
async function mixed(pair: Pair, routes: readonly ModelRoute[], seed: number, before: number): Promise<Leak[]> {
  const alone = await callsAlone(pair, routes);
  const asked = Array.from({ length: concurrency }, (_, index): Asked => {
    return { route: routes[index % routes.length] as ModelRoute, mark: `mark${String(before + index).padStart(4, '0')}x` };
  });
  await pair.after.perturb(seed);
  const answers = await Promise.all(asked.map((each) => answerOf(pair, each)));
  await pair.after.perturb(null);
  const calls = await markedCalls(pair);
  return [...leaksInAnswers(asked, answers), ...leaksInCalls(asked, calls, alone), ...leaksInLog(asked, answers, pair.service.log())];
}

async function answerOf(pair: Pair, { route, mark }: Asked): Promise<Answered> {
  const answer = await send(pair.service.url(), toWire(route.trigger, marked(route, mark)), pair.timeoutSeconds).catch(() => undefined);
  if (!answer) return { requestId: undefined, text: '' };
  const requestId = answer.headers.find(([name]) => /^(x-amzn-requestid|apigw-requestid)$/i.test(name))?.[1];
  return { requestId, text: `${answer.headers.join()}${answer.body.toString('utf8')}` };
}

async function markedCalls(pair: Pair): Promise<string[]> {
  return (await pair.after.takeCalls()).map(({ service, operation, parameters }) => `${service} ${operation} ${parameters}`);
}

/** How many calls carry the mark of a request that is alone; without the routes where that is not always the same. */
async function callsAlone(pair: Pair, routes: readonly ModelRoute[]): Promise<Map<ModelRoute, number>> {
  const counts = new Map<ModelRoute, number>();
  for (const [index, route] of routes.entries()) {
    const numbers: number[] = [];
    for (const time of [0, 1, 2]) {
      const mark = `alone${String(3 * index + time).padStart(4, '0')}x`;
      await answerOf(pair, { route, mark });
      numbers.push((await markedCalls(pair)).filter((call) => call.includes(mark)).length);
    }
    const [first = 0] = numbers;
    if (first > 0 && numbers.every((each) => each === first)) counts.set(route, first);
  }
  return counts;
}

function marked({ trigger }: ModelRoute, mark: string): RequestPlan {
  const method = trigger.method === 'ANY' ? 'POST' : trigger.method;
  const body = ['POST', 'PUT', 'PATCH'].includes(method)
    ? Buffer.from(JSON.stringify({ id: mark, name: mark, mark })).toString('base64')
    : null;
  return {
    method,
    variables: Array.from({ length: variableCount(trigger) }, () => mark),
    query: [`mark=${mark}`, `name=${mark}`, `id=${mark}`],
    headers: [
      ['X-Mark', mark],
      ['Cookie', `mark=${mark}`],
      ...(body === null ? [] : [['Content-Type', 'application/json'] as [string, string]]),
    ],
    body,
  };
}

/** Stores that outlive an invocation show what earlier ones, of any route, put there; that is the function's way, not the migration's. */
async function originalShowsOthers(pair: Pair, route: ModelRoute, routes: readonly ModelRoute[]): Promise<boolean> {
  const gateway = createGateway(route.trigger.type, [...routes]);
  const ask = async (asked: ModelRoute, mark: string): Promise<string> => {
    const arrival = { requestId: mark, time: Date.now(), sourceIp: clientAddress, accountId, region };
    const handling = gateway(toWire(asked.trigger, marked(asked, mark)), arrival);
    const original = handling.kind === 'invoke' ? pair.originals.get(handling.functionId) : undefined;
    if (handling.kind !== 'invoke' || !original) return '';
    const logged = loggedSince(original, mark);
    const { outcome } = await original.invoke(handling.event);
    const calls = await pair.before.takeCalls();
    return [handling.finish(outcome).body.toString('utf8'), ...calls.map(({ parameters }) => parameters), await logged()].join('\n');
  };
  let shows = false;
  // Asked after each, because the next may take away what the one before has put there.
  for (const [index, each] of routes.entries()) {
    const earlier = `earlier${String(index).padStart(4, '0')}x`;
    await ask(each, earlier);
    const text = await ask(route, `later${String(index).padStart(4, '0')}x`);
    shows ||= text.includes(earlier);
  }
  return shows;
}

/** What is printed from now on; of a log that was cut meanwhile, what follows the first line with the mark. */
function loggedSince(original: Original, mark: string): () => Promise<string> {
  const before = original.log();
  return async () => {
    await sleep(pipeMilliseconds);
    const log = original.log();
    if (log.startsWith(before)) return log.slice(before.length);
    const start = log.indexOf(mark);
    return start === -1 ? '' : log.slice(start);
  };
}

/** Variables by name and place: those that hold marks now, the suspected ones of them if there are any; suspected ones when none does. */
async function sharedBy(pair: Pair, functionId: string): Promise<readonly string[]> {
  const suspects = pair.suspects.get(functionId) ?? [];
  const keepers = await pair.after.keepers('mark\\d{4}x', pair.filesOf(functionId));
  const suspected = keepers.filter(({ name }) => suspects.some((each) => /^[\w$]+/.exec(each)?.[0] === name));
  return firstOf(firstOf(suspected, keepers).map(textOf), suspects);
}

function firstOf<T>(some: readonly T[], rest: readonly T[]): readonly T[] {
  return some.length > 0 ? some : rest;
}

function textOf({ name, file, line }: Keeper): string {
  return `${name} (${file}:${line})`;
}

function leakOf({ asked: { route, mark }, foreign, where }: Leak, shared: readonly string[]): Finding {
  const through = shared.length === 0 ? '' : `; requests share ${shared.join(', ')}`;
  return {
    name: `${concurrency} requests at once`,
    request: `${route.trigger.method} ${route.trigger.path}, marked ${mark}`,
    differences: [
      { what: 'isolation', before: `${where} of ${mark}`, after: `${where} with ${foreign}, which another request sent${through}` },
    ],
  };
}
