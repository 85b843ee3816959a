import { Ajv } from 'ajv';
import addFormats from 'ajv-formats';
import { expect, test } from 'vitest';
import type { JsonSchema } from '../../../src/project/json-schema.js';
import type { GatewayFeature, HttpTrigger } from '../../../src/project/trigger.js';
import { refusalOf } from '../../../src/verify/fronts/validation.js';
import { knownRequests } from '../../../src/verify/requests/known.js';
import { toWire } from '../../../src/verify/requests/plan.js';
import { sampleOf } from '../../../src/verify/requests/sample.js';
import { http } from '../../planning/builders.js';

const order: JsonSchema = {
  type: 'object',
  required: ['title', 'count', 'kind', 'lines', 'mail', 'code'],
  additionalProperties: false,
  properties: {
    title: { type: 'string', minLength: 6, maxLength: 8 },
    count: { type: 'integer', minimum: 5, multipleOf: 3 },
    price: { type: ['number', 'null'], exclusiveMaximum: 0 },
    kind: { enum: ['a', 'b'] },
    mail: { type: 'string', format: 'email' },
    code: { type: 'string', pattern: '^[A-Z]{2}-\\d{3}$' },
    lines: { type: 'array', minItems: 2, items: { $ref: '#/definitions/Line' } },
  },
  definitions: {
    Line: {
      allOf: [{ type: 'object', required: ['id'], properties: { id: { const: 7 } } }, { properties: { more: { type: 'boolean' } } }],
    },
  },
};

test.each<[string, JsonSchema]>([
  ['an order', order],
  ['a list', { type: 'array', items: { oneOf: [{ type: 'integer' }, { type: 'string' }] } }],
  ['a name without a type', { required: ['name'], properties: { name: { type: 'string' } } }],
  ['a schema that names itself', { type: 'object', properties: { child: { $ref: '#' }, id: { type: 'string' } }, required: ['id'] }],
  ['anything', {}],
])('a sample of %s is taken by its schema', (_name, schema) => {
  const ajv = addFormats.default(new Ajv({ strict: false }));
  const isTaken = ajv.compile(schema);
  const document = sampleOf(schema);
  expect(isTaken(document), JSON.stringify([document, isTaken.errors])).toBe(true);
});

const validation: GatewayFeature = {
  kind: 'request-validation',
  detail: '',
  validation: { body: { 'application/json': order }, required: ['querystring.page', 'header.X-Tenant'] },
};

function outcomes(trigger: HttpTrigger): Map<string, number | undefined> {
  const hit = { trigger, parameters: { id: '1' } } as unknown as Parameters<typeof refusalOf>[1];
  return new Map(knownRequests(trigger).map(({ name, plan }) => [name, refusalOf(toWire(trigger, plan), hit)?.status]));
}

test('where the gateway validates, the handler sees requests, and some are refused', () => {
  const found = outcomes(http('POST /orders/{id}', 'Api', { gateway: [validation] }));
  for (const name of ['nothing more', 'a query', 'headers in lower case', 'cookies'])
    expect(found.get(`POST, ${name}`), name).toBeUndefined();
  for (const name of ['nothing of what the gateway asks for', 'invalid JSON', 'no body', 'JSON that is no object'])
    expect(found.get(`POST, ${name}`), name).toBe(400);
});

test('where it does not, nothing is added', () => {
  const [first] = knownRequests(http('POST /orders', 'Api'));
  expect(first?.plan).toMatchObject({ query: [], headers: [], body: Buffer.from('{}').toString('base64') });
});
