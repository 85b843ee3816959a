import { createGateway } from './fronts/gateway.js';
import type { ModelRoute } from './fronts/routing.js';
import { accountId } from './lambda/environment.js';
import type { Pair } from './pair.js';
import { clientAddress, type RequestPlan, toWire, variableCount } from './requests/plan.js';
import { send } from './send.js';
import { region } from './settings.js';
import type { Finding } from './verdict.js';

/** Requests that are under way at the same time. */
const concurrency = 50;

interface Asked {
  route: ModelRoute;
  mark: string;
}

const ofLog = 'the log of one request';

/** The mark of another request, and where it was. */
interface Leak {
  asked: Asked;
  foreign: string;
  where: string;
}

/**
 * Many marked requests at once, with waits of uneven length: an answer, a call to the outside or a log line that carries the mark of another
 * request is a leak, unless the original's answers carry earlier marks too when it is asked one after the other.
 */
export async function checkMixing(
  pair: Pair,
  routes: readonly ModelRoute[],
  seed: number,
): Promise<[functionId: string, finding: Finding | undefined][]> {
  const asked = Array.from({ length: concurrency }, (_, index): Asked => {
    const route = routes[index % routes.length] as ModelRoute;
    return { route, mark: `mark${String(index).padStart(4, '0')}x` };
  });
  await pair.after.perturb(seed);
  const answers = await Promise.all(
    asked.map(({ route, mark }) =>
      send(pair.service.url(), toWire(route.trigger, marked(route, mark)), pair.timeoutSeconds).catch(() => undefined),
    ),
  );
  await pair.after.perturb(null);
  const texts = answers.map((answer) => (answer ? `${answer.headers.join()}${answer.body.toString('utf8')}` : ''));
  const calls = (await pair.after.takeCalls()).map(({ service, operation, parameters }) => `${service} ${operation} ${parameters}`);
  const found = [
    ...leaksInAnswers(asked, texts),
    ...leaksInTexts(asked, calls, 'a call to the outside'),
    ...leaksInTexts(asked, linesByRequest(pair.service.log()), ofLog),
  ];
  const leaks = new Map<string, Finding | undefined>(routes.map(({ functionId }) => [functionId, undefined]));
  for (const leak of found) {
    const { route } = leak.asked;
    // What a function tells of its caches is no leak: a log is only believed where the analysis suspects something too.
    if (leak.where === ofLog && !pair.suspects.has(route.functionId)) continue;
    if (leaks.get(route.functionId) === undefined && !(await originalShowsOthers(pair, route, routes)))
      leaks.set(route.functionId, leakOf(leak, pair.suspects.get(route.functionId) ?? []));
  }
  return [...leaks];
}

function leaksInAnswers(asked: readonly Asked[], texts: readonly string[]): Leak[] {
  return texts.flatMap((text, index): Leak[] => {
    const own = asked[index] as Asked;
    const foreign = asked.find((other) => other.mark !== own.mark && text.includes(other.mark));
    return foreign ? [{ asked: own, foreign: foreign.mark, where: 'an answer' }] : [];
  });
}

/** What belongs to one request carries one mark. */
function leaksInTexts(asked: readonly Asked[], texts: readonly string[], where: string): Leak[] {
  return texts.flatMap((text): Leak[] => {
    const [own, foreign] = asked.filter(({ mark }) => text.includes(mark));
    return own && foreign ? [{ asked: own, foreign: foreign.mark, where }] : [];
  });
}

/** The lines of each request together, as the service's log names it. */
function linesByRequest(log: string): string[] {
  const lines = new Map<string, string>();
  for (const line of log.split('\n')) {
    const id = /"requestId":"([^"]+)"/.exec(line)?.[1];
    if (id !== undefined) lines.set(id, `${lines.get(id) ?? ''}${line}\n`);
  }
  return [...lines.values()];
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
    const { outcome } = await original.invoke(handling.event);
    const calls = await pair.before.takeCalls();
    return [handling.finish(outcome).body.toString('utf8'), ...calls.map(({ parameters }) => parameters)].join('\n');
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

function leakOf({ asked: { route, mark }, foreign, where }: Leak, suspects: readonly string[]): Finding {
  const through = suspects.length === 0 ? '' : `; requests share ${suspects.join(', ')}`;
  return {
    name: `${concurrency} requests at once`,
    request: `${route.trigger.method} ${route.trigger.path}, marked ${mark}`,
    differences: [
      { what: 'isolation', before: `${where} of ${mark}`, after: `${where} with ${foreign}, which another request sent${through}` },
    ],
  };
}
