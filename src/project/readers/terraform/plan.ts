/** What `terraform show -json` writes of a plan or a state: every resource with its values, those of modules from elsewhere among them. */
import { isPlainObject, listOf, objectOf, type PlainObject, stringsOf } from '../../data.js';
import type { TextRange } from '../../model.js';
import type { Repository } from '../../repository.js';
import { LineTable } from '../../yaml/line-table.js';
import { terraformFolders } from './folders.js';
import type { TerraformResource } from './module.js';
import { FilePlaces } from './places.js';
import { attributeReference, unknownExpression } from './values.js';

/** https://developer.hashicorp.com/terraform/internals/json-format */
interface PlannedModule {
  /** `module.api.`, with the keys of instances. */
  prefix: string;
  values: PlainObject;
  /** Its part of `configuration`; empty for a state. */
  configuration: PlainObject;
  /** Values that its caller gives. */
  call: PlainObject;
  parent: PlannedModule | undefined;
  /** Folder of its files when it is in the repository. */
  folder: string | undefined;
}

/** A plan or state, and where it was written. */
export interface PlanFile {
  file: string;
  text: string;
  plan: PlainObject;
}

/** Resources of a plan or state file in `folder`. */
export function plannedResources(repository: Repository, { file, text, plan }: PlanFile, folder: string): TerraformResource[] {
  const current = objectOf(objectOf(plan['planned_values'] ?? plan['values'])['root_module']);
  const prior = objectOf(objectOf(objectOf(plan['prior_state'])['values'])['root_module']);
  const configuration = objectOf(objectOf(plan['configuration'])['root_module']);
  const root = { prefix: '', configuration, call: {}, parent: undefined, folder };
  const reader = new PlanReader(repository, file, text);
  reader.read({ ...root, values: current }, () => true);
  // Data sources are read before the plan is made, so their values stand in what was there before.
  reader.read({ ...root, values: prior }, (mode) => mode === 'data');
  return reader.resources();
}

class PlanReader {
  private readonly found = new Map<string, { resource: TerraformResource; module: PlannedModule; written: PlainObject }>();
  private readonly lines: LineTable;

  constructor(
    private readonly repository: Repository,
    private readonly file: string,
    private readonly text: string,
  ) {
    this.lines = new LineTable(text);
  }

  read(module: PlannedModule, wanted: (mode: string) => boolean): void {
    if (module.folder !== undefined) terraformFolders(this.repository).read.add(module.folder);
    for (const each of listOf(module.values['resources'])) {
      const { address, mode, type, name, values } = objectOf(each);
      if (typeof address !== 'string' || !wanted(String(mode)) || this.found.has(address)) continue;
      const { range, places } = this.placeOf(module, String(mode) === 'data' ? 'data' : 'resource', String(type), String(name), address);
      const resource: TerraformResource = {
        address,
        type: mode === 'data' ? `data.${String(type)}` : String(type),
        name: String(name),
        values: { ...objectOf(values) },
        range,
        places,
        folder: module.folder ?? '',
      };
      this.found.set(address, { resource, module, written: expressionsOf(module.configuration, address.slice(module.prefix.length)) });
    }
    for (const each of listOf(module.values['child_modules'])) {
      const child = objectOf(each);
      const address = String(child['address'] ?? '');
      const call = objectOf(objectOf(module.configuration['module_calls'])[nameOf(address.slice(module.prefix.length))]);
      const source = typeof call['source'] === 'string' && /^\.{1,2}\//.test(call['source']) ? call['source'] : undefined;
      const folder = source === undefined || module.folder === undefined ? undefined : this.repository.resolve(module.folder, source);
      const configuration = objectOf(call['module']);
      this.read(
        { prefix: `${address}.`, values: child, configuration, call: objectOf(call['expressions']), parent: module, folder },
        wanted,
      );
    }
  }

  /** What is only known after the plan was carried out becomes a reference. */
  resources(): TerraformResource[] {
    const byValue = this.addressesByValue();
    return [...this.found.values()].map(({ resource, module, written }) => {
      const values = objectOf(withReferences(resource.values, resource.address, byValue));
      return { ...resource, values: this.complete(values, written, module, resource.address) };
    });
  }

  private complete(values: PlainObject, written: PlainObject, module: PlannedModule, address: string): PlainObject {
    const completed: PlainObject = { ...values };
    for (const [key, expression] of Object.entries(written)) {
      const given = completed[key];
      if (Array.isArray(expression)) {
        const bodies = Array.isArray(given) ? given : [];
        completed[key] = (bodies.length > 0 ? bodies : expression).map((body, index) =>
          this.complete(bodies.length > 0 ? objectOf(body) : {}, objectOf(expression[index] ?? expression[0]), module, address),
        );
      } else if (given === undefined || given === null) {
        const reference = this.referenceOf(stringsOf(objectOf(expression)['references']), module, address, 0);
        if (reference !== undefined) completed[key] = reference;
      }
    }
    return completed;
  }

  /** The resource that an expression reads first, followed through variables and outputs of modules. */
  private referenceOf(references: readonly string[], module: PlannedModule, address: string, depth: number): unknown {
    const [first] = references;
    if (first === undefined || depth > 20) return undefined;
    const [head = '', second = '', third = ''] = first.replace(/\[[^\]]*\]/g, '').split('.');
    if (head === 'var' && module.parent) {
      return this.referenceOf(stringsOf(objectOf(module.call[second])['references']), module.parent, address, depth + 1);
    }
    if (head === 'module') {
      const called = [...this.found.values()].find(
        (each) => each.module.parent === module && nameOf(each.module.prefix.slice(module.prefix.length)) === second,
      );
      const output = objectOf(objectOf(objectOf(called?.module.configuration)['outputs'])[third]);
      if (called) return this.referenceOf(stringsOf(objectOf(output['expression'])['references']), called.module, address, depth + 1);
    }
    if (!head.includes('_') && head !== 'data') return unknownExpression(first);
    const [base, attribute] =
      head === 'data' ? [`data.${second}.${third}`, first.split('.').slice(3)] : [`${head}.${second}`, first.split('.').slice(2)];
    const target = this.instanceOf(`${module.prefix}${base}`, address);
    return target === undefined ? unknownExpression(first) : attributeReference(target, attribute.join('.') || 'id');
  }

  /** The instance with the same key as the resource that refers to it, or the only one. */
  private instanceOf(base: string, from: string): string | undefined {
    if (this.found.has(base)) return base;
    const key = /\[[^\]]*\]$/.exec(from)?.[0];
    if (key !== undefined && this.found.has(`${base}${key}`)) return `${base}${key}`;
    const instances = [...this.found.keys()].filter((address) => address.startsWith(`${base}[`));
    return instances.length === 1 ? instances[0] : undefined;
  }

  /** ARNs and the like, which a state has in place of references. */
  private addressesByValue(): ReadonlyMap<string, { address: string; attribute: string }> {
    const found = new Map<string, { address: string; attribute: string }>();
    for (const [address, { resource }] of this.found) {
      for (const attribute of ['id', 'arn', 'invoke_arn', 'qualified_arn', 'root_resource_id', 'url']) {
        const value = resource.values[attribute];
        if (typeof value === 'string' && value.length > 5 && !found.has(value)) found.set(value, { address, attribute });
      }
    }
    return found;
  }

  private placeOf(
    module: PlannedModule,
    kind: string,
    type: string,
    name: string,
    address: string,
  ): { range: TextRange; places: FilePlaces } {
    const files = module.folder === undefined ? [] : terraformFolders(this.repository).files(module.folder);
    for (const file of files) {
      const text = this.repository.read(file) ?? '';
      const places = text.includes(`"${name}"`) ? new FilePlaces(file, text) : undefined;
      const range = places?.block({ kind, labels: [type, name] });
      if (places && range) return { range, places };
    }
    const at = this.text.indexOf(JSON.stringify(address));
    const start = Math.max(0, at);
    const range = { file: this.file, start, end: start, ...this.lines.at(start) };
    return { range, places: new FilePlaces(this.file, '') };
  }
}

/** `module.api["eu"].` → `api` */
function nameOf(address: string): string {
  return /^module\.([\w-]+)/.exec(address)?.[1] ?? '';
}

function expressionsOf(configuration: PlainObject, address: string): PlainObject {
  const base = address.replace(/\[[^\]]*\]$/, '');
  const written = listOf(configuration['resources']).find((each) => objectOf(each)['address'] === base);
  return objectOf(objectOf(written)['expressions']);
}

/** Keys under which a text is an identifier of another resource, and not by chance the same. */
const referring = /(_id|_arn|arn|_uri|uri|_url|target|role|queue|topic|rule|bucket|endpoint|function_name|event_source_arn)$/;

function withReferences(
  value: unknown,
  own: string,
  known: ReadonlyMap<string, { address: string; attribute: string }>,
  key = '',
): unknown {
  if (typeof value === 'string') {
    const id = value.replace(/^integrations\//, '');
    const found = referring.test(key) ? known.get(id) : undefined;
    return found && found.address !== own ? attributeReference(found.address, found.attribute) : value;
  }
  if (Array.isArray(value)) return value.map((entry) => withReferences(entry, own, known, key));
  if (!isPlainObject(value)) return value;
  return Object.fromEntries(Object.entries(value).map(([name, entry]) => [name, withReferences(entry, own, known, name)]));
}
