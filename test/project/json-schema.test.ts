import { Ajv } from 'ajv';
import { describe, expect, it } from 'vitest';
import { type ModelOptions, readModel } from '../../src/project/json-schema.js';

/** Models by name, referred to as `model:Name`. */
function models(all: Record<string, unknown>): ModelOptions {
  return {
    findModel: (reference) => {
      const name = /^model:(\w+)$/.exec(String(reference))?.[1];
      return name !== undefined && Object.hasOwn(all, name) ? { name, schema: all[name] } : undefined;
    },
  };
}

/** Whether the read schema takes each value. */
function takes(schema: unknown, values: readonly unknown[], options?: ModelOptions): boolean[] {
  const read = readModel(schema, options);
  if (!read) throw new Error('not read');
  const validate = new Ajv({ strict: true, strictTypes: false }).compile(read);
  return values.map((value) => validate(value));
}

describe('a model', () => {
  it('keeps what draft 4 validates and what it says to people', () => {
    const schema = {
      title: 'Order',
      description: 'What was bought',
      type: 'object',
      required: ['id'],
      properties: {
        id: { type: ['string', 'null'], pattern: '^a', enum: ['ab', null] },
        list: { items: [{ minimum: 1 }], additionalItems: false },
      },
      patternProperties: { '^x-': {} },
      additionalProperties: { not: { type: 'integer', multipleOf: 2 } },
      dependencies: { a: ['b'], c: { maxProperties: 3 } },
      anyOf: [{ minProperties: 1 }],
    };
    expect(readModel(schema)).toEqual(schema);
    expect(readModel(JSON.stringify(schema))).toEqual(schema);
  });

  it('loses what the gateway did not look at, names of drafts and identifiers too', () => {
    const schema = {
      $schema: 'https://json-schema.org/draft/2020-12/schema',
      id: 'order',
      type: 'object',
      nullable: true,
      if: {},
      const: 1,
      'x-a': 1,
    };
    expect(readModel(schema)).toEqual({ type: 'object' });
    expect(readModel({ properties: { id: { type: 'string', example: 'a' }, const: {} } })).toEqual({
      properties: { id: { type: 'string' }, const: {} },
    });
    expect(readModel({ minItems: 1, uniqueItems: true }, { without: ['minItems'] })).toEqual({ uniqueItems: true });
  });

  it('says exclusive bounds in the words of later drafts', () => {
    expect(readModel({ minimum: 1, exclusiveMinimum: true, maximum: 5, exclusiveMaximum: false })).toEqual({
      exclusiveMinimum: 1,
      maximum: 5,
    });
    expect(takes({ maximum: 5, exclusiveMaximum: true }, [4, 5])).toEqual([true, false]);
    expect(readModel({ exclusiveMinimum: true })).toEqual({});
  });

  it.each([
    ['no schema', 7],
    ['broken JSON', '{"type":'],
    ['a type that is none', { type: 'any' }],
    ['words of a later draft', { exclusiveMinimum: 1 }],
    ['words of an earlier draft', { properties: { a: { required: true } } }],
    ['an enumeration that the deployment fills', { enum: [{ Ref: 'Stage' }] }],
    ['a limit that the deployment sets', { maxLength: { Ref: 'Limit' } }],
    ['a pattern that is none', { pattern: '(' }],
    ['properties that are a list', { properties: [] }],
    ['an empty choice', { anyOf: [] }],
    ['a reference to another file', { $ref: 'order.json' }],
    ['a reference to nothing', { $ref: '#/definitions/Order' }],
    ['a reference into a word that is not kept', { properties: { a: { $ref: '#/components/A' } }, components: { A: {} } }],
    ['a reference that the deployment makes', { $ref: { 'Fn::ImportValue': 'Model' } }],
  ])('is not known with %s', (_, schema) => {
    expect(readModel(schema)).toBeUndefined();
  });

  it('ends for schemas that are too deep or too many', () => {
    const deep = Array.from({ length: 100 }).reduce<object>((inner) => ({ not: inner }), {});
    expect(readModel(deep)).toBeUndefined();
    expect(readModel({ properties: Object.fromEntries(Array.from({ length: 6000 }, (_, index) => [`p${index}`, {}])) })).toBeUndefined();
  });
});

describe('references', () => {
  it('stay inside the schema, where siblings of a reference do not count', () => {
    const schema = {
      properties: { next: { $ref: '#', type: 'string' }, id: { $ref: '#/definitions/id' } },
      definitions: { id: { type: 'string' } },
    };
    expect(takes(schema, [{ next: { id: 'a' } }, { next: { id: 1 } }])).toEqual([true, false]);
  });

  it('bring the models that they lead to, and what those refer to, once', () => {
    const options = models({
      Line: {
        properties: { item: { $ref: 'model:Item' }, same: { $ref: '#/definitions/count' } },
        definitions: { count: { type: 'integer' } },
      },
      Item: JSON.stringify({ type: 'object', properties: { lines: { type: 'array', items: { $ref: 'model:Line' } } } }),
    });
    const schema = { type: 'array', items: { $ref: 'model:Line' }, definitions: { Line: { type: 'null' } } };
    expect(Object.keys(readModel(schema, options)?.['definitions'] as object)).toEqual(['Line', 'Item', 'Line2']);
    expect(takes(schema, [[{ same: 1, item: { lines: [{ same: 2 }] } }], [{ item: { lines: [{ same: 'no' }] } }]], options)).toEqual([
      true,
      false,
    ]);
  });

  it('are the model itself when a schema is nothing else, also one that refers to itself', () => {
    const options = models({ Node: { type: 'object', properties: { next: { $ref: 'model:Node' } } } });
    expect(readModel({ $ref: 'model:Node' }, options)).toEqual({ type: 'object', properties: { next: { $ref: '#' } } });
    expect(readModel({ $ref: 'model:Missing' }, options)).toBeUndefined();
  });

  it('work for names with signs', () => {
    const schema = { $ref: '#/definitions/a~1b%20c', definitions: { 'a/b c': { type: 'integer' } } };
    expect(takes(schema, [1, 'a'])).toEqual([true, false]);
  });
});
