/** serverless.yml, .json, .ts or .js → one object with its variables resolved. */
import { diagnostic } from '../../../diagnostics/catalog.js';
import type { Diagnostic } from '../../../diagnostics/diagnostic.js';
import { isPlainObject, objectOf, type PlainObject } from '../../data.js';
import { parentOf, type Repository } from '../../repository.js';
import { StaticEvaluator } from '../../static/evaluate.js';
import { Provenance } from '../../static/provenance.js';
import type { ReadOptions } from '../reader.js';
import { serviceNameOf } from './events/service.js';
import { placeOf, type Service } from './functions.js';
import { type LoadedFile, ServiceFiles } from './load.js';
import { type LookupContext, lastResortFor, lookupsFor, stageOf } from './lookups.js';
import { VariableResolver } from './variables.js';

/** The service of a definition, or undefined when it does not hold one (the reason is reported). */
export function readService(
  repository: Repository,
  definition: string,
  options: ReadOptions,
  report: (found: Diagnostic) => void,
): Service | undefined {
  const folder = parentOf(definition);
  const provenance = new Provenance();
  const files = new ServiceFiles(repository, provenance, report);
  const found = readRaw(repository, definition, files, provenance, report);
  if (found.state === 'broken') return undefined;
  const raw = found.state === 'read' ? found.value : undefined;
  if (!isPlainObject(raw)) {
    report(diagnostic('SERVERLESS_NOT_A_SERVICE', { args: { file: definition }, place: { file: definition, line: 1 } }));
    return undefined;
  }
  // `provider: aws` is short for `provider: { name: aws }`; self-references see the long form.
  const service = provenance.copy(
    typeof raw['provider'] === 'string' && !raw['provider'].includes('${') ? { ...raw, provider: { name: raw['provider'] } } : { ...raw },
    raw,
  );
  const lookups: LookupContext = { repository, folder, service: () => service, options, load: (file) => files.load(file), report };
  const resolver = new VariableResolver(provenance, lookupsFor(lookups), lastResortFor(lookups), (problem, text, range) => {
    const code = problem === 'circular' ? 'SERVERLESS_VARIABLE_CIRCULAR' : 'SERVERLESS_TOO_LARGE';
    report(diagnostic(code, { args: { name: text }, place: placeOf(range) ?? { file: definition } }));
  });
  const resolved = objectOf(resolver.deep(service));
  const data = normalise(resolved, provenance);
  return {
    data,
    name: serviceNameOf(data) ?? (folder.split('/').at(-1) || 'service'),
    stage: stageOf(lookups, resolver),
    definition,
    folder,
    repository,
    provenance,
    report,
  };
}

function readRaw(
  repository: Repository,
  definition: string,
  files: ServiceFiles,
  provenance: Provenance,
  report: (found: Diagnostic) => void,
): LoadedFile {
  if (!/\.[cm]?[jt]s$/.test(definition)) return files.load(definition);
  const evaluator = new StaticEvaluator(repository, parentOf(definition), provenance, (expression, range) =>
    report(diagnostic('SERVERLESS_EXPRESSION_NOT_STATIC', { args: { expression }, place: placeOf(range) })),
  );
  return { state: 'read', value: evaluator.defaultExport(definition) };
}

/** Lists of sections (`functions: [ ${file(a.yml)}, … ]`) as one section. */
function normalise(data: PlainObject, provenance: Provenance): PlainObject {
  const functions = withConstructs(mergedSections(data['functions'], provenance), data, provenance);
  const resources = mergedResources(data['resources'], provenance);
  return provenance.copy({ ...data, ...(functions && { functions }), ...(resources && { resources }) }, data);
}

/** Functions of serverless-lift constructs (workers of queues, authorizers of webhooks) are declared elsewhere. */
function withConstructs(functions: PlainObject | undefined, data: PlainObject, provenance: Provenance): PlainObject | undefined {
  const workers = Object.entries(objectOf(data['constructs'])).flatMap(([name, construct]) => {
    if (!isPlainObject(construct)) return [];
    if (construct['type'] === 'webhook' && isPlainObject(construct['authorizer']))
      return [{ [`${name}Authorizer`]: construct['authorizer'] }];
    if (construct['type'] !== 'queue' || !isPlainObject(construct['worker'])) return [];
    const sqs = {
      arn: `\${construct:${name}.queueArn}`,
      batchSize: construct['batchSize'] ?? 1,
      maximumBatchingWindow: construct['maxBatchingWindow'] ?? 0,
      maximumConcurrency: construct['maxConcurrency'],
      functionResponseType: 'ReportBatchItemFailures',
    };
    const worker = { ...construct['worker'], events: [{ sqs }] };
    return [{ [`${name}Worker`]: provenance.copy(worker, construct['worker']) }];
  });
  if (workers.length === 0) return functions;
  return merge([functions ?? {}, ...workers], provenance);
}

function mergedSections(section: unknown, provenance: Provenance): PlainObject | undefined {
  if (!Array.isArray(section)) return isPlainObject(section) ? section : undefined;
  return merge(section.filter(isPlainObject), provenance);
}

/** `resources:` may be one template or a list of them; every section of theirs is merged. */
function mergedResources(resources: unknown, provenance: Provenance): PlainObject | undefined {
  if (!Array.isArray(resources)) return isPlainObject(resources) ? resources : undefined;
  const templates = resources.filter(isPlainObject);
  const sections = new Set(templates.flatMap((template) => Object.keys(template)));
  return Object.fromEntries(
    [...sections].map((name) => [
      name,
      merge(
        templates.flatMap((template) => (isPlainObject(template[name]) ? [template[name]] : [])),
        provenance,
      ),
    ]),
  );
}

/** Each entry keeps the place of the part it came from. */
function merge(parts: readonly PlainObject[], provenance: Provenance): PlainObject {
  const merged: PlainObject = Object.assign({}, ...parts);
  provenance.add(merged, ([key, ...rest], part) => {
    const owner = key === undefined ? parts[0] : parts.findLast((part) => Object.hasOwn(part, key));
    return (
      owner &&
      (part === 'entry' ? provenance.entryRange : provenance.range).call(provenance, owner, ...(key === undefined ? [] : [key, ...rest]))
    );
  });
  return merged;
}
