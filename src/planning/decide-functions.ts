/** The plan for a target that leaves functions on Lambda: each is run otherwise, or stays as it is; there are no services. */
import type { Facts } from '../analysis/facts.js';
import type { Diagnostic } from '../diagnostics/diagnostic.js';
import type { LambdaFunction, Project } from '../project/model.js';
import type { FunctionTarget } from '../targets/target.js';
import type { FunctionPlan, Plan } from './plan.js';
import { editError, type PlanFile } from './plan-schema.js';
import { withoutSecrets } from './trigger-secrets.js';

export interface DecideFunctionsOptions {
  only?: readonly string[] | undefined;
  edits?: PlanFile | undefined;
}

/** @throws UserError when an edited plan asks for something impossible. */
export function decideFunctions(project: Project, facts: Facts, options: DecideFunctionsOptions, target: FunctionTarget): Plan {
  const left = leftOutIn(project, options);
  const diagnostics: Diagnostic[] = [];
  const functions = project.functions.map((lambda): FunctionPlan => {
    const triggers = lambda.triggers.map((trigger) => withoutSecrets(lambda, trigger).trigger);
    const why = left(lambda) ?? runtimeReason(lambda) ?? target.leaves(lambda, project, facts);
    const shared = { id: lambda.id, style: null, triggers };
    return why === undefined
      ? { ...shared, workload: 'function', outcome: 'migrated', because: target.because }
      : { ...shared, workload: 'stays', outcome: 'stays', because: why };
  });
  return { project: project.root, definition: project.definition, target: target.id, functions, services: [], diagnostics };
}

function runtimeReason({ runtime }: LambdaFunction): string | undefined {
  if (runtime === null || runtime.startsWith('nodejs')) return undefined;
  return `its runtime is ${runtime}, and only Node.js functions are migrated`;
}

/** What `--only` and a plan file leave out. */
function leftOutIn(project: Project, { only, edits }: DecideFunctionsOptions): (lambda: LambdaFunction) => string | undefined {
  const index = edits?.projects.findIndex((entry) => entry.project === project.root && entry.definition === project.definition) ?? -1;
  const entry = edits?.projects[index];
  if (edits && !entry) return () => 'the plan file does not list its project';
  const path = ['projects', index, 'functions'];
  for (const id of Object.keys(entry?.functions ?? {})) {
    if (edits && !project.functions.some((each) => each.id === id)) {
      const ids = project.functions.map((each) => each.id).join(', ');
      throw editError(edits, [...path, id], `The project has no function "${id}"`, `Its functions are: ${ids}.`);
    }
  }
  return ({ id }) => {
    if (only && !only.includes(id)) return 'it was left out with --only';
    if (!edits || !entry) return undefined;
    const edit = Object.hasOwn(entry.functions, id) ? entry.functions[id] : undefined;
    if (!edit) {
      const advice = 'Make the plan again with "migrate-lambda plan"; to leave a function out, give it "workload: stays".';
      throw editError(edits, path, `The plan file has no entry for the function "${id}"`, advice);
    }
    if (edit.workload === 'stays') return 'the plan says so';
    if (edit.workload === 'function') return undefined;
    const advice = `The target ${entry.target} runs functions: give it "workload: function", or "workload: stays".`;
    throw editError(edits, [...path, id, 'workload'], `"${id}" cannot become a ${edit.workload}`, advice);
  };
}
