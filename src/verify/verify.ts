import { realpathSync } from 'node:fs';
import { join, relative, resolve } from 'node:path';
import { UserError } from '../errors.js';
import type { Package } from '../producing/produce.js';
import { openRepository } from '../project/open-repository.js';
import { type MigratedProject, type MigrateOptions, migrate } from '../run.js';
import { openBefore } from './before.js';
import { findEngine } from './container/engine.js';
import { buildImage, type Image } from './container/image.js';
import { ricRunner } from './lambda/ric.js';
import { builtInRunner } from './lambda/runner.js';
import type { NormaliseContext } from './normalise.js';
import { noRecordings, readRecordings } from './outside/recordings.js';
import { unansweredLog } from './outside/unanswered.js';
import { type ComparisonRule, comparisonRules, type RuleId } from './rules.js';
import { type VerifyContext, verifyService } from './service-verification.js';
import type { FunctionVerdict, VerifyResult } from './verdict.js';
import { createWorkspace, type Install, prepareProject, type Workspace } from './workspace.js';

export interface VerifyOptions extends MigrateOptions {
  /** Git ref or folder of the original; `folder` is the migrated project then, as it stands. */
  before?: string | undefined;
  /** How the original handlers are run; default the built-in runner. */
  runtime?: 'built-in' | 'ric' | undefined;
  /** Folder of recorded events; default: those of the project. */
  events?: string | undefined;
  /** File or folder of answers to calls that leave the code: AWS and HTTP (docs/verify.md). */
  recordings?: string | undefined;
  /** Runs the services as their built image, with Docker or podman; default: as processes. */
  container?: boolean | undefined;
  /** Random requests a route; default 25. */
  runs?: number | undefined;
  seed?: number | undefined;
  /** Changes the migrated copy before it is built: to check that a mistake is found. */
  alter?: ((migrated: string) => Promise<void>) | undefined;
  /** Installs the packages of a copy; default: npm, where something is missing. */
  install?: Install | undefined;
  onVerify?: ((progress: { definition: string; service: string }) => void) | undefined;
}

/**
 * Runs the original functions as Lambda would and the migrated services as their own processes, sends both the same, and
 * compares answers and outside calls. It runs the project's code: ask before.
 *
 * @example const { functions } = await verify({ folder: './fn' });
 * @throws UserError when nothing can be run at all.
 */
export async function verify(options: VerifyOptions): Promise<VerifyResult> {
  const before = options.before === undefined ? undefined : await openBefore(options.folder, options.before);
  try {
    return await verifyFolders(options, before?.folder);
  } finally {
    await before?.remove();
  }
}

async function verifyFolders(options: VerifyOptions, before: string | undefined): Promise<VerifyResult> {
  const verification = await openVerification(options, before);
  try {
    const functions: FunctionVerdict[] = [];
    for (const project of verification.projects) functions.push(...(await verification.verifyProject(project)));
    return { functions, rules: verification.rules(), seed: verification.seed, unanswered: verification.unanswered() };
  } finally {
    await verification.close();
  }
}

/** The copies of a folder's projects, ready to be run side by side. */
export interface Verification {
  readonly projects: readonly MigratedProject[];
  readonly seed: number;
  /** One verdict for each function of a project. */
  verifyProject(project: MigratedProject): Promise<FunctionVerdict[]>;
  /** Rules that made something equal so far. */
  rules(): ComparisonRule[];
  /** Calls to the outside that had no answer so far. */
  unanswered(): VerifyResult['unanswered'];
  close(): Promise<void>;
}

/**
 * Migrates a folder into a copy beside a copy of the original; projects can then be verified one by one. Close it at the end.
 * @throws UserError when nothing can be run at all.
 */
export async function openVerification(options: VerifyOptions, before?: string): Promise<Verification> {
  const recordings = options.recordings === undefined ? noRecordings : await readRecordings(options.recordings);
  const unanswered = unansweredLog();
  // Told before anything is read, installed or built.
  if (options.container) await findEngine();
  const result = await migrate({ ...options, folder: before ?? options.folder });
  const migrated =
    before === undefined
      ? { repository: result.repository, changes: result.changes }
      : { repository: openRepository(options.folder), changes: [] };
  const workspace = await createWorkspace(result.repository, migrated);
  const used = new Set<RuleId>(['node-env']);
  const seed = options.seed ?? 1;
  const shared = {
    workspace,
    repository: result.repository,
    runner: options.runtime === 'ric' ? ricRunner() : builtInRunner,
    runs: options.runs ?? 25,
    seed,
    normalise: normaliseContext(workspace, used),
    signal: options.signal,
    outside: { recordings, unanswered },
    events: options.events && resolve(options.events),
  };
  await options.alter?.(workspace.migrated);
  return {
    projects: result.projects,
    seed,
    verifyProject: async (project) => {
      const unable = new Set<string>();
      const verdicts = await verifyProject({ ...shared, project, unable }, options);
      return before === undefined && unable.size > 0 ? withoutUnable(options, project, verdicts, unable) : verdicts;
    },
    rules: () => [...used].sort().map((id) => comparisonRules[id]),
    unanswered: () => unanswered.calls(),
    close: () => workspace.remove(),
  };
}

/** One function that does not start keeps its whole service from starting; the others are judged without it. */
async function withoutUnable(
  options: VerifyOptions,
  { project: { definition } }: MigratedProject,
  verdicts: readonly FunctionVerdict[],
  unable: ReadonlySet<string>,
): Promise<FunctionVerdict[]> {
  const affected = verdicts.filter((each) => each.verdict === 'different' && each.findings.length === 0);
  if (affected.length === 0) return [...verdicts];
  const apart = await openVerification({ ...options, only: affected.map((each) => each.function) });
  try {
    const same = apart.projects.find(({ project }) => project.definition === definition);
    const again = new Map((same ? await apart.verifyProject(same) : []).map((each) => [each.function, each]));
    const alone = (each: FunctionVerdict) => ({ ...each, because: `${each.because}; the others of its service start only without it` });
    return verdicts.map((each) =>
      unable.has(each.function) ? alone(each) : affected.includes(each) ? (again.get(each.function) ?? each) : each,
    );
  } finally {
    await apart.close();
  }
}

function normaliseContext({ folder, original, migrated }: Workspace, used: Set<RuleId>): NormaliseContext {
  return { now: Date.now(), roots: [original, migrated, folder, realpathSync(folder)], used: (rule) => void used.add(rule) };
}

async function verifyProject(context: VerifyContext, { install, onVerify, container }: VerifyOptions): Promise<FunctionVerdict[]> {
  const { plan, project, package: made } = context.project;
  const { definition } = project;
  const moved = new Set(plan.services.flatMap((service) => service.functions));
  const stays = plan.functions
    .filter(({ id }) => !moved.has(id))
    .map(({ id, workload, because }) => notComparable(definition, id, workload === 'function' ? remainsFunction : because));
  if (made === null) return stays;
  let image: Image | undefined;
  try {
    await prepareProject(context.workspace, project, made, install);
    if (container) {
      onVerify?.({ definition, service: 'image' });
      image = await projectImage(context, made);
    }
    const withImage = image === undefined ? context : { ...context, image, normalise: withRootOf(image, context) };
    const verdicts: FunctionVerdict[] = [];
    for (const service of plan.services) {
      onVerify?.({ definition, service: service.name });
      verdicts.push(...(await verifyService(withImage, service)));
    }
    return [...stays, ...worstOf(verdicts)];
  } catch (error) {
    context.signal?.throwIfAborted();
    if (!(error instanceof UserError)) throw error;
    return [...stays, ...[...moved].map((id) => notComparable(definition, id, error.message))];
  } finally {
    image?.remove();
  }
}

async function projectImage({ workspace, project: { plan, project }, signal }: VerifyContext, { compose }: Package): Promise<Image> {
  const names = plan.services.map(({ name }) => name);
  const folder = join(workspace.migrated, project.root);
  return buildImage(await findEngine(), { folder, compose: join(workspace.migrated, compose) }, names, signal);
}

/** In the image the code has another place than beside the original. */
function withRootOf({ root, context: built }: Image, { normalise, workspace: { original, migrated } }: VerifyContext): NormaliseContext {
  const places = [join(original, relative(migrated, built)), ...(root.length > 1 ? [root] : [])];
  return { ...normalise, roots: [...places, ...normalise.roots] };
}

/** Of targets that run functions otherwise. */
const remainsFunction = 'it goes on as a function of Lambda: there is no service to compare it with';

function notComparable(definition: string, id: string, because: string): FunctionVerdict {
  return { definition, function: id, verdict: 'not-comparable', because, compared: 0, findings: [] };
}

/** A function of several services is as good as it is in the worst. */
function worstOf(verdicts: readonly FunctionVerdict[]): FunctionVerdict[] {
  const order = ['equal', 'not-comparable', 'different'];
  const byId = new Map<string, FunctionVerdict>();
  for (const verdict of verdicts) {
    const known = byId.get(verdict.function);
    if (!known || order.indexOf(verdict.verdict) > order.indexOf(known.verdict)) byId.set(verdict.function, verdict);
  }
  return [...byId.values()];
}
