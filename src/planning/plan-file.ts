import { Document, isMap, isPair, isScalar, LineCounter, type ParsedNode, parseDocument, type Scalar, visit, type YAMLMap } from 'yaml';
import { UserError } from '../errors.js';
import { isHttp } from '../project/trigger.js';
import { describeAuthorizer } from './authorizers.js';
import type { FunctionPlan, Plan, ServicePlan } from './plan.js';
import { type PlanFile, type PlanFileFunction, type PlanFileService, planFileSchema } from './plan-schema.js';

const heading = ` Plan of migrate-lambda. Edit it, then run: migrate-lambda <folder> --plan <this file>

 arch:      arm64 or x86_64: what the functions are taken to run on; each service says its own
 spot:      true: services that run on are Spot capacity beyond their first task
 functions: workload      web, worker, job, or stays (leave it on Lambda); function where the target runs functions
            style         native (handler rewritten into a route), adapter (handler kept) or unwrapped (its own server listens)
            front         only where it was inferred: rest-api, http-api, function-url or alb
            payload       only for an inferred http-api: 1.0 or 2.0
            routes        only where they were inferred: "GET /orders/{id}", "ANY $default"
            outcome and because only tell
 services:  functions     who shares the process; move a function to another service, or to a new one (web-admin)
            cpu, memory   units and MiB, a pair that Fargate has
            stopTimeout   seconds from SIGTERM to SIGKILL, 2 to 120
            environment   { value: "text" }, { reference: "to fill in" } or { secret: "reference or empty" }`;

/** Plans of a repository as YAML that a person can edit and give back with `--plan`. */
export function writePlan(plans: readonly Plan[]): string {
  const projects = plans.map(({ project, definition, target, arch, spot, functions, services }) => ({
    project,
    definition,
    target,
    ...(arch !== undefined && { arch }),
    ...(spot && { spot }),
    functions: Object.fromEntries(functions.map((plan) => [plan.id, functionEntry(plan)])),
    services: Object.fromEntries(services.map((service) => [service.name, serviceEntry(service)])),
  }));
  const document = new Document({ version: 1, projects }, { aliasDuplicateObjects: false });
  document.commentBefore = heading;
  plans.forEach((plan, index) => {
    for (const service of plan.services) {
      const node = document.getIn(['projects', index, 'services', service.name]);
      if (isMap(node)) commentOn(node, 'functions', contentsOf(service));
    }
  });
  return document.toString({ lineWidth: 0 });
}

function functionEntry({ workload, style, outcome, because, triggers }: FunctionPlan): PlanFileFunction {
  const inferred = triggers.filter(isHttp).filter((trigger) => trigger.inferred === true);
  const [first] = inferred;
  return {
    workload,
    ...(style !== null && { style }),
    ...(first && workload === 'web' && { front: first.type }),
    ...(first?.type === 'http-api' && workload === 'web' && { payload: first.payload }),
    ...(first && workload === 'web' && { routes: inferred.map(({ method, path }) => `${method} ${path}`) }),
    outcome,
    because,
  };
}

function serviceEntry(service: ServicePlan): PlanFileService {
  const environment = service.environment.map(({ name, kind, value }) => {
    const entry = kind === 'literal' ? { value } : kind === 'reference' ? { reference: value } : { secret: value };
    return [name, entry] as const;
  });
  return {
    because: service.because,
    functions: service.functions,
    cpu: service.cpu,
    memory: service.memoryMb,
    stopTimeout: service.stopTimeout,
    ...(service.ephemeralStorageGb !== null && { ephemeralStorage: service.ephemeralStorageGb }),
    architecture: service.architecture,
    environment: Object.fromEntries(environment),
  };
}

/** What the service serves, for people: it follows from the functions and cannot be edited. */
function contentsOf({ routes, queues, jobs, server }: ServicePlan): string[] {
  return [
    ...(server ? [`${server.framework} server of ${server.file} (${server.function})`] : []),
    ...routes.map((route) => {
      const { guard, authorizer } = route;
      const asks = authorizer ? `; authorizer ${authorizer.name}: ${describeAuthorizer(authorizer)}` : '';
      const closed = guard ? `; closed with ${guard.status}: ${guard.because}` : asks;
      return `${route.trigger.method} ${route.trigger.path} (${route.function})${closed}`;
    }),
    ...queues.map((queue) => `queue of $${queue.urlVariable} (${queue.function})`),
    ...jobs.map((job) => `job ${job.name}: ${job.trigger.expression || 'no schedule known'}`),
  ];
}

function commentOn(map: YAMLMap, key: string, lines: readonly string[]): void {
  const pair = map.items.find((item) => isScalar(item.key) && item.key.value === key);
  if (pair && lines.length > 0) (pair.key as Scalar).commentBefore = lines.map((line) => ` ${line.replace(/\s+/g, ' ')}`).join('\n');
}

/** A plan file larger than this was not made by `migrate-lambda plan`. */
const maximumLength = 5 * 1024 * 1024;

/**
 * An edited plan file; give it to `decide()` as `options.edits`.
 * @throws UserError with line and column when it cannot be understood.
 */
export function readPlan(text: string, path = 'plan.yaml'): PlanFile {
  if (text.length > maximumLength)
    throw new UserError('The plan file is larger than 5 MB', 'Make it again with "migrate-lambda plan".', path);
  const lines = new LineCounter();
  const document = parseDocument(text, { lineCounter: lines });
  const [error] = document.errors;
  if (error) {
    const at = error.linePos?.[0];
    const message = `The plan file is not valid YAML: ${error.message.split('\n')[0]}`;
    throw new UserError(
      message,
      'Correct it, or make the plan again with "migrate-lambda plan".',
      at ? `${path}:${at.line}:${at.col}` : path,
    );
  }
  const places = placesOf(document, lines);
  const result = planFileSchema().safeParse(toData(document, path));
  if (result.success) return { path, projects: result.data.projects, places };
  const [issue] = result.error.issues;
  const keys = (issue?.path ?? []).map((key) => (typeof key === 'symbol' ? String(key) : key));
  const place = placeOf(places, issue?.code === 'unrecognized_keys' ? [...keys, issue.keys[0] ?? ''] : keys);
  const where = keys.length > 0 ? ` at ${keys.join('.')}` : '';
  const message = `The plan file cannot be used${where}: ${issue?.message}`;
  throw new UserError(message, 'Correct it, or make the plan again with "migrate-lambda plan".', place ? `${path}:${place}` : path);
}

function toData(document: Document, path: string): unknown {
  try {
    return document.toJS({ maxAliasCount: 20 });
  } catch {
    throw new UserError('The plan file uses too many YAML aliases', 'Write the values out.', path);
  }
}

/** `line:column` of every key and item, by the JSON of its path. */
function placesOf(document: Document.Parsed<ParsedNode>, lines: LineCounter): Record<string, string> {
  const places: Record<string, string> = {};
  const add = (keys: readonly unknown[], offset: number | undefined) => {
    if (offset === undefined) return;
    const { line, col } = lines.linePos(offset);
    places[JSON.stringify(keys)] = `${line}:${col}`;
  };
  visit(document, {
    Pair: (_, pair, ancestors) => {
      if (isScalar(pair.key)) add([...pathOf(ancestors), pair.key.value], pair.key.range?.[0]);
    },
    Node: (key, node, ancestors) => {
      if (typeof key === 'number' && !isPair(node)) add([...pathOf(ancestors), key], node.range?.[0]);
    },
  });
  return places;
}

/** Keys from the root down to the innermost of `ancestors`. */
function pathOf(ancestors: readonly unknown[]): (string | number)[] {
  const keys: (string | number)[] = [];
  ancestors.forEach((node, index) => {
    if (isPair(node) && isScalar(node.key)) keys.push(node.key.value as string);
    const child = ancestors[index + 1];
    if (typeof node === 'object' && node !== null && 'items' in node && !isMap(node) && child !== undefined) {
      keys.push((node.items as unknown[]).indexOf(child));
    }
  });
  return keys;
}

/** Place of the key, or of its nearest parent that has one. */
function placeOf(places: Record<string, string>, keys: readonly (string | number)[]): string | undefined {
  for (let length = keys.length; length > 0; length--) {
    const place = places[JSON.stringify(keys.slice(0, length))];
    if (place !== undefined) return place;
  }
  return undefined;
}
