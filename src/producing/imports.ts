/** Import statements of a generated file: one per module, unique local names, in the form that its module system takes. */
import type { HandlerFacts } from '../analysis/facts.js';
import { stringLiteral } from '../render.js';
import { access, isIdentifier } from './literals.js';
import type { ServiceModule } from './service-module.js';

export interface ImportsOptions {
  module: ServiceModule;
  quote: "'" | '"';
  /** Names that the generated file uses itself. */
  reserved?: readonly string[];
}

/** Words of the language, and globals that a generated file or its readers expect to be what they are. */
const keywords = new Set(
  'arguments as async await break case catch class const continue debugger default delete do else enum eval export extends false finally for from function get if implements import in instanceof interface let new null of package private protected public return set static super switch this throw true try typeof undefined var void while with yield require module exports process console global globalThis Promise Object Array String Buffer __dirname __filename fetch Number Set Map Error Symbol JSON Math Date RegExp'.split(
    ' ',
  ),
);

interface ModuleImport {
  specifier: string;
  /** Exported name → local name. */
  names: Map<string, string>;
  /** Local name of the whole module: a namespace, or what CommonJS exports. */
  whole?: string;
  isNamespace?: boolean;
  /** Only their types are needed. */
  types: Set<string>;
}

/** Collects imports; each call gives the expression to use. */
export class Imports {
  private readonly modules = new Map<string, ModuleImport>();
  private readonly taken: Set<string>;

  constructor(private readonly options: ImportsOptions) {
    this.taken = new Set([...keywords, ...(options.reserved ?? [])]);
  }

  /** A named export of a module or package; `name` must be reserved. */
  runtime(specifier: string, name: string): string {
    this.entry(specifier).names.set(name, name);
    return name;
  }

  /** A type of another file, for TypeScript; no other name of the file is like it. */
  type(specifier: string, name: string): string {
    this.entry(specifier).types.add(name);
    return name;
  }

  /** The property path of a handler's module; `wish` is a local name that tells what it is. */
  handler(specifier: string, handler: Pick<HandlerFacts, 'exportPath' | 'format'>, wish: string): string {
    const [first = 'default', ...rest] = handler.exportPath;
    const entry = this.entry(specifier);
    const generic = rest.length === 0 && /^(?:default|handler|main|lambdaHandler|route|run|index|get|list|create|update)$/.test(first);
    const wished = rest.length === 0 && (generic || !isIdentifier(first)) ? wish : first;
    entry.isNamespace = handler.format === 'esm' || this.options.module.built;
    const start = this.mustTakeWhole(first, handler)
      ? this.whole(entry, `${wish} module`) + access(first, this.options.quote)
      : this.bind(entry, first, wished);
    return start + rest.map((name) => access(name, this.options.quote)).join('');
  }

  /**
   * Node finds named exports of a CommonJS module by reading its text, which fails for many (`module.exports = make()`); its default
   * import is always `module.exports`. esbuild reads properties when they are used, so there names do.
   */
  private mustTakeWhole(name: string, { format }: Pick<HandlerFacts, 'format'>): boolean {
    if (!isIdentifier(name)) return true;
    const { module } = this.options;
    return module.syntax === 'esm' && !module.built && format === 'commonjs';
  }

  private entry(specifier: string): ModuleImport {
    const entry = this.modules.get(specifier) ?? { specifier, names: new Map<string, string>(), types: new Set<string>() };
    this.modules.set(specifier, entry);
    return entry;
  }

  private bind(entry: ModuleImport, name: string, wish: string): string {
    const local = entry.names.get(name) ?? this.unique(wish);
    entry.names.set(name, local);
    return local;
  }

  private whole(entry: ModuleImport, wish: string): string {
    entry.whole ??= this.unique(wish);
    return entry.whole;
  }

  /** A name of the file that nothing else has. */
  unique(wish: string): string {
    const word = localName(wish);
    const base = keywords.has(word) ? `${word}Handler` : word;
    let name = base;
    for (let count = 2; this.taken.has(name); count++) name = `${base}${count}`;
    this.taken.add(name);
    return name;
  }

  /** All statements, in the order of first use. */
  statements(): string {
    const { module } = this.options;
    return [...this.modules.values()].flatMap((entry) => (module.syntax === 'esm' ? this.esm(entry) : this.commonJs(entry))).join('\n');
  }

  private esm({ specifier, names, whole, isNamespace, types }: ModuleImport): string[] {
    const from = stringLiteral(specifier, this.options.quote);
    const lines: string[] = [];
    if (whole !== undefined) lines.push(`import ${isNamespace ? '* as ' : ''}${whole} from ${from};`);
    const rest = [...names].filter(([name]) => name !== 'default').map(([name, local]) => (name === local ? name : `${name} as ${local}`));
    const clause = [names.get('default'), rest.length > 0 ? `{ ${rest.join(', ')} }` : undefined]
      .filter((part) => part !== undefined)
      .join(', ');
    if (clause !== '') lines.push(`import ${clause} from ${from};`);
    if (types.size > 0) lines.push(`import type { ${[...types].join(', ')} } from ${from};`);
    return lines;
  }

  private commonJs({ specifier, names, whole }: ModuleImport): string[] {
    const required = `require(${stringLiteral(specifier, this.options.quote)})`;
    const lines = whole === undefined ? [] : [`const ${whole} = ${required};`];
    const parts = [...names].map(([name, local]) => (name === local ? name : `${name}: ${local}`));
    if (parts.length > 0) lines.push(`const { ${parts.join(', ')} } = ${whole ?? required};`);
    return lines;
  }
}

/** A camelCase identifier made of any text. */
function localName(text: string): string {
  const words = text
    .replace(/([a-z0-9])([A-Z])/g, '$1 $2')
    .split(/[^A-Za-z0-9]+/)
    .filter((word) => word !== '');
  const [first = 'handler', ...rest] = words;
  const name = first[0]?.toLowerCase() + first.slice(1) + rest.map((word) => word[0]?.toUpperCase() + word.slice(1)).join('');
  return /^\d/.test(name) ? `_${name}` : name;
}
