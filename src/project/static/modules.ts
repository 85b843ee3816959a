/** Modules of a serverless.ts as syntax: parsed once, never run. */
import { posix } from 'node:path';
import { parse as parseJson } from 'jsonc-parser';
import type { Expression, Node, Program } from 'oxc-parser';
import { parseSource } from '../../parse-source.js';
import { parentOf, type Repository } from '../repository.js';
import { aliasTargets, type TsConfig, TsConfigs } from '../tsconfig.js';

/** More modules than any definition is made of. */
const maximumModules = 300;

/** A name of a module: declared there, or taken from another one. */
export type Binding =
  | { kind: 'expression'; node: Node }
  | { kind: 'function'; node: Node }
  /** `const { name } = node` */
  | { kind: 'member'; node: Node; name: string }
  | { kind: 'import'; from: string; name: string | '*' };

export interface SourceModule {
  file: string;
  text: string;
  bindings: Map<string, Binding>;
  /** Exported name → binding; `default` holds `module.exports` too. */
  exports: Map<string, Binding>;
  /** Modules whose exports are all exported again. */
  reexported: string[];
}

/** Parses modules of the repository and finds the ones they import. */
export class Modules {
  private readonly modules = new Map<string, SourceModule | undefined>();
  private readonly config: TsConfig | null;

  constructor(
    private readonly repository: Repository,
    folder: string,
  ) {
    this.config = new TsConfigs(repository).ruling(folder);
  }

  /** Undefined when it cannot be read or does not parse. */
  module(file: string): SourceModule | undefined {
    if (!this.modules.has(file))
      this.modules.set(file, this.modules.size > maximumModules ? undefined : parseModule(this.repository, file));
    return this.modules.get(file);
  }

  json(file: string): unknown {
    return parseJson(this.repository.read(file) ?? 'null');
  }

  /** File that `specifier` names when imported by `file`; undefined for packages. */
  resolve(file: string, specifier: string): string | undefined {
    if (specifier.startsWith('.')) return this.existing(parentOf(file), specifier);
    const targets = this.config === null ? [] : aliasTargets(this.config, specifier);
    const base = this.config?.baseUrl ?? undefined;
    for (const target of base === undefined ? targets : [...targets, posix.join(base, specifier)]) {
      const found = this.existing('', target);
      if (found !== undefined) return found;
    }
    return undefined;
  }

  private existing(folder: string, path: string): string | undefined {
    const base = this.repository.resolve(folder, path);
    if (base === undefined) return undefined;
    const stem = base.replace(/\.[cm]?js$/, '');
    const names = [
      base,
      ...['.ts', '.js', '.mts', '.cts', '.mjs', '.cjs', '.json'].map((end) => base + end),
      `${stem}.ts`,
      `${base}/index.ts`,
      `${base}/index.js`,
    ];
    return names.find((name) => this.repository.isFile(name));
  }
}

function parseModule(repository: Repository, file: string): SourceModule | undefined {
  const text = repository.read(file);
  if (text === undefined) return undefined;
  const { program, errors } = parseSource(file, text);
  if (program.body.length === 0 && errors.length > 0) return undefined;
  return collect(file, text, program);
}

function collect(file: string, text: string, program: Program): SourceModule {
  const module: SourceModule = { file, text, bindings: new Map(), exports: new Map(), reexported: [] };
  for (const statement of program.body) collectStatement(module, statement);
  return module;
}

function collectStatement(module: SourceModule, statement: Program['body'][number]): void {
  switch (statement.type) {
    case 'ImportDeclaration':
      for (const specifier of statement.specifiers) {
        const name =
          specifier.type === 'ImportSpecifier' ? nameOf(specifier.imported) : specifier.type === 'ImportDefaultSpecifier' ? 'default' : '*';
        module.bindings.set(specifier.local.name, { kind: 'import', from: statement.source.value, name });
      }
      return;
    case 'ExportAllDeclaration':
      if (statement.exported) module.exports.set(nameOf(statement.exported), { kind: 'import', from: statement.source.value, name: '*' });
      else module.reexported.push(statement.source.value);
      return;
    case 'ExportDefaultDeclaration':
      module.exports.set('default', bindingOf(statement.declaration));
      return;
    case 'TSExportAssignment':
      module.exports.set('default', bindingOf(statement.expression));
      return;
    case 'ExportNamedDeclaration':
      collectNamedExports(module, statement);
      return;
    case 'ExpressionStatement':
      collectCommonJs(module, statement.expression);
      return;
    default:
      collectDeclaration(module, statement);
  }
}

function collectNamedExports(module: SourceModule, statement: Program['body'][number] & { type: 'ExportNamedDeclaration' }): void {
  if (statement.declaration) {
    for (const name of collectDeclaration(module, statement.declaration)) {
      const binding = module.bindings.get(name);
      if (binding) module.exports.set(name, binding);
    }
  }
  for (const specifier of statement.specifiers) {
    const local = nameOf(specifier.local);
    module.exports.set(
      nameOf(specifier.exported),
      statement.source ? { kind: 'import', from: statement.source.value, name: local } : { kind: 'expression', node: specifier.local },
    );
  }
}

/** Names that a declaration brings into the module. */
function collectDeclaration(module: SourceModule, statement: Node): string[] {
  if (statement.type === 'FunctionDeclaration' && statement.id) {
    module.bindings.set(statement.id.name, { kind: 'function', node: statement });
    return [statement.id.name];
  }
  if (statement.type === 'TSEnumDeclaration') {
    module.bindings.set(statement.id.name, { kind: 'expression', node: statement });
    return [statement.id.name];
  }
  if (statement.type !== 'VariableDeclaration') return [];
  const names: string[] = [];
  for (const { id, init } of statement.declarations) {
    if (!init) continue;
    if (id.type === 'Identifier') {
      module.bindings.set(id.name, bindingOf(init));
      names.push(id.name);
    } else if (id.type === 'ObjectPattern') {
      const from = requiredModule(init);
      for (const property of id.properties) {
        if (property.type !== 'Property' || property.value.type !== 'Identifier' || property.key.type !== 'Identifier') continue;
        const name = property.key.name;
        module.bindings.set(
          property.value.name,
          from === undefined ? { kind: 'member', node: init, name } : { kind: 'import', from, name },
        );
        names.push(property.value.name);
      }
    }
  }
  return names;
}

function collectCommonJs(module: SourceModule, expression: Expression): void {
  if (expression.type !== 'AssignmentExpression' || expression.left.type !== 'MemberExpression') return;
  const target = module.text.slice(expression.left.start, expression.left.end).replace(/\s/g, '');
  if (target === 'module.exports') module.exports.set('default', bindingOf(expression.right));
  const name = /^(?:module\.)?exports\.([\w$]+)$/.exec(target)?.[1];
  if (name !== undefined && target !== 'module.exports') module.exports.set(name, bindingOf(expression.right));
}

/** `x` of `require('x')`. */
export function requiredModule(node: Node): string | undefined {
  if (node.type !== 'CallExpression' || node.callee.type !== 'Identifier' || node.callee.name !== 'require') return undefined;
  const argument = node.arguments[0];
  return argument?.type === 'Literal' && typeof argument.value === 'string' ? argument.value : undefined;
}

function bindingOf(node: Node): Binding {
  const from = requiredModule(node);
  if (from !== undefined) return { kind: 'import', from, name: 'module.exports' };
  const isFunction = node.type === 'FunctionDeclaration' || node.type === 'FunctionExpression' || node.type === 'ArrowFunctionExpression';
  return isFunction ? { kind: 'function', node } : { kind: 'expression', node };
}

function nameOf(node: { name?: string; value?: unknown }): string {
  return node.name ?? String(node.value);
}
