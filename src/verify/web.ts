import fc from 'fast-check';
import type { HttpTrigger } from '../project/trigger.js';
import { createGateway } from './fronts/gateway.js';
import type { WireRequest } from './fronts/http.js';
import type { ModelRoute } from './fronts/routing.js';
import { checkMixing } from './mixing.js';
import { arrivalNow, type Compared, compareOn, type Pair } from './pair.js';
import { requestPlans } from './requests/generated.js';
import { apiRequests, type KnownRequest, knownRequests, unknownRoute } from './requests/known.js';
import { type RequestPlan, toWire } from './requests/plan.js';
import { smallest } from './requests/smaller.js';
import { textOf } from './requests/text.js';
import type { Finding } from './verdict.js';

/** Everything that is compared of one API of a web service. */
export interface ApiUnderTest {
  routes: ModelRoute[];
  /** Requests of the project's own: recorded events. */
  recorded: { name: string; request: WireRequest }[];
}

export interface WebRun {
  /** Random requests a route. */
  runs: number;
  seed: number;
}

/** What was found, by function; requests that no function answers are charged to the API's first. */
export interface WebFindings {
  findings: Map<string, Finding[]>;
  compared: Map<string, number>;
  /** Functions with an invocation that did not fail. */
  succeeded: ReadonlySet<string>;
}

/** At most so many findings a function: the rest is more of the same. */
const findingLimit = 3;

/** A function that hangs is asked no more after so many timeouts: each costs its whole time, on both sides. */
const timeoutLimit = 3;

/** Seconds after which a function is asked nothing new: one that waits for what it cannot reach needs seconds for each answer. */
const askingSeconds = 60;

/** Asks both sides everything there is to ask. */
export async function compareApi(
  base: Omit<Pair, 'gateway' | 'timeouts' | 'succeeded'>,
  { routes, recorded }: ApiUnderTest,
  { runs, seed }: WebRun,
): Promise<WebFindings> {
  const [first] = routes as [ModelRoute];
  const pair: Pair = { ...base, timeouts: new Map(), succeeded: new Set(), gateway: createGateway(first.trigger.type, routes) };
  const found: WebFindings = { findings: new Map(), compared: new Map(), succeeded: pair.succeeded };
  const charge = (functionId: string, finding?: Finding) => {
    found.compared.set(functionId, (found.compared.get(functionId) ?? 0) + 1);
    if (finding) found.findings.set(functionId, [...(found.findings.get(functionId) ?? []), finding]);
  };
  const clock = new Clock(askingSeconds);
  const isFull = (functionId: string) =>
    (found.findings.get(functionId)?.length ?? 0) >= findingLimit ||
    (pair.timeouts.get(functionId) ?? 0) >= timeoutLimit ||
    pair.service.isDangerous(functionId) ||
    clock.isOver(functionId);

  for (const { trigger, functionId } of routes) {
    clock.turnTo(functionId);
    for (const { name, plan } of knownRequests(trigger)) {
      if (isFull(functionId)) break;
      charge(functionId, await findOn(pair, trigger, name, plan));
    }
    if (!isFull(functionId)) charge(functionId, await randomFinding(pair, trigger, { runs, seed, milliseconds: clock.left(functionId) }));
  }
  clock.turnTo(first.functionId);
  for (const { trigger, name, plan } of ofApi(first)) {
    if (!isFull(first.functionId)) charge(first.functionId, await findOn(pair, trigger, name, plan));
  }
  for (const { name, request } of recorded) {
    const compared = await compareOn(pair, request);
    if (compared.kind === 'unknown') continue;
    const finding = compared.differences.length > 0 ? { name, request: textOf(request), differences: compared.differences } : undefined;
    charge(compared.functionId ?? first.functionId, finding);
  }
  const answering = routes.filter(({ functionId }) => !pair.timeouts.has(functionId) && !pair.service.isDangerous(functionId));
  for (const [functionId, finding] of await checkMixing(pair, answering, seed)) charge(functionId, finding);
  // The first of a function tells what happens; its others happen the same way.
  const blamed = new Set<string>();
  for (const { functionId, finding } of pair.service.takeCrashes()) {
    const owner = functionId ?? first.functionId;
    if (!blamed.has(owner)) charge(owner, finding);
    blamed.add(owner);
  }
  return found;
}

/** How long each function was asked. */
class Clock {
  private readonly spent = new Map<string, number>();
  private current: { functionId: string; since: number } | undefined;

  constructor(private readonly limitSeconds: number) {}

  turnTo(functionId: string): void {
    if (this.current) this.spent.set(this.current.functionId, this.spentOn(this.current.functionId));
    this.current = { functionId, since: Date.now() };
  }

  isOver(functionId: string): boolean {
    return this.left(functionId) <= 0;
  }

  left(functionId: string): number {
    return this.limitSeconds * 1000 - this.spentOn(functionId);
  }

  private spentOn(functionId: string): number {
    const running = this.current?.functionId === functionId ? Date.now() - this.current.since : 0;
    return (this.spent.get(functionId) ?? 0) + running;
  }
}

function ofApi({ trigger }: ModelRoute): (KnownRequest & { trigger: HttpTrigger })[] {
  const stranger = { ...trigger, ...unknownRoute };
  const lost: RequestPlan = { method: 'GET', variables: [], query: [], headers: [], body: null };
  return [
    ...apiRequests(trigger).map((each) => ({ ...each, trigger })),
    { name: 'a route that there is not', plan: lost, trigger: stranger },
  ];
}

async function findOn(pair: Pair, trigger: HttpTrigger, name: string, plan: RequestPlan): Promise<Finding | undefined> {
  if (!(await differs(pair, trigger, plan))) return undefined;
  const small = await smallest(plan, (candidate) => differs(pair, trigger, candidate));
  return findingOf(pair, trigger, name, small);
}

async function randomFinding(
  pair: Pair,
  trigger: HttpTrigger,
  { runs, seed, milliseconds }: WebRun & { milliseconds: number },
): Promise<Finding | undefined> {
  const property = fc.asyncProperty(requestPlans(trigger), async (plan) => !(await differs(pair, trigger, plan)));
  const outcome = await fc.check(property, { numRuns: runs, seed, interruptAfterTimeLimit: milliseconds });
  const [plan] = outcome.counterexample ?? [];
  return plan ? findingOf(pair, trigger, 'a random request', plan) : undefined;
}

async function differs(pair: Pair, trigger: HttpTrigger, plan: RequestPlan): Promise<boolean> {
  const request = toWire(trigger, plan);
  const handling = pair.gateway(request, arrivalNow());
  if (handling.kind === 'invoke' && pair.service.isDangerous(handling.functionId)) return false;
  return hasDifferences(await compareOn(pair, request));
}

function hasDifferences(compared: Compared): boolean {
  return compared.kind === 'compared' && compared.differences.length > 0;
}

/** Asked once more, so that what is shown belongs together. */
async function findingOf(pair: Pair, trigger: HttpTrigger, name: string, plan: RequestPlan): Promise<Finding | undefined> {
  const request = toWire(trigger, plan);
  const compared = await compareOn(pair, request);
  const differences = compared.kind === 'compared' ? compared.differences : [];
  const flaky = { what: 'repeatability', before: 'the same answer every time', after: 'another answer now and then' };
  return { name, request: textOf(request), differences: differences.length > 0 ? differences : [flaky] };
}
