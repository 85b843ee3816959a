import type { LambdaFunction, Project } from '../project/model.js';
import { type HttpTrigger, isHttp, type Trigger } from '../project/trigger.js';
import { findTarget } from '../targets/index.js';
import { route, unknownSchedule, unnamedQueue } from './infer-triggers.js';
import type { FunctionPlan, Plan, Style, Workload } from './plan.js';
import { editError, type PlanFile, type PlanFileFunction, type PlanFileProject } from './plan-schema.js';

/** What a person's plan changes about the decision of one project. */
export interface Overrides {
  /** The project's entry; undefined without a plan file. */
  project: PlanFileProject | undefined;
  file: PlanFile | undefined;
  /** Path of the entry in the document. */
  path: readonly (string | number)[];
  /** Set when the plan file does not list the project at all. */
  leftOut: string | undefined;
  stays: ReadonlySet<string>;
  triggers: ReadonlyMap<string, Trigger[]>;
  styles: ReadonlyMap<string, Style>;
  /** Functions whose workload was changed: they may be missing from the list of a service. */
  moved: ReadonlySet<string>;
}

export const noOverrides: Overrides = {
  project: undefined,
  file: undefined,
  path: [],
  leftOut: undefined,
  stays: new Set(),
  triggers: new Map(),
  styles: new Map(),
  moved: new Set(),
};

/**
 * Reads the edits to functions against the decision they were made from.
 * @throws UserError for an unknown or missing function and for a combination that cannot be.
 */
export function applyFunctionEdits(project: Project, decided: Plan, file: PlanFile): Overrides {
  const index = file.projects.findIndex((entry) => entry.project === decided.project && entry.definition === decided.definition);
  const entry = file.projects[index];
  if (!entry) return { ...noOverrides, leftOut: 'the plan file does not list its project' };
  const path = ['projects', index] as const;
  findTarget(entry.target);
  const stays = new Set<string>();
  const triggers = new Map<string, Trigger[]>();
  const styles = new Map<string, Style>();
  const moved = new Set<string>();

  for (const id of Object.keys(entry.functions)) {
    if (decided.functions.some((plan) => plan.id === id)) continue;
    const ids = decided.functions.map((plan) => plan.id).join(', ');
    throw editError(file, [...path, 'functions', id], `The project has no function "${id}"`, `Its functions are: ${ids}.`);
  }
  for (const plan of decided.functions) {
    const edit = Object.hasOwn(entry.functions, plan.id) ? entry.functions[plan.id] : undefined;
    const lambda = project.functions.find(({ id }) => id === plan.id);
    if (!edit || !lambda) {
      const advice = 'Make the plan again with "migrate-lambda plan"; to leave a function out, give it "workload: stays".';
      throw editError(file, [...path, 'functions'], `The plan file has no entry for the function "${plan.id}"`, advice);
    }
    const context: EditContext = { file, path: [...path, 'functions', plan.id], lambda, plan, edit };
    if (edit.workload !== plan.workload) moved.add(plan.id);
    if (edit.style !== undefined && edit.style !== plan.style) styles.set(plan.id, edit.style);
    if (edit.workload === 'stays') {
      if (plan.workload !== 'stays') stays.add(plan.id);
      continue;
    }
    if (edit.workload === 'function') {
      const advice = `The target ${entry.target} runs services; targets that run functions are named by "migrate-lambda list targets".`;
      throw editError(file, [...path, 'functions', plan.id, 'workload'], `"${plan.id}" cannot go on as a function`, advice);
    }
    const edited = editTriggers(context, edit.workload);
    if (edited) triggers.set(plan.id, edited);
  }
  return { project: entry, file, path, leftOut: undefined, stays, triggers, styles, moved };
}

interface EditContext {
  file: PlanFile;
  path: readonly (string | number)[];
  lambda: LambdaFunction;
  plan: FunctionPlan;
  edit: PlanFileFunction;
}

/** The triggers that the edited workload, front and routes mean; undefined when nothing was changed. */
function editTriggers(context: EditContext, workload: Exclude<Workload, 'function' | 'stays'>): Trigger[] | undefined {
  const { plan, edit } = context;
  const declared = plan.triggers.filter((trigger) => !trigger.inferred && workloadOf(trigger) === workload);
  if (declared.length > 0) {
    refuseHttpEdits(context);
    if (workload === plan.workload) return undefined;
    return plan.triggers.filter((trigger) => workloadOf(trigger) === undefined || workloadOf(trigger) === workload);
  }
  // It is in the service for the routes that ask it, and has none of its own.
  const onlyAuthorizes = plan.workload === 'web' && !plan.triggers.some(isHttp);
  if (onlyAuthorizes && workload === 'web') {
    refuseHttpEdits(context);
    return undefined;
  }
  const isFree = plan.triggers.every((trigger) => trigger.inferred || workloadOf(trigger) === undefined);
  if (!isFree) {
    const advice = `Its workload is ${plan.workload}; the plan can only make it stay.`;
    throw editError(context.file, [...context.path, 'workload'], `No trigger of "${plan.id}" makes it a ${workload}`, advice);
  }
  if (workload !== 'web') refuseHttpEdits(context);
  if (workload === plan.workload && workload !== 'web') return undefined;
  const others = plan.triggers.filter((trigger) => !trigger.inferred);
  if (workload === 'worker') return [unnamedQueue(plan.id), ...others];
  if (workload === 'job') return [unknownSchedule(), ...others];
  const routes = editedRoutes(plan, edit);
  return workload === plan.workload && JSON.stringify(routes) === JSON.stringify(plan.triggers.filter(isHttp))
    ? undefined
    : [...routes, ...others];
}

function editedRoutes(plan: FunctionPlan, edit: PlanFileFunction): HttpTrigger[] {
  const known = plan.triggers.find(isHttp);
  const front = edit.front ?? known?.type ?? 'http-api';
  const usual =
    front === 'http-api' && known?.type === 'http-api' ? known.payload : front === 'http-api' || front === 'function-url' ? '2.0' : '1.0';
  // Only an HTTP API has a choice.
  const payload = front === 'http-api' ? (edit.payload ?? usual) : usual;
  // Routes that a person writes down are all of one API; catch-alls that nobody chose are not.
  const api = edit.routes && !edit.routes.every((text) => text === 'ANY $default') ? 'plan' : plan.id;
  return (edit.routes ?? ['ANY $default']).map((text) => {
    const [method = 'ANY', path = '$default'] = text.split(' ');
    return { ...route(plan.id, front, payload, method, path, known?.streaming === true && front === 'function-url'), api };
  });
}

function refuseHttpEdits({ file, path, plan, edit }: EditContext): void {
  for (const key of ['front', 'payload', 'routes'] as const) {
    if (edit[key] === undefined) continue;
    const advice = `Remove "${key}", or change the definition.`;
    throw editError(file, [...path, key], `"${key}" of "${plan.id}" cannot be chosen: the definition says what calls it`, advice);
  }
}

function workloadOf(trigger: Trigger): Exclude<Workload, 'function' | 'stays'> | undefined {
  if (isHttp(trigger)) return 'web';
  if (trigger.type === 'sqs') return 'worker';
  return trigger.type === 'schedule' ? 'job' : undefined;
}
