/** What a load balancer in front of web services has to know, whoever makes it. */
import type { ServicePlan } from '../planning/plan.js';
import type { Project } from '../project/model.js';
import type { TargetService } from './target.js';

/** Services that share an API are behind one load balancer. */
export function frontsOf<T extends { each: TargetService }>(services: readonly T[]): T[][] {
  const fronts: { apis: Set<string>; members: T[] }[] = [];
  for (const member of services) {
    const apis = new Set(member.each.service.routes.map(({ trigger }) => `${trigger.type} ${trigger.api}`));
    const touched = fronts.filter((front) => [...apis].some((api) => front.apis.has(api)));
    const [first, ...others] = touched;
    if (!first) {
      fronts.push({ apis, members: [member] });
      continue;
    }
    for (const other of others) {
      first.members.push(...other.members);
      for (const api of other.apis) first.apis.add(api);
      fronts.splice(fronts.indexOf(other), 1);
    }
    first.members.push(member);
    for (const api of apis) first.apis.add(api);
  }
  return fronts.map(({ members }) => members);
}

/** Path that tells whether a web service is well. */
export function healthPath({ server }: ServicePlan): string {
  const readiness = server?.start?.readiness;
  return readiness ? (readiness.path ?? '/') : '/healthz';
}

/** Status codes of a service that is well. */
export function healthCodes({ server }: ServicePlan): string {
  const readiness = server?.start?.readiness;
  if (!readiness) return '200';
  if (readiness.protocol === 'tcp') return '200-499';
  const [from, to] = readiness.healthy[0] ?? [200, 399];
  return `${Math.max(200, from)}-${Math.min(499, to)}`;
}

/** Seconds that a request may be silent: the longest of the functions may take its time, and answer after it. */
export function idleTimeout({ functions }: Project, ids: readonly string[]): number {
  return Math.max(60, ...functions.filter(({ id }) => ids.includes(id)).map(({ timeoutSeconds }) => timeoutSeconds + 5));
}

export interface RuleRoute {
  method: string;
  path: string;
}

/**
 * Rules for the routes of services behind one load balancer, the first that fits wins; what fits none goes to the main service. Its own
 * routes have rules only where one of another service, such as a catch-all, would take their requests.
 */
export function rulesBeside<T>(main: T, others: readonly T[], serviceOf: (owner: T) => ServicePlan): (RuleRoute & { owner: T })[] {
  const routes = [...others, main].flatMap((owner) => distinctRoutes(serviceOf(owner)).map((route) => ({ ...route, owner })));
  const ordered = bySpecificity(routes);
  return ordered.filter(
    (route, index) => route.owner !== main || ordered.slice(index + 1).some((later) => later.owner !== main && takes(later, route)),
  );
}

/** Whether some request of a route fits the rule of another. */
function takes(rule: RuleRoute, { method, path }: RuleRoute): boolean {
  const pattern = rule.path.replace(/[.+^${}()|[\]\\?]/g, '\\$&').replaceAll('*', '.*');
  const isMethod = rule.method === 'ANY' || method === 'ANY' || rule.method === method;
  return isMethod && new RegExp(`^${pattern}$`).test(path.replaceAll('*', 'any'));
}

/** A variable of a path is anything, as a greedy one is: the service itself tells them apart. */
function distinctRoutes({ routes }: ServicePlan): RuleRoute[] {
  const found = routes.map(({ trigger }) => ({
    method: trigger.method,
    path: trigger.path === '$default' ? '/*' : trigger.path.replace(/\{[^}]*\}/g, '*').replace(/\*+/g, '*'),
  }));
  return [...new Map(found.map((route) => [`${route.method} ${route.path}`, route])).values()];
}

/** The more specific first. */
function bySpecificity<T extends RuleRoute>(routes: readonly T[]): T[] {
  return routes.toSorted((a, b) => weightOf(b) - weightOf(a) || (a.path < b.path ? -1 : 1));
}

function weightOf({ method, path }: RuleRoute): number {
  const segments = path.split('/').filter((segment) => segment !== '');
  return segments.filter((segment) => !segment.includes('*')).length * 10 + segments.length + (method === 'ANY' ? 0 : 1);
}
