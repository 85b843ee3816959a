import { diagnostic } from '../../../diagnostics/catalog.js';
import type { Diagnostic, Place } from '../../../diagnostics/diagnostic.js';
import { isPlainObject, listOf, objectOf, type PlainObject } from '../../data.js';
import type { BuildHint, LambdaFunction, TextRange, Value } from '../../model.js';
import type { Repository } from '../../repository.js';
import type { Provenance } from '../../static/provenance.js';
import { unknownSpread } from '../../static/values.js';
import { readArchitecture } from '../architecture.js';
import { buildHint, withPackaging } from './build-hint.js';
import { describe } from './events/service.js';
import { readImage } from './image.js';
import { literalText, numberOf, toValue } from './values.js';

/** A service with its variables resolved, and where everything in it was written. */
export interface Service {
  data: PlainObject;
  name: string;
  stage: string;
  definition: string;
  /** Folder of the definition: handlers are relative to it. */
  folder: string;
  repository: Repository;
  provenance: Provenance;
  report(found: Diagnostic): void;
}

/** Serverless takes this runtime when none is given. */
const defaultRuntime = 'nodejs20.x';

/** Functions of the service without their triggers. */
export function readFunctions(service: Service): LambdaFunction[] {
  const build = buildHint(service.data);
  return Object.entries(objectOf(service.data['functions'])).flatMap(([key, definition]) => {
    if (isPlainObject(definition)) return [readFunction(service, key, definition, build)];
    const place = placeOf(service.provenance.range(service.data, 'functions', key)) ?? { file: service.definition };
    service.report(diagnostic('SERVERLESS_FUNCTION_INVALID', { args: { name: key }, place, function: key }));
    return [];
  });
}

function readFunction(service: Service, key: string, fn: PlainObject, build: BuildHint): LambdaFunction {
  const provider = objectOf(service.data['provider']);
  const rangeOf = (...path: string[]) => service.provenance.range(fn, ...path);
  const setting = (name: string) => fn[name] ?? provider[name];
  const code = codeOf(service, fn, provider);
  const reserved = numberOf(fn['reservedConcurrency']);
  const found: LambdaFunction = {
    id: key,
    name: toValue(fn['name'] ?? `${service.name}-${service.stage}-${key}`, rangeOf('name')),
    ...(typeof fn['description'] === 'string' && { description: fn['description'] }),
    ...code,
    ...readArchitecture(setting('architecture') ?? 'x86_64'),
    memoryMb: numberOf(setting('memorySize')) ?? 1024,
    timeoutSeconds: numberOf(setting('timeout')) ?? 6,
    ephemeralStorageMb: numberOf(setting('ephemeralStorageSize')) ?? 512,
    environment: { ...code.environment, ...environmentOf(service, fn, provider) },
    triggers: [],
    layers: listOf(setting('layers')).map((layer) => toValue(layer)),
    vpc: isAttached(setting('vpc')),
    ...(reserved !== undefined && { reservedConcurrency: reserved }),
    permissions: permissionsOf(fn, provider),
    build: withPackaging(build, service.data, fn),
    range: service.provenance.entryRange(service.data, 'functions', key) ?? {
      file: service.definition,
      line: 1,
      column: 1,
      start: 0,
      end: 0,
    },
  };
  if (found.runtime === null || isNode(found.runtime)) reportArtifact(service, key, fn);
  return withUnreadable(service, found);
}

function reportArtifact(service: Service, key: string, fn: PlainObject): void {
  const owner = [fn, service.data].find((each) => objectOf(each['package'])['artifact'] !== undefined);
  if (!owner || fn['image'] !== undefined) return;
  const artifact = describe(objectOf(owner['package'])['artifact']);
  const place = placeOf(service.provenance.range(owner, 'package', 'artifact')) ?? { file: service.definition };
  service.report(diagnostic('SERVERLESS_ARTIFACT', { args: { function: key, artifact }, place, function: key }));
}

type CodeFields = Pick<LambdaFunction, 'runtime' | 'packageType' | 'handler' | 'webAdapter'> & Partial<Pick<LambdaFunction, 'environment'>>;

function codeOf(service: Service, fn: PlainObject, provider: PlainObject): CodeFields {
  if (fn['image'] !== undefined) {
    const { handler, ...image } = readImage(service.repository, service.folder, fn['image'], provider);
    return { packageType: 'image', ...image, handler: { ...handler, ...withRange(service.provenance.range(fn, 'image')) } };
  }
  const runtime = fn['runtime'] ?? provider['runtime'] ?? defaultRuntime;
  const declared = typeof fn['handler'] === 'string' ? fn['handler'] : null;
  return {
    packageType: 'zip',
    runtime: literalText(runtime) ?? null,
    handler: { declared, codeRoot: service.folder, ...withRange(service.provenance.range(fn, 'handler')) },
  };
}

function withRange(range: TextRange | undefined): { range?: TextRange } {
  return range ? { range } : {};
}

function isNode(runtime: string): boolean {
  return /^node/i.test(runtime);
}

/** Marks what can be listed but not migrated as declared. */
function withUnreadable(service: Service, fn: LambdaFunction): LambdaFunction {
  const code = unreadableCode(fn);
  if (code === undefined) return fn;
  const args = { function: fn.id, runtime: fn.runtime ?? '', handler: fn.handler.declared ?? '' };
  service.report(diagnostic(code, { args, place: placeOf(fn.handler.range ?? fn.range), function: fn.id }));
  return { ...fn, unreadable: code };
}

function unreadableCode({ runtime, handler, packageType }: LambdaFunction): string | undefined {
  if (runtime !== null && !isNode(runtime)) return 'RUNTIME_NOT_NODE';
  if (packageType === 'image') return undefined;
  if (handler.declared === null) return 'SERVERLESS_HANDLER_MISSING';
  return literalText(handler.declared) === undefined ? 'SERVERLESS_HANDLER_UNRESOLVED' : undefined;
}

/** The provider's variables with the function's on top; `null` takes one away. */
function environmentOf(service: Service, fn: PlainObject, provider: PlainObject): Record<string, Value> {
  const environment: Record<string, Value> = {};
  for (const owner of [provider, fn]) {
    for (const [name, value] of Object.entries(objectOf(owner['environment']))) {
      if (name === unknownSpread) continue;
      if (value === null && owner === fn) delete environment[name];
      else environment[name] = toValue(value, service.provenance.range(owner, 'environment', name));
    }
  }
  return environment;
}

function isAttached(vpc: unknown): boolean {
  return typeof vpc === 'string' || Object.keys(objectOf(vpc)).length > 0;
}

function permissionsOf(fn: PlainObject, provider: PlainObject): unknown[] {
  const role = objectOf(objectOf(provider['iam'])['role']);
  const own = objectOf(objectOf(fn['iam'])['role']);
  return [
    ...listOf(provider['iamRoleStatements']),
    ...listOf(role['statements']),
    ...listOf(provider['iamManagedPolicies']),
    ...listOf(role['managedPolicies']),
    ...listOf(fn['iamRoleStatements']),
    ...listOf(own['statements']),
  ];
}

/** File, line and column of a range. */
export function placeOf(range: TextRange | undefined): Place | undefined {
  return range && { file: range.file, line: range.line, column: range.column };
}
