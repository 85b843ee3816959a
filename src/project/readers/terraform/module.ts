/** A folder of Terraform files with the values that its caller gives: its resources, one for each instance. */
import { isPlainObject, listOf, objectOf, type PlainObject } from '../../data.js';
import type { TextRange } from '../../model.js';
import { attributeOf, intrinsicOf } from '../cloudformation/intrinsics.js';
import { type Bindings, ExpressionEvaluator, type Scope } from './evaluate.js';
import type { ExpressionCache } from './expressions.js';
import type { ModuleFiles } from './files.js';
import { entriesOf } from './functions.js';
import type { FilePlaces } from './places.js';
import { policyDocumentOf } from './policy-document.js';
import { withTypeDefaults } from './type-defaults.js';
import { attributeReference, isKnown, variableReference } from './values.js';

/** One instance of a `resource` or `data` block, evaluated. */
export interface TerraformResource {
  /** `module.api.aws_sqs_queue.orders["eu"]`; data sources begin with `data.`. */
  address: string;
  type: string;
  /** Label of the block, with the key of its instance. */
  name: string;
  values: PlainObject;
  range: TextRange | undefined;
  places: FilePlaces;
  /** Folder that its module's files stand in. */
  folder: string;
}

/** A module that is not in the repository. */
export interface RemoteModule {
  address: string;
  name: string;
  source: string;
  inputs: PlainObject;
  range: TextRange | undefined;
  places: FilePlaces;
  folder: string;
}

/** What all modules of a configuration share. */
export interface Configuration {
  rootFolder: string;
  /** `terraform.workspace` */
  workspace: string;
  expressions: ExpressionCache;
  /** Files of a folder; undefined when there are none. */
  load(folder: string): ModuleFiles | undefined;
  resolve(folder: string, path: string): string | undefined;
  read(file: string): string | undefined;
  unresolvedLoop(loop: UnresolvedLoop): void;
}

/** A block whose number of instances is not known. */
export interface UnresolvedLoop {
  address: string;
  range: TextRange | undefined;
}

/** Modules deeper than this call each other. */
const maximumModuleDepth = 12;

/** Instances of one block beyond this are not written out. */
const maximumInstances = 500;

export class Module implements Scope {
  private readonly evaluator: ExpressionEvaluator;
  private readonly variables = new Map<string, unknown>();
  private readonly locals = new Map<string, unknown>();
  private readonly openLocals = new Set<string>();
  private readonly outputs = new Map<string, unknown>();
  private readonly keys = new Map<string, (string | number | undefined)[]>();
  private readonly children = new Map<string, Module>();
  private readonly data = new Map<string, PlainObject>();

  constructor(
    private readonly configuration: Configuration,
    private readonly files: ModuleFiles,
    private readonly inputs: Readonly<Record<string, unknown>>,
    /** `''` or `module.api.` */
    private readonly prefix: string,
    private readonly depth: number,
  ) {
    this.evaluator = new ExpressionEvaluator(this, configuration.expressions);
  }

  /** Resources and data sources of this module and of those it calls. */
  resources(): TerraformResource[] {
    const own = (['resource', 'data'] as const).flatMap((kind) => this.blocksOf(kind).flatMap((block) => this.instancesOf(kind, block)));
    return [...own, ...this.moduleCalls().flatMap(({ module }) => module?.resources() ?? [])];
  }

  /** Modules that come from elsewhere. */
  remoteModules(): RemoteModule[] {
    return this.moduleCalls().flatMap(({ module, remote }) => (module ? module.remoteModules() : remote ? [remote] : []));
  }

  private blocksOf(kind: 'resource' | 'data'): FoundBlock[] {
    return this.files.blocks(kind).flatMap(({ places, content }) =>
      Object.entries(content).flatMap(([type, named]) =>
        Object.entries(objectOf(named)).flatMap(([name, bodies]) => {
          const body = listOf(bodies).find(isPlainObject);
          return body ? [{ type, name, body, places }] : [];
        }),
      ),
    );
  }

  private instancesOf(kind: 'resource' | 'data', { type, name, body, places }: FoundBlock): TerraformResource[] {
    const plain = `${this.prefix}${kind === 'data' ? 'data.' : ''}${type}.${name}`;
    const range = places.block({ kind, labels: [type, name] });
    return this.bindingsOf(body, plain, range).map(({ key, bindings }) => ({
      address: withKey(plain, key),
      type: kind === 'data' ? `data.${type}` : type,
      name: key === undefined ? name : `${name}-${key}`,
      values: this.bodyOf(body, bindings),
      range,
      places,
      folder: this.files.folder,
    }));
  }

  /** Arguments and nested blocks of a body; `dynamic` blocks are written out where their list is known. */
  private bodyOf(body: PlainObject, bindings: Bindings): PlainObject {
    const evaluator = this.evaluator.with(bindings);
    const { dynamic, for_each: _each, count: _count, depends_on: _after, lifecycle: _cycle, provisioner: _steps, ...rest } = body;
    const values = objectOf(evaluator.value(rest));
    for (const [name, blocks] of Object.entries(objectOf(dynamic))) {
      const made = listOf(blocks).flatMap((block) => this.dynamicBlocks(name, objectOf(block), evaluator));
      values[name] = [...listOf(values[name]), ...made];
    }
    return values;
  }

  private dynamicBlocks(name: string, block: PlainObject, evaluator: ExpressionEvaluator): unknown[] {
    const collection = evaluator.value(block['for_each']);
    const iterator = typeof block['iterator'] === 'string' ? block['iterator'].replace(/^\$\{|\}$/g, '') : name;
    const entries =
      isKnown(collection) || isPlainObject(collection) || Array.isArray(collection) ? entriesOf(plain(collection)) : undefined;
    const content = listOf(block['content'])[0];
    // A list that is not known still makes the block, with values that are not known.
    if (!entries) return [evaluator.value(content)];
    return entries.map(([key, value]) =>
      evaluator.with({ [iterator]: { key: typeof key === 'number' ? value : key, value } }).value(content),
    );
  }

  /** `for_each` and `count`: one set of names for each instance. */
  private bindingsOf(
    body: PlainObject,
    address: string,
    range: TextRange | undefined,
  ): { key: string | number | undefined; bindings: Bindings }[] {
    const { for_each: each, count } = body;
    if (each === undefined && count === undefined) return this.remember(address, [{ key: undefined, bindings: {} }]);
    const collection = this.evaluator.value(each ?? count);
    const entries = each === undefined ? countedEntries(collection) : eachEntries(plain(collection));
    if (entries && entries.length <= maximumInstances) {
      return this.remember(
        address,
        entries.map(([key, value]) => ({ key, bindings: each === undefined ? { count: { index: key } } : { each: { key, value } } })),
      );
    }
    this.configuration.unresolvedLoop({ address, range });
    return this.remember(address, [{ key: undefined, bindings: {} }]);
  }

  private remember<T extends { key: string | number | undefined }>(address: string, found: T[]): T[] {
    this.keys.set(
      address,
      found.map(({ key }) => key),
    );
    return found;
  }

  private moduleCalls(): ModuleCall[] {
    return this.files.blocks('module').flatMap(({ places, content }) =>
      Object.entries(content).flatMap(([name, bodies]) => {
        const body = listOf(bodies).find(isPlainObject);
        const range = places.block({ kind: 'module', labels: [name] });
        if (!body) return [];
        const plain = `${this.prefix}module.${name}`;
        return this.bindingsOf(body, plain, range).map(({ key, bindings }) =>
          this.call(name, withKey(plain, key), body, { bindings, range, places }),
        );
      }),
    );
  }

  private call(
    name: string,
    address: string,
    body: PlainObject,
    { bindings, range, places }: { bindings: Bindings; range: TextRange | undefined; places: FilePlaces },
  ): ModuleCall {
    const known = this.children.get(address);
    if (known) return { module: known };
    const { source, ...rest } = body;
    const inputs = this.bodyOf(rest, bindings);
    const folder =
      typeof source === 'string' && /^\.{1,2}\//.test(source) ? this.configuration.resolve(this.files.folder, source) : undefined;
    const files = folder === undefined || this.depth >= maximumModuleDepth ? undefined : this.configuration.load(folder);
    if (!files) return { remote: { address, name, source: String(source ?? ''), inputs, range, places, folder: this.files.folder } };
    const module = new Module(this.configuration, files, inputs, `${address}.`, this.depth + 1);
    this.children.set(address, module);
    return { module };
  }

  named(first: string, second: string, third: string | undefined): { value: unknown; parts: number } | undefined {
    if (first === 'var') return { value: this.variable(second), parts: 2 };
    if (first === 'local') return { value: this.local(second), parts: 2 };
    if (first === 'path') return { value: second === 'module' ? this.path() : '.', parts: 2 };
    if (first === 'terraform') return { value: second === 'workspace' ? this.configuration.workspace : undefined, parts: 2 };
    if (first === 'module') return { value: attributeReference(`${this.prefix}module.${second}`, ''), parts: 2 };
    if (first === 'data') return { value: attributeReference(`${this.prefix}data.${second}.${third ?? ''}`, ''), parts: 3 };
    return second === '' || !first.includes('_')
      ? undefined
      : { value: attributeReference(`${this.prefix}${first}.${second}`, ''), parts: 2 };
  }

  member(reference: unknown, segment: string | number): unknown {
    const { id = '', attribute = '' } = attributeOf(intrinsicOf(reference)?.argument) ?? {};
    if (attribute !== '') return typeof segment === 'number' ? reference : attributeReference(id, `${attribute}.${segment}`);
    const own = id.slice(this.prefix.length);
    const hasKey = /\[[^\]]*\]$/.test(id);
    const keys = hasKey ? undefined : this.keysOf(id);
    const isIndex = !hasKey && (typeof segment === 'number' || (keys?.includes(segment) ?? false));
    if (isIndex) return attributeReference(keys?.includes(segment) || !keys ? withKey(id, segment) : id, '');
    const address = hasKey || !keys || keys.length === 0 ? id : withKey(id, keys[0]);
    if (own.startsWith('module.')) return this.outputOf(address, String(segment));
    return own.startsWith('data.') ? this.dataAttribute(address, String(segment)) : attributeReference(address, String(segment));
  }

  instances(reference: unknown): [key: string | number, value: unknown][] | undefined {
    const { id = '', attribute = '' } = attributeOf(intrinsicOf(reference)?.argument) ?? {};
    const keys = attribute === '' ? this.keysOf(id) : undefined;
    return keys?.map((key, index) => [key ?? index, attributeReference(withKey(id, key), '')]);
  }

  /** Keys of the instances of a block, which a reference may need before the block itself is reached. */
  private keysOf(address: string): (string | number | undefined)[] | undefined {
    if (this.keys.has(address)) return this.keys.get(address);
    const [first = '', second = '', third = ''] = address.slice(this.prefix.length).split('.');
    this.keys.set(address, []);
    const kind = first === 'data' ? 'data' : 'resource';
    const [type, name] = kind === 'data' ? [second, third] : [first, second];
    if (first === 'module') this.moduleCalls();
    const block = first === 'module' ? undefined : this.blocksOf(kind).find((each) => each.type === type && each.name === name);
    if (block) this.bindingsOf(block.body, address, block.places.block({ kind, labels: [type, name] }));
    return this.keys.get(address);
  }

  file(path: string): string | undefined {
    const found = this.configuration.resolve(this.configuration.rootFolder, path);
    return found === undefined ? undefined : this.configuration.read(found);
  }

  /** Of the module's folder, from the root module's: paths in values are relative to that one. */
  private path(): string {
    const { rootFolder } = this.configuration;
    const { folder } = this.files;
    if (folder === rootFolder) return '.';
    const up = rootFolder === '' ? [] : rootFolder.split('/');
    const down = folder === '' ? [] : folder.split('/');
    let shared = 0;
    while (shared < up.length && up[shared] === down[shared]) shared++;
    return [...up.slice(shared).map(() => '..'), ...down.slice(shared)].join('/');
  }

  private variable(name: string): unknown {
    if (!this.variables.has(name)) this.variables.set(name, this.variableValue(name));
    return this.variables.get(name);
  }

  private variableValue(name: string): unknown {
    const { sensitive, default: fallback, type } = this.files.variable(name) ?? {};
    const given = Object.hasOwn(this.inputs, name) ? this.inputs[name] : undefined;
    // The default of a secret must not be shown.
    if (given === undefined && (sensitive === true || fallback === undefined)) return variableReference(`${this.prefix}${name}`);
    const value = given === undefined ? this.evaluator.value(fallback) : given;
    const parsed = typeof type === 'string' && type.includes('optional(') ? this.configuration.expressions.find(type) : undefined;
    return parsed ? withTypeDefaults(value, parsed, (node, source) => this.evaluator.evaluate(node, source)) : value;
  }

  private local(name: string): unknown {
    if (this.locals.has(name)) return this.locals.get(name);
    const written = this.files.local(name);
    if (written === undefined || this.openLocals.has(name)) return undefined;
    this.openLocals.add(name);
    const value = this.evaluator.value(written);
    this.openLocals.delete(name);
    this.locals.set(name, value);
    return value;
  }

  private outputOf(address: string, name: string): unknown {
    const module = this.children.get(address);
    return module ? module.output(name) : attributeReference(address, name);
  }

  private output(name: string): unknown {
    if (!this.outputs.has(name)) {
      this.outputs.set(name, undefined);
      this.outputs.set(name, this.evaluator.value(this.files.output(name)));
    }
    return this.outputs.get(name);
  }

  private dataAttribute(address: string, attribute: string): unknown {
    const type = /data\.([^.]+)\./.exec(address)?.[1] ?? '';
    const pseudo = pseudoParameters[`${type}.${attribute}`];
    if (pseudo !== undefined) return { Ref: pseudo };
    if (type !== 'aws_iam_policy_document' || attribute !== 'json') return attributeReference(address, attribute);
    return { 'Fn::ToJsonString': policyDocumentOf(this.dataValues(address)) };
  }

  private dataValues(address: string): PlainObject {
    const known = this.data.get(address);
    if (known) return known;
    this.data.set(address, {});
    const block = this.blocksOf('data').find(
      ({ type, name }) => `${this.prefix}data.${type}.${name}` === address.replace(/\[[^\]]*\]$/, ''),
    );
    const values = block ? this.bodyOf(block.body, {}) : {};
    this.data.set(address, values);
    return values;
  }
}

interface FoundBlock {
  type: string;
  name: string;
  body: PlainObject;
  places: FilePlaces;
}

interface ModuleCall {
  module?: Module;
  remote?: RemoteModule;
}

/** What CloudFormation calls what these data sources tell. */
const pseudoParameters: Readonly<Record<string, string>> = {
  'aws_region.name': 'AWS::Region',
  'aws_region.id': 'AWS::Region',
  'aws_region.region': 'AWS::Region',
  'aws_caller_identity.account_id': 'AWS::AccountId',
  'aws_partition.partition': 'AWS::Partition',
  'aws_partition.dns_suffix': 'AWS::URLSuffix',
};

function withKey(address: string, key: string | number | undefined): string {
  if (key === undefined) return address;
  return `${address}[${typeof key === 'number' ? key : `"${key}"`}]`;
}

/** Keys of a map are known even when its values are not. */
function plain(collection: unknown): unknown {
  return intrinsicOf(collection) ? undefined : collection;
}

function eachEntries(collection: unknown): [string, unknown][] | undefined {
  const entries = entriesOf(collection);
  if (!Array.isArray(collection)) return entries?.map(([key, value]) => [String(key), value]);
  return collection.every((value) => typeof value === 'string') ? collection.map((value) => [String(value), value]) : undefined;
}

function countedEntries(count: unknown): [number, unknown][] | undefined {
  const number = typeof count === 'string' && /^\d+$/.test(count) ? Number(count) : count;
  return typeof number === 'number' && number <= maximumInstances
    ? Array.from({ length: number }, (_, index) => [index, index])
    : undefined;
}
