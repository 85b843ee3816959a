/** One template file → a project, as far as it has functions. */
import { diagnostic } from '../../../diagnostics/catalog.js';
import type { Diagnostic } from '../../../diagnostics/diagnostic.js';
import { isPlainObject, objectOf, type PlainObject } from '../../data.js';
import type { Dialect, LambdaFunction, PackageInfo, Project, ReadResult, TextRange } from '../../model.js';
import { parentOf, type Repository } from '../../repository.js';
import { type LocatedDocument, readYaml } from '../../yaml.js';
import type { ReadOptions } from '../reader.js';
import type { CodeLocation } from './code.js';
import { addEventTriggers } from './events/sam-events.js';
import { type FunctionResource, type FunctionSource, readFunctionResources } from './functions.js';
import { parametersOfOuterStacks } from './nested-parameters.js';
import { Template } from './template.js';
import { reportUnread } from './unread-parts.js';
import { addDirectInvocations, wireFunctions } from './wiring.js';

/** Filled by `discover()` once the root is known. */
export const noPackage: PackageInfo = {
  file: null,
  json: {},
  manager: 'npm',
  lockfile: null,
  workspaceRoot: null,
  tsconfig: null,
  nested: [],
};

const toldWithoutFunctions = new Set(['NESTED_APPLICATION', 'WEB_FUNCTION_FOUND', 'FUNCTION_NOT_CREATED']);

/** True for a file that can be a template at all. */
export function isTemplateFile(path: string): boolean {
  return /\.(ya?ml|json|template|cfn)$/i.test(path) && !/(^|\/)(cdk\.out|\.aws-sam)\/|(^|\/)serverless([\w.-]*)\.(ya?ml|json)$/.test(path);
}

/** A document that is one flow mapping, as JSON is: its keys stand anywhere. */
const flow = /^\uFEFF?(?:\s|#.*\n|---\s)*\{/;

/** True for a text with a `Resources` section. */
export function hasResources(text: string): boolean {
  return flow.test(text) ? /\bResources["']?\s*:/.test(text) : /^["']?Resources["']?[ \t]*:/m.test(text);
}

/** What a dialect knows better than the template: of the CDK, folder, name and code; of an account, who may call. */
export interface TemplateOrigin {
  root: string;
  name: string;
  /** Permissions count for every function, not only for those that nothing else calls. */
  everyPermission?: boolean;
  locate?(
    id: string,
    resource: { properties: PlainObject; metadata: PlainObject; range: TextRange },
    report: (found: Diagnostic) => void,
  ): CodeLocation | undefined;
}

export function readTemplateFile(
  dialect: Dialect,
  repository: Repository,
  path: string,
  text: string,
  options: ReadOptions,
  origin?: TemplateOrigin,
): ReadResult {
  const document = readYaml(path, text, { yesIsTrue: true });
  if (!isPlainObject(document.value)) return { projects: [], diagnostics: document.diagnostics };
  if (!isPlainObject(document.value['Resources'])) return { projects: [], diagnostics: [] };
  const diagnostics: Diagnostic[] = [];
  const outer = parametersOfOuterStacks(repository, path, objectOf(document.value['Parameters']), options.parameters);
  const template = new Template({
    template: document.value,
    range: document.range,
    entryRange: document.entryRange,
    parameters: { ...outer, ...options.parameters },
    readFile: (file) => readBeside(repository, path, file),
    json: /^\s*\{/.test(text),
  });
  const report = (found: Diagnostic) => void diagnostics.push(found);
  const source: FunctionSource = {
    template,
    repository,
    definition: path,
    report,
    ...(origin?.locate && { locate: (id) => origin.locate?.(id, functionResource(template, id, path), report) }),
  };
  if (/\{%-?\s*\w/.test(text)) source.report(diagnostic('TEMPLATE_PLACEHOLDERS', { args: { file: path }, place: { file: path } }));
  reportUnread(document.value, template, repository, path, source.report);
  const resources = readFunctionResources(source);
  if (resources.length === 0) return { projects: [], diagnostics: diagnostics.filter(({ code }) => toldWithoutFunctions.has(code)) };
  if (isPackagedCopy(resources)) return { projects: [], diagnostics: [packagedCopy(path, resources)] };
  const functions = resources.map(({ lambda }) => lambda);
  addEventTriggers(template, functions, source.report);
  wireFunctions(template, functions, origin?.everyPermission);
  addDirectInvocations(functions);
  const project = toProject(dialect, path, document, functions, template);
  if (origin) Object.assign(project, { root: origin.root, name: origin.name });
  return { projects: [project], diagnostics: [...document.diagnostics, ...diagnostics] };
}

function functionResource(template: Template, id: string, path: string): Parameters<NonNullable<TemplateOrigin['locate']>>[1] {
  const range = template.range(['Resources', id]) ?? { start: 0, end: 0, file: path, line: 1, column: 1 };
  return { properties: template.resources[id]?.properties ?? {}, metadata: objectOf(template.entries[id]?.['Metadata']), range };
}

function readBeside(repository: Repository, path: string, file: string): string | undefined {
  const found = repository.resolve(parentOf(path), file);
  return found === undefined ? undefined : repository.read(found);
}

/** `aws cloudformation package` and `sam package` write a copy whose code is in S3; the template itself lies elsewhere. */
function isPackagedCopy(resources: readonly FunctionResource[]): boolean {
  return (
    resources.every(({ packaged, lambda }) => packaged || lambda.packageType === 'inline') && resources.some(({ packaged }) => packaged)
  );
}

function packagedCopy(path: string, resources: readonly FunctionResource[]): Diagnostic {
  return diagnostic('TEMPLATE_PACKAGED', { args: { file: path, functions: resources.length }, place: { file: path, line: 1 } });
}

function toProject(dialect: Dialect, path: string, document: LocatedDocument, functions: LambdaFunction[], template: Template): Project {
  const root = parentOf(path);
  return {
    root,
    dialect,
    definition: path,
    name: projectName(path, document.value as PlainObject),
    functions,
    packageInfo: noPackage,
    resources: template.resources,
  };
}

/** Folder of the definition, or what the template says its name is when it lies in the root. */
function projectName(path: string, template: PlainObject): string {
  const folder = parentOf(path);
  const stated = objectOf(objectOf(objectOf(template['Metadata'])['AWS::ServerlessRepo::Application']))['Name'];
  const name = folder === '' ? (typeof stated === 'string' ? stated : fileName(path)) : folder.slice(folder.lastIndexOf('/') + 1);
  return kebabCase(name);
}

function fileName(path: string): string {
  const name = path.slice(path.lastIndexOf('/') + 1).replace(/(\.template)?\.\w+$/, '');
  return /^(sam-)?template$/.test(name) ? 'service' : name;
}

export function kebabCase(name: string): string {
  const kebab = name
    .replace(/([a-z0-9])([A-Z])/g, '$1-$2')
    .replace(/[^A-Za-z0-9]+/g, '-')
    .replace(/^-+|-+$/g, '')
    .toLowerCase()
    .slice(0, 60)
    .replace(/-+$/, '');
  return kebab === '' ? 'service' : kebab;
}
