import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';

/** The project's own TypeScript, as far as it is used. */
interface Compiler {
  sys: { fileExists(path: string): boolean; readFile(path: string): string | undefined };
  findConfigFile(folder: string, exists: (path: string) => boolean): string | undefined;
  readConfigFile(path: string, read: (path: string) => string | undefined): { config?: object };
  parseJsonConfigFileContent(config: object, host: unknown, folder: string): { options: object };
  transpileModule(text: string, options: { fileName: string; compilerOptions: object }): { outputText: string };
  ModuleKind: { ESNext: number };
}

/** Compiles one file of TypeScript to a module of JavaScript; `path` is absolute. */
export type CompileDecorated = (path: string, text: string) => string;

/**
 * For files whose decorators read types: only TypeScript itself writes those (`emitDecoratorMetadata`), with the settings of the project.
 * Undefined where the project has no TypeScript.
 */
export function decoratorCompiler(projectFolder: string): CompileDecorated | undefined {
  let typescript: Compiler;
  try {
    typescript = createRequire(join(projectFolder, 'package.json'))('typescript') as Compiler;
  } catch {
    return undefined;
  }
  const { sys } = typescript;
  return (path, text) => {
    const find = (folder: string) => typescript.findConfigFile(folder, sys.fileExists);
    const file = find(dirname(path)) ?? find(projectFolder);
    const config = file === undefined ? {} : (typescript.readConfigFile(file, sys.readFile).config ?? {});
    const { options } = typescript.parseJsonConfigFileContent(config, sys, file === undefined ? projectFolder : dirname(file));
    const ours = { module: typescript.ModuleKind.ESNext, noEmit: false, sourceMap: false, inlineSourceMap: false, isolatedModules: true };
    return typescript.transpileModule(text, { fileName: path, compilerOptions: { ...options, ...ours } }).outputText;
  };
}
