/**
 * Schemas that kubeconform reads, each in one file: `node kubernetes-schemas.mjs OUT SCHEMAS CRD...`. SCHEMAS is a folder of schemas of
 * Kubernetes whose references are between files, each CRD a definition in YAML.
 */
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseAllDocuments } from 'yaml';

const kinds = [
  'cronjob-batch-v1',
  'deployment-apps-v1',
  'horizontalpodautoscaler-autoscaling-v2',
  'ingress-networking-v1',
  'namespace-v1',
  'poddisruptionbudget-policy-v1',
  'service-v1',
  'serviceaccount-v1',
];

const [, , out, schemas, ...definitions] = process.argv;
const read = (name) => JSON.parse(readFileSync(join(schemas, name), 'utf8'));
const shared = read('_definitions.json').$defs;
mkdirSync(out, { recursive: true });
for (const kind of kinds) writeFileSync(join(out, `${kind}.json`), JSON.stringify(inlined(read(`${kind}.json`))));
for (const file of definitions) {
  for (const document of parseAllDocuments(readFileSync(file, 'utf8'))) {
    const { group, names, versions } = document.toJS().spec;
    for (const { name, schema } of versions) {
      const suffix = `${group.split('.')[0]}-${name}`;
      writeFileSync(join(out, `${names.kind.toLowerCase()}-${suffix}.json`), JSON.stringify(strict(schema.openAPIV3Schema)));
    }
  }
}

/** With what it refers to in its place. */
function inlined(schema) {
  if (Array.isArray(schema)) return schema.map(inlined);
  if (typeof schema !== 'object' || schema === null) return schema;
  const name = typeof schema.$ref === 'string' ? schema.$ref.split('/').at(-1) : undefined;
  if (name !== undefined) return inlined(shared[name]);
  // An address of its own would be taken for where the schema is.
  const entries = Object.entries(schema).filter(([key]) => key !== '$id' && key !== '$schema');
  return Object.fromEntries(entries.map(([key, value]) => [key, inlined(value)]));
}

/** Without fields that nobody declared: the API server would drop them. */
function strict(schema) {
  if (Array.isArray(schema)) return schema.map(strict);
  if (typeof schema !== 'object' || schema === null) return schema;
  const mapped = Object.fromEntries(Object.entries(schema).map(([key, value]) => [key, strict(value)]));
  const isOpen = mapped['x-kubernetes-preserve-unknown-fields'] || mapped.additionalProperties !== undefined;
  const declares = typeof mapped.properties === 'object' && mapped.type === 'object' && Object.keys(mapped.properties).length > 0;
  // What every object has is declared nowhere in the definition.
  if (declares && mapped.properties.metadata?.type === 'object') mapped.properties.metadata = { type: 'object' };
  return declares && !isOpen ? { ...mapped, additionalProperties: false } : mapped;
}
