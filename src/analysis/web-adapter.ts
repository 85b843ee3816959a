/** Functions behind the Lambda Web Adapter: they start an HTTP server of their own, no handler is called. */
import { posix } from 'node:path';
import { diagnostic } from '../diagnostics/catalog.js';
import type { Diagnostic } from '../diagnostics/diagnostic.js';
import type { LambdaFunction, PackageJson } from '../project/model.js';
import { readPackageJson } from '../project/package-info.js';
import { parentOf } from '../project/repository.js';
import { isBuildPath } from './build-folders.js';
import { formatOf } from './build-reasons.js';
import type { HandlerFacts, ServerStart } from './facts.js';
import type { Understood } from './handler.js';
import { findHandlerFile } from './handler-file.js';
import { reach } from './reach.js';
import { type NotUnderstood, readStart, type StartCommand } from './start-command.js';
import type { Values } from './values.js';
import { lostSettings, portOf, readinessOf } from './web-adapter-settings.js';

/** Undefined when the function has an ordinary handler. */
export function webAdapterServer(values: Values, lambda: LambdaFunction): Understood | undefined {
  if (!isBehindAdapter(lambda) || (lambda.runtime !== null && !lambda.runtime.startsWith('nodejs'))) return undefined;
  const found = findServer(values, lambda);
  if ('problem' in found)
    return { handler: { ...facts('javascript', 'commonjs'), server: null }, diagnostics: [unknownStart(lambda, found)] };
  const { file, start } = found;
  // A framework's or a tool's server has no file of its own here: its package.json stands for it.
  const module = values.modules.get(file);
  const reached = module && reach(values.modules, values.resolver, module, lambda.id);
  const isMade = (each: Diagnostic) => each.code === 'MODULE_NOT_FOUND' && isBuildPath(String(each.args['specifier'] ?? ''));
  const needsBuild = start.build !== null || (reached?.diagnostics.some(isMade) ?? false);
  const build = needsBuild ? buildScriptOf(packageAt(values, start.folder)) : null;
  if (needsBuild && build === null) {
    const problem = `${file} needs a build, and package.json has no script "build"`;
    return { handler: { ...facts('javascript', 'commonjs'), server: null }, diagnostics: [unknownStart(lambda, { problem })] };
  }
  const handler: HandlerFacts = {
    ...facts(module?.language ?? 'javascript', module ? formatOf(module, values.resolver) : 'commonjs'),
    file,
    declaration: { file, line: 1, column: 1 },
    server: { ...server, file, start: { ...start, build } },
    files: reached?.files ?? [],
    packages: { ...reached?.packages, ...(found.tool !== undefined && { [found.tool]: { file, line: 1 } }) },
  };
  return {
    handler,
    diagnostics: [...lostSettings(values, lambda, handler.files), ...(reached?.diagnostics.filter((each) => !isMade(each)) ?? [])],
  };
}

const server = { adapter: 'lambda-web-adapter', framework: 'unknown', line: 1, binding: null, unwrappable: true } as const;

function unknownStart(lambda: LambdaFunction, { problem, file, line }: NotUnderstood): Diagnostic {
  const place = file === undefined ? (lambda.handler.range ?? lambda.range) : { file, line: line ?? 1 };
  return diagnostic('WEB_ADAPTER_START_UNKNOWN', {
    args: { function: lambda.id, command: lambda.handler.declared ?? '', problem },
    place,
    function: lambda.id,
  });
}

function facts(language: HandlerFacts['language'], format: HandlerFacts['format']): HandlerFacts {
  return {
    file: null,
    exportPath: [],
    language,
    format,
    declaration: null,
    shape: 'server',
    parameterCount: null,
    isAsync: false,
    usesCallback: false,
    usesContextDone: false,
    streaming: false,
    server: null,
    frontEvidence: null,
    triggerEvidence: null,
    files: [],
    packages: {},
    // The program is started as it was: nothing is bundled.
    buildReasons: [],
  };
}

/** The adapter's wrapper or layer, or an image that starts a server where the handler would be. */
function isBehindAdapter({ environment, layers, handler, packageType, webAdapter }: LambdaFunction): boolean {
  const wrapper = environment['AWS_LAMBDA_EXEC_WRAPPER'];
  if (wrapper?.kind === 'literal' && wrapper.value === '/opt/bootstrap') return true;
  if (layers.some((layer) => /LambdaAdapterLayer/.test(layer.kind === 'literal' ? String(layer.value) : layer.text))) return true;
  if (packageType !== 'image') return false;
  return (
    webAdapter === true || /^(?:exec\s+)?(?:\S*\/)?(?:node|npm|npx|yarn|pnpm|bun|sh|bash|tsx?|\S+\.sh)(?:\s|$)/.test(handler.declared ?? '')
  );
}

interface FoundServer {
  file: string;
  start: ServerStart;
  tool?: string;
}

function findServer(values: Values, lambda: LambdaFunction): FoundServer | NotUnderstood {
  const { repository, project } = values.resolver;
  const root = lambda.handler.codeRoot ?? project.root;
  const { declared } = lambda.handler;
  if (declared === null) return { problem: 'its image names no command' };
  const command = readStart({ repository, root, packageJson: packageAt(values, root) }, declared);
  if ('problem' in command) return command;
  const settings = { port: portOf(lambda, command.environment), readiness: readinessOf(lambda) };
  const at = programIndex(command.words);
  if (at === -1) return ofTool(values, root, command, settings);
  const named = posix.normalize((command.words[at] as string).replace(/^\/var\/task\//, ''));
  const found = startedFile(values, lambda, root, named);
  if (!found) return { problem: `${named} was not found` };
  const folder = packageFolder(values, parentOf(found.file));
  const program = found.made ?? [posix.relative(folder || '.', found.isSource ? posix.join(root, named) : found.file)];
  const words = command.words.toSpliced(at, 1, ...program);
  const build = found.isSource ? 'build' : null;
  return { file: found.file, start: { command: execForm({ ...command, words }), folder, build, ...settings } };
}

/** `next start`, `tsx server.ts`: what the tool reads is its own business; it may need what a build makes. */
function ofTool(
  values: Values,
  root: string,
  command: StartCommand,
  settings: Pick<ServerStart, 'port' | 'readiness'>,
): FoundServer | NotUnderstood {
  const folder = packageFolder(values, root);
  const file = values.resolver.repository.nearest(folder, 'package.json');
  if (file === undefined) return { problem: 'there is no package.json for it' };
  const build = buildScriptOf(packageAt(values, folder));
  return {
    file,
    start: { command: execForm(command), folder, build, ...settings },
    ...(command.tool !== undefined && { tool: command.tool }),
  };
}

/** Variables and folders first, then the program in their place, so that it gets the signals. */
function execForm({ words, environment, folders }: StartCommand): string[] {
  const variables = Object.entries(environment).filter(([name]) => name !== 'PORT');
  const command = variables.length === 0 ? words : ['env', ...variables.map((each) => each.join('=')), ...words];
  return folders.length === 0 ? command : ['sh', '-c', `mkdir -p ${folders.join(' ')} && exec "$@"`, 'sh', ...command];
}

/** Where the file stands that Node is given; -1 for another program. */
function programIndex(words: readonly string[]): number {
  if (words[0] !== 'node') return -1;
  for (let index = 1; index < words.length; index++) {
    const word = words[index] as string;
    if (/^(?:-r|--require|--import|--loader|--experimental-loader|--env-file|-C|--conditions)$/.test(word)) index++;
    else if (!word.startsWith('-')) return index;
  }
  return -1;
}

interface StartedFile {
  file: string;
  /** The program is what a build makes from it. */
  isSource: boolean;
  /** What is started of a framework's own build. */
  made?: readonly string[];
}

/** The file itself; else what a build makes it from; else what a framework's own build makes. */
function startedFile(values: Values, lambda: LambdaFunction, root: string, named: string): StartedFile | undefined {
  const { repository, files } = values.resolver;
  const { entry } = lambda.handler;
  if (entry !== undefined && repository.isFile(entry)) return { file: entry, isSource: /\.[cm]?tsx?$/.test(entry) };
  const path = repository.resolve(root, named);
  const endings = /\.[cm]?[jt]sx?$/.test(named) ? [''] : ['', '.js', '/index.js'];
  const exact = endings.map((end) => repository.resolve(root, named + end)).find((each) => each !== undefined && files.isFile(each));
  if (exact !== undefined) return { file: exact, isSource: false };
  const framework = frameworkServer(values, root, named);
  if (framework) return framework;
  const found = path === undefined ? undefined : findHandlerFile(values.resolver, lambda, named.replace(/\.[cm]?js$/, ''));
  if (!found || found.file === null) return undefined;
  if (found.how === 'elsewhere' && posix.basename(found.file) !== posix.basename(named)) return undefined;
  return { file: found.file, isSource: /\.[cm]?tsx?$/.test(found.file) || found.how === 'built' };
}

/** Servers that frameworks make: what is started on Lambda, and the same where the framework's build leaves it. */
const frameworkServers: readonly { package: string; named: RegExp; made: readonly string[] }[] = [
  // https://nextjs.org/docs/app/api-reference/config/next-config-js/output: public files lie beside it, which `next start` sees to.
  { package: 'next', named: /^(?:\.next\/standalone\/)?server\.js$/, made: ['node_modules/next/dist/bin/next', 'start'] },
  // https://svelte.dev/docs/kit/adapter-node
  { package: '@sveltejs/adapter-node', named: /^(?:build\/)?index(?:\.js)?$/, made: ['build/index.js'] },
];

function frameworkServer(values: Values, root: string, named: string): StartedFile | undefined {
  const file = values.resolver.repository.nearest(root, 'package.json');
  const { dependencies, devDependencies } = packageAt(values, root);
  const found = frameworkServers.find(
    (each) => each.named.test(named) && Object.hasOwn({ ...dependencies, ...devDependencies }, each.package),
  );
  return found && file !== undefined ? { file, isSource: true, made: found.made } : undefined;
}

function packageAt({ resolver: { repository } }: Values, folder: string): PackageJson {
  const file = repository.nearest(folder, 'package.json');
  return file === undefined ? {} : readPackageJson(repository, file).json;
}

function packageFolder({ resolver: { repository, project } }: Values, folder: string): string {
  const file = repository.nearest(folder, 'package.json');
  return file === undefined ? project.root : parentOf(file);
}

function buildScriptOf({ scripts = {} }: PackageJson): string | null {
  return ['build', 'compile'].find((name) => scripts[name] !== undefined) ?? null;
}
