import { authorizingFunctions } from './authorizers.js';
import { conflictingVariable, type FunctionEnvironment } from './environment.js';
import type { FunctionDecision } from './function-decision.js';
import { kebab, unique } from './names.js';
import type { RoutePlan, ServicePlan } from './plan.js';
import { overlap, samePattern } from './route-overlap.js';

type Kind = ServicePlan['kind'];

/** The part of a function that goes into one process: its routes of one API, its queues, or its schedules. */
export interface Member {
  decision: FunctionDecision;
  routes: RoutePlan[];
  /** API of the routes; undefined for queues and schedules. */
  api: string | undefined;
}

export interface Group {
  name: string;
  kind: Kind;
  because: string;
  members: Member[];
}

export interface GroupingOptions {
  split: 'function' | 'api' | 'none';
  environments: ReadonlyMap<string, FunctionEnvironment>;
}

/** Puts functions into as few processes as their environments, routes and platforms allow. */
export function groupAll(decisions: readonly FunctionDecision[], options: GroupingOptions): Group[] {
  return [
    ...groupKind('web', decisions.flatMap(webMembers), options),
    ...groupKind('worker', decisions.filter(({ queues }) => queues.length > 0).map(plainMember), options),
    ...groupKind('job', decisions.filter(({ schedules }) => schedules.length > 0).map(plainMember), options),
  ];
}

function plainMember(decision: FunctionDecision): Member {
  return { decision, routes: [], api: undefined };
}

/** One member an API: a function with a URL and a route of an API may have to serve them in two processes. */
function webMembers(decision: FunctionDecision): Member[] {
  if (decision.server) return [{ decision, routes: decision.routes, api: decision.routes[0]?.trigger.api }];
  const apis = [...new Set(decision.routes.map(({ trigger }) => trigger.api))];
  return apis.map((api) => ({ decision, api, routes: decision.routes.filter(({ trigger }) => trigger.api === api) }));
}

function groupKind(kind: Kind, members: readonly Member[], options: GroupingOptions): Group[] {
  const groups: Member[][] = [];
  for (const member of largestApisFirst(members)) {
    const group = groups.find((candidate) => candidate.every((other) => conflict(member, other, options) === undefined));
    if (group) group.push(member);
    else groups.push([member]);
  }
  const sizeOf = (group: readonly Member[]) => group.reduce((sum, { routes }) => sum + Math.max(1, routes.length), 0);
  groups.sort((a, b) => sizeOf(b) - sizeOf(a));
  return nameGroups(kind, groups, members, options);
}

/** The API with most routes decides first who shares its process, so that it ends up whole. */
function largestApisFirst(members: readonly Member[]): Member[] {
  const routes = new Map<string | undefined, number>();
  for (const member of members) routes.set(member.api, (routes.get(member.api) ?? 0) + member.routes.length);
  return [...members].sort((a, b) => (routes.get(b.api) ?? 0) - (routes.get(a.api) ?? 0));
}

function nameGroups(kind: Kind, groups: readonly Member[][], members: readonly Member[], options: GroupingOptions): Group[] {
  const [main = []] = groups;
  const taken = new Set<string>();
  return groups.map((group, index) => {
    const ordered = members.filter((member) => group.includes(member));
    const name = unique(index === 0 ? kind : `${kind}-${suffixOf(group, groups)}`, taken);
    const because = index === 0 ? mainBecause(kind, groups.length, ordered) : splitBecause(kind, group, main, options);
    return { name, kind, because, members: ordered };
  });
}

/** The API when the group has all of it and nothing else; else the function that comes first. */
function suffixOf(group: readonly Member[], groups: readonly Member[][]): string {
  const [first] = group;
  const api = first?.api;
  const hasOnlyIt = api !== undefined && group.every((member) => member.api === api);
  const isWhole = groups.every((other) => other === group || other.every((member) => member.api !== api));
  return kebab(hasOnlyIt && isWhole ? api : (first?.decision.lambda.id ?? 'service'));
}

const nouns: Readonly<Record<Kind, string>> = { web: 'HTTP functions', worker: 'queue consumers', job: 'scheduled functions' };

function mainBecause(kind: Kind, groups: number, members: readonly Member[]): string {
  if (members[0]?.decision.server) return `${members[0].decision.lambda.id} is a server of its own, which listens by itself`;
  if (groups === 1) return `all ${nouns[kind]} of the project can share it`;
  return `the largest number of ${nouns[kind]} that can share it`;
}

function splitBecause(kind: Kind, group: readonly Member[], main: readonly Member[], options: GroupingOptions): string {
  for (const member of group) {
    for (const other of main) {
      const reason = conflict(member, other, options);
      if (reason) return `not in ${kind}: ${reason}`;
    }
  }
  return `not in ${kind}: grouped by the plan`;
}

/** Why two members cannot share a process, or undefined when they can. */
function conflict(one: Member, other: Member, options: GroupingOptions): string | undefined {
  return wish(one, other, options.split) ?? obstacle(one, other, options.environments);
}

/** The user's wish (`--split`). */
function wish(one: Member, other: Member, split: GroupingOptions['split']): string | undefined {
  if (split === 'function' && one.decision !== other.decision) return 'each function has its own (--split function)';
  if (split === 'api' && one.api !== other.api) return 'each API has its own (--split api)';
  return undefined;
}

/** What forbids sharing whatever the user wishes. */
export function obstacle(one: Member, other: Member, environments: GroupingOptions['environments']): string | undefined {
  const [a, b] = [one.decision, other.decision];
  const collision = collisionOf(one, other);
  if (collision) return collision;
  if (a === b) return undefined;
  const names = `${a.lambda.id} and ${b.lambda.id}`;
  if (a.server) return `${a.lambda.id} is a server of its own, which takes every path`;
  if (b.server) return `${b.lambda.id} is a server of its own, which takes every path`;
  if (a.lambda.architecture !== b.lambda.architecture) return `${names} have different architectures`;
  if (a.lambda.vpc !== b.lambda.vpc) return `only one of ${names} is in a VPC`;
  return differentVariable(one, other, environments);
}

/** A function brings those with it that decide who may call its routes. */
function differentVariable(one: Member, other: Member, environments: GroupingOptions['environments']): string | undefined {
  const idsOf = ({ decision, routes }: Member) => [decision.lambda.id, ...authorizingFunctions(routes)];
  for (const a of idsOf(one)) {
    for (const b of idsOf(other)) {
      const variable = a === b ? undefined : conflictingVariable(environments.get(a) ?? new Map(), environments.get(b) ?? new Map());
      if (variable !== undefined) return `${a} and ${b} have different values for ${variable}`;
    }
  }
  return undefined;
}

/** Inside one API the gateway's own precedence holds; between APIs any overlap sends requests to the wrong handler. */
function collisionOf(one: Member, other: Member): string | undefined {
  for (const a of one.routes) {
    for (const b of other.routes) {
      const isSameApi = a.trigger.api === b.trigger.api;
      if (isSameApi ? a.function !== b.function && samePattern(a.trigger, b.trigger) : overlap(a.trigger, b.trigger)) {
        return `${show(a)} of ${a.trigger.api} and ${show(b)} of ${b.trigger.api} match the same requests`;
      }
    }
  }
  return undefined;
}

function show({ trigger }: RoutePlan): string {
  return `${trigger.method} ${trigger.path}`;
}
