/** Code that runs between imports. tsc's CommonJS keeps its place; a bundler runs all imports first, as ES modules do. */
import type { Directive, ModuleDeclaration, Statement } from 'oxc-parser';
import type { Facts } from '../analysis/facts.js';
import { parseSource } from '../parse-source.js';
import type { LambdaFunction, Project } from '../project/model.js';
import { parentOf, type Repository } from '../project/repository.js';
import { emitsCommonJs, TsConfigs } from '../project/tsconfig.js';

interface ImportOrderInput {
  repository: Repository;
  project: Project;
  facts: Facts;
  functions: readonly string[];
}

/** A source that runs something before its last import. */
export interface OrderedSource {
  file: string;
  /** Of the first such statement. */
  line: number;
  function: string;
}

/**
 * The TypeScript sources whose imports ran where they stand: TypeScript alone compiles to CommonJS so. ES modules, bundlers, Babel and
 * swc run all imports first.
 */
export function importOrder({ repository, project, facts, functions }: ImportOrderInput): OrderedSource[] {
  const found = new Map<string, OrderedSource>();
  const configs = new TsConfigs(repository);
  for (const lambda of project.functions) {
    if (!functions.includes(lambda.id) || !isLeftToTypeScript(project, lambda)) continue;
    for (const file of facts.functions[lambda.id]?.files ?? []) {
      if (found.has(file) || !/\.c?tsx?$/.test(file)) continue;
      const line = statementBeforeImport(file, repository.read(file) ?? '');
      const config = configs.ruling(parentOf(file));
      const isCommonJs = file.endsWith('.cts') || config === null || emitsCommonJs(config);
      if (line !== undefined && isCommonJs) found.set(file, { file, line, function: lambda.id });
    }
  }
  return [...found.values()];
}

const otherCompiler = /\b(?:esbuild|swc|babel|tsup|tsdown|rollup|rolldown|vite|ncc|parcel|bun)\b/;

/** tsc, or webpack that has it done by TypeScript. */
function isLeftToTypeScript({ packageInfo }: Project, { build }: LambdaFunction): boolean {
  if (build.format === 'esm' || build.tool === 'esbuild') return false;
  const packages = [packageInfo.json, ...packageInfo.nested.map(({ json }) => json)];
  if (build.tool === 'webpack')
    return packages.some(({ dependencies, devDependencies }) =>
      ['ts-loader', 'awesome-typescript-loader'].some((name) => name in { ...dependencies, ...devDependencies }),
    );
  return build.tool === 'tsc' || !packages.some(({ scripts = {} }) => Object.values(scripts).some((script) => otherCompiler.test(script)));
}

/** Line of the first statement at the top level that does something and that an import follows. */
function statementBeforeImport(file: string, text: string): number | undefined {
  const head = text.slice(0, Math.max(text.lastIndexOf('\nimport '), text.lastIndexOf('\nexport ')) + 1);
  if (!/^(?!import\b|export\s*[{*])[\w$('"`[{]/m.test(head)) return undefined;
  const { body } = parseSource(file, text).program;
  const last = body.findLastIndex(loads);
  const before = body.slice(0, Math.max(last, 0)).find(acts);
  return before && text.slice(0, before.start).split('\n').length;
}

type TopLevel = Directive | Statement | ModuleDeclaration;

function loads(statement: TopLevel): boolean {
  if (statement.type === 'ImportDeclaration') return statement.importKind !== 'type';
  if (statement.type === 'ExportAllDeclaration') return statement.exportKind !== 'type';
  return statement.type === 'ExportNamedDeclaration' && statement.source !== null && statement.exportKind !== 'type';
}

const actions = /^(?:Expression|If|Try|For|ForIn|ForOf|While|DoWhile|Switch|Block|Throw)Statement$/;

function acts(statement: TopLevel): boolean {
  if (actions.test(statement.type)) return !('directive' in statement && statement.directive);
  const declared = statement.type === 'ExportNamedDeclaration' ? statement.declaration : statement;
  return declared?.type === 'VariableDeclaration' && declared.declarations.some(({ init }) => init !== null && calls(init));
}

/** A call outside of functions; what only computes could as well run later. */
function calls(node: unknown): boolean {
  if (typeof node !== 'object' || node === null) return false;
  const { type } = node as { type?: unknown };
  if (type === 'ArrowFunctionExpression' || type === 'FunctionExpression') return false;
  if (type === 'CallExpression' || type === 'NewExpression' || type === 'TaggedTemplateExpression') return true;
  return Object.values(node).some(calls);
}
