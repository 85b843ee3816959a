/** Makes the functions of a project that go to a service safe for many requests, and tells what of it is left for a person. */
import { mends } from '../../transforms/mends.js';
import { findHazards, type Hazard, hazardsIn } from '../analysis/concurrency/find-hazards.js';
import type { ConcurrencyTarget } from '../analysis/concurrency/rule.js';
import type { Facts } from '../analysis/facts.js';
import { valuesOf } from '../analysis/understand.js';
import { Values } from '../analysis/values.js';
import type { ChangeSet } from '../changes/change-set.js';
import { diagnostic } from '../diagnostics/catalog.js';
import type { Diagnostic } from '../diagnostics/diagnostic.js';
import type { Plan } from '../planning/plan.js';
import type { LambdaFunction, Project } from '../project/model.js';
import type { Repository } from '../project/repository.js';
import type { NewTexts } from './mend.js';
import { keyOf, mendCode } from './mend-code.js';

export interface MendProjectInput {
  repository: Repository;
  project: Project;
  facts: Facts;
  plan: Plan;
  /** The code as other transforms have left it. */
  changes: ChangeSet;
}

/**
 * Stages the edits of all mends. Gives the hazards of the code as it was: those that are gone as information that names the transform, the
 * others as warnings, for none of them stops a function. What is no hazard is left to `check`.
 */
export function mendProject({ repository, project, facts, plan, changes }: MendProjectInput, target: ConcurrencyTarget): Diagnostic[] {
  const served = servedIn(project, plan);
  const listening = new Set(plan.functions.filter(({ style }) => style === 'unwrapped').map(({ id }) => id));
  const values = valuesOf(repository, project);
  const found = findHazards(values, project, { functions: served, facts, target, listening }).filter(({ severity }) => severity !== 'info');
  const stored = target !== 'container' ? new Set<Diagnostic>() : keptApart(found, values, { project, facts, served, listening });
  const told = (each: Diagnostic) => (stored.has(each) ? mended(each, 'the invoke store of the service') : asWork(each));
  const codes = new Set(mends.flatMap((mend) => mend.codes));
  if (!found.some(({ code }) => codes.has(code))) return found.map(told);
  const staged = values.modules.with((file) => changes.read(file));
  const look = (texts: NewTexts) => {
    const now = new Values(
      staged.with((file) => texts.get(file)),
      values.resolver,
    );
    return { values: now, ...seenIn(served, (lambda) => hazardsIn(now, project, lambda, { facts, target, listening })) };
  };
  const { texts, by, edits } = mendCode({ mends, look, sharedFiles: filesOf(facts, othersIn(project, served)) });
  for (const [file, text] of texts) for (const id of edits.get(file) ?? []) changes.stage(file, text, id);
  return found.map((each) => {
    const transform = by.get(keyOf({ diagnostic: each }));
    return transform === undefined ? told(each) : mended(each, transform);
  });
}

/** What is no hazard where each invocation has an invoke store; servers that listen by themselves have none. */
function keptApart(
  found: readonly Diagnostic[],
  values: Values,
  { project, facts, served, listening }: { project: Project; facts: Facts; served: LambdaFunction[]; listening: ReadonlySet<string> },
): Set<Diagnostic> {
  if (found.length === 0) return new Set();
  const functions = served.filter(({ id }) => !listening.has(id));
  const left = new Set(findHazards(values, project, { functions, facts, target: 'service' }).map(placeOf));
  const ids = new Set<string | undefined>(functions.map(({ id }) => id));
  return new Set(found.filter((each) => ids.has(each.function) && !left.has(placeOf(each))));
}

function placeOf({ code, file, line, column, function: id }: Diagnostic): string {
  return JSON.stringify([code, file, line, column, id]);
}

/** A job runs alone. */
function servedIn(project: Project, plan: Plan): LambdaFunction[] {
  const ids = new Set(plan.functions.filter(({ outcome, workload }) => outcome === 'migrated' && workload !== 'job').map(({ id }) => id));
  return project.functions.filter(({ id }) => ids.has(id));
}

function othersIn(project: Project, served: readonly LambdaFunction[]): LambdaFunction[] {
  return project.functions.filter((lambda) => !served.includes(lambda));
}

function filesOf({ functions }: Facts, of: readonly LambdaFunction[]): Set<string> {
  return new Set(of.flatMap(({ id }) => (Object.hasOwn(functions, id) ? (functions[id]?.files ?? []) : [])));
}

/** A function whose walk fails has a finding of its own, and hides none of the others. */
function seenIn(served: readonly LambdaFunction[], hazards: (lambda: LambdaFunction) => Hazard[]): { hazards: Hazard[] } {
  return {
    hazards: served.flatMap((lambda) => {
      try {
        return hazards(lambda);
      } catch {
        return [];
      }
    }),
  };
}

function asWork(found: Diagnostic): Diagnostic {
  return { ...found, severity: 'warning' };
}

function mended({ code, args, file, line, function: id }: Diagnostic, transform: string): Diagnostic {
  const what = args.name ?? args.call ?? args.path ?? args.what ?? '';
  const place = file === undefined ? undefined : { file, ...(line !== undefined && { line }) };
  return diagnostic('HAZARD_MENDED', { args: { hazard: code, what, transform }, place, function: id });
}
