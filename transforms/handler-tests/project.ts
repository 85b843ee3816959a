/** The unit tests of a handler that becomes a route: whether all of them can ask the route instead, and their texts. */
import type { HandlerFacts } from '../../src/analysis/facts.js';
import type { Values } from '../../src/analysis/values.js';
import type { ChangeSet } from '../../src/changes/change-set.js';
import { serviceFolder } from '../../src/producing/layout.js';
import { join, specifier } from '../../src/producing/paths.js';
import { testModule } from '../../src/producing/runtime.js';
import type { Project } from '../../src/project/model.js';
import { parentOf, type Repository } from '../../src/project/repository.js';
import type { RouteShape } from '../http-route-native/index.js';
import { rewriteTest } from './index.js';

export interface TestsInput {
  repository: Repository;
  project: Project;
  suffix?: string | undefined;
  values: Values;
}

export interface RouteOfTests {
  file: string;
  handler: Pick<HandlerFacts, 'exportPath'>;
  routes: readonly RouteShape[];
  /** The handler's file as a route. */
  text: string;
}

export interface TestText {
  file: string;
  text: string;
  /** The module that it imports `routeApp` from. */
  helper: string;
}

export type TestsRewrite = { kind: 'rewritten'; tests: TestText[] } | { kind: 'refused'; because: string; file: string; line: number };

/** By where it lies or what it is called. */
const testFile = /(?:^|\/)(?:__tests__|tests?|spec)\/|[.-](?:test|spec)\.[cm]?[jt]sx?$|(?:^|\/)test[-.][^/]*\.[cm]?[jt]sx?$/;

/** True for a unit test, by where it lies or what it is called. */
export function isTest(file: string): boolean {
  return testFile.test(file);
}

/** Rewrites all tests of one handler, or none. */
export function rewriteTests(
  { repository, project, suffix, values }: TestsInput,
  { file, handler, routes, text }: RouteOfTests,
  tests: readonly string[],
): TestsRewrite {
  const [name, ...more] = handler.exportPath;
  const rewritten: TestText[] = [];
  for (const test of tests) {
    const module = values.modules.get(test);
    const refused = (because: string, line: number) => ({
      kind: 'refused' as const,
      because: `its test cannot ask a route: ${because}`,
      file: test,
      line,
    });
    if (!module || name === undefined || more.length > 0) return refused('it cannot be read', 1);
    const language = module.language === 'typescript' ? 'ts' : module.isEsm ? 'mjs' : 'cjs';
    const helper = join(serviceFolder(repository, project, suffix), `testing/route-app.${language}`);
    const path = specifier(parentOf(test), helper);
    const outcome = rewriteTest({
      values,
      module,
      handler: { file, name },
      routes,
      readsGateway: /\b(?:request|req|httpRequest)\.(?:ip|id|hostname|authorizer|event|raw)\b/.test(text),
      specifier: language === 'ts' ? path.replace(/\.ts$/, importsExtensions(module.text) ? '.js' : '') : path,
    });
    if (outcome.kind === 'refused') return refused(outcome.because, outcome.line);
    rewritten.push({ file: test, text: outcome.text, helper });
  }
  return { kind: 'rewritten', tests: rewritten };
}

function importsExtensions(text: string): boolean {
  return /(?:from|require\()\s*['"]\.{1,2}\/[^'"\n]+\.js['"]/.test(text);
}

/** Stages tests and the modules that they import. */
export function stageTests(changes: ChangeSet, tests: readonly TestText[], by: string): void {
  for (const { file, text, helper } of tests) {
    changes.stage(file, text, by);
    changes.stage(helper, testModule(helper), by);
  }
}
