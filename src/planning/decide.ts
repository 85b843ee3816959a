import type { Facts } from '../analysis/facts.js';
import { partitionOf } from '../aws/partition.js';
import { UserError } from '../errors.js';
import type { LambdaFunction, Project } from '../project/model.js';
import { availabilityFindings, guardSpot, type Place } from '../targets/availability.js';
import { defaultTarget, findTarget } from '../targets/index.js';
import { isFunctionTarget } from '../targets/target.js';
import { triggerKinds } from '../triggers/index.js';
import { architectureNotes, onArchitecture } from './architecture.js';
import { Authorizers, takeInAuthorizers } from './authorizers.js';
import { decideFunctions } from './decide-functions.js';
import { decideEnvironment } from './environment.js';
import { decideFrontDoor } from './front-door.js';
import { decideFunction, type FunctionDecision } from './function-decision.js';
import { groupAll } from './grouping.js';
import type { Architecture, FrontDoor, FunctionPlan, Plan } from './plan.js';
import { applyFunctionEdits, noOverrides, type Overrides } from './plan-edits.js';
import type { PlanFile } from './plan-schema.js';
import { editServices, regroup } from './plan-service-edits.js';
import { platformNotes } from './platform-notes.js';
import { type Reader, reservedVariables } from './reserved-variables.js';
import { routesLeftOut } from './routes-left-out.js';
import { planServices, sharedPermissions } from './services.js';
import { spotNotes } from './spot.js';
import { decideStyles, type Rewritable } from './style.js';

export interface DecideOptions {
  /** Target id; default `ecs-fargate`. */
  target?: string | undefined;
  /** Default `auto`: servers listen and handlers become routes where that is safe, else they are adapted. */
  style?: 'auto' | 'native' | 'adapter' | undefined;
  /** Split services further than the code demands; default `none`. */
  split?: 'function' | 'api' | 'none' | undefined;
  /** What all services run on; default: what their functions run on. */
  arch?: Architecture | undefined;
  /** Buy what runs on as Spot capacity, beyond the first task of each service. */
  spot?: boolean | undefined;
  /** Ids of the only functions to migrate; the others stay. */
  only?: string[] | undefined;
  /** A plan file edited by a person (`readPlan`); its entry for this project overrides what is decided. */
  edits?: PlanFile | undefined;
  /** A handler for Lambda stays beside each route. */
  keepHandler?: boolean | undefined;
  /** What is in front of web services; by default it follows from what the API of the functions does. */
  front?: FrontDoor | undefined;
  /** Whether a handler can be rewritten into a route; without it none is. */
  rewritable?: Rewritable | undefined;
}

/**
 * What to do with every function of a project. Pure: the same input gives the same plan.
 * @throws UserError when the target is not available, or when an edited plan asks for something impossible.
 * @example decide(project, understand(repository, project), {}).services
 */
export function decide(project: Project, facts: Facts, given: DecideOptions): Plan {
  const options = { ...given, ...keptIn(project, given) };
  const target = findTarget(targetOf(project, options));
  if (options.spot) guardSpot(target, placeOf(project));
  if (isFunctionTarget(target)) {
    if (options.arch !== undefined) throw onlyForServices(target.id);
    return withAvailability(decideFunctions(project, facts, options, target), project);
  }
  const decided = decideWith(project, facts, options, noOverrides);
  if (!options.edits) return withAvailability(decided, project);
  return withAvailability(decideWith(project, facts, options, applyFunctionEdits(project, decided, options.edits)), project);
}

const placeOf = (project: Project): Place => ({ region: project.region, partition: partitionOf(project) });

function onlyForServices(target: string): UserError {
  return new UserError(
    `--arch is for services, and with the target "${target}" the functions stay on Lambda`,
    'Leave --arch out, and give the functions another architecture in their definition.',
  );
}

/** What the plan file says of the project. */
const entryOf = ({ root, definition }: Project, { edits }: Pick<DecideOptions, 'edits'>) =>
  edits?.projects.find((each) => each.project === root && each.definition === definition);

/** What the plan file asks for, else the option. */
export function targetOf(project: Project, options: Pick<DecideOptions, 'target' | 'edits'>): string {
  return entryOf(project, options)?.target ?? options.target ?? defaultTarget;
}

/** Options that a plan file keeps, where it says them; the flag counts where it does not. */
function keptIn(project: Project, options: DecideOptions): Pick<DecideOptions, 'arch' | 'spot'> {
  const { arch, spot } = entryOf(project, options) ?? {};
  return { ...(arch !== undefined && { arch }), ...(spot !== undefined && { spot }) };
}

/** Told only where something is moved to the target. */
function withAvailability(plan: Plan, project: Project): Plan {
  const moved = plan.functions.filter(({ outcome }) => outcome === 'migrated' || outcome === 'needs-person');
  if (moved.length === 0) return plan;
  const needs = moved.map(({ workload, triggers }) => ({ workload, triggers: triggers.map(({ type }) => type) }));
  const found = availabilityFindings(findTarget(plan.target), needs, placeOf(project), project.definition);
  return { ...plan, diagnostics: [...plan.diagnostics, ...found] };
}

function decideWith(declared: Project, facts: Facts, options: DecideOptions, overrides: Overrides): Plan {
  const project = onArchitecture(declared, options.arch);
  const kinds = new Map(triggerKinds.map((kind) => [kind.type, kind]));
  const leftOut = ({ id }: LambdaFunction) =>
    overrides.leftOut ?? (options.only && !options.only.includes(id) ? 'it was left out with --only' : undefined);
  const authorizers = new Authorizers({
    project,
    facts,
    leftOut: (lambda) => leftOut(lambda) ?? (overrides.stays.has(lambda.id) ? 'the plan says so' : undefined),
  });
  const { plan: frontDoor, diagnostics: ofFront } = decideFrontDoor({
    project,
    functions: project.functions.filter((lambda) => leftOut(lambda) === undefined && !overrides.stays.has(lambda.id)),
    target: findTarget(targetOf(project, options)),
    wished: options.front,
  });
  const decisions = project.functions.map((lambda) =>
    decideFunction({
      project,
      lambda,
      facts: Object.hasOwn(facts.functions, lambda.id) ? facts.functions[lambda.id] : undefined,
      errors: facts.diagnostics.filter((found) => found.function === lambda.id && found.severity === 'error'),
      kindOf: (type) => kinds.get(type),
      leftOut: leftOut(lambda),
      triggers: overrides.triggers.get(lambda.id),
      stays: overrides.stays.has(lambda.id),
      authorizers,
      door: frontDoor?.door ?? 'alb',
    }),
  );
  takeInAuthorizers(decisions);
  const leaving = decideStyles(decisions, {
    style: options.style ?? 'auto',
    keepsHandlers: options.keepHandler === true,
    asked: overrides.styles,
    rewritable: options.rewritable,
  });
  const environment = decideEnvironment(
    project,
    decisions.filter(isServed).map(({ lambda }) => lambda),
    facts,
  );
  const grouping = { split: options.split ?? 'none', environments: environment.functions };
  const groups = regroup(groupAll(decisions.filter(isServed), grouping), overrides, grouping.environments);
  const services = editServices(planServices(project, groups, environment.functions), overrides);
  return {
    project: project.root,
    definition: project.definition,
    target: overrides.project?.target ?? options.target ?? defaultTarget,
    functions: decisions.map(({ plan }): FunctionPlan => plan),
    services,
    ...(frontDoor && services.some(({ kind }) => kind === 'web') && { frontDoor }),
    ...(options.arch !== undefined && { arch: options.arch }),
    ...(options.spot && { spot: true }),
    diagnostics: [
      ...leaving,
      ...ofFront,
      ...decisions.flatMap(({ diagnostics }) => diagnostics),
      ...routesLeftOut(decisions),
      ...environment.diagnostics,
      ...platformNotes(decisions),
      ...architectureNotes(declared, services, options.arch),
      ...(options.spot ? spotNotes(services, project.definition) : []),
      ...reservedVariables(decisions.filter(({ plan }) => plan.outcome === 'migrated').map(readerOf), facts),
      ...sharedPermissions(services, project),
    ],
  };
}

function readerOf({ lambda, server }: FunctionDecision): Reader {
  return { id: lambda.id, startsItself: server?.binding === null };
}

/** It is part of some service: also a function whose routes all stay closed, so that nothing else answers them. */
function isServed({ routes, queues, schedules, authorizes }: FunctionDecision): boolean {
  return routes.length + queues.length + schedules.length + authorizes.length > 0;
}
