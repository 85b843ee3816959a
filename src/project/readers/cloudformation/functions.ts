/** Function resources of a template → functions of the model. */
import { posix } from 'node:path';
import { diagnostic } from '../../../diagnostics/catalog.js';
import type { Diagnostic } from '../../../diagnostics/diagnostic.js';
import { isPlainObject, listOf, objectOf, type PlainObject, stringsOf } from '../../data.js';
import type { BuildHint, HandlerReference, LambdaFunction, TextRange, Value } from '../../model.js';
import { parentOf, type Repository } from '../../repository.js';
import { readArchitecture } from '../architecture.js';
import { moduleOf, sourceIn, sourceOfArchive } from '../archive-source.js';
import { type CodeLocation, locateCode } from './code.js';
import { withDefaults } from './cookiecutter.js';
import { readImage } from './image.js';
import { isFunctionType, type Template } from './template.js';

/** Where the functions of a template are read from. */
export interface FunctionSource {
  template: Template;
  repository: Repository;
  /** The template's own path; code paths are relative to its folder. */
  definition: string;
  report(found: Diagnostic): void;
  /** Finds code by other means than `CodeUri` and `Code` (assets of the CDK). */
  locate?: (id: string) => CodeLocation | undefined;
}

/** A function and whether its code is only a packaged copy. */
export interface FunctionResource {
  lambda: LambdaFunction;
  packaged: boolean;
}

/** All function resources, in the template's order. */
export function readFunctionResources(source: FunctionSource): FunctionResource[] {
  return Object.entries(source.template.resources)
    .filter(([, { type }]) => isFunctionType(type))
    .map(([id]) => readFunction(id, source));
}

function readFunction(id: string, source: FunctionSource): FunctionResource {
  const { template } = source;
  const { type, properties } = template.resources[id] as { type: string; properties: PlainObject };
  const range = rangeOf(id, source);
  const code = codeOf(id, type, properties, source);
  const number = (value: unknown, fallback: number) => numberOf(template.resolve(value)) ?? fallback;
  const reserved = numberOf(template.resolve(properties['ReservedConcurrentExecutions']));
  const description = template.text(properties['Description']);
  const lambda: LambdaFunction = {
    id,
    ...(properties['FunctionName'] !== undefined && { name: valueAt(id, ['FunctionName'], properties['FunctionName'], template) }),
    ...(description !== undefined && { description }),
    runtime: code.runtime,
    packageType: code.packageType,
    handler: code.handler,
    ...architectureOf(template.resolve(properties['Architectures'])),
    memoryMb: number(properties['MemorySize'], 128),
    timeoutSeconds: number(properties['Timeout'], 3),
    ephemeralStorageMb: number(objectOf(template.resolve(properties['EphemeralStorage']))['Size'], 512),
    ...(code.webAdapter && { webAdapter: true }),
    environment: { ...code.environment, ...environmentOf(id, properties, template) },
    triggers: [],
    layers: listOf(template.resolve(properties['Layers'])).map((layer) => template.toValue(layer)),
    vpc: isInVpc(template.resolve(properties['VpcConfig'])),
    ...(reserved !== undefined && { reservedConcurrency: reserved }),
    permissions: permissionsOf(properties, template),
    build: buildHintOf(objectOf(template.resolve(objectOf(template.entries[id])['Metadata']))),
    range,
  };
  const unreadable = unreadableReason(lambda, code, source);
  if (unreadable === undefined) reportOwnBuild(lambda, source);
  return { lambda: unreadable === undefined ? lambda : { ...lambda, unreadable }, packaged: code.location?.kind === 'packaged' };
}

function architectureOf(declared: unknown): Pick<LambdaFunction, 'architecture' | 'architectureUnread'> {
  const [architecture] = stringsOf(declared);
  return declared === undefined ? { architecture: 'x86_64' } : readArchitecture(architecture);
}

function rangeOf(id: string, { template, definition }: FunctionSource): TextRange {
  return template.range(['Resources', id]) ?? { start: 0, end: 0, file: definition, line: 1, column: 1 };
}

interface FunctionCode {
  packageType: LambdaFunction['packageType'];
  runtime: string | null;
  handler: HandlerReference;
  /** Of the image. */
  environment?: LambdaFunction['environment'];
  webAdapter?: boolean;
  location?: CodeLocation;
  problem?: { code: string; args: Record<string, string> } | undefined;
}

function codeOf(id: string, type: string, properties: PlainObject, source: FunctionSource): FunctionCode {
  const { template, repository, definition } = source;
  const folder = parentOf(definition);
  const location = source.locate?.(id);
  const ofImage = location?.kind === 'folder' ? location.runtime : undefined;
  const runtime = ofImage ?? runtimeOf(template.text(properties['Runtime']), source);
  if (!location && isImage(properties, template)) {
    const { problem, ...image } = readImage(objectOf(template.entries[id]), properties, template, repository, folder);
    return { packageType: 'image', ...image, problem };
  }
  const written = properties['Handler'];
  const declared = template.text(written) ?? null;
  const located = location ?? locateCode(type, properties, template, repository, folder);
  const found = (declared !== null && sourceElsewhere(id, located, declared, source)) || located;
  const range = declared === null ? undefined : valueAt(id, ['Handler'], written, template).range;
  const handler: HandlerReference = {
    declared: found.kind === 'folder' && found.declared !== undefined ? found.declared : declared,
    codeRoot: found.kind === 'folder' ? found.root : null,
    ...(found.kind === 'folder' && found.entry !== undefined && { entry: found.entry }),
    ...(found.kind === 'inline' && inlineCodeOf(properties, template)),
    ...(range && { range }),
  };
  const image = isImage(properties, template);
  const problem = problemOf(found, written, handler, image);
  const packageType = found.kind === 'inline' ? 'inline' : image ? 'image' : 'zip';
  return { packageType, runtime, handler, location: found, problem, ...(found.kind === 'folder' && found.image) };
}

/**
 * Sources that the template does not name: those of an archive that a build makes, or of a function whose code in the template only holds
 * its place until a pipeline brings the real one (inline code is `index.js`, and the handler is in another module).
 */
function sourceElsewhere(id: string, located: CodeLocation, handler: string, source: FunctionSource): CodeLocation | undefined {
  const { repository, definition, report } = source;
  const told = (code: string, args: Record<string, string>, root: string): CodeLocation => {
    const place = rangeOf(id, source);
    report(diagnostic(code, { args: { function: id, folder: root === '' ? '.' : root, ...args }, place, function: id }));
    return { kind: 'folder', root };
  };
  const folder = parentOf(definition);
  if (located.kind === 'inline') {
    const root = moduleOf(handler) === 'index' ? undefined : sourceIn(repository, folder, handler);
    return root === undefined ? undefined : told('INLINE_CODE_IS_PLACEHOLDER', { handler }, root);
  }
  const archive =
    located.kind === 'packaged'
      ? located.key
      : located.kind === 'problem' && located.code === 'CODE_IS_ARCHIVE'
        ? located.args['path']
        : undefined;
  if (archive === undefined || !archive.endsWith('.zip')) return undefined;
  const path = repository.resolve(folder, located.kind === 'packaged' ? posix.basename(archive) : archive);
  const root = path === undefined ? undefined : sourceOfArchive(repository, path, handler);
  return root === undefined ? undefined : told('ARCHIVE_SOURCE_ASSUMED', { archive }, root);
}

/** `ZipFile` or `InlineCode`, when it is a text that the template alone tells. */
function inlineCodeOf(properties: PlainObject, template: Template): { inlineCode?: string } {
  const code = template.text(properties['InlineCode'] ?? objectOf(template.resolve(properties['Code']))['ZipFile']);
  return code === undefined ? {} : { inlineCode: code };
}

function runtimeOf(text: string | undefined, { repository, definition }: FunctionSource): string | null {
  if (text === undefined) return null;
  return (text.includes('{{') ? withDefaults(text, repository, definition) : text.trim()) ?? null;
}

function problemOf(found: CodeLocation, written: unknown, { declared }: HandlerReference, isImage: boolean): FunctionCode['problem'] {
  if (found.kind === 'problem') return { code: found.code, args: found.args };
  if (found.kind === 'packaged') return { code: 'CODE_IN_S3', args: {} };
  if (declared !== null || isImage) return undefined;
  return { code: written === undefined ? 'HANDLER_MISSING' : 'HANDLER_UNRESOLVED', args: {} };
}

function isImage(properties: PlainObject, template: Template): boolean {
  return (
    template.resolve(properties['PackageType']) === 'Image' ||
    properties['ImageUri'] !== undefined ||
    objectOf(properties['Code'])['ImageUri'] !== undefined
  );
}

/** Why it can be listed only, reported: another runtime weighs more than code that cannot be found. */
function unreadableReason(
  { id, runtime, range }: LambdaFunction,
  { problem, packageType }: FunctionCode,
  { report }: FunctionSource,
): string | undefined {
  const isNode = runtime === null || /^nodejs/i.test(runtime);
  if (!isNode) {
    report(diagnostic('RUNTIME_NOT_NODE', { args: { function: id, runtime }, place: range, function: id }));
    return 'RUNTIME_NOT_NODE';
  }
  if (!problem || (packageType === 'inline' && !problem.code.startsWith('HANDLER_'))) return undefined;
  report(diagnostic(problem.code, { args: { function: id, ...problem.args }, place: range, function: id }));
  return problem.code;
}

/** The value with its place, which is in the function or in the `Globals` it inherits from. */
function valueAt(id: string, path: (string | number)[], value: unknown, template: Template): Value {
  const own = template.toValue(value, ['Resources', id, 'Properties', ...path]);
  return own.range ? own : template.toValue(value, ['Globals', 'Function', ...path]);
}

function environmentOf(id: string, properties: PlainObject, template: Template): Record<string, Value> {
  const written = objectOf(objectOf(properties['Environment'])['Variables']);
  const known = objectOf(objectOf(template.resolve(properties['Environment']))['Variables']);
  const environment: Record<string, Value> = {};
  for (const [name, value] of Object.entries(known)) {
    if (name.startsWith('Fn::') || name === 'Ref') continue;
    environment[name] = valueAt(id, ['Environment', 'Variables', name], Object.hasOwn(written, name) ? written[name] : value, template);
  }
  return environment;
}

function isInVpc(config: unknown): boolean {
  if (!isPlainObject(config)) return false;
  const { SubnetIds: subnets } = config;
  return Array.isArray(subnets) ? subnets.length > 0 : Object.keys(config).length > 0;
}

/** Policies of SAM, or those of the template's own role. */
function permissionsOf(properties: PlainObject, template: Template): unknown[] {
  const { Role: role } = properties;
  const roleId = role === undefined ? undefined : template.resourceOf(role);
  const ofRole = roleId === undefined ? undefined : template.resources[roleId];
  const inherited =
    ofRole?.type === 'AWS::IAM::Role' ? [...listOf(ofRole.properties['ManagedPolicyArns']), ...listOf(ofRole.properties['Policies'])] : [];
  return [...listOf(properties['Policies']), ...inherited].map((policy) => template.resolve(policy));
}

/** A build whose result the template does not tell: https://docs.aws.amazon.com/serverless-application-model/latest/developerguide/building-custom-runtimes.html */
function reportOwnBuild({ id, range }: LambdaFunction, { template, report }: FunctionSource): void {
  const method = template.text(objectOf(objectOf(template.entries[id])['Metadata'])['BuildMethod']);
  if (method === undefined || method === 'esbuild' || /^nodejs/.test(method)) return;
  report(diagnostic('BUILD_METHOD_UNREAD', { args: { function: id, method }, place: range, function: id }));
}

/** `Metadata` for `sam build`. */
function buildHintOf(metadata: PlainObject): BuildHint {
  if (metadata['BuildMethod'] !== 'esbuild') return { tool: 'none' };
  const options = objectOf(metadata['BuildProperties']);
  const entryPoints = stringsOf(options['EntryPoints']);
  const external = stringsOf(options['External']);
  const format = options['Format'] === 'esm' || options['Format'] === 'cjs' ? options['Format'] : undefined;
  return {
    tool: 'esbuild',
    ...(entryPoints.length > 0 && { entryPoints }),
    ...(format && { format }),
    ...(external.length > 0 && { external }),
  };
}

function numberOf(value: unknown): number | undefined {
  const number = typeof value === 'string' && value.trim() !== '' ? Number(value) : value;
  return typeof number === 'number' && Number.isFinite(number) ? number : undefined;
}
