/** Hazards of serving many requests in one process, for the functions of a project. */
import { diagnostic } from '../../diagnostics/catalog.js';
import type { Diagnostic } from '../../diagnostics/diagnostic.js';
import type { LambdaFunction, PackageJson, Project } from '../../project/model.js';
import type { Facts, HandlerFacts } from '../facts.js';
import { placeAt } from '../places.js';
import { rules } from '../rules/index.js';
import { parseModule, type SourceModule } from '../source-module.js';
import type { Values } from '../values.js';
import { handlerSpot, type RequestEntry, rootsOf } from './roots.js';
import type { ConcurrencyTarget, Finding, RuleInput } from './rule.js';
import type { Trace } from './trace.js';
import { Walker } from './walker.js';

export interface HazardInput {
  functions: readonly LambdaFunction[];
  facts: Facts;
  target: ConcurrencyTarget;
  /** Ids of functions whose server listens by itself: no request runs their handler. */
  listening?: ReadonlySet<string> | undefined;
}

/**
 * What the rules find in the code that requests of these functions run. A function whose code was not found, and one that cannot be
 * looked through, has a diagnostic of its own.
 */
export function findHazards(values: Values, project: Project, { functions, facts, target, listening }: HazardInput): Diagnostic[] {
  return functions.flatMap((lambda) => {
    try {
      const found = hazardsIn(values, project, lambda, { facts, target, listening });
      return withoutRepeats(found.map((hazard) => hazard.diagnostic));
    } catch (error) {
      const problem = error instanceof Error ? (error.message.split('\n')[0] ?? '') : String(error);
      return [diagnostic('CHECK_FAILED', { args: { function: lambda.id, problem }, place: lambda.range, function: lambda.id })];
    }
  });
}

/** A finding with what it was found in, for those that want to mend it. */
export interface Hazard {
  finding: Finding;
  trace: Trace;
  diagnostic: Diagnostic;
}

/**
 * Hazards of one function; one may be found on several ways. Empty when its code is not known.
 * @throws what an unexpected error in the walk or a rule throws.
 */
export function hazardsIn(
  values: Values,
  project: Project,
  lambda: LambdaFunction,
  { facts, target, listening }: Omit<HazardInput, 'functions'>,
): Hazard[] {
  const handler = Object.hasOwn(facts.functions, lambda.id) ? facts.functions[lambda.id] : undefined;
  const module = handler && moduleOf(values, lambda, handler);
  if (!handler || !module?.program) return [];
  const entry = { module, exportPath: handler.exportPath, listens: listening?.has(lambda.id) === true };
  return hazardsOf(values, project, lambda, handler, entry, target);
}

/** The handler's file; inline code is a module of its own. */
function moduleOf(values: Values, lambda: LambdaFunction, handler: HandlerFacts): SourceModule | undefined {
  if (handler.file !== null) return values.modules.get(handler.file);
  const code = lambda.handler.inlineCode;
  return code === undefined ? undefined : parseModule('index.js', code);
}

function hazardsOf(
  values: Values,
  project: Project,
  lambda: LambdaFunction,
  handler: HandlerFacts,
  entry: RequestEntry,
  target: ConcurrencyTarget,
): Hazard[] {
  const walker = new Walker(values, handler.files);
  for (const { spot, args, self } of rootsOf(values, walker.classes, handler.files, entry)) walker.enter(spot, args, self);
  const input: RuleInput = {
    trace: walker.trace,
    target,
    values,
    files: handler.files,
    packages: handler.packages,
    packageJson: packageOf(project, handler.file),
    handler: handlerSpot(values, entry),
    usesCallback: handler.usesCallback,
  };
  return rules
    .flatMap((rule) => rule.find(input))
    .map((finding) => ({ finding, trace: input.trace, diagnostic: placed(finding, lambda, handler) }));
}

/** What the function's own package.json declares (SAM: one per CodeUri), and that of the project. */
function packageOf({ packageInfo }: Project, file: string | null): PackageJson {
  const { json, nested } = packageInfo;
  const [own] = nested
    .filter((each) => file?.startsWith(each.file.slice(0, -'package.json'.length)))
    .sort((a, b) => b.file.length - a.file.length);
  if (!own) return json;
  return {
    ...own.json,
    dependencies: { ...json.dependencies, ...own.json.dependencies },
    devDependencies: { ...json.devDependencies, ...own.json.devDependencies },
  };
}

function placed({ code, at, args, severity }: Finding, lambda: LambdaFunction, handler: HandlerFacts): Diagnostic {
  const inner = placeAt(at.module.text, at.node.start);
  const outer = lambda.handler.range ?? lambda.range;
  const place = handler.file === null ? { file: outer.file, line: outer.line } : { file: at.module.file, ...inner };
  return diagnostic(code, { args: { function: lambda.id, ...args }, place, function: lambda.id, ...(severity && { severity }) });
}

function withoutRepeats(found: readonly Diagnostic[]): Diagnostic[] {
  const seen = new Set<string>();
  return found.filter(({ code, file, line, column }) => {
    const key = JSON.stringify([code, file, line, column]);
    if (seen.has(key)) return false;
    seen.add(key);
    return true;
  });
}
