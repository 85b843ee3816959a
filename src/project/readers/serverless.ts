/** Reads Serverless Framework services: serverless.yml, .json and, without running them, .ts and .js. */
import { diagnostic } from '../../diagnostics/catalog.js';
import type { Diagnostic } from '../../diagnostics/diagnostic.js';
import { isPlainObject, objectOf } from '../data.js';
import type { Project, ReadResult } from '../model.js';
import { parentOf, type Repository } from '../repository.js';
import { kebabCase, noPackage } from './cloudformation/read-template.js';
import { addDirectInvocations, wireFunctions } from './cloudformation/wiring.js';
import type { Reader, ReadOptions } from './reader.js';
import { readService } from './serverless/definition.js';
import { dotenvPlugin } from './serverless/dotenv.js';
import { placeOf, readFunctions, type Service } from './serverless/functions.js';
import { resourceFunctions, serviceTemplate } from './serverless/resources.js';
import { addTriggers } from './serverless/triggers.js';
import { literalText } from './serverless/values.js';

const exactName = /(^|\/)serverless\.(ya?ml|json|[cm]?[jt]s)$/;
/** A second service beside the first (`--config serverless-jobs.yml`), or a part that one includes. */
const otherName = /(^|\/)serverless[.-][\w.-]+\.(ya?ml|json|ts|js)$/;

/** A serverless.ts that exports names only is a part of a service, which that service imports. */
const exportsOneThing = /\bmodule\.exports\b|\bexport\s+default\b|\bexport\s*=|\bas\s+default\b/;

export const serverlessReader: Reader = {
  dialect: 'serverless',
  candidate: (path) => (exactName.test(path) || otherName.test(path)) && !path.endsWith('.d.ts'),
  guard: isService,
  read: readServerless,
};

function isService(text: string, path: string): boolean {
  if (/^component:/m.test(text)) return false;
  const script = /\.[cm]?[jt]s$/.test(path);
  if (script && !exportsOneThing.test(text)) return false;
  const has = (key: string) =>
    script || path.endsWith('.json') ? new RegExp(`\\b${key}\\b`).test(text) : new RegExp(`^["']?${key}["']?\\s*:`, 'm').test(text);
  if (exactName.test(path)) return has('provider') || has('functions') || (has('service') && !script);
  return has('service') && has('provider') && has('functions');
}

/** Names of the definition in the order Serverless looks for them. */
const precedence = ['yml', 'yaml', 'json', 'js', 'cjs', 'mjs', 'ts'].map((end) => `serverless.${end}`);

/** A definition beside this one that Serverless would take instead. */
function precedingName(repository: Repository, path: string): string | undefined {
  const folder = parentOf(path);
  const inFolder = (name: string) => (folder === '' ? name : `${folder}/${name}`);
  const at = precedence.findIndex((name) => inFolder(name) === path);
  return precedence
    .slice(0, Math.max(at, 0))
    .map(inFolder)
    .find((file) => repository.isFile(file));
}

/** What a compiler made of a serverless.ts further up: `lib/serverless.js`. */
function isCompiled(repository: Repository, path: string, text: string): boolean {
  if (!/\.[cm]?js$/.test(path) || !text.includes('\n//# sourceMappingURL=')) return false;
  const folders = parentOf(path).split('/');
  return folders.some((_, depth) => repository.isFile([...folders.slice(0, depth), 'serverless.ts'].join('/')));
}

async function readServerless(repository: Repository, path: string, text: string, options: ReadOptions): Promise<ReadResult> {
  if (isCompiled(repository, path, text)) return { projects: [], diagnostics: [] };
  const other = precedingName(repository, path);
  if (other !== undefined) {
    return { projects: [], diagnostics: [diagnostic('SERVERLESS_SHADOWED', { args: { file: path, other }, place: { file: path } })] };
  }
  const diagnostics: Diagnostic[] = [];
  const service = readService(repository, path, options, (found) => diagnostics.push(found));
  if (!service) return { projects: [], diagnostics };
  if (!isOnAws(service)) return { projects: [], diagnostics };
  const declared = readFunctions(service);
  const template = serviceTemplate(service, declared, options);
  addTriggers(service, declared, template);
  const functions = [...declared, ...resourceFunctions(service, template)];
  wireFunctions(template, functions);
  addDirectInvocations(functions);
  if (functions.length === 0) return { projects: [], diagnostics: [...diagnostics, ...withoutFunctions(service)] };
  const project: Project = {
    root: service.folder,
    dialect: 'serverless',
    definition: path,
    name: kebabCase(service.name),
    functions,
    packageInfo: noPackage,
    resources: template.resources,
    dotenv: dotenvPlugin(service),
  };
  return { projects: [project], diagnostics };
}

function isOnAws(service: Service): boolean {
  const provider = objectOf(service.data['provider']);
  const name = provider['name'];
  if (name === undefined || (typeof name === 'string' && (name.toLowerCase() === 'aws' || literalText(name) === undefined))) return true;
  const place = placeOf(service.provenance.range(service.data, 'provider', 'name')) ?? { file: service.definition };
  service.report(diagnostic('SERVERLESS_PROVIDER_NOT_AWS', { args: { provider: String(name) }, place }));
  return false;
}

/** A service of resources alone is no Lambda project; functions that stay behind a variable are worth a word. */
function withoutFunctions(service: Service): Diagnostic[] {
  const { functions } = service.data;
  if (functions === undefined || functions === null || (isPlainObject(functions) && Object.keys(functions).length === 0)) return [];
  const place = placeOf(service.provenance.range(service.data, 'functions')) ?? { file: service.definition };
  return [diagnostic('SERVERLESS_FUNCTIONS_UNRESOLVED', { args: { file: service.definition }, place })];
}
