/** One source file, parsed once and walked once: what it imports, binds and exports. */
import type { OxcError, ParserOptions } from 'oxc-parser';
import { parseSource } from '../parse-source.js';
import type { Language } from './facts.js';
import { placeAt } from './places.js';
import { child, children, isFunction, keyOf, list, memberPath, type Node, nameOf, patternOf, stringOf, unwrap } from './syntax.js';

export interface SourceModule {
  file: string;
  text: string;
  language: Language;
  /** It has `import` or `export` statements, `import.meta`, or a top-level `await`. */
  isEsm: boolean;
  /** Null when the text does not parse. */
  program: Node | null;
  error: { message: string; line: number; column: number } | null;
  imports: ModuleImport[];
  /** Dynamic imports and requires whose target is only known when they run. */
  unknownImports: Node[];
  /** Names bound anywhere in the module, each with the range it is visible in. */
  bindings: Map<string, Binding[]>;
  /** Assignments to variables, by name. */
  assignments: Map<string, Node[]>;
  /** Assignments whose target is a property, e.g. `exports.handler = …`. */
  memberAssignments: Node[];
  /** Calls that can export something: `Object.assign(exports, …)`, `__exportStar(require(…), exports)`. */
  exportCalls: Node[];
  usesJsx: boolean;
  usesDecorators: boolean;
}

export interface ModuleImport {
  specifier: string;
  kind: 'import' | 'require' | 'dynamic';
  /** Only types are imported, or names that no value position uses: compilers leave it out. */
  typeOnly: boolean;
  /** `with { type: 'json' }` and its kin. */
  hasAttributes: boolean;
  start: number;
}

export interface Binding {
  name: string;
  kind: 'import' | 'variable' | 'function' | 'class' | 'parameter';
  /** Declarator, function, class, import specifier or parameter. */
  node: Node;
  /** Initial value; what is destructured has it with `path`. */
  init: Node | null;
  path: string[];
  /** `import`: module and exported name (`*` for the namespace). */
  source?: { specifier: string; name: string };
  /** Range in which the name means this. */
  from: number;
  to: number;
}

interface Scope {
  from: number;
  to: number;
  isFunction: boolean;
}

/** Parses a source file and records what the later questions need. Never throws. */
export function parseModule(file: string, text: string): SourceModule {
  const language: Language = /\.[cm]?tsx?$/.test(file) ? 'typescript' : 'javascript';
  const module: SourceModule = {
    file,
    text,
    language,
    isEsm: false,
    program: null,
    error: null,
    imports: [],
    unknownImports: [],
    bindings: new Map(),
    assignments: new Map(),
    memberAssignments: [],
    exportCalls: [],
    usesJsx: false,
    usesDecorators: false,
  };
  try {
    const parsed = parse(file, text, language);
    module.isEsm = parsed.isEsm;
    if (parsed.error) module.error = { message: parsed.error.message, ...placeAt(text, parsed.error.labels[0]?.start ?? 0) };
    else {
      module.program = parsed.program;
      new Recorder(module).record(parsed.program);
    }
  } catch (error) {
    module.program = null;
    module.error = { message: error instanceof Error ? (error.message.split('\n')[0] ?? '') : String(error), line: 1, column: 1 };
  }
  return module;
}

type Attempt = Pick<ParserOptions, 'lang' | 'sourceType'>;

interface Parsed {
  program: Node;
  error: OxcError | null;
  isEsm: boolean;
}

/** Module or script is not written on a `.js` file, and JSX is often in one: the first reading without an error counts. */
function parse(file: string, text: string, language: Language): Parsed {
  let first: Parsed | undefined;
  for (const attempt of attemptsFor(file, text, language)) {
    const parsed = parseSource(file, text, { ...attempt, preserveParens: false });
    const error = parsed.errors.find(({ severity }) => (severity as string) === 'Error') ?? null;
    const result = {
      get program() {
        return parsed.program as unknown as Node;
      },
      error,
      isEsm: parsed.module.hasModuleSyntax,
    };
    if (error === null) return result;
    first ??= result;
  }
  return first as Parsed;
}

function attemptsFor(file: string, text: string, language: Language): Attempt[] {
  const isModule = /\.m[jt]s$/.test(file) || (!/\.c[jt]s$/.test(file) && /^\s*(?:import|export)\b|\bimport\.meta\b/m.test(text));
  const types: Attempt['sourceType'][] = isModule ? ['module', 'commonjs'] : ['commonjs', 'module'];
  const [plain, jsx]: [Attempt['lang'], Attempt['lang']] = language === 'typescript' ? ['ts', 'tsx'] : ['js', 'jsx'];
  const langs = /\.[jt]sx$/.test(file) ? [jsx] : language === 'typescript' ? [plain] : [plain, jsx];
  return langs.flatMap((lang) => types.map((sourceType) => ({ lang, sourceType })));
}

/** Fills a module's records in one walk. */
class Recorder {
  private readonly scopes: Scope[] = [];
  /** Names in value positions; imports of others are left out by compilers of TypeScript. */
  private readonly used = new Set<string>();
  private readonly usedInTypes = new Set<string>();
  private readonly importStatements: Node[] = [];

  constructor(private readonly module: SourceModule) {}

  record(program: Node): void {
    this.scopes.push({ from: 0, to: program.end + 1, isFunction: true });
    this.visit(program, null);
    for (const statement of this.importStatements) this.addImport(statement);
  }

  private visit(node: Node, parent: Node | null): void {
    if (isType(node)) {
      this.noteTypes(node);
      return;
    }
    const scope = scopeOf(node, parent);
    if (scope) this.scopes.push(scope);
    this.note(node, parent);
    for (const each of children(node)) this.visit(each, node);
    if (scope) this.scopes.pop();
  }

  private noteTypes(node: Node): void {
    const name = nameOf(node) ?? nameOf(child(node, 'typeName'));
    if (name !== null) this.usedInTypes.add(name);
    for (const each of children(node)) this.noteTypes(each);
  }

  private note(node: Node, parent: Node | null): void {
    const noted = notes[node.type];
    if (noted) noted.call(this, node, parent);
  }

  noteIdentifier(node: Node, parent: Node | null): void {
    const name = nameOf(node) ?? (node.type === 'JSXIdentifier' ? String(node['name']) : null);
    const isKey =
      (parent?.type === 'MemberExpression' && parent['property'] === node && parent['computed'] !== true) ||
      (parent?.type === 'Property' && parent['key'] === node && parent['computed'] !== true && parent['shorthand'] !== true) ||
      (parent?.type.startsWith('Import') && parent.type !== 'ImportExpression');
    if (name !== null && !isKey) this.used.add(name);
  }

  noteImport(node: Node): void {
    const specifier = stringOf(child(node, 'source'));
    if (specifier === null) return;
    this.importStatements.push(node);
    if (node['importKind'] === 'type') return;
    for (const each of list(node, 'specifiers')) {
      const imported = child(each, 'imported');
      const name =
        each.type === 'ImportNamespaceSpecifier'
          ? '*'
          : each.type === 'ImportDefaultSpecifier'
            ? 'default'
            : (nameOf(imported) ?? stringOf(imported));
      if (each['importKind'] === 'type' || name === null) continue;
      this.bind(
        child(each, 'local'),
        { kind: 'import', node: each, init: null, path: [], source: { specifier, name } },
        this.programScope(),
      );
    }
  }

  noteReexport(node: Node): void {
    if (child(node, 'source') && node['exportKind'] !== 'type') this.importStatements.push(node);
  }

  noteImportEquals(node: Node): void {
    const reference = child(node, 'moduleReference');
    const specifier = stringOf(child(reference, 'expression'));
    if (specifier === null || node['importKind'] === 'type') return;
    this.importStatements.push(node);
    this.bind(child(node, 'id'), { kind: 'import', node, init: null, path: [], source: { specifier, name: '*' } }, this.programScope());
  }

  noteDeclaration(node: Node): void {
    const scope = node['kind'] === 'var' ? this.functionScope() : this.scope();
    for (const declarator of list(node, 'declarations')) {
      const init = child(declarator, 'init');
      this.bindPattern(child(declarator, 'id'), { kind: 'variable', node: declarator, init }, [], scope);
    }
  }

  noteFunction(node: Node): void {
    const own = this.scope();
    if (node.type === 'FunctionDeclaration')
      this.bind(child(node, 'id'), { kind: 'function', node, init: node, path: [] }, this.scopes.at(-2) ?? own);
    else if (child(node, 'id')) this.bind(child(node, 'id'), { kind: 'function', node, init: node, path: [] }, own);
    for (const parameter of list(node, 'params')) {
      const pattern = parameter.type === 'TSParameterProperty' ? child(parameter, 'parameter') : parameter;
      this.bindPattern(pattern, { kind: 'parameter', node: parameter, init: null }, [], own);
    }
  }

  noteClass(node: Node): void {
    if (list(node, 'decorators').length > 0) this.module.usesDecorators = true;
    const scope = node.type === 'ClassDeclaration' ? this.scope() : null;
    if (scope) this.bind(child(node, 'id'), { kind: 'class', node, init: node, path: [] }, scope);
  }

  noteDecorated(node: Node): void {
    if (list(node, 'decorators').length > 0) this.module.usesDecorators = true;
  }

  noteCatch(node: Node): void {
    this.bindPattern(child(node, 'param'), { kind: 'parameter', node, init: null }, [], this.scope());
  }

  noteAssignment(node: Node): void {
    const left = child(node, 'left');
    const name = nameOf(left);
    if (name !== null) this.module.assignments.set(name, [...(this.module.assignments.get(name) ?? []), node]);
    else if (left?.type === 'MemberExpression') this.module.memberAssignments.push(node);
  }

  noteCall(node: Node): void {
    const callee = memberPath(child(node, 'callee'));
    const name = callee?.at(-1);
    const [first] = list(node, 'arguments');
    if (name === 'require' && callee?.length === 1 && first) this.addRequire(node, first);
    else if (callee?.join('.') === 'require.resolve' && stringOf(first) !== null) this.addRequire(node, first as Node);
    if (
      name === '__exportStar' ||
      name === '__export' ||
      (callee?.[0] === 'Object' && name !== undefined && /^(assign|defineProperty|defineProperties)$/.test(name))
    )
      this.module.exportCalls.push(node);
  }

  private addRequire(node: Node, argument: Node): void {
    if (this.isShadowed('require', node.start)) return;
    const specifier = stringOf(argument);
    if (specifier === null) this.module.unknownImports.push(node);
    else this.module.imports.push({ specifier, kind: 'require', typeOnly: false, hasAttributes: false, start: node.start });
  }

  noteDynamicImport(node: Node): void {
    const specifier = stringOf(child(node, 'source'));
    if (specifier === null) this.module.unknownImports.push(node);
    else
      this.module.imports.push({
        specifier,
        kind: 'dynamic',
        typeOnly: false,
        hasAttributes: child(node, 'options') !== null,
        start: node.start,
      });
  }

  noteJsx(): void {
    this.module.usesJsx = true;
  }

  private addImport(statement: Node): void {
    const isEquals = statement.type === 'TSImportEqualsDeclaration';
    const source = isEquals ? child(child(statement, 'moduleReference'), 'expression') : child(statement, 'source');
    this.module.imports.push({
      specifier: stringOf(source) ?? '',
      kind: isEquals ? 'require' : 'import',
      typeOnly: this.isTypeOnly(statement),
      hasAttributes: list(statement, 'attributes').length > 0,
      start: statement.start,
    });
  }

  private isTypeOnly(statement: Node): boolean {
    if (statement['importKind'] === 'type' || statement['exportKind'] === 'type') return true;
    const specifiers = list(statement, 'specifiers');
    if (this.module.language !== 'typescript') return false;
    if (statement.type === 'TSImportEqualsDeclaration')
      return !this.isUsed(child(statement, 'id')) && statement['exportKind'] === undefined;
    if (statement.type !== 'ImportDeclaration') return specifiers.length > 0 && specifiers.every((each) => each['exportKind'] === 'type');
    return specifiers.length > 0 && specifiers.every((each) => each['importKind'] === 'type' || !this.isUsed(child(each, 'local')));
  }

  /** Types of decorated members are values too: compilers write them into metadata. */
  private isUsed(local: Node | null): boolean {
    const name = nameOf(local) ?? '';
    return this.used.has(name) || (this.module.usesDecorators && this.usedInTypes.has(name)) || (this.module.usesJsx && name === 'React');
  }

  private bindPattern(pattern: Node | null, binding: Pick<Binding, 'kind' | 'node' | 'init'>, path: string[], scope: Scope): void {
    const at = patternOf(pattern);
    if (!at) return;
    if (nameOf(at) !== null) this.bind(at, { ...binding, path }, scope);
    else if (at.type === 'ObjectPattern')
      for (const property of list(at, 'properties')) {
        const key = property.type === 'RestElement' ? null : keyOf(property);
        const value = property.type === 'RestElement' ? child(property, 'argument') : child(property, 'value');
        this.bindPattern(value, binding, key === null ? ['*', ...path] : [...path, key], scope);
      }
    else if (at.type === 'ArrayPattern')
      for (const [index, each] of list(at, 'elements').entries()) this.bindPattern(each, binding, [...path, String(index)], scope);
    else if (at.type === 'RestElement') this.bindPattern(child(at, 'argument'), binding, path, scope);
  }

  private bind(identifier: Node | null, binding: Omit<Binding, 'name' | 'from' | 'to'>, scope: Scope): void {
    const name = nameOf(identifier);
    if (name === null) return;
    const known = this.module.bindings.get(name) ?? [];
    known.push({ ...binding, name, from: scope.from, to: scope.to });
    this.module.bindings.set(name, known);
  }

  private isShadowed(name: string, at: number): boolean {
    return (this.module.bindings.get(name) ?? []).some(({ kind, from, to }) => kind === 'parameter' && from <= at && at < to);
  }

  private scope(): Scope {
    return this.scopes.at(-1) as Scope;
  }

  private programScope(): Scope {
    return this.scopes[0] as Scope;
  }

  private functionScope(): Scope {
    return this.scopes.findLast((scope) => scope.isFunction) as Scope;
  }
}

const notes: Readonly<Record<string, (this: Recorder, node: Node, parent: Node | null) => void>> = {
  Identifier: Recorder.prototype.noteIdentifier,
  JSXIdentifier: Recorder.prototype.noteIdentifier,
  ImportDeclaration: Recorder.prototype.noteImport,
  ExportNamedDeclaration: Recorder.prototype.noteReexport,
  ExportAllDeclaration: Recorder.prototype.noteReexport,
  TSImportEqualsDeclaration: Recorder.prototype.noteImportEquals,
  VariableDeclaration: Recorder.prototype.noteDeclaration,
  FunctionDeclaration: Recorder.prototype.noteFunction,
  FunctionExpression: Recorder.prototype.noteFunction,
  ArrowFunctionExpression: Recorder.prototype.noteFunction,
  ClassDeclaration: Recorder.prototype.noteClass,
  ClassExpression: Recorder.prototype.noteClass,
  MethodDefinition: Recorder.prototype.noteDecorated,
  PropertyDefinition: Recorder.prototype.noteDecorated,
  CatchClause: Recorder.prototype.noteCatch,
  AssignmentExpression: Recorder.prototype.noteAssignment,
  CallExpression: Recorder.prototype.noteCall,
  ImportExpression: Recorder.prototype.noteDynamicImport,
  JSXElement: Recorder.prototype.noteJsx,
  JSXFragment: Recorder.prototype.noteJsx,
};

/** Nodes of TypeScript that also exist when the program runs. */
const runtimeTypeScript =
  /^TS(AsExpression|SatisfiesExpression|NonNullExpression|TypeAssertion|InstantiationExpression|EnumDeclaration|EnumBody|EnumMember|ModuleDeclaration|ModuleBlock|ExportAssignment|ImportEqualsDeclaration|ExternalModuleReference|ParameterProperty)$/;

function isType(node: Node): boolean {
  if (node['declare'] === true) return true;
  return node.type.startsWith('TS') && !runtimeTypeScript.test(node.type);
}

function scopeOf(node: Node, parent: Node | null): Scope | null {
  if (isFunction(node)) return { from: node.start, to: node.end, isFunction: true };
  if (node.type === 'BlockStatement' && isFunction(parent)) return null;
  const isBlock =
    /^(BlockStatement|ForStatement|ForInStatement|ForOfStatement|CatchClause|SwitchStatement|StaticBlock|TSModuleBlock)$/.test(node.type);
  return isBlock ? { from: node.start, to: node.end, isFunction: node.type === 'StaticBlock' || node.type === 'TSModuleBlock' } : null;
}

/** What a name means at an offset: the innermost binding that is visible there. */
export function bindingAt(module: SourceModule, name: string, offset: number): Binding | undefined {
  let found: Binding | undefined;
  for (const each of module.bindings.get(name) ?? [])
    if (each.from <= offset && offset < each.to && (!found || each.to - each.from <= found.to - found.from)) found = each;
  return found;
}

/** The last value given to a variable after its declaration, when there is any; `undefined` and `null` do not count. */
export function lastAssigned(module: SourceModule, binding: Binding): Node | null {
  const inside = (module.assignments.get(binding.name) ?? []).filter(
    (each) => bindingAt(module, binding.name, each.start) === binding && each['operator'] === '=' && !isNothing(child(each, 'right')),
  );
  return child(inside.at(-1), 'right');
}

/** `void 0`, `undefined`, `null`: what compilers write before the real value. */
export function isNothing(node: Node | null): boolean {
  const at = unwrap(node);
  return (
    at === null ||
    nameOf(at) === 'undefined' ||
    (at.type === 'Literal' && at['value'] === null) ||
    (at.type === 'UnaryExpression' && at['operator'] === 'void')
  );
}
