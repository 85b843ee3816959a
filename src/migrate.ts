import { rewritableIn } from '../transforms/http-route-native/project.js';
import { convertSdk } from '../transforms/sdk-v3/project.js';
import type { Facts } from './analysis/facts.js';
import type { HandlersElsewhere } from './analysis/shared-handlers.js';
import { understand } from './analysis/understand.js';
import type { ChangeSet } from './changes/change-set.js';
import type { Diagnostic } from './diagnostics/diagnostic.js';
import { type DecideOptions, decide, targetOf } from './planning/decide.js';
import type { Plan } from './planning/plan.js';
import type { ProduceOptions } from './producing/draft.js';
import { editCode, editFunctionCode } from './producing/edit-code.js';
import { produceFunctions } from './producing/functions.js';
import { type Package, produce } from './producing/produce.js';
import type { Project } from './project/model.js';
import type { Repository } from './project/repository.js';
import { findTarget } from './targets/index.js';
import { type FunctionTarget, isFunctionTarget } from './targets/target.js';

/** Everything that is known about one project after a run; the reports are made from it. */
export interface ProjectResult {
  project: Project;
  facts: Facts;
  plan: Plan;
  /** Null when there is no service, or the project failed. */
  package: Package | null;
  diagnostics: Diagnostic[];
}

/** A plan file edited by a person is `edits`: `readPlan()` of `planning/plan-file.ts`. */
export type MigrateProjectOptions = DecideOptions &
  ProduceOptions & {
    sdkV3?: boolean | undefined;
    /** Handlers that are code of other definitions too. */
    elsewhere?: HandlersElsewhere | undefined;
  };

/** understand → decide → produce for one project. Stages its changes into `changes`; writes nothing. */
export async function migrateProject(
  repository: Repository,
  project: Project,
  changes: ChangeSet,
  options: MigrateProjectOptions,
): Promise<ProjectResult> {
  const before = understand(repository, project);
  const target = findTarget(targetOf(project, options));
  if (isFunctionTarget(target)) return migrateFunctions({ repository, project, facts: before, changes, options }, target);
  const { suffix, templates, infra, cutover } = options;
  const keepHandler = options.keepHandler ?? deploysBoth(project, options);
  const adapted = decide(project, before, { ...options, keepHandler });
  const { facts, diagnostics: sdk } = options.sdkV3
    ? await convertSdk({ facts: before, plan: adapted, changes })
    : { facts: before, diagnostics: [] };
  const input = { repository, project, facts, plan: adapted, changes, suffix, keepHandler };
  const edited = editCode(input);
  const isAsked = asksFor(options);
  const plan = mayRewrite(options, adapted, isAsked)
    ? decide(project, facts, {
        ...options,
        keepHandler,
        rewritable: rewritableIn({ ...input, isAsked, keepsAdapter: keepsAdapter(options), elsewhere: options.elsewhere }),
      })
    : adapted;
  const produced = await produce({ ...input, plan, edited, templates, infra, cutover });
  return {
    project,
    facts,
    plan,
    package: produced.package,
    diagnostics: [
      ...facts.diagnostics,
      ...sdk,
      ...plan.diagnostics.filter(({ code }) => !produced.settled.has(code)),
      ...produced.diagnostics,
    ],
  };
}

interface FunctionsRun {
  repository: Repository;
  project: Project;
  facts: Facts;
  changes: ChangeSet;
  options: MigrateProjectOptions;
}

/** decide → produce where functions stay on Lambda: code is edited only for what the target asks of it. */
function migrateFunctions({ repository, project, facts, changes, options }: FunctionsRun, target: FunctionTarget): ProjectResult {
  const plan = decide(project, facts, options);
  const found = editFunctionCode({ repository, project, facts, plan, changes }, target.concurrency);
  const produced = produceFunctions({ ...options, repository, project, plan, changes, found }, target);
  // What is known of code that stays as it is asks nothing of anybody.
  const ofCode = target.concurrency === undefined ? [] : facts.diagnostics;
  const diagnostics = [...ofCode, ...plan.diagnostics, ...found, ...produced.diagnostics];
  return { project, facts, plan: produced.plan, package: null, diagnostics };
}

/** Whether native style was asked for a function by name or for all; `auto` leaves what tests call with an event. */
function asksFor({ style, edits }: MigrateProjectOptions): (id: string) => boolean {
  return (id) => style === 'native' || (edits?.projects.some(({ functions }) => functions[id]?.style === 'native') ?? false);
}

/** Whether a function keeps its adapter because that was asked for, by name or for all that are not named. */
function keepsAdapter({ style, edits }: MigrateProjectOptions): (id: string) => boolean {
  return (id) => (edits?.projects.map(({ functions }) => functions[id]?.style).find((each) => each) ?? style) === 'adapter';
}

/** One deployment of the definition brings the services and the functions, from the same code; `native` asks for routes alone. */
function deploysBoth({ dialect }: Project, { style, infra }: MigrateProjectOptions): boolean {
  return style !== 'native' && infra !== 'none' && holdsResources.has(dialect);
}

/** Dialects whose definition gets the resources of the services. */
const holdsResources: ReadonlySet<Project['dialect']> = new Set(['sam', 'cloudformation', 'serverless']);

/** Some handler behind HTTP may become a route: reading what that takes is left out otherwise. */
function mayRewrite({ style }: MigrateProjectOptions, { functions }: Plan, isAsked: (id: string) => boolean): boolean {
  return functions.some((each) => each.style === 'adapter' && (style !== 'adapter' || isAsked(each.id)));
}
