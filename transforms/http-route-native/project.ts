/** The rewrite for the functions of a project: whether it is possible, and its text. */
import { posix } from 'node:path';
import type { Facts, HandlerFacts } from '../../src/analysis/facts.js';
import { modulesOf } from '../../src/analysis/modules.js';
import { Resolver } from '../../src/analysis/resolve.js';
import type { HandlersElsewhere } from '../../src/analysis/shared-handlers.js';
import { parseModule } from '../../src/analysis/source-module.js';
import { child, list } from '../../src/analysis/syntax.js';
import { Values } from '../../src/analysis/values.js';
import type { ChangeSet } from '../../src/changes/change-set.js';
import { diagnostic } from '../../src/diagnostics/catalog.js';
import type { Diagnostic } from '../../src/diagnostics/diagnostic.js';
import { takesCallbacks } from '../../src/planning/callbacks.js';
import type { Plan, RoutePlan } from '../../src/planning/plan.js';
import type { Rewritable } from '../../src/planning/style.js';
import { lineMap } from '../../src/producing/edited-lines.js';
import { entryModuleFor, stageEntryModules } from '../../src/producing/kept-handlers.js';
import { isOurs } from '../../src/producing/layout.js';
import { deployedName } from '../../src/project/deployed-name.js';
import type { LambdaFunction, Project } from '../../src/project/model.js';
import type { Repository } from '../../src/project/repository.js';
import { allCallersOf } from '../callers.js';
import * as handlerTests from '../handler-tests/index.js';
import { isTest, rewriteTests, stageTests, type TestText } from '../handler-tests/project.js';
import type { Deployed } from './handler.js';
import { meta, type RouteRewrite, type RouteShape, rewriteRoute } from './index.js';
import { keepHandler } from './lambda-entry.js';
import { packageVersion } from './package-version.js';
import { withTypeImports } from './type-imports.js';
import { withoutUnused } from './unused.js';

export interface NativeInput {
  repository: Repository;
  project: Project;
  facts: Facts;
  plan: Plan;
  changes: ChangeSet;
  /** A Lambda handler stays beside each route: `--keep-handler`. */
  keepHandler?: boolean | undefined;
  /** Ends the name of the service's folder, where several projects share one. */
  suffix?: string | undefined;
  /** Handlers that functions of other definitions run too: those would get a route in the place of their handler. */
  elsewhere?: HandlersElsewhere | undefined;
  /** Native style was asked for the function, so that its tests are rewritten too; left out: for all. */
  isAsked?: ((id: string) => boolean) | undefined;
  /** A function keeps its adapter because that was asked for; left out: none does. */
  keepsAdapter?: ((id: string) => boolean) | undefined;
}

/** Asks of every function what the rewrite will say; `plan` is the one without native style, and its edits are staged. */
export function rewritableIn(input: NativeInput): Rewritable {
  return (id, routes) => {
    const shared = sharedWith(input, id);
    if (shared) return shared;
    const outcome = rewriteFunction(input, id, routes);
    if (outcome.kind === 'rewritten') return undefined;
    const { because, file } = outcome;
    return { because, place: { file, line: lineBefore(input, file)(outcome.line) } };
  };
}

function sharedWith({ repository, facts, elsewhere }: NativeInput, id: string): ReturnType<Rewritable> {
  const { file, declaration } = facts.functions[id] ?? {};
  const other = file ? elsewhere?.[repository.behindLinks(file)] : undefined;
  if (!file || other === undefined) return undefined;
  return { because: `functions of ${other} have handlers in its file too`, place: declaration ?? { file } };
}

export interface StagedRoutes {
  diagnostics: Diagnostic[];
  /** Name under which a function's file exports its route, where its handler is kept under the old one. */
  exports: Map<string, string>;
}

/** Stages the routes of all functions whose style is native. Route handlers that are there already stay as they are. */
export function stageNativeRoutes(input: NativeInput): StagedRoutes {
  const diagnostics: Diagnostic[] = [];
  const exports = new Map<string, string>();
  const kept: string[] = [];
  const { plan, facts, changes } = input;
  const helpers = new Map<string, Set<string>>();
  const done = new Set<string>();
  for (const { id, style } of plan.functions) {
    const { isRoute, routeExport, file } = facts.functions[id] ?? {};
    if (isRoute && routeExport !== undefined && file) kept.push(id);
    if (style !== 'native' || isRoute || done.has(id)) continue;
    const twins = twinsOf(facts, id);
    const routes = plan.services.flatMap((service) => service.routes.filter((route) => route.function === id));
    const outcome = rewriteFunction(input, id, routes);
    if (outcome.kind !== 'rewritten') throw new Error(`${id} was to become a route, but ${outcome.because}`);
    const line = lineBefore(input, outcome.file);
    changes.stage(outcome.file, outcome.text, meta.id);
    stageTests(changes, outcome.tests, handlerTests.meta.id);
    for (const each of [id, ...twins]) {
      done.add(each);
      if (outcome.route === undefined) continue;
      exports.set(each, outcome.route);
      kept.push(each);
    }
    for (const { file, text, replaced } of outcome.others) {
      changes.stage(file, text, meta.id);
      helpers.set(file, new Set([...(helpers.get(file) ?? []), ...replaced]));
    }
    for (const note of outcome.notes) {
      const place = { file: outcome.file, line: line(note.line) };
      diagnostics.push(diagnostic(note.code, { args: { function: id }, place, function: id }));
    }
  }
  dropHelpers(input, helpers);
  stageEntryModules(input, [...exports.keys()]);
  if (kept.length > 0)
    diagnostics.push(diagnostic('HANDLER_KEPT', { args: { functions: kept.join(', ') }, place: { file: input.project.definition } }));
  return { diagnostics, exports };
}

/** Line of a file as it is staged so far → its line in the user's file. */
function lineBefore({ repository, changes }: NativeInput, file: string): (line: number) => number {
  return lineMap(changes.read(file) ?? '', repository.read(file) ?? '');
}

/** Functions that made results go once no other file names them. */
function dropHelpers({ repository, project, changes }: NativeInput, helpers: ReadonlyMap<string, ReadonlySet<string>>): void {
  if (helpers.size === 0) return;
  const root = posix.dirname(project.definition);
  const texts = new Map<string, string>();
  for (const name of repository.files()) {
    const text = sourceFile.test(name) ? changes.read(name) : undefined;
    if (text !== undefined && !isOurs(text)) texts.set(name, text);
  }
  for (const [file, names] of helpers) {
    const text = changes.read(file);
    if (text === undefined) continue;
    const stem = posix.basename(file).replace(sourceFile, '');
    // What lies outside the project names the file when it takes something from it.
    const near = [...texts].filter(([name, each]) => name !== file && (isInside(name, root) || each.includes(stem)));
    const unnamed = [...names].filter((name) => !near.some(([, each]) => hasWord(each, name)));
    const left = withoutUnused(file, text, new Set(unnamed), true);
    const rest = withoutUnused(file, left, names);
    if (rest !== text) changes.stage(file, withTypeImports(file, rest, { names: new Set(), quote: "'" }), meta.id);
  }
}

function isInside(file: string, folder: string): boolean {
  return folder === '.' || file.startsWith(`${folder}/`);
}

function hasWord(text: string, word: string): boolean {
  return text.includes(word) && new RegExp(`(?<![\\w$])${word.replace(/\$/g, '\\$')}(?![\\w$])`).test(text);
}

const sourceFile = /\.[cm]?[jt]sx?$/;

/** `route`: under which name the file exports it, when its handler is kept. */
type FunctionRewrite =
  | Extract<RouteRewrite, { kind: 'refused' }>
  | (Extract<RouteRewrite, { kind: 'rewritten' }> & { route?: string; tests: readonly TestText[] });

function rewriteFunction(input: NativeInput, id: string, routes: readonly RoutePlan[]): FunctionRewrite {
  const outcome = rewriteToRoute(input, id, routes);
  if (outcome.kind === 'refused' || !input.keepHandler) return outcome;
  const handler = input.facts.functions[id];
  const entry = entryModuleFor(input, id);
  const [name, ...more] = handler?.exportPath ?? [];
  const isPlain = entry && name !== undefined && more.length === 0 && outcome.file === handler?.file;
  const line = handler?.declaration?.line ?? 1;
  const refused = (because: string) => ({ kind: 'refused', because, file: outcome.file, line }) as const;
  if (input.project.functions.some((each) => each.id === id && each.build.listsFiles))
    return refused('its package holds only files that it lists, and a handler beside a route needs one more');
  const kept = isPlain ? keepHandler({ file: outcome.file, text: outcome.text, name, specifier: entry.specifier }) : null;
  return kept ? { ...outcome, ...kept } : refused('its handler cannot be kept beside a route in the way in which it is exported');
}

function rewriteToRoute(input: NativeInput, id: string, own: readonly RoutePlan[]): FunctionRewrite {
  const { repository, project, facts, changes } = input;
  const handler = facts.functions[id];
  const lambda = project.functions.find((each) => each.id === id);
  const file = handler?.file ?? null;
  const text = file === null ? undefined : changes.read(file);
  if (!handler || !lambda || file === null || text === undefined)
    return { kind: 'refused', because: 'its code is not in a file of its own', file: project.definition, line: 1 };
  const callers = callersIn(input, handler, file);
  const keepsCallers = input.keepHandler || handler.shape === 'middy' || !(input.isAsked?.(id) ?? true);
  const caller = callers.find((each) => keepsCallers || !isTest(each.file));
  const twins = twinsOf(facts, id);
  const obstacle = obstacleOfTwins(input, id, twins) ?? (caller && { because: `${caller.file} calls it with an event`, ...caller });
  if (obstacle) return { kind: 'refused', ...obstacle };
  const modules = modulesOf(repository).with((path) => changes.read(path));
  const values = new Values(modules, new Resolver(repository, project));
  const names = new Set([id, ...twins]);
  const shared = input.plan.services.flatMap(({ routes }) => routes.filter((route) => names.has(route.function)));
  const shapes = (twins.length > 0 ? shared : own).map(shapeOfRoute);
  const outcome = rewriteRoute(values, {
    module: modules.get(file) ?? parseModule(file, text),
    exportPath: handler.exportPath,
    routes: shapes,
    takesPlainValues: !takesCallbacks(lambda, handler),
    deployed: deployedAs(project.functions.filter((each) => names.has(each.id))),
    versionOf: (specifier) => packageVersion(repository, file, specifier),
  });
  if (outcome.kind === 'refused') return outcome;
  const tests = rewriteTests(
    { ...input, values },
    { file, handler, routes: shapes, text: outcome.text },
    callers.map((each) => each.file),
  );
  return tests.kind === 'refused' ? tests : { ...outcome, tests: tests.tests };
}

/** Other functions that run the same code: it serves the routes of all of them. */
function twinsOf({ functions }: Facts, id: string): string[] {
  const own = functions[id]?.declaration;
  if (!own) return [];
  return Object.keys(functions).filter((other) => {
    const { declaration } = functions[other] ?? {};
    return other !== id && declaration?.file === own.file && declaration.line === own.line;
  });
}

/** Another function that needs the handler as it is. */
function obstacleOfTwins(input: NativeInput, id: string, twins: readonly string[]): (Caller & { because: string }) | undefined {
  const { facts, plan, project, keepHandler, keepsAdapter } = input;
  const known = (each: string) => project.functions.find((lambda) => lambda.id === each);
  const own = facts.functions[id];
  const twin = twins.find((each) => {
    const [lambda, handler, first] = [known(each), facts.functions[each], known(id)];
    const planned = plan.functions.find((one) => one.id === each);
    if (!lambda || !first || !handler || !own || planned?.outcome !== 'migrated' || (keepsAdapter?.(each) ?? false)) return true;
    const isOther = handler.file !== own.file || handler.exportPath.join('.') !== own.exportPath.join('.');
    if (isOther && keepHandler) return true;
    if (takesCallbacks(lambda, handler) !== takesCallbacks(first, own)) return true;
    const routes = plan.services.flatMap((service) => service.routes.filter((route) => route.function === each));
    return routes.length === 0 || routes.length < planned.triggers.length;
  });
  const { file, line } = own?.declaration ?? { file: project.definition };
  return twin === undefined ? undefined : { because: `${twin} runs the same code`, file, line: line ?? 1 };
}

/** What the context tells of the functions, where that is the same for all. */
function deployedAs(functions: readonly LambdaFunction[]): Deployed {
  const [first, ...others] = functions.map((each) => ({ functionName: deployedName(each), memoryMb: each.memoryMb }));
  const isSame = (key: keyof Deployed) => others.every((each) => each[key] === first?.[key]);
  return {
    functionName: isSame('functionName') ? (first?.functionName ?? null) : null,
    memoryMb: isSame('memoryMb') ? (first?.memoryMb ?? null) : null,
  };
}

/** Other code that calls it, also by way of files that only hand it on. */
function callersIn({ repository, facts }: NativeInput, handler: HandlerFacts, file: string): Caller[] {
  const declared = handler.declaration?.file ?? file;
  // Behind middlewares the function has an export and a name of its own.
  const name = handler.exportPath.length === 1 && handler.shape !== 'middy' ? (handler.exportPath[0] ?? null) : null;
  const places = [{ at: file, name }, ...(declared === file ? [] : [{ at: declared, name: null }])];
  const passing = new Set(
    Object.values(facts.functions).flatMap((each) => (each.declaration?.file === declared && each.file ? [each.file] : [])),
  );
  const found = new Map<string, Caller>();
  for (let place = places.pop(); place; place = places.pop())
    for (const caller of allCallersOf(repository, place.at, place.name, passing)) {
      if (!onlyPassesOn(caller.file, repository.read(caller.file) ?? '')) {
        found.set(caller.file, caller);
        continue;
      }
      passing.add(caller.file);
      places.push({ at: caller.file, name: null });
    }
  return [...found.values()].sort((a, b) => (a.file < b.file ? -1 : 1));
}

type Caller = { file: string; line: number };

/** `export { list } from './list.js';`, and nothing else in the file. */
function onlyPassesOn(file: string, text: string): boolean {
  const statements = list(parseModule(file, text).program, 'body');
  return statements.length > 0 && statements.every((each) => each.type.startsWith('Export') && child(each, 'source') !== null);
}

function shapeOfRoute({ trigger, front }: RoutePlan): RouteShape {
  return {
    front,
    payload: trigger.payload,
    method: trigger.method,
    path: trigger.path,
    stage: trigger.stage ?? (front === 'rest-api' ? 'Prod' : '$default'),
    binaryMediaTypes: (trigger.binaryMediaTypes?.length ?? 0) > 0,
    multiValueHeaders: trigger.multiValueHeaders === true,
  };
}
