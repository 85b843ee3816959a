/** A CloudFormation template as trigger and function readers see it. */
import type { TemplateContext } from '../../../triggers/template-context.js';
import { isPlainObject, listOf, objectOf, type PlainObject, stringsOf } from '../../data.js';
import type { ProjectResource, TextRange, Value } from '../../model.js';
import type { PathKey } from '../../yaml.js';
import { Evaluator } from './evaluator.js';
import { type ExpandedTemplate, expandLoops } from './for-each.js';
import { globalSections, withGlobals } from './globals.js';
import { attributeOf, intrinsicOf, maximumDepth, namesIn, shortForm, substitutedName, substitutionOf } from './intrinsics.js';

export interface TemplateInput {
  /** Plain data, intrinsics in long form. */
  template: PlainObject;
  /** Place of a value, and of an entry from its key on. */
  range(path: readonly PathKey[]): TextRange | undefined;
  entryRange?: (path: readonly PathKey[]) => TextRange | undefined;
  /** Values of parameters given by the user. */
  parameters: Readonly<Record<string, string>>;
  /** Functions declared outside the template (serverless.yml): logical id → function id and physical name. */
  functions?: readonly DeclaredFunction[];
  /** Reads a file that the template names, relative to it; undefined when there is none. */
  readFile?: (path: string) => string | undefined;
  /** References are written as JSON, not with YAML tags. */
  json?: boolean;
  /** How a reference is written when it is neither. */
  print?: (value: unknown) => string;
  /** Value of an attribute of a resource, where it is known before the deployment. */
  attribute?: (id: string, name: string) => unknown;
}

export interface DeclaredFunction {
  logicalId: string;
  functionId: string;
  name?: string | undefined;
}

const functionTypes = new Set(['AWS::Serverless::Function', 'AWS::Lambda::Function']);

export function isFunctionType(type: string): boolean {
  return functionTypes.has(type);
}

/** `${Stage}-orders`: a name that is not known can still be the same text in an ARN. */
function writtenName(value: unknown): string | undefined {
  const intrinsic = intrinsicOf(value);
  return intrinsic?.name === 'Fn::Sub' ? substitutionOf(intrinsic.argument)?.text : undefined;
}

export class Template implements TemplateContext {
  readonly resources: Record<string, ProjectResource> = {};
  readonly globals: Record<string, PlainObject>;
  /** Resource → its entry in the template: `Metadata`, `Condition` … */
  readonly entries: Record<string, PlainObject> = {};
  /** Resources left out because their condition does not hold. */
  readonly notCreated: { id: string; type: string; condition: string }[] = [];
  /** Loops whose list is not known. */
  readonly unknownLoops: string[];
  private readonly evaluator: Evaluator;
  private readonly origins: ExpandedTemplate['origins'];
  private readonly functionIds = new Map<string, string>();
  private readonly functionNames = new Map<string, string>();

  constructor(private readonly input: TemplateInput) {
    const { template } = input;
    this.evaluator = new Evaluator({
      parameters: objectOf(template['Parameters']),
      overrides: input.parameters,
      mappings: objectOf(template['Mappings']),
      conditions: objectOf(template['Conditions']),
      attribute: input.attribute,
    });
    const expanded = expandLoops(template, (collection) => this.loopItems(collection));
    this.origins = expanded.origins;
    this.unknownLoops = expanded.unknown;
    this.globals = globalSections(template);
    for (const [id, entry] of Object.entries(objectOf(expanded.template['Resources']))) this.addResource(id, entry);
    for (const declared of input.functions ?? []) this.addFunction(declared);
  }

  private loopItems(collection: unknown): string[] | undefined {
    const items = this.resolve(collection);
    return Array.isArray(items) && items.every((item) => typeof item === 'string' || typeof item === 'number')
      ? items.map(String)
      : undefined;
  }

  private addResource(id: string, entry: unknown): void {
    if (!isPlainObject(entry) || typeof entry['Type'] !== 'string') return;
    const type = entry['Type'];
    const condition = entry['Condition'];
    if (typeof condition === 'string' && this.condition(condition) === false) {
      this.notCreated.push({ id, type, condition });
      return;
    }
    const properties = withGlobals(type, objectOf(entry['Properties']), this.globals, entry['IgnoreGlobals']);
    const name = this.physicalName(type, properties);
    const range = this.range(['Resources', id]);
    this.entries[id] = entry;
    this.resources[id] = { type, ...(name !== undefined && { name }), properties, ...(range && { range }) };
    if (!isFunctionType(type)) return;
    this.addFunction({ logicalId: id, functionId: id, name: name ?? writtenName(properties['FunctionName']) });
    const alias = this.resolve(properties['AutoPublishAlias']);
    if (typeof alias === 'string') this.functionIds.set(`${id}Alias${alias}`, id);
  }

  private addFunction({ logicalId, functionId, name }: DeclaredFunction): void {
    this.functionIds.set(logicalId, functionId);
    if (name !== undefined) this.functionNames.set(name, functionId);
  }

  private physicalName(type: string, properties: PlainObject): string | undefined {
    const noun = type.split('::').at(-1) ?? '';
    const key = [`${noun}Name`, 'Name'].find((candidate) => properties[candidate] !== undefined);
    const name = key === undefined ? undefined : this.resolve(properties[key]);
    return typeof name === 'string' ? name : undefined;
  }

  resolve(value: unknown): unknown {
    return this.evaluator.resolve(value);
  }

  /** Whether a condition of the template holds; undefined when that depends on the deployment. */
  condition(name: string): boolean | undefined {
    return this.evaluator.condition(name);
  }

  toValue(value: unknown, path?: (string | number)[]): Value {
    const range = path && this.input.range(this.written(path));
    const place = range && { range };
    const known = this.resolve(value);
    if (known === null || known === undefined) return { kind: 'literal', value: null, ...place };
    if (typeof known !== 'object') return { kind: 'literal', value: known as string | number | boolean, ...place };
    const names = namesIn(value);
    if (names.length === 0 && !intrinsicOf(value)) return { kind: 'literal', value: JSON.stringify(known), ...place };
    return { kind: 'reference', text: this.printed(value), names, ...place };
  }

  private printed(value: unknown): string {
    if (this.input.print) return this.input.print(value);
    return this.input.json ? JSON.stringify(value) : shortForm(value);
  }

  /** A known text, or undefined. */
  text(value: unknown): string | undefined {
    const known = this.resolve(value);
    return typeof known === 'string' || typeof known === 'number' ? String(known) : undefined;
  }

  readFile(path: string): string | undefined {
    return this.input.readFile?.(path);
  }

  range(path: (string | number)[]): TextRange | undefined {
    const find = this.input.entryRange ?? this.input.range;
    for (let length = path.length; length > 0; length--) {
      const found = find.call(this.input, this.written(path.slice(0, length)));
      if (found) return found;
    }
    return undefined;
  }

  /** A path of the template as it was written, before loops were written out. */
  private written(path: readonly PathKey[]): readonly PathKey[] {
    return (path[0] === 'Resources' && this.origins.get(String(path[1]))) || path;
  }

  functionOf(value: unknown): string | undefined {
    return this.firstFunction(value, 0);
  }

  private firstFunction(value: unknown, depth: number): string | undefined {
    if (depth > 8) return undefined;
    for (const { id, text } of this.targets(value, 0)) {
      const found = id === undefined ? this.functionNamed(text ?? '') : this.functionAt(id, depth);
      if (found !== undefined) return found;
    }
    return undefined;
  }

  /** A function, or what a version or alias belongs to. */
  private functionAt(id: string, depth: number): string | undefined {
    const known = this.functionIds.get(id);
    if (known !== undefined) return known;
    const resource = this.resources[id];
    const points = resource?.type === 'AWS::Lambda::Alias' || resource?.type === 'AWS::Lambda::Version';
    return points ? this.firstFunction(resource.properties['FunctionName'], depth + 1) : undefined;
  }

  /** By physical name: `name`, or an ARN that holds it. */
  private functionNamed(text: string): string | undefined {
    const inArn = /:function:((?:\$\{[^{}]*\}|[\w-])+)/.exec(text)?.[1];
    return this.functionNames.get(inArn ?? text);
  }

  resourceOf(value: unknown): string | undefined {
    return this.targets(value, 0).find(({ id }) => id !== undefined && this.resources[id])?.id;
  }

  /** What a value points at, in order: logical ids, or texts that may be names. */
  private targets(value: unknown, depth: number): { id?: string; text?: string }[] {
    if (depth > maximumDepth) return [];
    if (typeof value === 'string') return [{ text: value }];
    if (Array.isArray(value)) return value.flatMap((entry) => this.targets(entry, depth + 1));
    const intrinsic = intrinsicOf(value);
    if (!intrinsic) return [];
    const { name, argument } = intrinsic;
    if (name === 'Ref') return this.target(argument, value, depth);
    if (name === 'Fn::GetAtt') return this.target(attributeOf(argument)?.id, value, depth);
    if (name === 'Fn::Sub') return this.targetsInText(argument, depth);
    if (name === 'Fn::If') return this.branches(argument).flatMap((branch) => this.targets(branch, depth + 1));
    if (name === 'Fn::Join' || name === 'Fn::Split') return this.joined(name, argument, value, depth);
    return name === 'Fn::Select' ? this.targets(listOf(argument)[1], depth + 1) : this.resolvedTarget(value, depth);
  }

  private target(name: unknown, value: unknown, depth: number): { id?: string; text?: string }[] {
    if (typeof name !== 'string') return [];
    // SAM: `!Ref Function.Alias`, `!GetAtt Function.Arn` written as one name.
    const id = [name, name.split('.')[0] as string].find((candidate) => this.resources[candidate] || this.functionIds.has(candidate));
    return id === undefined ? this.resolvedTarget(value, depth) : [{ id }];
  }

  private resolvedTarget(value: unknown, depth: number): { id?: string; text?: string }[] {
    const known = this.resolve(value);
    return known === value || typeof known !== 'string' ? [] : this.targets(known, depth + 1);
  }

  private targetsInText(argument: unknown, depth: number): { id?: string; text?: string }[] {
    const substitution = substitutionOf(argument);
    if (!substitution) return [];
    const { text, variables } = substitution;
    const named = [...text.matchAll(substitutedName)].flatMap((match) => {
      const name = match[1] as string;
      return name in variables ? this.targets(variables[name], depth + 1) : this.target(name.split('.')[0], undefined, depth);
    });
    const known = this.resolve({ 'Fn::Sub': argument });
    return [...named.filter(({ id }) => id !== undefined), { text: typeof known === 'string' ? known : text }];
  }

  private branches(argument: unknown): unknown[] {
    const [condition, whenTrue, whenFalse] = listOf(argument);
    const holds = this.condition(String(condition));
    return holds === undefined ? [whenTrue, whenFalse] : [holds ? whenTrue : whenFalse];
  }

  private joined(name: string, argument: unknown, value: unknown, depth: number): { id?: string; text?: string }[] {
    const parts = this.targets(listOf(argument)[1], depth + 1);
    if (name === 'Fn::Split') return parts;
    const known = this.resolve(value);
    const text = typeof known === 'string' ? known : stringsOf(listOf(argument)[1]).join(String(listOf(argument)[0] ?? ''));
    return [...parts.filter(({ id }) => id !== undefined), { text }];
  }
}
