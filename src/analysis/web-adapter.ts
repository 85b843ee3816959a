/** Functions behind the Lambda Web Adapter: they start an HTTP server of their own, no handler is called. */
import { posix } from 'node:path';
import { diagnostic } from '../diagnostics/catalog.js';
import type { LambdaFunction } from '../project/model.js';
import { readPackageJson } from '../project/package-info.js';
import { formatOf } from './build-reasons.js';
import type { HandlerFacts } from './facts.js';
import type { Understood } from './handler.js';
import { findHandlerFile } from './handler-file.js';
import { reach } from './reach.js';
import type { Values } from './values.js';

/** Undefined when the function has an ordinary handler. */
export function webAdapterServer(values: Values, lambda: LambdaFunction): Understood | undefined {
  if (!isBehindAdapter(lambda)) return undefined;
  const file = startedFile(values, lambda);
  const module = file === undefined ? undefined : values.modules.get(file);
  const place = lambda.handler.range ?? lambda.range;
  if (file === undefined || !module) {
    const found = diagnostic('WEB_ADAPTER_START_UNKNOWN', {
      args: { function: lambda.id, command: lambda.handler.declared ?? '' },
      place,
      function: lambda.id,
    });
    return { handler: { ...facts(file ?? null, 'javascript', 'commonjs'), server: null }, diagnostics: [found] };
  }
  const reached = reach(values.modules, values.resolver, module, lambda.id);
  const { files, packages, buildReasons, diagnostics } = reached;
  return { handler: { ...facts(file, module.language, formatOf(module, values.resolver)), files, packages, buildReasons }, diagnostics };
}

function facts(file: string | null, language: HandlerFacts['language'], format: HandlerFacts['format']): HandlerFacts {
  return {
    file,
    exportPath: [],
    language,
    format,
    declaration: file === null ? null : { file, line: 1, column: 1 },
    shape: 'server',
    parameterCount: null,
    isAsync: false,
    usesCallback: false,
    usesContextDone: false,
    streaming: false,
    server: file === null ? null : { adapter: 'lambda-web-adapter', framework: 'unknown', file, line: 1, binding: null, unwrappable: true },
    frontEvidence: null,
    triggerEvidence: null,
    files: [],
    packages: {},
    buildReasons: [],
  };
}

/** The adapter's wrapper or layer, or an image that starts a server where the handler would be. */
function isBehindAdapter({ environment, layers, handler, packageType }: LambdaFunction): boolean {
  const wrapper = environment['AWS_LAMBDA_EXEC_WRAPPER'];
  if (wrapper?.kind === 'literal' && wrapper.value === '/opt/bootstrap') return true;
  if (layers.some((layer) => /LambdaAdapterLayer/.test(layer.kind === 'literal' ? String(layer.value) : layer.text))) return true;
  return packageType === 'image' && /^(?:\S*\/)?(?:node|npm|npx|yarn|pnpm|bun|sh|bash|tsx?)\s/.test(handler.declared ?? '');
}

/** What is started: the handler's script, the image's command, or the start script of package.json. */
function startedFile(values: Values, lambda: LambdaFunction): string | undefined {
  const { repository, project } = values.resolver;
  const { declared, entry, codeRoot } = lambda.handler;
  if (entry !== undefined && repository.isFile(entry)) return entry;
  const root = codeRoot ?? project.root;
  const script = declared === null || /\s/.test(declared) ? undefined : repository.resolve(root, declared);
  const text = script === undefined ? undefined : repository.read(script);
  const commands = [text ?? declared ?? '', startScript(values, root)];
  for (const command of commands) {
    const named = startedBy(command);
    const found = named === undefined ? undefined : findHandlerFile(values.resolver, lambda, named);
    if (found && found.file !== null) return found.file;
  }
  return undefined;
}

function startScript({ resolver: { repository } }: Values, root: string): string {
  const file = repository.nearest(root, 'package.json');
  if (file === undefined) return '';
  const { json } = readPackageJson(repository, file);
  return json.scripts?.['start'] ?? (json.main === undefined ? '' : `node ${json.main}`);
}

/** Module (without ending) of `exec node --enable-source-maps dist/server.js`. */
function startedBy(command: string): string | undefined {
  const match = /\b(?:node|tsx|ts-node)\s+(?:(?:-\S+|--\S+(?:\s+\S+\/register)?)\s+)*["']?([\w./@-]+)/.exec(command)?.[1];
  return match === undefined ? undefined : posix.normalize(match.replace(/^\/var\/task\//, '')).replace(/\.[cm]?[jt]s$/, '');
}
