import { concurrency } from '../diagnostics/concurrency.js';
import type { Diagnostic } from '../diagnostics/diagnostic.js';
import type { FunctionPlan } from '../planning/plan.js';
import type { LambdaFunction } from '../project/model.js';
import type { MigratedProject } from '../run.js';
import type { CostInput, Need, NeedFindings } from '../targets/assessment.js';
import { runsAMonth } from './runs.js';

/** What the functions of one project need, from its migration and from a check for Managed Instances. */
export function needsOf(migrated: MigratedProject, managed: MigratedProject | undefined, only?: readonly string[]): Need[] {
  const { project, plan } = migrated;
  return project.functions
    .filter(({ id }) => only === undefined || only.includes(id))
    .map((lambda) => {
      const planned = plan.functions.find(({ id }) => id === lambda.id);
      return needOf(lambda, planned, migrated, managed?.diagnostics ?? []);
    });
}

/** The services of a project, with the keys of their functions. */
export function servicesOf({ plan, project }: MigratedProject): CostInput['services'] {
  return plan.services.map((service) => ({ ...service, keys: service.functions.map((id) => keyOf(project.definition, id)) }));
}

function keyOf(definition: string, id: string): string {
  return `${definition}#${id}`;
}

function needOf(
  lambda: LambdaFunction,
  planned: FunctionPlan | undefined,
  { project, facts, diagnostics }: MigratedProject,
  managed: readonly Diagnostic[],
): Need {
  const handler = Object.hasOwn(facts.functions, lambda.id) ? facts.functions[lambda.id] : undefined;
  const triggers = (planned?.triggers ?? lambda.triggers).filter(({ enabled }) => enabled !== false);
  const node = /^nodejs(\d+)\.x$/.exec(lambda.runtime ?? '')?.[1];
  return {
    key: keyOf(project.definition, lambda.id),
    id: lambda.id,
    definition: project.definition,
    workload: planned?.workload ?? 'stays',
    outcome: planned?.outcome ?? 'failed',
    runtime: lambda.runtime,
    node: node === undefined ? null : Number(node),
    architecture: lambda.architecture,
    memoryMb: lambda.memoryMb,
    timeoutSeconds: lambda.timeoutSeconds,
    diskMb: lambda.ephemeralStorageMb,
    triggers: [...new Set(triggers.map(({ type }) => type))],
    streaming: handler?.streaming ?? false,
    callback: handler !== undefined && !handler.streaming && (handler.usesCallback || (handler.parameterCount ?? 0) >= 3),
    scheduledRuns: scheduledRuns(triggers),
    findings: findingsOf(
      diagnostics.filter((each) => each.function === lambda.id),
      managed.filter((each) => each.function === lambda.id),
    ),
  };
}

function scheduledRuns(triggers: LambdaFunction['triggers']): number | null {
  if (triggers.length === 0) return null;
  const runs = triggers.map((trigger) => (trigger.type === 'schedule' ? runsAMonth(trigger.expression) : null));
  return runs.reduce((sum, each) => (sum === null || each === null ? null : sum + each), 0 as number | null);
}

/** A migration tells every hazard as work for a person; how grave it is the check says. */
function findingsOf(found: readonly Diagnostic[], managed: readonly Diagnostic[]): NeedFindings {
  const placeOf = ({ code, file, line }: Diagnostic) => JSON.stringify([code, file, line]);
  const graveness = new Map(managed.map((each) => [placeOf(each), each.severity]));
  const severity = (each: Diagnostic) => graveness.get(placeOf(each)) ?? concurrency[each.code]?.severity ?? each.severity;
  const shared = found.filter(({ code }) => Object.hasOwn(concurrency, code));
  const others = found.filter((each) => !Object.hasOwn(concurrency, each.code) && each.severity !== 'info');
  const guarded = (each: Diagnostic) => each.code.endsWith('_GUARDED');
  const sharedManaged = managed.filter(({ code }) => Object.hasOwn(concurrency, code));
  return {
    container: {
      error: codesOf(shared.filter((each) => severity(each) === 'error')),
      warning: codesOf(shared.filter((each) => severity(each) === 'warning')),
    },
    managed: {
      error: codesOf(sharedManaged.filter((each) => each.severity === 'error')),
      warning: codesOf(sharedManaged.filter((each) => each.severity === 'warning')),
    },
    guarded: codesOf(others.filter(guarded)),
    left: codesOf(others.filter((each) => !guarded(each))),
  };
}

function codesOf(found: readonly Diagnostic[]): Record<string, number> {
  const codes: Record<string, number> = {};
  for (const { code } of found) codes[code] = (codes[code] ?? 0) + 1;
  return codes;
}
