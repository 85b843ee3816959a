import { join } from 'node:path';
import { layerFolders } from '../analysis/layers.js';
import { UserError } from '../errors.js';
import type { ProjectResult } from '../migrate.js';
import type { ServicePlan } from '../planning/plan.js';
import { deployedName } from '../project/deployed-name.js';
import type { LambdaFunction } from '../project/model.js';
import type { Repository } from '../project/repository.js';
import type { Image } from './container/image.js';
import { openPod, type Pod } from './container/pod.js';
import { accountId } from './lambda/environment.js';
import { type Original, startOriginal } from './lambda/original.js';
import type { Runner } from './lambda/runner.js';
import { keepAlive, type LiveService } from './live-service.js';
import { type MigratedOptions, type MigratedService, startMigrated, untilReady } from './migrated.js';
import type { NormaliseContext } from './normalise.js';
import type { Recordings } from './outside/recordings.js';
import { type Outside, openOutside } from './outside/side.js';
import type { UnansweredLog } from './outside/unanswered.js';
import { compareBatch } from './queues/compare-batches.js';
import { knownBatches } from './queues/messages.js';
import { recordedRequests } from './requests/recorded.js';
import { compareRun } from './schedules/compare-run.js';
import { functionEnvironment, region, serviceEnvironment } from './settings.js';
import { suspectsOf } from './suspects.js';
import type { Finding, FunctionVerdict } from './verdict.js';
import { compareApi } from './web.js';
import { deployedCode, type Workspace } from './workspace.js';

export interface VerifyContext {
  workspace: Workspace;
  /** The original as it was read. */
  repository: Repository;
  project: ProjectResult;
  runner: Runner;
  runs: number;
  seed: number;
  normalise: NormaliseContext;
  signal: AbortSignal | undefined;
  /** The migrated project's image; without it the services run as processes. */
  image?: Image | undefined;
  /** Answers for calls to the outside, and who notes those that had none. */
  outside: { recordings: Recordings; unanswered: UnansweredLog };
  /** Folder of recorded events, absolute. */
  events: string | undefined;
  /** Functions that cannot be built or do not start, on Lambda either, and keep a service from starting; filled here. */
  unable: Set<string>;
}

type Verdict = Omit<FunctionVerdict, 'definition' | 'function'>;
type Verdicts = Map<string, Verdict>;

const verifications = { web: verifyWeb, worker: verifyWorker, job: verifyJob };

/** Runs one service of the migrated project beside the functions it was made of; one verdict a function. */
export async function verifyService(context: VerifyContext, service: ServicePlan): Promise<FunctionVerdict[]> {
  const sides = { before: await openOutside(context.outside), after: await openOutside(context.outside) };
  const originals = new Map<string, Original>();
  const verdicts: Verdicts = new Map();
  let pod: Pod | undefined;
  try {
    pod = context.image && (await openPod(context.image, sides.after));
    for (const id of service.functions) {
      const started = await startFunction(context, service, id, sides.before);
      if (typeof started === 'string') verdicts.set(id, { verdict: 'not-comparable', because: started, compared: 0, findings: [] });
      else originals.set(id, started);
    }
    await verifications[service.kind]({ context, service, originals, start: pod?.start ?? startMigrated, ...sides }, verdicts);
    context.signal?.throwIfAborted();
  } finally {
    await pod?.close();
    await Promise.all([...originals.values()].map((original) => original.stop()));
    await Promise.all([sides.before.close(), sides.after.close()]);
  }
  const { definition } = context.project.project;
  return service.functions.map((id) => ({ definition, function: id, ...(verdicts.get(id) ?? notReached) }));
}

const notReached: Verdict = { verdict: 'not-comparable', because: 'nothing was sent to it', compared: 0, findings: [] };

/** The original function, or why it cannot be run. */
async function startFunction(context: VerifyContext, service: ServicePlan, id: string, outside: Outside): Promise<Original | string> {
  const { project, facts } = context.project;
  const fn = project.functions.find((each) => each.id === id);
  if (!fn) return 'it is not in the project';
  try {
    const code = await deployedCode(context.workspace, project, fn, facts.functions[id]);
    return await startOriginal({
      ...code,
      runtime: fn.runtime ?? 'nodejs22.x',
      functionName: deployedName(fn),
      environment: { NODE_ENV: 'production', ...functionEnvironment(context.project, fn, service), ...outside.environment },
      memoryMb: fn.memoryMb,
      timeoutSeconds: patience(fn),
      region,
      runner: context.runner,
      preload: [outside.preload + layersOf(context, fn)],
    });
  } catch (error) {
    if (error instanceof UserError) return error.message;
    context.unable.add(id);
    return `its code cannot be built: ${error instanceof Error ? error.message.split('\n').slice(0, 2).join(' ') : String(error)}`;
  }
}

/** The layers of the project, for the preload: on Lambda they are mounted at /opt. */
function layersOf({ workspace, repository, project }: VerifyContext, fn: LambdaFunction): string {
  if (fn.layers.length === 0) return '';
  const folders = layerFolders({ repository, project: project.project });
  return folders.map((folder) => `&layer=${encodeURIComponent(join(workspace.original, folder))}`).join('');
}

/** Nobody waits for a quarter of an hour to see two timeouts. */
function patience({ timeoutSeconds }: LambdaFunction): number {
  return Math.min(timeoutSeconds, 30);
}

interface Sides {
  context: VerifyContext;
  service: ServicePlan;
  originals: ReadonlyMap<string, Original>;
  before: Outside;
  after: Outside;
  start(options: MigratedOptions): Promise<MigratedService>;
}

function migratedOptions({ context, service, after }: Sides) {
  const { folder: place = '', suffix } = context.project.package ?? {};
  const folder = join(context.workspace.migrated, place);
  const script = suffix === undefined ? `start:${service.name}` : `start:${service.name}:${suffix}`;
  return { folder, service: service.name, script, environment: serviceEnvironment(service), outside: after, memoryMb: service.memoryMb };
}

/** Runs `use` with the started service; a service that does not start is a difference where the functions do start. */
async function withService(
  sides: Sides,
  verdicts: Verdicts,
  path: string,
  more: Record<string, string>,
  use: (service: LiveService) => Promise<void>,
): Promise<void> {
  const options = migratedOptions(sides);
  const start = () => sides.start({ ...options, environment: { ...options.environment, ...more } });
  const started = await start();
  const service = keepAlive(started, async () => {
    const again = await start();
    await untilReady(again, path);
    return again;
  });
  try {
    const problem = await untilReady(started, path);
    if (problem === undefined) return await use(service);
    for (const [id, original] of sides.originals) {
      const { outcome, taken } = await original.invoke({});
      const alsoFails = outcome.kind === 'init-error' || (outcome.kind === 'exit' && !taken);
      if (alsoFails) sides.context.unable.add(id);
      verdicts.set(id, {
        verdict: alsoFails ? 'not-comparable' : 'different',
        because: alsoFails ? `the function does not start either: ${outcome.error.errorMessage}` : problem,
        compared: 1,
        findings: [],
      });
    }
  } finally {
    await service.stop();
  }
}

async function verifyWeb(sides: Sides, verdicts: Verdicts): Promise<void> {
  const { context, service, originals, before, after } = sides;
  for (const { function: id, guard, authorizer } of service.routes) {
    if (guard) setOnce(verdicts, id, 'not-comparable', `its route is closed: ${guard.because}`);
    else if (authorizer) setOnce(verdicts, id, 'not-comparable', `its callers are checked by the authorizer ${authorizer.name}`);
    if (authorizer?.kind === 'lambda')
      setOnce(verdicts, authorizer.function, 'not-comparable', 'it authorizes routes and has none of its own');
  }
  const open = service.routes.filter(({ guard, authorizer, function: id }) => guard === null && authorizer === null && originals.has(id));
  const well = new Set<string>();
  const suspects = suspectsOf(context.project.diagnostics);
  await withService(sides, verdicts, service.server ? '/' : '/healthz', {}, async (live) => {
    for (const routes of groupBy(open, ({ trigger }) => `${trigger.type} ${trigger.api}`)) {
      const api = routes.map(({ trigger, function: functionId }) => ({ trigger, functionId }));
      const recorded = await recordedRequests(context.events ?? join(context.workspace.original, context.project.project.root), api);
      const timeoutSeconds =
        1.5 *
          patienceOf(
            context,
            routes.map(({ function: id }) => id),
          ) +
        5;
      const pair = {
        originals,
        before,
        service: live,
        signal: context.signal,
        after,
        context: context.normalise,
        timeoutSeconds,
        suspects,
        filesOf: (id: string) => context.project.facts.functions[id]?.files ?? [],
      };
      const { findings, compared, succeeded } = await compareApi(pair, { routes: api, recorded }, context);
      for (const id of new Set(routes.map((route) => route.function))) {
        merge(verdicts, id, compared.get(id) ?? 0, findings.get(id) ?? []);
        if (succeeded.has(id)) well.add(id);
      }
    }
  });
  for (const [id, verdict] of verdicts)
    if (verdict.verdict === 'equal' && !well.has(id)) verdicts.set(id, { ...verdict, because: 'on both sides every invocation failed' });
}

function groupBy<T>(items: readonly T[], key: (item: T) => string): T[][] {
  const groups = new Map<string, T[]>();
  for (const item of items) groups.set(key(item), [...(groups.get(key(item)) ?? []), item]);
  return [...groups.values()];
}

function patienceOf({ project }: VerifyContext, ids: readonly string[]): number {
  return Math.max(...project.project.functions.filter(({ id }) => ids.includes(id)).map(patience));
}

async function verifyWorker(sides: Sides, verdicts: Verdicts): Promise<void> {
  const { context, service, originals, before, after } = sides;
  const queues = service.queues.map((plan) => ({
    plan,
    queue: after.endpoint.openQueue(`verify-${plan.urlVariable.toLowerCase()}${plan.trigger.fifo ? '.fifo' : ''}`),
  }));
  const urls = Object.fromEntries(queues.map(({ plan, queue }) => [plan.urlVariable, `${after.endpoint.url}/${accountId}/${queue.name}`]));
  await withService(sides, verdicts, '/healthz', urls, async () => {
    for (const { plan, queue } of queues) {
      const original = originals.get(plan.function);
      const batches = knownBatches(plan.trigger);
      if (!original) continue;
      if (!batches) {
        setOnce(verdicts, plan.function, 'not-comparable', 'no message could be made that its filter lets through');
        continue;
      }
      const queueArn = `arn:aws:sqs:${region}:${accountId}:${queue.name}`;
      const findings: Finding[] = [];
      for (const batch of batches) {
        const finding = await compareBatch(
          { trigger: plan.trigger, queueArn, original, before, queue, after, context: context.normalise },
          batch,
        );
        if (finding) findings.push(finding);
      }
      merge(verdicts, plan.function, batches.length, findings);
    }
  });
}

async function verifyJob(sides: Sides, verdicts: Verdicts): Promise<void> {
  const { context, service, originals, before, after } = sides;
  for (const { name, function: id, trigger } of service.jobs) {
    const original = originals.get(id);
    if (!original) continue;
    const run = async () => {
      const started = await sides.start({ ...migratedOptions(sides), argumentsAfter: [name] });
      const limit = setTimeout(() => void started.stop(), (patienceOf(context, [id]) + 30) * 1000);
      const ending = await started.process.ended;
      clearTimeout(limit);
      await started.stop();
      return ending;
    };
    const finding = await compareRun({ trigger, original, before, run, after, context: context.normalise });
    merge(verdicts, id, 1, finding ? [finding] : []);
  }
}

function setOnce(verdicts: Verdicts, id: string, verdict: FunctionVerdict['verdict'], because: string): void {
  if (!verdicts.has(id)) verdicts.set(id, { verdict, because, compared: 0, findings: [] });
}

/** A function of several APIs or queues is equal when it is in all of them. */
function merge(verdicts: Verdicts, id: string, compared: number, findings: readonly Finding[]): void {
  const known = verdicts.get(id);
  const all = [...(known?.findings ?? []), ...findings];
  const total = (known?.compared ?? 0) + compared;
  verdicts.set(id, {
    verdict: all.length > 0 ? 'different' : total > 0 ? 'equal' : 'not-comparable',
    because: known?.because,
    compared: total,
    findings: all,
  });
}
