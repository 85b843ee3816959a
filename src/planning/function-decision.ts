import type { HandlerFacts } from '../analysis/facts.js';
import { diagnostic, sentences } from '../diagnostics/catalog.js';
import type { Diagnostic, Place } from '../diagnostics/diagnostic.js';
import type { LambdaFunction, Project } from '../project/model.js';
import { isHttp, type ScheduleTrigger, type SqsTrigger, type Trigger } from '../project/trigger.js';
import type { TriggerKind } from '../triggers/kind.js';
import type { Authorizers } from './authorizers.js';
import { decideRoute, isNotImplemented, unauthorizedGuard } from './guards.js';
import { inferTriggers, mustInfer } from './infer-triggers.js';
import type { FrontDoor, FunctionPlan, RoutePlan, UnwrappedServerPlan, Workload } from './plan.js';
import { withoutSecrets } from './trigger-secrets.js';

/** Everything that is decided about one function before functions are grouped into services. */
export interface FunctionDecision {
  lambda: LambdaFunction;
  facts: HandlerFacts | undefined;
  plan: FunctionPlan;
  routes: RoutePlan[];
  queues: SqsTrigger[];
  schedules: ScheduleTrigger[];
  /** Set by `decideStyle` when the function's own server listens. */
  server: UnwrappedServerPlan | null;
  /** Routes of the project that ask it who may call them; it runs in their services for that. */
  authorizes: RoutePlan[];
  diagnostics: Diagnostic[];
}

export interface DecisionInput {
  project: Project;
  lambda: LambdaFunction;
  facts: HandlerFacts | undefined;
  /** Errors found about the function by earlier stages. */
  errors: readonly Diagnostic[];
  kindOf: (type: Trigger['type']) => TriggerKind | undefined;
  /** False when `--only` or the plan file leaves it out; says why. */
  leftOut: string | undefined;
  /** Triggers that a person gave it in the plan file. */
  triggers: Trigger[] | undefined;
  /** A person wants it to stay on Lambda. */
  stays: boolean;
  authorizers: Pick<Authorizers, 'planOf'>;
  /** What is in front of the project's web services. */
  door: FrontDoor;
}

/** What becomes of one function: each supported trigger a route, a queue or a job; or the reason why it does not move. */
export function decideFunction(input: DecisionInput): FunctionDecision {
  const { lambda, facts } = input;
  const found = findTriggers(input);
  const cleaned = found.triggers.map((trigger) => withoutSecrets(lambda, trigger));
  const triggers = cleaned.map(({ trigger }) => trigger);
  const diagnostics = [...found.diagnostics, ...cleaned.flatMap((each) => each.diagnostics)];
  const nothing = { routes: [], queues: [], schedules: [], server: null, authorizes: [] };
  const end = (outcome: FunctionPlan['outcome'], workload: Workload, because: string, more: Diagnostic[] = []): FunctionDecision => ({
    lambda,
    facts,
    plan: { id: lambda.id, workload, style: null, outcome, because, triggers },
    ...nothing,
    diagnostics: [...diagnostics, ...more],
  });

  if (input.leftOut !== undefined) return end('stays', 'stays', input.leftOut);
  if (input.stays) return end('stays', 'stays', 'the plan says so');
  if (lambda.runtime !== null && !lambda.runtime.startsWith('nodejs')) {
    const because = `its runtime is ${lambda.runtime}, and only Node.js functions are migrated`;
    return end('stays', 'stays', because, [stays(lambda, because, 'Leave it on Lambda, or migrate it by hand.')]);
  }
  const sorted = leftToRequests(facts, sortTriggers(triggers, input.kindOf));
  const workload = sorted.workload;
  if (workload === 'stays' && triggers.length > 0) return staysFor(input, triggers, end);
  if (workload === 'stays' && !mustInfer(input.project, lambda)) {
    const because = 'nothing in the project triggers it';
    return end('stays', 'stays', because, [
      stays(
        lambda,
        because,
        'When something outside calls it over HTTP, set its workload in the plan to web; to run it by hand or on a schedule, to job.',
      ),
    ]);
  }
  const obstacle = obstacleOf(input);
  if (obstacle) return end(facts ? 'needs-person' : 'failed', workload, obstacle.because, obstacle.diagnostics);
  if (workload === 'stays') {
    const because = 'neither a definition nor its code tells what calls it';
    return end('needs-person', 'stays', because, [
      diagnostic('TRIGGER_UNKNOWN', { args: { function: lambda.id }, place: placeOf(input), function: lambda.id }),
    ]);
  }

  const { authorizers, door } = input;
  const routes = sorted.web.map((trigger) => decideRoute({ functionId: lambda.id, trigger, authorizers, door }, lambda.range));
  const migrated: FunctionDecision = {
    ...end('migrated', workload, migratedBecause(sorted), [
      ...routes.flatMap((each) => each.diagnostics),
      ...leftBehind(input, sorted.left),
      ...disabled(lambda, triggers),
    ]),
    routes: uniqueRoutes(routes.map(({ route }) => route)),
    queues: sorted.worker,
    schedules: sorted.job,
  };
  migrated.plan.style = 'adapter';
  return needsMapping(migrated);
}

function findTriggers({ project, lambda, facts, triggers }: DecisionInput): { triggers: Trigger[]; diagnostics: Diagnostic[] } {
  if (triggers) return { triggers, diagnostics: [] };
  if (!mustInfer(project, lambda) || !facts || facts.file === null) return { triggers: lambda.triggers, diagnostics: [] };
  const inferred = inferTriggers(lambda, facts);
  return inferred.triggers.length > 0 ? inferred : { triggers: [], diagnostics: inferred.diagnostics };
}

interface SortedTriggers {
  workload: Workload;
  web: Extract<Trigger, { path: string }>[];
  worker: SqsTrigger[];
  job: ScheduleTrigger[];
  left: Trigger[];
}

function sortTriggers(triggers: readonly Trigger[], kindOf: DecisionInput['kindOf']): SortedTriggers {
  const sorted: SortedTriggers = { workload: 'stays', web: [], worker: [], job: [], left: [] };
  for (const trigger of triggers) {
    const workload = kindOf(trigger.type)?.workload ?? 'stays';
    if (workload === 'web' && isHttp(trigger)) sorted.web.push(trigger);
    else if (workload === 'worker' && trigger.type === 'sqs') {
      if (trigger.enabled !== false) sorted.worker.push(trigger);
    } else if (workload === 'job' && trigger.type === 'schedule') sorted.job.push(trigger);
    else sorted.left.push(trigger);
  }
  if (sorted.web.length > 0) sorted.workload = 'web';
  else if (sorted.worker.length > 0) sorted.workload = 'worker';
  else if (sorted.job.length > 0) sorted.workload = 'job';
  return sorted;
}

/** Behind the Lambda Web Adapter other events were POSTed to the server: a worker or a job would find no handler to call. */
function leftToRequests(facts: HandlerFacts | undefined, sorted: SortedTriggers): SortedTriggers {
  if (!facts?.server?.start) return sorted;
  const left = [...sorted.left, ...sorted.worker, ...sorted.job];
  return { workload: sorted.web.length > 0 ? 'web' : 'stays', web: sorted.web, worker: [], job: [], left };
}

type End = (outcome: FunctionPlan['outcome'], workload: Workload, because: string, more?: Diagnostic[]) => FunctionDecision;

function staysFor({ lambda, facts, kindOf }: DecisionInput, triggers: readonly Trigger[], end: End): FunctionDecision {
  const off = triggers.filter((trigger) => trigger.type === 'sqs' && trigger.enabled === false);
  if (off.length === triggers.length) {
    const because = 'its triggers are switched off';
    return end('stays', 'stays', because, [stays(lambda, because, 'Switch its event source on, then run the migration again.')]);
  }
  const first = triggers.find((trigger) => !off.includes(trigger));
  const kind = first && kindOf(first.type);
  if (facts?.server?.start) {
    const because = `its server is given ${kind?.title ?? first?.type} events as requests by the Lambda Web Adapter`;
    return end('stays', 'stays', because, [stays(lambda, because, postedAdvice)]);
  }
  const because = kind?.reason ?? `${kind?.title ?? first?.type} invokes Lambda functions only`;
  return end('stays', 'stays', because, [stays(lambda, because, kind?.advice ?? 'Leave it on Lambda.')]);
}

const postedAdvice = 'Leave it on Lambda, or give what answers these requests a handler of its own.';

function stays(lambda: LambdaFunction, reason: string, advice: string): Diagnostic {
  return diagnostic('FUNCTION_STAYS', { args: { function: lambda.id, reason, advice }, place: lambda.range, function: lambda.id });
}

/** Supported triggers move, these do not: one warning a type. */
function leftBehind({ lambda, facts, kindOf }: DecisionInput, left: readonly Trigger[]): Diagnostic[] {
  return [...new Map(left.map((trigger) => [trigger.type, trigger])).values()].map((trigger) => {
    const kind = kindOf(trigger.type);
    const args = {
      function: lambda.id,
      trigger: kind?.title ?? trigger.type,
      reason: facts?.server?.start
        ? 'the Lambda Web Adapter gave its events to the server as requests'
        : (kind?.reason ?? 'it invokes Lambda functions only'),
      advice: facts?.server?.start ? postedAdvice : (kind?.advice ?? 'Keep the function on Lambda for it.'),
    };
    return diagnostic('TRIGGER_STAYS', { args, place: trigger.range ?? lambda.range, function: lambda.id });
  });
}

function disabled(lambda: LambdaFunction, triggers: readonly Trigger[]): Diagnostic[] {
  return triggers
    .filter((trigger) => trigger.enabled === false && (trigger.type === 'sqs' || trigger.type === 'schedule'))
    .map((trigger) =>
      diagnostic('TRIGGER_DISABLED', {
        args: { function: lambda.id, trigger: trigger.type },
        place: trigger.range ?? lambda.range,
        function: lambda.id,
      }),
    );
}

/** Why the function cannot be moved although its triggers could. */
function obstacleOf({ lambda, facts, errors }: DecisionInput): { because: string; diagnostics: Diagnostic[] } | undefined {
  const report = (code: string) => {
    const found = diagnostic(code, { args: { function: lambda.id }, place: lambda.range, function: lambda.id });
    return { because: sentences(found).message, diagnostics: [found] };
  };
  if (errors[0]) return { because: sentences(errors[0]).message, diagnostics: [] };
  if (lambda.unreadable !== undefined)
    return { because: `it cannot be migrated as it is declared (${lambda.unreadable})`, diagnostics: [] };
  if (!facts) return report('FUNCTION_NOT_UNDERSTOOD');
  if (facts.shape === 'durable') return report('HANDLER_IS_DURABLE');
  if (facts.file !== null || lambda.handler.inlineCode !== undefined) return undefined;
  return report(lambda.packageType === 'inline' ? 'CODE_IS_INLINE' : 'HANDLER_FILE_UNKNOWN');
}

function placeOf({ lambda, facts }: DecisionInput): Place {
  return facts?.declaration ?? lambda.range;
}

function migratedBecause({ web, worker, job }: SortedTriggers): string {
  const count = (number: number, noun: string) => (number === 0 ? [] : [`${number} ${noun}${number === 1 ? '' : 's'}`]);
  return `it has ${[...count(web.length, 'HTTP route'), ...count(worker.length, 'queue'), ...count(job.length, 'schedule')].join(', ')}`;
}

/** The same route declared twice (two events, one path) is one route, as closed as the more closed of the two. */
function uniqueRoutes(routes: readonly RoutePlan[]): RoutePlan[] {
  const seen = new Map<string, RoutePlan>();
  for (const route of routes) {
    const { api, method, path, type, conditions } = route.trigger;
    const key = JSON.stringify([api, type, method, path, conditions ?? []]);
    const known = seen.get(key);
    seen.set(key, known ? stricter(known, route) : route);
  }
  return [...seen.values()];
}

function stricter(one: RoutePlan, other: RoutePlan): RoutePlan {
  if (one.guard && other.guard) return one.guard.doneByApi === undefined ? one : other;
  if (one.guard || other.guard) return one.guard ? one : other;
  if (!one.authorizer || !other.authorizer) return one.authorizer ? one : other.authorizer ? other : one;
  const isSame = JSON.stringify(one.authorizer) === JSON.stringify(other.authorizer);
  return isSame ? one : { ...one, authorizer: null, guard: unauthorizedGuard('it is declared twice, with different authorizers') };
}

/** A function that only has routes the gateway translated for cannot answer any of them as it is. Its routes stay closed. */
function needsMapping(decision: FunctionDecision): FunctionDecision {
  const { routes, queues, schedules, plan } = decision;
  const isUseless = routes.length > 0 && routes.every(isNotImplemented) && queues.length === 0 && schedules.length === 0;
  if (isUseless) {
    plan.outcome = 'needs-person';
    plan.because = `each of its routes is closed: ${routes[0]?.guard?.because}`;
  }
  return decision;
}
