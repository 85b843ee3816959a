/** A root module and all it calls, read from `.tf` files. */
import { diagnostic } from '../../../diagnostics/catalog.js';
import type { Diagnostic } from '../../../diagnostics/diagnostic.js';
import { isPlainObject, listOf, objectOf, type PlainObject } from '../../data.js';
import type { Repository } from '../../repository.js';
import type { ReadOptions } from '../reader.js';
import { ExpressionCache } from './expressions.js';
import { ModuleFiles } from './files.js';
import { givenValue, parsedJson, terraformFolders } from './folders.js';
import { parseFile, UnreadableHcl } from './hcl.js';
import { Module, type RemoteModule, type TerraformResource, type UnresolvedLoop } from './module.js';
import { expandedModule } from './public-modules.js';
import { resourceTypes } from './resource-types.js';

export interface ReadConfiguration {
  resources: TerraformResource[];
  /** Modules from elsewhere that nothing is known of. */
  unreadModules: RemoteModule[];
}

/** Rounds of reading: a template file is parsed when an expression names it, and read in the next round. */
const maximumRounds = 5;

/** All resources of a root module. What cannot be read is reported; the rest goes on. */
export async function readConfiguration(
  repository: Repository,
  rootFolder: string,
  options: ReadOptions,
  report: (found: Diagnostic) => void,
): Promise<ReadConfiguration> {
  const expressions = new ExpressionCache();
  const files = new Map<string, ModuleFiles>();
  await loadModules(repository, rootFolder, files, expressions, report);
  const inputs = await inputsOf(repository, rootFolder, options, expressions, report);
  const root = files.get(rootFolder) ?? new ModuleFiles(rootFolder);
  for (let round = 1; ; round++) {
    const loops: UnresolvedLoop[] = [];
    const configuration = {
      rootFolder,
      workspace: options.stage ?? 'default',
      expressions,
      load: (folder: string) => files.get(folder),
      resolve: (folder: string, path: string) => repository.resolve(folder, path),
      read: (file: string) => repository.read(file),
      unresolvedLoop: (loop: UnresolvedLoop) => void loops.push(loop),
    };
    const module = new Module(configuration, root, inputs, '', 0);
    const found = withPublicModules(module.resources(), module.remoteModules());
    const again = round < maximumRounds && (await expressions.parseWanted());
    if (again) continue;
    for (const { address, range } of loops) {
      if (!concernsFunctions(address, found.resources)) continue;
      report(diagnostic('TERRAFORM_LOOP_UNRESOLVED', { args: { address }, place: range ?? { file: rootFolder } }));
    }
    return found;
  }
}

const calling = /(^|\.)aws_(lambda|api|cloudwatch_event|scheduler|a?lb_listener|sns_topic_subscription|pipes)[a-z0-9_]*\.[^.]+$/;

/** Other loops (alarms, networks …) change nothing of what is read. */
function concernsFunctions(address: string, resources: readonly TerraformResource[]): boolean {
  if (calling.test(address)) return resources.some(({ type }) => type === 'aws_lambda_function');
  return resources.some((each) => each.type === 'aws_lambda_function' && each.address.startsWith(`${address}.`));
}

function withPublicModules(resources: readonly TerraformResource[], remote: readonly RemoteModule[]): ReadConfiguration {
  const all = [...resources];
  const unreadModules: RemoteModule[] = [];
  for (const module of remote) {
    const expanded = expandedModule(module);
    if (expanded) all.push(...expanded);
    else unreadModules.push(module);
  }
  return { resources: all, unreadModules };
}

/** Folders that are called are loaded before anything is evaluated: only their names are needed for that. */
async function loadModules(
  repository: Repository,
  folder: string,
  files: Map<string, ModuleFiles>,
  expressions: ExpressionCache,
  report: (found: Diagnostic) => void,
): Promise<void> {
  const folders = terraformFolders(repository);
  if (files.has(folder) || folders.files(folder).length === 0) return;
  const module = new ModuleFiles(folder);
  files.set(folder, module);
  folders.read.add(folder);
  for (const file of folders.files(folder)) {
    const text = repository.read(file);
    const content = text === undefined ? undefined : await contentOf(file, text, report);
    if (text === undefined || !content) continue;
    module.add(file, text, content);
    await expressions.prepare(relevantParts(content));
  }
  for (const { content } of module.blocks('module')) {
    for (const bodies of Object.values(content)) {
      const source = objectOf(listOf(bodies)[0])['source'];
      const callee = typeof source === 'string' && /^\.{1,2}\//.test(source) ? repository.resolve(folder, source) : undefined;
      if (callee !== undefined) await loadModules(repository, callee, files, expressions, report);
    }
  }
}

async function contentOf(file: string, text: string, report: (found: Diagnostic) => void): Promise<PlainObject | undefined> {
  try {
    return file.endsWith('.json') ? parsedJson(text) : await parseFile(file, text);
  } catch (error) {
    const place = error instanceof UnreadableHcl ? { file, line: error.line, column: error.column } : { file };
    const reason = error instanceof Error ? error.message : String(error);
    report(diagnostic('DEFINITION_UNREADABLE', { args: { file, reason }, place }));
    return undefined;
  }
}

/** What may be evaluated: networks, alarms and outputs for people are not worth parsing. */
function relevantParts(content: PlainObject): unknown {
  const resources = Object.entries(objectOf(content['resource'])).filter(
    ([type]) => Object.hasOwn(resourceTypes, type) || /^(archive_file|aws_s3_(bucket_)?object|docker_(registry_)?image)$/.test(type),
  );
  const data = Object.entries(objectOf(content['data'])).filter(([type]) => /^(archive_file|aws_iam_policy_document)$/.test(type));
  return [resources, data, content['locals'], content['module'], content['output'], defaultsOf(content['variable'])];
}

function defaultsOf(variables: unknown): unknown[] {
  return Object.values(objectOf(variables)).map((bodies) => objectOf(listOf(bodies)[0])['default']);
}

/** Values of the root module's variables: those of the command line over those of `.tfvars` files. */
async function inputsOf(
  repository: Repository,
  folder: string,
  options: ReadOptions,
  expressions: ExpressionCache,
  report: (found: Diagnostic) => void,
): Promise<PlainObject> {
  const inputs: PlainObject = {};
  for (const file of terraformFolders(repository).valueFiles(folder, options.stage)) {
    const text = repository.read(file);
    const content = text === undefined ? undefined : await contentOf(file, text, report);
    if (isPlainObject(content)) Object.assign(inputs, content);
  }
  await expressions.prepare(inputs);
  for (const [name, text] of Object.entries(options.parameters)) inputs[name] = givenValue(text);
  return inputs;
}
