/** Entry files: one per service of the plan, which imports the handlers and hands them to the runtime beside it. */
import type { Facts, HandlerFacts } from '../analysis/facts.js';
import { takesCallbacks } from '../planning/callbacks.js';
import type { Plan, QueuePlan, ServicePlan } from '../planning/plan.js';
import { deployedName } from '../project/deployed-name.js';
import type { Project } from '../project/model.js';
import { Code, type RenderOptions, render, stringLiteral } from '../render.js';
import { authorizerNames } from './authorizers.js';
import { Constants } from './constants.js';
import { Imports } from './imports.js';
import { access, isIdentifier, literal } from './literals.js';
import { specifier } from './paths.js';
import { routeModules, routesOf } from './routes.js';
import type { ServiceModule } from './service-module.js';
import { applyStyle, type CodeStyle, literalOptions } from './style.js';

export interface EntryInput {
  project: Project;
  facts: Facts;
  plan: Plan;
  service: ServicePlan;
  /** Folder of the entry files. */
  folder: string;
  module: ServiceModule;
  style: CodeStyle;
  options: RenderOptions;
}

/** Function that the runtime file of a kind exports, e.g. `startWeb` of `runtime/web.js`. */
const starters = { web: 'startWeb', worker: 'startWorker', job: 'startJob' } as const;

/** Invocations at the same time of a queue consumer when the trigger does not say. */
const defaultConcurrency = 5;

/** Text of the entry file of a service that feeds handlers; servers of the user's own: `serverEntry`. */
export function adapterEntry(input: EntryInput): string {
  const { project, service, module, style } = input;
  const { kind } = service;
  const reserved = ['functions', starters[kind], ...routeModules(service), ...authorizerNames(service)];
  const imports = new Imports({ module, quote: style.quote, reserved });
  const constants = new Constants(imports, literalOptions(style));
  const authorizers = new Constants(imports, literalOptions(style));
  const print = (value: unknown, indent: number) =>
    new Code(literal(value, { ...literalOptions(style), expand: typeof value === 'object' }, indent));
  // Before the handlers: loading the runtime sets up what Lambda offers to modules while they load (`awslambda`).
  const start = imports.runtime(`./runtime/${kind}${module.importExtension}`, starters[kind]);
  const functions = functionTable(input, imports);
  const routes = kind === 'web' ? routesOf({ input, imports, constants, authorizers }) : [];
  const values = {
    project: project.name,
    definition: project.definition,
    name: print(`${project.name}-${service.name}`, 2),
    start: new Code(start),
    functions: print(functions, 0),
    imports: new Code(imports.statements()),
    ...(kind === 'web' && {
      constants: new Code(constants.statements()),
      authorizers: new Code(authorizers.statements()),
      routes: print(routes, 2),
    }),
    ...(kind === 'worker' && {
      consumers: print(
        service.queues.map((queue) => consumerOf(queue, input)),
        2,
      ),
    }),
    ...(kind === 'job' && { jobs: print(jobsOf(input), 2) }),
  };
  return applyStyle(render(`entry/${kind}.hbs`, values, input.options), style);
}

function functionTable(input: EntryInput, imports: Imports): Record<string, unknown> {
  const { project, facts, service, folder, module } = input;
  const table: [string, unknown][] = [];
  for (const id of service.functions) {
    const lambda = project.functions.find((each) => each.id === id);
    const handler = facts.functions[id];
    if (!lambda || !handler || handler.file === null) continue;
    const exported = handler.routeExport === undefined ? handler : { ...handler, exportPath: [handler.routeExport] };
    const expression = imports.handler(handlerSpecifier(folder, handler.file, module), exported, id);
    table.push([
      id,
      {
        name: deployedName(lambda),
        handler: new Code(expression),
        timeoutSeconds: lambda.timeoutSeconds,
        memoryMb: lambda.memoryMb,
        ...(isNative(input, id) && { native: true }),
        ...(!isNative(input, id) &&
          takesCallbacks(lambda, handler) && { callbacks: true, usesCallback: mayCallBackUnseen(handler) || undefined }),
      },
    ]);
  }
  return Object.fromEntries(table);
}

/** The runtime sees a third parameter by itself; not what a wrapper does with its arguments, or code that the handler calls. */
function mayCallBackUnseen({ shape, isAsync, usesCallback, usesContextDone, parameterCount }: HandlerFacts): boolean {
  if (shape === 'wrapper' || shape === 'server' || shape === 'unknown') return true;
  return !isAsync && (usesCallback || usesContextDone) && (parameterCount ?? 0) < 3;
}

/** The handler is a route handler of Fastify's, rewritten or found as one. */
function isNative({ plan }: EntryInput, id: string): boolean {
  return plan.functions.some((each) => each.id === id && each.style === 'native');
}

/** TypeScript sources are named as the JavaScript that they become: that suits every `moduleResolution`. */
export function handlerSpecifier(folder: string, file: string, module: ServiceModule): string {
  const path = specifier(folder, file);
  if (module.language === 'typescript' || module.built)
    return path.replace(/\.([cm]?)tsx?$/, '.$1js').replace(/\.jsx$/, module.language === 'typescript' ? '.js' : '.jsx');
  return path;
}

function functionReference(id: string, { style }: EntryInput): Code {
  return new Code(`functions${access(id, style.quote)}`);
}

function consumerOf({ function: id, trigger, urlVariable }: QueuePlan, input: EntryInput): Record<string, unknown> {
  const variable =
    isIdentifier(urlVariable) && input.module.language === 'javascript'
      ? `.${urlVariable}`
      : `[${stringLiteral(urlVariable, input.style.quote)}]`;
  return {
    function: functionReference(id, input),
    queueUrl: new Code(`process.env${variable} ?? ${stringLiteral('', input.style.quote)}`),
    fifo: trigger.fifo,
    batchSize: trigger.batchSize,
    maximumBatchingWindowSeconds: trigger.maximumBatchingWindow,
    reportBatchItemFailures: trigger.reportBatchItemFailures,
    concurrency: concurrencyOf(id, trigger.maximumConcurrency, input),
    filters: trigger.filters,
  };
}

function concurrencyOf(id: string, maximum: number | undefined, { project }: EntryInput): number {
  const reserved = project.functions.find((lambda) => lambda.id === id)?.reservedConcurrency;
  return Math.max(1, Math.min(maximum ?? defaultConcurrency, reserved || Number.POSITIVE_INFINITY));
}

function jobsOf(input: EntryInput): Record<string, unknown> {
  return Object.fromEntries(
    input.service.jobs.map(({ name, function: id, trigger }) => [
      name,
      { function: functionReference(id, input), input: trigger.input, scheduleName: trigger.name },
    ]),
  );
}
