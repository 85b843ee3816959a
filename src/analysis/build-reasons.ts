/** What plain Node cannot run as it lies there. */
import { parentOf } from '../project/repository.js';
import { exportsOf } from './exports.js';
import type { BuildReason, ModuleFormat } from './facts.js';
import { placeAt } from './places.js';
import type { Resolution, Resolver } from './resolve.js';
import type { ModuleImport, SourceModule } from './source-module.js';

/** Reasons that the file itself gives. */
export function reasonsOfFile(module: SourceModule, resolver: Resolver): BuildReason[] {
  const { file } = module;
  const reasons: BuildReason[] = [];
  if (module.language === 'typescript') reasons.push({ kind: 'typescript', file });
  else if (module.isEsm && !isEsmFile(module, resolver)) reasons.push({ kind: 'esm-syntax-in-commonjs', file });
  if (module.usesJsx || /\.[jt]sx$/.test(file)) reasons.push({ kind: 'jsx', file });
  if (module.usesDecorators && resolver.configs.ruling(parentOf(file))?.emitsDecoratorMetadata)
    reasons.push({ kind: 'decorator-metadata', file });
  return reasons;
}

/** Reasons that an import gives. */
export function reasonsOfImport(module: SourceModule, isEsm: boolean, each: ModuleImport, resolution: Resolution): BuildReason[] {
  if (resolution.kind === 'package' && !each.specifier.startsWith('/')) return [];
  if (resolution.kind !== 'file' && resolution.kind !== 'package') return [];
  const place = { file: module.file, line: placeAt(module.text, each.start).line };
  // Nothing is mounted at /opt in a container.
  if (resolution.kind === 'package') return [{ kind: 'layer-import', ...place }];
  const reasons: BuildReason[] = [];
  if (resolution.how === 'layer') reasons.push({ kind: 'layer-import', ...place });
  if (resolution.how === 'alias') reasons.push({ kind: 'path-alias', ...place });
  if (resolution.how === 'bundler') reasons.push({ kind: 'bundler-alias', ...place });
  if (isEsm && each.kind !== 'require' && resolution.how === 'relative' && !resolution.exact && module.language === 'javascript')
    reasons.push({ kind: 'extensionless-esm-import', ...place });
  const isCode = /\.[cm]?[jt]sx?$/.test(resolution.file);
  const isJson = resolution.file.endsWith('.json') && (each.kind === 'require' || each.hasAttributes || module.language === 'typescript');
  const isNative = resolution.file.endsWith('.node') && each.kind === 'require';
  if (!isCode && !isJson && !isNative) reasons.push({ kind: 'non-js-import', ...place });
  return reasons;
}

/** True when Node takes the file for an ES module: by its ending, else by the package.json that rules it. */
export function isEsmFile({ file }: SourceModule, resolver: Resolver): boolean {
  if (/\.m[jt]s$/.test(file)) return true;
  return !/\.c[jt]s$/.test(file) && resolver.isModulePackage(file);
}

/** How a generated file must load the module: by its syntax where a build makes it, else as Node takes it. */
export function formatOf(module: SourceModule, resolver: Resolver): ModuleFormat {
  if (/\.m[jt]s$/.test(module.file)) return 'esm';
  if (module.isEsm) return hasOnlyCommonJsExports(module) ? 'commonjs' : 'esm';
  return isEsmFile(module, resolver) && module.language === 'javascript' ? 'esm' : 'commonjs';
}

/** `import` at the top and `module.exports` at the end: compilers take it for CommonJS. */
function hasOnlyCommonJsExports(module: SourceModule): boolean {
  const table = exportsOf(module);
  const hasExport = /^\s*export\b(?!\s*=)/m.test(module.text);
  return !hasExport && (table.whole !== null || table.named.size > 0);
}
