/** The rewrite as a plain jscodeshift transform: what the definition would tell comes from the command line and the code. */
import { basename, dirname, resolve } from 'node:path';
import type { API, FileInfo } from 'jscodeshift';
import { exportsOf } from '../../src/analysis/exports.js';
import { modulesOf } from '../../src/analysis/modules.js';
import { Resolver } from '../../src/analysis/resolve.js';
import type { SourceModule } from '../../src/analysis/source-module.js';
import { isFunction, parametersOf } from '../../src/analysis/syntax.js';
import { Values } from '../../src/analysis/values.js';
import { projectOfFile } from '../../src/mending/standalone.js';
import { openRepository } from '../../src/project/open-repository.js';
import type { Front } from '../../src/project/trigger.js';
import { joinSource, splitSource } from '../source-text.js';
import type { RouteRewrite, RouteShape, RouteSite } from './index.js';

/** Options of jscodeshift's command line that the rewrite knows. */
export interface StandaloneOptions {
  /** `rest-api`, `http-api`, `function-url` or `alb`; told from the code when it is left out. */
  front?: string;
  /** Path of the route, as in API Gateway; by default one with the variables that the code reads. */
  path?: string;
  /** Exported name of the handler; by default every exported function with an event counts as one. */
  export?: string;
}

const fronts: readonly Front[] = ['rest-api', 'http-api', 'function-url', 'alb'];

/**
 * `npx jscodeshift --no-babel -t dist/transforms/http-route-native/index.js --front=http-api --path=/items/{id} src/item.js`
 *
 * @throws Error for a front that is none
 */
export function standaloneRoute(
  rewriteRoute: (values: Values, site: RouteSite) => RouteRewrite,
  { path, source }: FileInfo,
  api: Pick<API, 'report'>,
  options: StandaloneOptions,
): string | undefined {
  const repository = openRepository(dirname(resolve(path)));
  const file = basename(path);
  const split = splitSource(source);
  let text = split.body;
  const report = (line: number, because: string) => api.report(`${path}:${line} is not rewritten: ${because}`);
  const look = () => {
    const modules = modulesOf(repository).with((each) => (each === file ? text : undefined));
    const module = modules.get(file);
    const project = projectOfFile(repository, file, module ? [...exportsOf(module).named.keys()] : []);
    return { module, values: new Values(modules, new Resolver(repository, project)) };
  };
  const { module: first, values: known } = look();
  const front = frontOf(options, source);
  if (!front) report(1, 'the code does not tell its front; name it with --front');
  if (!first || !front) return undefined;
  for (const name of handlersOf(known, first, options)) {
    const { module, values } = look();
    if (!module) break;
    const site = {
      module,
      exportPath: [name],
      routes: [routeOf(front, options, source)],
      takesPlainValues: false,
      deployed: { functionName: name, memoryMb: 128 },
    };
    const outcome = rewriteRoute(values, site);
    if (outcome.kind === 'refused') report(outcome.line, outcome.because);
    else if (outcome.others.length > 0) report(1, `${outcome.others[0]?.file} makes its results and would have to change too`);
    else text = outcome.text;
  }
  return text === split.body ? undefined : joinSource(split, text);
}

/** As asked for, or as types and fields of the event tell. */
function frontOf({ front }: StandaloneOptions, source: string): { front: Front; payload: '1.0' | '2.0' } | null {
  const known = fronts.find((each) => each === front);
  if (front !== undefined && !known) throw new Error(`--front is one of ${fronts.join(', ')}`);
  if (known) return { front: known, payload: known === 'http-api' || known === 'function-url' ? '2.0' : '1.0' };
  if (/\bLambdaFunctionURL\w+/.test(source)) return { front: 'function-url', payload: '2.0' };
  if (/\bAPIGatewayProxy\w*V2\b|\brawPath\b|\brawQueryString\b|requestContext\??\.http\b/.test(source))
    return { front: 'http-api', payload: '2.0' };
  if (/\bALB(?:Event|Handler|Result)\b|requestContext\??\.elb\b/.test(source)) return { front: 'alb', payload: '1.0' };
  if (/\bAPIGatewayProxy(?:Event|Handler|Result)\b|\.httpMethod\b|requestContext\??\.identity\b/.test(source))
    return { front: 'rest-api', payload: '1.0' };
  return null;
}

function routeOf({ front, payload }: { front: Front; payload: '1.0' | '2.0' }, { path }: StandaloneOptions, source: string): RouteShape {
  const read = [...source.matchAll(/pathParameters\)?\??[.!]*\??\.(\w+)|pathParameters\??\.?\[['"](\w+)['"]\]/g)].map(
    ([, plain, quoted]) => plain ?? quoted,
  );
  const pattern = [...source.matchAll(/\{([^{}=]*)\}\s*=\s*\w+\.pathParameters/g)].flatMap(([, names = '']) =>
    names.split(',').map((each) => each.split(/[:=]/)[0]?.trim()),
  );
  const variables = [...new Set([...read, ...pattern])].filter((each) => each !== undefined && each !== '');
  const made = `/${variables.map((each) => `{${each}}`).join('/')}`;
  const fixed = front === 'function-url' ? '$default' : front === 'alb' ? '*' : made;
  return {
    front,
    payload,
    method: 'ANY',
    path: path ?? fixed,
    stage: front === 'rest-api' ? 'Prod' : '$default',
    binaryMediaTypes: false,
    multiValueHeaders: false,
  };
}

/** Names of the exported functions that take an event. */
function handlersOf(values: Values, module: SourceModule, options: StandaloneOptions): string[] {
  if (options.export !== undefined) return [options.export];
  return [...exportsOf(module).named.keys()].filter((name) => {
    const value = values.exported(module, [name]);
    const isHandler = value?.kind === 'node' && value.module === module && isFunction(value.node);
    return isHandler && parametersOf(value.node).length <= 3 && !isRoute(module.text.slice(value.node.start, value.node.end));
  });
}

/** `(request, reply)`: it has been rewritten. */
function isRoute(text: string): boolean {
  return /^[^{=]*\(\s*_?\w+(?::[^,]*)?,\s*(?:reply|res|httpReply)\b/.test(text);
}
