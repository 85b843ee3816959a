/** Resources of Terraform, from files or from a plan → a project of the model. */
import { diagnostic } from '../../../diagnostics/catalog.js';
import type { Diagnostic } from '../../../diagnostics/diagnostic.js';
import { isPlainObject, type PlainObject } from '../../data.js';
import type { Project, ReadResult, TextRange } from '../../model.js';
import type { Repository } from '../../repository.js';
import type { PathKey } from '../../yaml.js';
import { readFunctionResources } from '../cloudformation/functions.js';
import { attributeOf, intrinsicOf } from '../cloudformation/intrinsics.js';
import { kebabCase, noPackage } from '../cloudformation/read-template.js';
import { Template } from '../cloudformation/template.js';
import { addDirectInvocations, wireFunctions } from '../cloudformation/wiring.js';
import { CodeLocator } from './code.js';
import type { ReadConfiguration } from './configuration.js';
import type { RemoteModule, TerraformResource } from './module.js';
import { translated } from './translate.js';
import { terraformText } from './values.js';

export interface ProjectSource extends ReadConfiguration {
  repository: Repository;
  /** Folder that paths are relative to. */
  rootFolder: string;
  /** The file that stands for the configuration: its folder is the root module. */
  definition: string;
  report(found: Diagnostic): void;
}

const functionType = 'aws_lambda_function';

/** The project; none when the configuration creates no function. */
export function terraformProject(source: ProjectSource): Project | undefined {
  const { repository, rootFolder, definition, resources, unreadModules, report } = source;
  const functions = resources.filter(({ type }) => type === functionType);
  reportModules(unreadModules, new Set(functions.map(({ address }) => address)), report);
  if (functions.length === 0) return undefined;
  const ids = idsOf(functions);
  const idOf = (address: string) => ids.get(address) ?? address;
  const byId = new Map(resources.map((resource) => [idOf(resource.address), resource]));
  const locator = new CodeLocator(repository, rootFolder, resources);
  const template = new Template({
    template: { Resources: withInlineCode(translated(resources, idOf), byId, locator) },
    range: (path) => rangeOf(byId, path),
    parameters: {},
    attribute: (id, name) => attributeOfResource(byId.get(id), name),
    print: terraformText,
    readFile: (path) => {
      const found = repository.resolve(rootFolder, path);
      return found === undefined ? undefined : repository.read(found);
    },
  });
  const read = readFunctionResources({
    template,
    repository,
    definition,
    report,
    locate: (id) => {
      const resource = byId.get(id);
      return (
        resource &&
        locator.locate(resource, (code, args) =>
          report(diagnostic(code, { args: { function: id, ...args }, place: resource.range ?? { file: definition }, function: id })),
        )
      );
    },
  });
  const lambdas = read.map(({ lambda }) => lambda);
  wireFunctions(template, lambdas);
  addDirectInvocations(lambdas);
  return {
    root: rootFolder,
    dialect: 'terraform',
    definition,
    name: kebabCase(rootFolder === '' ? 'service' : nameOf(rootFolder)),
    functions: lambdas,
    packageInfo: noPackage,
    resources: template.resources,
  };
}

/** One project or none, as a reader gives it. */
export function readResult(project: Project | undefined, diagnostics: Diagnostic[]): ReadResult {
  return { projects: project ? [project] : [], diagnostics };
}

/** `infrastructure/` and the like say less of a project than the folder around them. */
function nameOf(folder: string): string {
  const parts = folder.split('/').filter((part) => !/^(infra(structure)?|terraform|tf|iac|deploy(ment)?|src)$/i.test(part));
  return parts.at(-1) ?? folder;
}

function withInlineCode(
  found: ReturnType<typeof translated>,
  byId: ReadonlyMap<string, TerraformResource>,
  locator: CodeLocator,
): PlainObject {
  for (const [id, { Type: type, Properties: properties }] of Object.entries(found)) {
    const resource = type === 'AWS::Lambda::Function' ? byId.get(id) : undefined;
    const code = resource && locator.inlineCode(resource);
    if (code !== undefined) properties['Code'] = { ZipFile: code };
  }
  return found;
}

/** Label of the block, or of the module around it, where that is unique: what people call the function. */
function idsOf(functions: readonly TerraformResource[]): Map<string, string> {
  const short = (address: string) => {
    const parts = address.replace(/\[("?)([^\]"]*)\1\]/g, '-$2').split('.');
    const named = parts.filter((part) => part !== 'module' && part !== functionType);
    const [last = address, ...outer] = named.reverse();
    const own = outer.length > 0 ? last.replace(/^(this|main|lambda|lambda_function|function|default)(-|$)/, '') : last;
    return [...outer.reverse(), own].filter((part) => part !== '').join('-');
  };
  const counts = new Map<string, number>();
  for (const { address } of functions) counts.set(short(address), (counts.get(short(address)) ?? 0) + 1);
  return new Map(functions.map(({ address }) => [address, counts.get(short(address)) === 1 ? short(address) : address]));
}

function rangeOf(byId: ReadonlyMap<string, TerraformResource>, [section, id, ...rest]: readonly PathKey[]): TextRange | undefined {
  const resource = section === 'Resources' ? byId.get(String(id)) : undefined;
  if (!resource?.range || rest.length === 0) return resource?.range;
  const key = String(rest.at(-1));
  return rest.length === 1
    ? undefined
    : (resource.places.argument(resource.range, key) ?? resource.places.argument(resource.range, snakeCase(key)));
}

function snakeCase(name: string): string {
  return name.replace(/(?<!^)([A-Z])/g, '_$1').toLowerCase();
}

/** Attributes that are the same as an argument. */
const sameAs: Readonly<Record<string, readonly string[]>> = {
  aws_s3_bucket: ['bucket', 'id', 's3_bucket_id'],
  aws_dynamodb_table: ['name', 'id', 'dynamodb_table_id'],
  aws_iam_role: ['name', 'id'],
  aws_lambda_function: ['function_name', 'id', 'lambda_function_name'],
  aws_sqs_queue: ['name', 'queue_name'],
  aws_sns_topic: ['name', 'topic_name'],
  aws_cloudwatch_event_rule: ['name', 'id'],
};

/** An argument that others read as an attribute; undefined for what AWS makes up. */
function attributeOfResource(resource: TerraformResource | undefined, name: string): unknown {
  if (!resource) return undefined;
  const alias = sameAs[resource.type];
  const value = resource.values[alias?.includes(name) ? (alias[0] as string) : name];
  return typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean' || isPlainObject(value) ? value : undefined;
}

/** A module from elsewhere may call a function it is given, or declare one: told, because it is not read. */
function reportModules(modules: readonly RemoteModule[], functions: ReadonlySet<string>, report: (found: Diagnostic) => void): void {
  for (const { address, source, inputs, range, places } of modules) {
    const declares = /lambda/i.test(source) || (inputs['handler'] !== undefined && inputs['runtime'] !== undefined);
    if (!declares && !refersTo(inputs, functions)) continue;
    report(diagnostic('TERRAFORM_MODULE_UNREAD', { args: { module: address, source }, place: range ?? { file: places.file } }));
  }
}

function refersTo(value: unknown, addresses: ReadonlySet<string>, depth = 0): boolean {
  if (typeof value !== 'object' || value === null || depth > 60) return false;
  const intrinsic = intrinsicOf(value);
  if (intrinsic?.name === 'Fn::GetAtt') return addresses.has(attributeOf(intrinsic.argument)?.id ?? '');
  return Object.values(value).some((entry) => refersTo(entry, addresses, depth + 1));
}
