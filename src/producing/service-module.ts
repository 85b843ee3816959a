/** How the service's files are written: language, module syntax, file extension, and whether they are bundled. */
import type { Facts, HandlerFacts } from '../analysis/facts.js';
import type { PackageJson } from '../project/model.js';
import type { Repository } from '../project/repository.js';
import { isBelow, join } from './paths.js';

export interface ServiceModule {
  language: 'typescript' | 'javascript';
  /** Of the text of the entry files. */
  syntax: 'esm' | 'commonjs';
  /** Of the entry files. */
  extension: '.ts' | '.js' | '.mjs';
  /** What specifiers of the service's own files end with; TypeScript names the file that it becomes. */
  importExtension: '.js' | '.mjs';
  /** True when esbuild or tsc makes what runs; false when Node runs the files as they lie there. */
  built: boolean;
}

export interface ServiceModuleInput {
  facts: Facts;
  /** Ids of the functions that the service files import. */
  functions: readonly string[];
  /** package.json that rules the service folder, as it will be. */
  packageJson: PackageJson;
  packageRoot: string;
}

export function decideModule({ facts, functions, packageJson, packageRoot }: ServiceModuleInput): ServiceModule {
  const handlers = functions.flatMap((id) => facts.functions[id] ?? []);
  const built = handlers.some((handler) => needsBuild(handler, packageRoot));
  const allCommonJs = handlers.every(({ format }) => format === 'commonjs');
  if (handlers.some(({ language }) => language === 'typescript'))
    return { language: 'typescript', syntax: 'esm', extension: '.ts', importExtension: '.js', built };
  const isModule = packageJson.type === 'module';
  const syntax = isModule || !allCommonJs ? 'esm' : 'commonjs';
  // Without a bundler Node must be told that the file is a module when its package is not one.
  const extension = syntax === 'esm' && !isModule && !built ? '.mjs' : '.js';
  return { language: 'javascript', syntax, extension, importExtension: extension, built };
}

/** Plain Node cannot run what the handler reaches, or would not find its packages from where the code lies. */
function needsBuild(handler: HandlerFacts, packageRoot: string): boolean {
  if (handler.language === 'typescript' || handler.buildReasons.length > 0) return true;
  return Object.values(handler.packages).some(({ file }) => !isBelow(file, packageRoot));
}

/** `type` for a package.json that is created: `.js` files below it must keep the module type that they had. */
export function inheritedType(inherited: PackageJson, handlers: readonly HandlerFacts[]): string | undefined {
  if (typeof inherited.type === 'string') return inherited.type;
  const isModule =
    handlers.length > 0 &&
    handlers.every(({ format, language, buildReasons }) => format === 'esm' && language === 'javascript' && buildReasons.length === 0);
  return isModule && handlers.some(({ file }) => file?.endsWith('.js')) ? 'module' : undefined;
}

/** Texts of the handler files, for telling the user's code style. */
export function handlerTexts(repository: Repository, facts: Facts, functions: readonly string[]): string[] {
  const files = new Set(functions.flatMap((id) => facts.functions[id]?.file ?? []));
  return [...files]
    .sort()
    .slice(0, 20)
    .flatMap((file) => repository.read(file) ?? []);
}

/** Entry file of a service. */
export function entryFile(folder: string, service: string, module: ServiceModule): string {
  return join(folder, service + module.extension);
}
