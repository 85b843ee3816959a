/** All transforms, in the order in which they run on one tree, and the step that applies them to a project. */
import { createRequire } from 'node:module';
import type { JSCodeshift } from 'jscodeshift';
import type { Facts, HandlerFacts } from '../src/analysis/facts.js';
import { diagnostic } from '../src/diagnostics/catalog.js';
import type { Diagnostic } from '../src/diagnostics/diagnostic.js';
import type { Plan } from '../src/planning/plan.js';
import * as callbackToPromise from './callback-to-promise/index.js';
import { callersOf } from './callers.js';
import * as contextLegacyDone from './context-legacy-done/index.js';
import * as esmPaths from './esm-paths/index.js';
import * as handlerTests from './handler-tests/index.js';
import * as httpRouteNative from './http-route-native/index.js';
import * as importCase from './import-case/index.js';
import * as layerImports from './layer-imports/index.js';
import { mends } from './mends.js';
import * as runsOnLambda from './runs-on-lambda/index.js';
import * as sdkDependencies from './sdk-dependencies/index.js';
import * as sdkV3 from './sdk-v3/index.js';
import { joinSource, printOptions, restyle, splitSource } from './source-text.js';
import * as streamResponse from './stream-response/index.js';
import { programOf } from './syntax.js';
import type { ApplyTransformsInput, HandlerSite, ServerSite, SourceTransform, TransformContext, TransformMeta } from './transform.js';
import { exportedAs } from './unwrap-server-adapter/export-binding.js';
import * as unwrapServerAdapter from './unwrap-server-adapter/index.js';

/** Code edits, in order: callbacks first, because both may stand in one handler and it converts both. */
export const sourceTransforms: readonly SourceTransform[] = [callbackToPromise, contextLegacyDone, unwrapServerAdapter, runsOnLambda];

/** Every transform there is, for lists and documentation. */
export const transforms: readonly { meta: TransformMeta }[] = [
  ...sourceTransforms,
  ...mends,
  httpRouteNative,
  handlerTests,
  importCase,
  layerImports,
  esmPaths,
  streamResponse,
  sdkDependencies,
  sdkV3,
];

/** Runs the code edits over every source file that migrated functions reach, and stages the files that changed. */
export function applyTransforms({ repository, facts, plan, changes }: ApplyTransformsInput): Diagnostic[] {
  const migrated = plan.functions.filter(({ outcome }) => outcome === 'migrated').map(({ id }) => id);
  const sites = sitesByFile(facts, plan, migrated);
  const diagnostics: Diagnostic[] = [];
  for (const file of [...sites.keys()].sort()) {
    const { handlers, servers } = sites.get(file) as FileSites;
    const text = changes.read(file);
    if (text === undefined || !/\.[cm]?[jt]sx?$/.test(file)) continue;
    const applicable = sourceTransforms.filter(
      ({ guard, concerns }) => (concerns === undefined || { handlers, servers }[concerns].length > 0) && guard(text),
    );
    if (applicable.length === 0) continue;
    const pinned = handlers.map((site) => ({ ...site, calledFrom: callersOf(repository, file, site.name, entriesTo(file, facts)) }));
    const { text: edited, diagnostics: found, by } = transformText(text, applicable, { file, handlers: pinned, servers });
    diagnostics.push(...found);
    if (edited !== undefined) for (const id of by) changes.stage(file, edited, id);
  }
  return diagnostics;
}

/** Modules that handlers declared in `file` are exported from: handing them on is no call. */
function entriesTo(file: string, facts: Facts): Set<string> {
  return new Set(
    Object.values(facts.functions).flatMap((each) => (each.declaration?.file === file && each.file !== null ? [each.file] : [])),
  );
}

interface FileSites {
  handlers: HandlerSite[];
  servers: ServerSite[];
}

function sitesByFile(facts: Facts, plan: Plan, migrated: string[]): Map<string, FileSites> {
  const sites = new Map<string, FileSites>();
  const at = (file: string) => {
    const found = sites.get(file) ?? { handlers: [], servers: [] };
    sites.set(file, found);
    return found;
  };
  for (const id of migrated) {
    const handler = facts.functions[id];
    const server = plan.services.find((service) => service.server?.function === id)?.server;
    // What starts by a command of its own is left as it is.
    if (!handler || server?.binding === null) continue;
    for (const file of handler.files) at(file);
    const file = handler.declaration?.file ?? handler.file;
    if (file !== null && mayNeedEdit(handler)) at(file).handlers.push(handlerSite(id, file, handler));
    if (server) at(server.file).servers.push(serverSite(id, server.binding, handler));
  }
  return sites;
}

/** The third parameter of a streaming handler is its context. */
function mayNeedEdit({ server, streaming, parameterCount, usesCallback, usesContextDone }: HandlerFacts): boolean {
  if (server !== null) return false;
  return usesCallback || usesContextDone || parameterCount === null || (parameterCount > 2 && !streaming);
}

function handlerSite(id: string, file: string, handler: HandlerFacts): HandlerSite {
  const isEntry = file === handler.file;
  return {
    function: id,
    line: handler.declaration?.line ?? null,
    name: isEntry && handler.exportPath.length === 1 ? (handler.exportPath[0] ?? null) : null,
    usesCallback: handler.usesCallback,
    usesContextDone: handler.usesContextDone,
  };
}

/** Only servers that the plan lets listen; why others stay wrapped is the plan's to say. */
function serverSite(id: string, binding: string, { server }: HandlerFacts): ServerSite {
  return { function: id, binding, line: server?.line ?? 1, adapter: server?.adapter ?? 'the adapter' };
}

/** The name under which a module (as staged) exports the variable that holds a server; null when it does not. */
export function exportedServerName(text: string, binding: string): string | null {
  try {
    return exportedAs(programOf(jscodeshift()(splitSource(text).body)), binding);
  } catch {
    return null;
  }
}

export interface TransformedText {
  /** Undefined when nothing changed. */
  text: string | undefined;
  diagnostics: Diagnostic[];
  /** Transforms that changed something. */
  by: string[];
}

let loaded: JSCodeshift | undefined;

/** jscodeshift takes longer to load than most projects take altogether, and most need no edit. */
function jscodeshift(): JSCodeshift {
  loaded ??= (createRequire(import.meta.url)('jscodeshift') as JSCodeshift).withParser('tsx');
  return loaded;
}

/** Parses once, runs the transforms in order on the same tree, prints once. A transform's failure is a finding; the text stays. */
export function transformText(text: string, list: readonly SourceTransform[], context: Omit<TransformContext, 'j'>): TransformedText {
  const source = splitSource(text);
  const options = printOptions(source);
  const j = jscodeshift();
  try {
    const root = j(source.body, { tabWidth: options.tabWidth });
    const diagnostics: Diagnostic[] = [];
    const by: string[] = [];
    let printed = source.body;
    for (const each of list) {
      diagnostics.push(...each.transform(root, { ...context, j }));
      const now = root.toSource(options);
      if (now !== printed) by.push(each.meta.id);
      printed = now;
    }
    return { text: by.length === 0 ? undefined : joinSource(source, restyle(source, printed)), diagnostics, by };
  } catch (error) {
    return { text: undefined, diagnostics: [failure(error, context)], by: [] };
  }
}

function failure(error: unknown, { file }: Omit<TransformContext, 'j'>): Diagnostic {
  const at = (error as { loc?: { line?: number } } | null)?.loc?.line;
  const problem = (error instanceof Error ? error.message : String(error)).split('\n')[0] ?? '';
  return diagnostic('TRANSFORM_FAILED', { args: { problem }, place: { file, ...(at !== undefined && { line: at }) } });
}
