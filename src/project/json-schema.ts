/** Models of API Gateway (JSON schema, draft 4) as validators of today read them. */
import { isPlainObject, type PlainObject } from './data.js';

export type JsonSchema = PlainObject;

/** The model that a `$ref` names, or undefined when the reference does not lead to another model. */
export type FindModel = (reference: unknown) => { name: string; schema: unknown } | undefined;

export interface ModelOptions {
  findModel?: FindModel | undefined;
  /** Keywords that the gateway did not look at. */
  without?: readonly string[] | undefined;
}

/** Deeper or larger schemas are none that a gateway takes (400 KB for a whole API). */
const maximumDepth = 60;
const maximumSchemas = 5000;

/**
 * The schema in the words of draft 7, with every model that it refers to under `definitions`. Keywords that draft 4 does not know are
 * left out, for the gateway ignored them; so are siblings of `$ref`. Undefined when something in it is not known or no draft 4.
 *
 * @see https://docs.aws.amazon.com/apigateway/latest/developerguide/models-mappings-models.html
 */
export function readModel(schema: unknown, options: ModelOptions = {}): JsonSchema | undefined {
  try {
    return new ModelReader(options).read(typeof schema === 'string' ? (JSON.parse(schema) as unknown) : schema);
  } catch (error) {
    if (error instanceof UnreadableSchema || error instanceof SyntaxError) return undefined;
    throw error;
  }
}

class UnreadableSchema extends Error {}

/** Gives a keyword's value as it will stand in the result; `schema` reads one below it. */
type ReadKeyword = (value: unknown, schema: (value: unknown) => JsonSchema) => unknown;

class ModelReader {
  /** Where each model stands in the result, as a JSON pointer. */
  private readonly pointers = new Map<string, string>();
  private readonly models = new Map<string, JsonSchema>();
  private readonly taken = new Set<string>();
  private readonly references = new Set<string>();
  private count = 0;

  constructor(private readonly options: ModelOptions) {}

  read(schema: unknown): JsonSchema {
    const root = this.followRoot(schema);
    if (isPlainObject(root) && isPlainObject(root['definitions']))
      for (const name of Object.keys(root['definitions'])) this.taken.add(name);
    const { definitions, ...rest } = this.schema(root, '', 0);
    const all = { ...(definitions as PlainObject | undefined), ...Object.fromEntries(this.models) };
    const result = { ...rest, ...(Object.keys(all).length > 0 && { definitions: all }) };
    for (const reference of this.references) if (!leadsToSchema(result, reference)) throw new UnreadableSchema();
    return result;
  }

  /** A schema that only names a model is that model. */
  private followRoot(schema: unknown): unknown {
    let root = schema;
    while (isPlainObject(root) && root['definitions'] === undefined) {
      const model = root['$ref'] === undefined ? undefined : this.options.findModel?.(root['$ref']);
      if (!model || this.pointers.has(model.name)) break;
      this.pointers.set(model.name, '');
      root = typeof model.schema === 'string' ? (JSON.parse(model.schema) as unknown) : model.schema;
    }
    return root;
  }

  private schema(value: unknown, base: string, depth: number): JsonSchema {
    if (!isPlainObject(value) || depth > maximumDepth || ++this.count > maximumSchemas) throw new UnreadableSchema();
    const inner = (below: unknown) => this.schema(below, base, depth + 1);
    const isReference = value['$ref'] !== undefined;
    const entries = Object.entries(value).flatMap(([key, each]): [string, unknown][] => {
      const read = Object.hasOwn(keywords, key) && !this.options.without?.includes(key) ? keywords[key] : undefined;
      if (!read || (isReference && key !== 'definitions')) return [];
      const kept = read(each, inner);
      return kept === undefined ? [] : [[key, kept]];
    });
    if (isReference) entries.unshift(['$ref', this.reference(value['$ref'], base)]);
    return withBounds(Object.fromEntries(entries));
  }

  private reference(value: unknown, base: string): string {
    const model = this.options.findModel?.(value);
    if (!model && !(typeof value === 'string' && /^#(?:\/|$)/.test(value))) throw new UnreadableSchema();
    const reference = `#${model ? this.pointerTo(model) : base + String(value).slice(1)}`;
    this.references.add(reference);
    return reference;
  }

  private pointerTo({ name, schema }: { name: string; schema: unknown }): string {
    const known = this.pointers.get(name);
    if (known !== undefined) return known;
    const word = name.replace(/[^\w.-]/g, '_');
    let key = word;
    for (let count = 2; this.taken.has(key); count++) key = `${word}${count}`;
    this.taken.add(key);
    const pointer = `/definitions/${key}`;
    this.pointers.set(name, pointer);
    this.models.set(key, this.schema(typeof schema === 'string' ? (JSON.parse(schema) as unknown) : schema, pointer, 0));
    return pointer;
  }
}

/** Draft 4 says `minimum: 1, exclusiveMinimum: true`; later drafts `exclusiveMinimum: 1`. */
function withBounds({ exclusiveMinimum, exclusiveMaximum, ...schema }: JsonSchema): JsonSchema {
  const result = { ...schema };
  for (const [isExclusive, plain, exclusive] of [
    [exclusiveMinimum, 'minimum', 'exclusiveMinimum'],
    [exclusiveMaximum, 'maximum', 'exclusiveMaximum'],
  ] as const) {
    if (isExclusive !== true || result[plain] === undefined) continue;
    result[exclusive] = result[plain];
    delete result[plain];
  }
  return result;
}

function leadsToSchema(root: JsonSchema, reference: string): boolean {
  let at: unknown = root;
  for (const part of reference.split('/').slice(1)) {
    const key = decodePart(part);
    if (typeof at !== 'object' || at === null || !Object.hasOwn(at, key)) return false;
    at = (at as PlainObject)[key];
  }
  return isPlainObject(at);
}

function decodePart(part: string): string {
  try {
    return decodeURIComponent(part).replace(/~1/g, '/').replace(/~0/g, '~');
  } catch {
    throw new UnreadableSchema();
  }
}

function check<T>(isValid: (value: unknown) => value is T): ReadKeyword {
  return (value) => {
    if (!isValid(value)) throw new UnreadableSchema();
    return value;
  };
}

const isText = (value: unknown): value is string => typeof value === 'string';
const isBoolean = (value: unknown): value is boolean => typeof value === 'boolean';
const isNumber = (value: unknown): value is number => typeof value === 'number' && Number.isFinite(value);
const isCount = (value: unknown): value is number => isNumber(value) && Number.isInteger(value) && value >= 0;
const isTexts = (value: unknown): value is string[] => Array.isArray(value) && value.every(isText) && new Set(value).size === value.length;

const types = new Set(['array', 'boolean', 'integer', 'null', 'number', 'object', 'string']);

function isType(value: unknown): value is string | string[] {
  const all: unknown[] = Array.isArray(value) ? value : [value];
  return all.length > 0 && new Set(all).size === all.length && all.every((each) => isText(each) && types.has(each));
}

/** What a regular expression means differs little between the gateway's engine and ours; one that ours does not take stays unknown. */
function isPattern(value: unknown): value is string {
  try {
    return isText(value) && Boolean(new RegExp(value));
  } catch {
    return false;
  }
}

/** Plain data without a function of CloudFormation in it. */
function isData(value: unknown, depth = 0): boolean {
  if (typeof value !== 'object' || value === null) return value !== undefined;
  if (depth > maximumDepth || Object.keys(value).some((key) => key === 'Ref' || key.startsWith('Fn::'))) return false;
  return Object.values(value).every((each) => isData(each, depth + 1));
}

const isValues = (value: unknown): value is unknown[] => Array.isArray(value) && value.length > 0 && isData(value);

/** Descriptions are for people; one that only the deployment knows is left out. */
const text: ReadKeyword = (value) => (isText(value) ? value : undefined);

const one: ReadKeyword = (value, schema) => schema(value);

const some: ReadKeyword = (value, schema) => {
  if (!Array.isArray(value) || value.length === 0) throw new UnreadableSchema();
  return value.map(schema);
};

const named =
  (read: ReadKeyword): ReadKeyword =>
  (value, schema) => {
    if (!isPlainObject(value)) throw new UnreadableSchema();
    return Object.fromEntries(Object.entries(value).map(([name, each]) => [name, read(each, schema)]));
  };

const byPattern: ReadKeyword = (value, schema) => {
  if (!isPlainObject(value) || !Object.keys(value).every(isPattern)) throw new UnreadableSchema();
  return named(one)(value, schema);
};

const allowed: ReadKeyword = (value, schema) => (isBoolean(value) ? value : schema(value));

/** Everything that draft 4 validates, and what it says to people. */
const keywords: Readonly<Record<string, ReadKeyword>> = {
  title: text,
  description: text,
  type: check(isType),
  enum: check(isValues),
  format: check(isText),
  properties: named(one),
  patternProperties: byPattern,
  additionalProperties: allowed,
  required: check(isTexts),
  dependencies: named((value, schema) => (isTexts(value) ? value : schema(value))),
  minProperties: check(isCount),
  maxProperties: check(isCount),
  items: (value, schema) => (Array.isArray(value) ? some(value, schema) : schema(value)),
  additionalItems: allowed,
  minItems: check(isCount),
  maxItems: check(isCount),
  uniqueItems: check(isBoolean),
  minimum: check(isNumber),
  maximum: check(isNumber),
  exclusiveMinimum: check(isBoolean),
  exclusiveMaximum: check(isBoolean),
  multipleOf: check((value): value is number => isNumber(value) && value > 0),
  minLength: check(isCount),
  maxLength: check(isCount),
  pattern: check(isPattern),
  allOf: some,
  anyOf: some,
  oneOf: some,
  not: one,
  definitions: named(one),
};
