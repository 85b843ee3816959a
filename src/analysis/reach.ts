/** The project files and packages that a handler's module reaches through its imports. */
import { diagnostic } from '../diagnostics/catalog.js';
import type { Diagnostic } from '../diagnostics/diagnostic.js';
import { isEsmFile, reasonsOfFile, reasonsOfImport } from './build-reasons.js';
import type { BuildReason, Redirect } from './facts.js';
import type { Modules } from './modules.js';
import { placeAt } from './places.js';
import type { Resolution, Resolver } from './resolve.js';
import type { ModuleImport, SourceModule } from './source-module.js';

export interface Reach {
  files: string[];
  packages: Record<string, { file: string; line: number }>;
  redirects: Record<string, Redirect>;
  miscased: string[];
  buildReasons: BuildReason[];
  diagnostics: Diagnostic[];
}

/** Follows imports from a module. `function` is the id that findings are charged to. */
export function reach(modules: Modules, resolver: Resolver, entry: SourceModule, functionId: string): Reach {
  const walk = new Walk(modules, resolver, functionId);
  walk.from(entry);
  const needsTypes = walk.reasons.some(({ kind }) => kind === 'decorator-metadata');
  // Only tsc writes decorator metadata, and tsc needs the files that are imported for their types too.
  return needsTypes ? new Walk(modules, resolver, functionId, true).from(entry) : walk.result();
}

class Walk {
  readonly reasons: BuildReason[] = [];
  private readonly files = new Set<string>();
  private readonly packages = new Map<string, { file: string; line: number }>();
  private readonly redirects = new Map<string, Redirect>();
  private readonly miscased = new Set<string>();
  private readonly diagnostics: Diagnostic[] = [];
  private readonly queue: SourceModule[] = [];

  constructor(
    private readonly modules: Modules,
    private readonly resolver: Resolver,
    private readonly functionId: string,
    private readonly withTypes = false,
  ) {}

  from(entry: SourceModule): Reach {
    this.files.add(entry.file);
    this.queue.push(entry);
    for (let module = this.queue.shift(); module !== undefined; module = this.queue.shift()) this.visit(module);
    return this.result();
  }

  result(): Reach {
    return {
      files: [...this.files].sort(),
      packages: Object.fromEntries([...this.packages].sort(([a], [b]) => (a < b ? -1 : 1))),
      redirects: Object.fromEntries([...this.redirects].sort(([a], [b]) => (a < b ? -1 : 1))),
      miscased: [...this.miscased].sort(),
      buildReasons: this.reasons,
      diagnostics: this.diagnostics,
    };
  }

  private visit(module: SourceModule): void {
    if (module.error) {
      const { line, column, message } = module.error;
      this.report('SOURCE_NOT_PARSED', { file: module.file, line, problem: message }, { file: module.file, line, column });
      return;
    }
    this.reasons.push(...reasonsOfFile(module, this.resolver));
    for (const each of module.imports) this.follow(module, each);
    for (const { start, end } of module.unknownImports) this.reportUnknown(module, start, end);
  }

  private follow(module: SourceModule, each: ModuleImport): void {
    if (each.typeOnly && !this.withTypes) return;
    const resolution = this.resolver.resolve(module, each.specifier);
    if (!each.typeOnly) this.note(module, each, resolution);
    if (resolution.kind !== 'file' || this.files.has(resolution.file)) return;
    this.files.add(resolution.file);
    if (!/\.[cm]?[jt]sx?$/.test(resolution.file)) return;
    const target = this.modules.get(resolution.file);
    if (target) this.queue.push(target);
    else
      this.report(
        'SOURCE_NOT_READ',
        { file: resolution.file, problem: this.resolver.repository.readFailure(resolution.file) ?? 'unreadable' },
        { file: resolution.file },
      );
  }

  private note(module: SourceModule, each: ModuleImport, resolution: Resolution): void {
    const name = resolution.kind === 'package' ? resolution.name : resolution.kind === 'file' ? resolution.package : undefined;
    if (name !== undefined && !this.packages.has(name))
      this.packages.set(name, { file: module.file, line: placeAt(module.text, each.start).line });
    const known = new Set(this.reasons.filter(({ file }) => file === module.file).map(({ kind }) => kind));
    const isEsm = isEsmFile(module, this.resolver);
    this.reasons.push(...reasonsOfImport(module, isEsm, each, resolution).filter(({ kind }) => !known.has(kind)));
    const place = { file: module.file, ...placeAt(module.text, each.start) };
    const args = { specifier: each.specifier, file: module.file, line: place.line };
    if (resolution.kind === 'missing' && !isGenerated(each.specifier) && !isGuarded(module, each))
      this.report(each.specifier.startsWith('/opt/') ? 'LAYER_NOT_FOUND' : 'MODULE_NOT_FOUND', args, place);
    if (resolution.kind === 'outside') this.report('MODULE_OUTSIDE_REPOSITORY', args, place);
    if (resolution.kind === 'package' && each.specifier.startsWith('/opt/'))
      this.redirects.set(each.specifier, { package: each.specifier.replace(/^.*\/node_modules\//, '') });
    if (resolution.kind === 'file' && resolution.recased !== undefined) {
      this.miscased.add(module.file);
      this.report('IMPORT_CASE_DIFFERS', { ...args, found: resolution.file }, place);
    }
    if (resolution.kind !== 'file' || (resolution.how !== 'layer' && resolution.how !== 'bundler')) return;
    this.redirects.set(each.specifier, { file: resolution.file });
    if (resolution.how === 'layer') this.report('LAYER_IMPORT', { ...args, found: resolution.file }, place);
  }

  private reportUnknown(module: SourceModule, start: number, end: number): void {
    const place = { file: module.file, ...placeAt(module.text, start) };
    const expression = module.text.slice(start, Math.min(end, start + 80)).replace(/\s+/g, ' ');
    this.report('DYNAMIC_IMPORT', { expression, file: module.file, line: place.line }, place);
  }

  private report(code: string, args: Diagnostic['args'], place: { file: string; line?: number; column?: number }): void {
    this.diagnostics.push(diagnostic(code, { args, place, function: this.functionId }));
  }
}

/** Made by a generator before the code runs: clients of ORMs and GraphQL, types of frameworks, build information. */
function isGenerated(specifier: string): boolean {
  return /(^|[/.@-])(generated|__generated__|gen|codegen|prisma\/client|\.prisma)([/.-]|$)|build-?info|aws-exports|\.graphql$/i.test(
    specifier,
  );
}

/** `try { require('./local') } catch {}` is there because the file may be missing. */
function isGuarded(module: SourceModule, { start, kind }: ModuleImport): boolean {
  if (kind === 'import') return false;
  const before = module.text.slice(Math.max(0, start - 200), start);
  const opened = before.lastIndexOf('try');
  return opened !== -1 && /^try\s*\{[^{}]*$/.test(before.slice(opened));
}
