/** Facts of one function. */
import { diagnostic } from '../diagnostics/catalog.js';
import type { Diagnostic } from '../diagnostics/diagnostic.js';
import type { LambdaFunction } from '../project/model.js';
import { withoutAdapterUses } from './adapter-uses.js';
import { formatOf } from './build-reasons.js';
import { environmentReads, reservedReads } from './environment-reads.js';
import { evidenceOf, isHttpWrapper } from './evidence.js';
import type { HandlerFacts } from './facts.js';
import { findHandlerFile } from './handler-file.js';
import { exportPathFor, parseHandler } from './handler-name.js';
import { answersThroughReply, returnsHttpResult, usesCallback, usesContextDone } from './invocation.js';
import { keptRoute } from './kept-route.js';
import { placeAt } from './places.js';
import { reach } from './reach.js';
import { lengthOf, type Shape, shapeOf } from './shape.js';
import { parseModule, type SourceModule } from './source-module.js';
import type { Value, Values } from './values.js';
import { vendorHandler } from './vendor-handlers.js';
import { webAdapterServer } from './web-adapter.js';

export interface Understood {
  /** Undefined when nothing at all is known. */
  handler: HandlerFacts | undefined;
  diagnostics: Diagnostic[];
}

/** A function whose code was not found; also the start of all others. */
const notFound: HandlerFacts = {
  file: null,
  exportPath: [],
  language: 'javascript',
  format: 'commonjs',
  declaration: null,
  shape: 'unknown',
  parameterCount: null,
  isAsync: false,
  usesCallback: false,
  usesContextDone: false,
  streaming: false,
  server: null,
  frontEvidence: null,
  triggerEvidence: null,
  files: [],
  packages: {},
  buildReasons: [],
};

export function understandFunction(values: Values, lambda: LambdaFunction): Understood {
  const { declared, entry, inlineCode } = lambda.handler;
  const web = webAdapterServer(values, lambda);
  if (web) return web;
  const report = (code: string, args: Diagnostic['args'] = {}): Diagnostic =>
    diagnostic(code, {
      args: { function: lambda.id, handler: declared ?? '', ...args },
      place: lambda.handler.range ?? lambda.range,
      function: lambda.id,
    });
  if (lambda.unreadable !== undefined || (declared === null && entry === undefined)) return { handler: notFound, diagnostics: [] };
  const vendor = declared === null ? undefined : vendorHandler(lambda, declared);
  if (vendor && vendor.original === null)
    return { handler: notFound, diagnostics: [report('HANDLER_OF_VENDOR_UNKNOWN', { variable: vendor.variable })] };
  const original = vendor?.original ?? declared ?? 'index.handler';
  const told = vendor ? [report('HANDLER_OF_VENDOR', { variable: vendor.variable, original })] : [];
  const name = parseHandler(original);
  if (!name) return { handler: notFound, diagnostics: [...told, report('HANDLER_MALFORMED')] };
  if (inlineCode !== undefined) return inline(values, lambda, inlineCode, name.exportPath);
  if (lambda.packageType === 'inline') return { handler: { ...notFound, exportPath: name.exportPath }, diagnostics: told };
  if (entry !== undefined && values.resolver.repository.isFile(entry)) {
    const understood = understandFile(values, lambda, entry, exportPathFor(original, entry) ?? name.exportPath);
    return { ...understood, diagnostics: [...told, ...understood.diagnostics] };
  }
  const found = findHandlerFile(values.resolver, lambda, name.module);
  if (found.file === null) {
    const code = found.outside ? 'HANDLER_OUTSIDE_REPOSITORY' : 'HANDLER_NOT_FOUND';
    return {
      handler: { ...notFound, exportPath: name.exportPath },
      diagnostics: [...told, report(code, { looked: found.looked.join(', ') })],
    };
  }
  if (found.how === 'case') told.push(report('HANDLER_CASE_DIFFERS', { file: found.file }));
  if (found.how === 'elsewhere') told.push(report('HANDLER_FOUND_BY_NAME', { file: found.file }));
  const understood = understandFile(values, lambda, found.file, name.exportPath);
  return { ...understood, diagnostics: [...told, ...understood.diagnostics] };
}

function understandFile(values: Values, lambda: LambdaFunction, file: string, exportPath: string[]): Understood {
  const place = { file };
  const module = values.modules.get(file);
  if (!module) {
    const problem = values.resolver.repository.readFailure(file) ?? 'unreadable';
    return {
      handler: { ...notFound, file, exportPath },
      diagnostics: [diagnostic('SOURCE_NOT_READ', { args: { file, problem }, place, function: lambda.id })],
    };
  }
  const reached = reach(values.modules, values.resolver, module, lambda.id);
  const modules = reached.files.flatMap((each) => values.modules.get(each) ?? []);
  const reserved = modules.flatMap(reservedReads);
  const base: HandlerFacts = {
    ...notFound,
    file,
    exportPath,
    language: module.language,
    format: formatOf(module, values.resolver),
    files: reached.files,
    packages: reached.packages,
    ...(Object.keys(reached.redirects).length > 0 && { redirects: reached.redirects }),
    ...(reached.miscased.length > 0 && { miscased: reached.miscased }),
    buildReasons: reached.buildReasons,
    ...(values.resolver.project.dotenv && { environmentReads: [...new Set(modules.flatMap(environmentReads))] }),
    ...(reserved.length > 0 && { reservedReads: reserved }),
  };
  if (!module.program) return { handler: base, diagnostics: reached.diagnostics };
  const { facts, diagnostics } = describe(values, lambda, module, exportPath);
  const handler = { ...base, ...facts };
  if (handler.server) handler.server = withoutAdapterUses(values, handler.server, reached.files);
  return { handler, diagnostics: [...diagnostics, ...reached.diagnostics] };
}

/** What the exported value says. */
function describe(
  values: Values,
  lambda: LambdaFunction,
  module: SourceModule,
  exportPath: string[],
): { facts: Partial<HandlerFacts>; diagnostics: Diagnostic[] } {
  const value = values.exported(module, exportPath);
  const report = (code: string, args: Diagnostic['args'], line?: number) =>
    diagnostic(code, {
      args: { function: lambda.id, export: exportPath.join('.'), file: module.file, ...args },
      place: { file: module.file, ...(line !== undefined && { line }) },
      function: lambda.id,
    });
  if (!value) return { facts: {}, diagnostics: [report('EXPORT_NOT_FOUND', {})] };
  const kept = keptRoute(values, module, value);
  const shape = shapeOf(values, kept?.value ?? value);
  const facts = {
    ...factsOf(values, kept?.value ?? value, shape, module, exportPath.at(-1) ?? ''),
    ...(kept && { isRoute: true, routeExport: kept.name }),
  };
  if (shape.notCallable === null) return { facts, diagnostics: [] };
  return { facts, diagnostics: [report('HANDLER_NOT_A_FUNCTION', { kind: shape.notCallable }, facts.declaration?.line)] };
}

function factsOf(values: Values, value: Value, shape: Shape, module: SourceModule, exportName: string): Partial<HandlerFacts> {
  const { exported, inner, server } = shape;
  const site = inner ?? (value.kind === 'node' ? value : null);
  const asked = exported ?? inner;
  return {
    declaration: site ? { file: site.module.file, ...placeAt(site.module.text, site.node.start) } : null,
    shape: shape.shape,
    parameterCount: exported ? lengthOf(exported.node) : null,
    isAsync: asked?.node['async'] === true,
    usesCallback: !shape.streaming && server === null && asked !== null && usesCallback(asked),
    ...(asked !== null && isRouteShape(shape) && answersThroughReply(values, asked) && { isRoute: true }),
    usesContextDone: asked !== null && usesContextDone(asked, shape.streaming ? 2 : 1),
    streaming: shape.streaming,
    server,
    ...evidenceOf(values, shape, module, exportName),
    ...(!server && (isHttpWrapper(shape) || (inner !== null && returnsHttpResult(values, inner))) && { returnsHttpResult: true }),
  };
}

/** A function, also one that a function of the project is put around. */
function isRouteShape({ shape, wrappers }: Shape): boolean {
  return shape === 'function' || (shape === 'wrapper' && wrappers.length === 0);
}

/** Code that stands in the definition: analysed as a module of its own, which has no file. */
function inline(values: Values, lambda: LambdaFunction, code: string, exportPath: string[]): Understood {
  const { file, line } = lambda.handler.range ?? lambda.range;
  const module = parseModule('index.js', code);
  const start = { handler: { ...notFound, exportPath, format: module.isEsm ? ('esm' as const) : ('commonjs' as const) } };
  if (module.error) {
    const args = { file, line, problem: module.error.message };
    return {
      ...start,
      diagnostics: [
        diagnostic('INLINE_CODE_NOT_PARSED', { args: { function: lambda.id, ...args }, place: { file, line }, function: lambda.id }),
      ],
    };
  }
  const packages = module.imports
    .filter(({ typeOnly }) => !typeOnly)
    .flatMap(({ specifier }) => {
      const resolution = values.resolver.resolve(module, specifier);
      return resolution.kind === 'package' ? [[resolution.name, { file, line }] as const] : [];
    });
  const { facts, diagnostics } = describe(values, lambda, module, exportPath);
  const placed = diagnostics.map((each) => ({ ...each, file, line, args: { ...each.args, file } }));
  return { handler: { ...start.handler, ...facts, declaration: null, packages: Object.fromEntries(packages) }, diagnostics: placed };
}
