/** What the sources of a CDK application say about a construct: `entry` and `code`, as far as they are plain text. */
import type { Node } from 'oxc-parser';
import { parseSource } from '../../../parse-source.js';
import { parentOf, type Repository } from '../../repository.js';

export interface ConstructSources {
  /** Entry file of a bundled function. */
  entry?: string;
  /** Folder given to `Code.fromAsset` and the like. */
  code?: string;
}

interface FoundConstruct extends ConstructSources {
  id: string;
  file: string;
}

/** Stands for `__dirname` while a path is put together. */
const here = '\0';

export class ConstructIndex {
  private constructs: FoundConstruct[] | undefined;

  constructor(
    private readonly repository: Repository,
    private readonly root: string,
  ) {}

  /** Sources of the construct at a path like `Stack/Orders/Resource`; undefined when none or several are meant. */
  find(path: string): ConstructSources | undefined {
    const id =
      path
        .replace(/\/Resource$/, '')
        .split('/')
        .at(-1) ?? '';
    if (id === '') return undefined;
    this.constructs ??= this.search();
    const named = this.constructs.filter((construct) => construct.id === id && (construct.entry ?? construct.code) !== undefined);
    const distinct = new Map(
      named.map(({ entry, code }) => [`${entry} ${code}`, { ...(entry !== undefined && { entry }), ...(code !== undefined && { code }) }]),
    );
    if (distinct.size === 1) return [...distinct.values()][0];
    return distinct.size === 0 ? this.besideDefinition(id) : undefined;
  }

  /** NodejsFunction without `entry` takes the file beside its own that is named after it: `stack.orders.ts`. */
  private besideDefinition(id: string): ConstructSources | undefined {
    const found = this.files().filter((file) =>
      ['ts', 'js', 'mjs', 'mts', 'tsx', 'cts', 'cjs'].some((extension) => file.endsWith(`.${id}.${extension}`)),
    );
    return found.length === 1 ? { entry: found[0] as string } : undefined;
  }

  private files(): string[] {
    const below = this.root === '' ? '' : `${this.root}/`;
    return this.repository
      .files()
      .filter((file) => file.startsWith(below) && /\.[cm]?[jt]sx?$/.test(file) && !/\.d\.ts$|(^|\/)(cdk\.out|node_modules)\//.test(file));
  }

  private search(): FoundConstruct[] {
    return this.files().flatMap((file) => {
      const text = this.repository.peek(file);
      if (text === undefined || !/aws-cdk|constructs/.test(text) || !/\bnew\s/.test(text)) return [];
      const { program, errors } = parseSource(file, text);
      return errors.length > 0 ? [] : new ConstructFile(this.repository, this.root, file, program).constructs();
    });
  }
}

class ConstructFile {
  private readonly constants = new Map<string, Node>();
  private readonly found: FoundConstruct[] = [];

  constructor(
    private readonly repository: Repository,
    private readonly root: string,
    private readonly file: string,
    private readonly program: Node,
  ) {}

  constructs(): FoundConstruct[] {
    const created: Node[] = [];
    const pending: unknown[] = [this.program];
    while (pending.length > 0) {
      const node = pending.pop();
      if (typeof node !== 'object' || node === null) continue;
      const { type } = node as Node;
      if (type === 'NewExpression') created.push(node as Node);
      if (type === 'VariableDeclarator') this.remember(node as Node & { type: 'VariableDeclarator' });
      pending.push(...Object.values(node));
    }
    for (const node of created) this.read(node as Node & { type: 'NewExpression' });
    return this.found;
  }

  private remember({ id, init }: Node & { type: 'VariableDeclarator' }): void {
    if (id.type === 'Identifier' && init) this.constants.set(id.name, init);
  }

  private read({ arguments: given }: Node & { type: 'NewExpression' }): void {
    const [, idNode, options] = given;
    const id = idNode && this.text(idNode, 0);
    if (id === undefined || options?.type !== 'ObjectExpression') return;
    const entry = this.pathOf(property(options, 'entry'));
    const code = this.pathOf(firstArgument(property(options, 'code')));
    this.found.push({ id, file: this.file, ...(entry !== undefined && { entry }), ...(code !== undefined && { code }) });
  }

  private pathOf(node: Node | undefined): string | undefined {
    const text = node && this.text(node, 0);
    if (text === undefined) return undefined;
    const path = text.startsWith(here)
      ? this.repository.resolve(parentOf(this.file), `./${text.slice(1)}`)
      : this.repository.resolve(this.root, text);
    return path !== undefined && (this.repository.isFile(path) || this.repository.isFolder(path)) ? path : undefined;
  }

  /** Text of literals, constants, joined paths and `__dirname`; undefined for anything that only a run tells. */
  private text(node: Node, depth: number): string | undefined {
    if (depth > 12) return undefined;
    if (node.type === 'Literal') return typeof node.value === 'string' ? node.value : undefined;
    if (node.type === 'Identifier') return this.identifier(node.name, depth);
    if (node.type === 'TemplateLiteral') return this.template(node, depth);
    if (node.type === 'BinaryExpression' && node.operator === '+') return this.all([node.left, node.right], depth)?.join('');
    if (node.type === 'MemberExpression' && !node.computed) return this.folderOfModule(node);
    if (node.type === 'CallExpression') return this.call(node, depth);
    return node.type === 'ParenthesizedExpression' || node.type === 'TSAsExpression' ? this.text(node.expression, depth + 1) : undefined;
  }

  private identifier(name: string, depth: number): string | undefined {
    if (name === '__dirname') return here;
    const value = this.constants.get(name);
    return value && this.text(value, depth + 1);
  }

  private template(node: Node & { type: 'TemplateLiteral' }, depth: number): string | undefined {
    const values = this.all(node.expressions, depth);
    return values && node.quasis.map(({ value }, index) => (value.cooked ?? '') + (values[index] ?? '')).join('');
  }

  private all(nodes: readonly Node[], depth: number): string[] | undefined {
    const values = nodes.map((node) => this.text(node, depth + 1));
    return values.every((value) => value !== undefined) ? values : undefined;
  }

  /** `import.meta.dirname` */
  private folderOfModule({ object, property: name }: Node & { type: 'MemberExpression' }): string | undefined {
    return object.type === 'MetaProperty' && name.type === 'Identifier' && name.name === 'dirname' ? here : undefined;
  }

  private call({ callee, arguments: given }: Node & { type: 'CallExpression' }, depth: number): string | undefined {
    const name =
      callee.type === 'MemberExpression' && callee.property.type === 'Identifier'
        ? callee.property.name
        : callee.type === 'Identifier'
          ? callee.name
          : '';
    const first = given[0];
    if (name === 'dirname') return first?.type === 'CallExpression' ? here : undefined;
    if (name === 'fileURLToPath' && first?.type === 'NewExpression') return this.besideModule(first, depth);
    if (name === 'cwd') return '.';
    const parts = name === 'join' || name === 'resolve' ? this.all(given, depth) : undefined;
    if (!parts) return undefined;
    const start = parts.findLastIndex((part) => part.startsWith(here));
    return parts.slice(Math.max(0, start)).join('/');
  }

  /** `new URL('./x.ts', import.meta.url)` */
  private besideModule({ arguments: given }: Node & { type: 'NewExpression' }, depth: number): string | undefined {
    const path = given[0] && this.text(given[0], depth + 1);
    return path === undefined ? undefined : `${here}/${path}`;
  }
}

function property(object: Node & { type: 'ObjectExpression' }, name: string): Node | undefined {
  for (const entry of object.properties) {
    if (entry.type === 'Property' && !entry.computed && entry.key.type === 'Identifier' && entry.key.name === name) return entry.value;
  }
  return undefined;
}

/** `Code.fromAsset(path)` → path. */
function firstArgument(node: Node | undefined): Node | undefined {
  return node?.type === 'CallExpression' ? node.arguments[0] : undefined;
}
