import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Ajv } from 'ajv';
import { expect } from 'vitest';
import { repositoryRoot } from './fixtures.js';

const ajv = new Ajv({ allErrors: true, strict: false });

/** Fails unless the text is one JSON document that the schema of `docs/` allows; gives the document. */
export function expectDocument<T>(text: string, schema: 'output' | 'batch' | 'verify' | 'facts' | 'assess'): T {
  const document = JSON.parse(text) as T;
  const validate = ajv.getSchema(schema) ?? addSchema(schema);
  validate(document);
  expect(validate.errors ?? []).toEqual([]);
  return document;
}

function addSchema(name: string) {
  const schema = JSON.parse(readFileSync(join(repositoryRoot, `docs/${name}.schema.json`), 'utf8')) as object;
  ajv.addSchema(schema, name);
  return ajv.getSchema(name) as ReturnType<typeof ajv.compile>;
}
