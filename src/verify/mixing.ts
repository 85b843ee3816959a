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

/**
 * Many marked requests at once: an answer that carries the mark of another request is a leak, unless the original's answers
 * carry earlier marks too when it is asked one after the other.
 */
export async function checkMixing(
  pair: Pair,
  routes: readonly ModelRoute[],
): Promise<[functionId: string, finding: Finding | undefined][]> {
  const asked = Array.from({ length: concurrency }, (_, index) => {
    const route = routes[index % routes.length] as ModelRoute;
    return { route, mark: `mark${String(index).padStart(4, '0')}x` };
  });
  const answers = await Promise.all(
    asked.map(({ route, mark }) =>
      send(pair.service.url(), toWire(route.trigger, marked(route, mark)), pair.timeoutSeconds).catch(() => undefined),
    ),
  );
  await pair.after.takeCalls();
  const leaks = new Map<string, Finding | undefined>(routes.map(({ functionId }) => [functionId, undefined]));
  for (const [index, answer] of answers.entries()) {
    const { route, mark } = asked[index] as (typeof asked)[number];
    const text = answer ? `${answer.headers.join()}${answer.body.toString('utf8')}` : '';
    const foreign = asked.find((other) => other.mark !== mark && text.includes(other.mark));
    if (foreign && !(await originalShowsOthers(pair, route, routes))) leaks.set(route.functionId, leakOf(route, mark, foreign.mark));
  }
  return [...leaks];
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
    return handling.finish(outcome).body.toString('utf8');
  };
  let shows = false;
  // Asked after each, because the next may take away what the one before has put there.
  for (const [index, each] of routes.entries()) {
    const earlier = `earlier${String(index).padStart(4, '0')}x`;
    await ask(each, earlier);
    const text = await ask(route, `later${String(index).padStart(4, '0')}x`);
    shows ||= text.includes(earlier);
  }
  await pair.before.takeCalls();
  return shows;
}

function leakOf(route: ModelRoute, mark: string, foreign: string): Finding {
  return {
    name: `${concurrency} requests at once`,
    request: `${route.trigger.method} ${route.trigger.path}, marked ${mark}`,
    differences: [{ what: 'isolation', before: `an answer to ${mark}`, after: `an answer with ${foreign}, which another request sent` }],
  };
}
