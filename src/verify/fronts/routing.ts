import type { HttpTrigger } from '../../project/trigger.js';
import { decodeOrKeep, splitTarget, type WireRequest } from './http.js';
import type { RouteHit } from './model.js';

/** A route of an API and the function behind it. */
export interface ModelRoute {
  trigger: HttpTrigger;
  functionId: string;
}

export type Routed = RouteHit & { functionId: string };

/**
 * The route that the gateway chooses: the most specific path wins, then a named method before ANY, then `$default`.
 * @see https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-develop-routes.html
 */
export function chooseRoute(routes: readonly ModelRoute[], request: WireRequest): Routed | undefined {
  const hits = hitsOf(routes, request).filter(({ trigger }) => trigger.method === request.method || trigger.method === 'ANY');
  return hits.sort(moreSpecific)[0];
}

/** Routes of any method whose path fits, the most specific first. */
export function routesOfPath(routes: readonly ModelRoute[], request: WireRequest): Routed[] {
  return hitsOf(routes, request).sort(moreSpecific);
}

function hitsOf(routes: readonly ModelRoute[], request: WireRequest): Routed[] {
  const { path } = splitTarget(request.target);
  return routes.flatMap(({ trigger, functionId }) => {
    const parameters = matchPath(trigger, path);
    return parameters ? [{ trigger, functionId, parameters }] : [];
  });
}

const catchAll = new Set(['$default', '*', '/*']);

function matchPath(trigger: HttpTrigger, path: string): Record<string, string> | undefined {
  if (catchAll.has(trigger.path)) return {};
  if (trigger.type === 'alb') return globMatches(trigger.path, path) ? {} : undefined;
  return walk(segmentsOf(trigger.path), segmentsOf(path), {});
}

function segmentsOf(path: string): string[] {
  return path.slice(1).split('/');
}

function walk(pattern: readonly string[], path: readonly string[], found: Record<string, string>): Record<string, string> | undefined {
  const [first, ...others] = pattern;
  const [part, ...rest] = path;
  if (first === undefined) return part === undefined ? found : undefined;
  if (part === undefined) return undefined;
  if (isGreedy(first)) return path.join('/') === '' ? undefined : { ...found, [first.slice(1, -2)]: path.join('/') };
  if (isVariable(first)) return part === '' ? undefined : walk(others, rest, { ...found, [first.slice(1, -1)]: part });
  return decodeOrKeep(part) === first ? walk(others, rest, found) : undefined;
}

/** A path pattern of a listener rule: `*` any text, `?` one character. */
function globMatches(pattern: string, path: string): boolean {
  const [first = '', ...rest] = pattern;
  if (pattern === '') return path === '';
  if (first === '*')
    return Array.from({ length: path.length + 1 }, (_, index) => index).some((at) => globMatches(rest.join(''), path.slice(at)));
  return path !== '' && (first === '?' || first === path[0]) && globMatches(rest.join(''), path.slice(1));
}

function isGreedy(segment: string): boolean {
  return segment.startsWith('{') && segment.endsWith('+}');
}

function isVariable(segment: string): boolean {
  return segment.startsWith('{') && segment.endsWith('}');
}

function moreSpecific(one: Routed, other: Routed): number {
  const [a, b] = [weights(one.trigger.path), weights(other.trigger.path)];
  for (let index = 0; index < Math.max(a.length, b.length); index++) {
    const difference = (a[index] ?? 0) - (b[index] ?? 0);
    if (difference !== 0) return difference;
  }
  return Number(one.trigger.method === 'ANY') - Number(other.trigger.method === 'ANY');
}

/** Smaller is more specific, segment by segment. */
function weights(path: string): number[] {
  if (catchAll.has(path)) return [9];
  return segmentsOf(path).map((segment) => (isGreedy(segment) ? 4 : isVariable(segment) ? 3 : /[*?]/.test(segment) ? 2 : 1));
}
