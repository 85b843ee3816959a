import type { HttpRequest } from './request.js';
import type { AuthorizerContext, CalledRoute, Route } from './types.js';

export interface Match extends CalledRoute {
  /** What the authorizer of the route told of the caller. */
  authorizer?: AuthorizerContext;
}

export interface Router {
  /** The route that the front would have chosen. */
  find(request: Pick<HttpRequest, 'method' | 'path'>): Match | undefined;
  /** The most specific route of a path, whatever its method: whose CORS settings apply. */
  findPath(path: string): Match | undefined;
}

/**
 * Routes by the gateway's rules, whatever the order of declaration: literal before `{name}` before `{name+}` before `$default`,
 * and a method before ANY. A path whose methods do not fit yields to a less specific one that fits, as measured on REST APIs.
 */
export function createRouter(routes: readonly Route[]): Router {
  const sorted = routes.map((route) => ({ route, pattern: patternOf(route) })).sort(compare);
  const match = (text: string, fits: (route: Route) => boolean): Match | undefined => {
    const path = { text, parts: text.slice(1).split('/') };
    for (const { route, pattern } of sorted) {
      if (!fits(route)) continue;
      const parameters = pattern.match(path);
      if (parameters) return { route, parameters: parameters === none ? null : parameters };
    }
    return undefined;
  };
  return {
    find: ({ method, path }) => match(path, (route) => route.method === method || route.method === 'ANY'),
    findPath: (path) => match(path, () => true),
  };
}

interface Pattern {
  /** One rank a segment: the smaller at the first difference, the more specific. */
  ranks: number[];
  match(path: Path): Record<string, string> | undefined;
}

/** The path of a request, split once for all routes. */
interface Path {
  text: string;
  parts: string[];
}

/** Of a path without variables. */
const none: Record<string, string> = {};

interface Segment {
  kind: 'literal' | 'variable' | 'greedy';
  /** The text of a literal, the name of a variable. */
  text: string;
}

const rank = { literal: 0, glob: 1, variable: 2, greedy: 3, anything: 4 };

function compare(one: { route: Route; pattern: Pattern }, other: { route: Route; pattern: Pattern }): number {
  const length = Math.max(one.pattern.ranks.length, other.pattern.ranks.length);
  for (let index = 0; index < length; index++) {
    const difference = (one.pattern.ranks[index] ?? -1) - (other.pattern.ranks[index] ?? -1);
    if (difference !== 0) return difference;
  }
  return Number(one.route.method === 'ANY') - Number(other.route.method === 'ANY');
}

function patternOf(route: Route): Pattern {
  if (route.path === '$default' || route.path === '*' || route.path === '/*') return { ranks: [rank.anything], match: () => none };
  return route.front === 'alb' ? globPattern(route.path) : templatePattern(route);
}

/** A path condition of a listener rule: `*` is any text, `?` one character. */
function globPattern(path: string): Pattern {
  const source = path
    .replace(/[.+^${}()|[\]\\]/g, '\\$&')
    .replace(/\*/g, '.*')
    .replace(/\?/g, '.');
  const expression = new RegExp(`^${source}$`, 's');
  return {
    ranks: path.split('/').map((segment) => (/[*?]/.test(segment) ? rank.glob : rank.literal)),
    match: ({ text }) => (expression.test(text) ? none : undefined),
  };
}

/** A path with `{name}` and `{name+}`. Names of the variables and of the literals are case-sensitive. */
function templatePattern({ path, front }: Route): Pattern {
  const segments = path
    .replace(/^\/|\/$/g, '')
    .split('/')
    .map(segmentOf);
  // REST APIs hand variables over as they were sent; HTTP APIs decode them.
  const value = front === 'http-api' ? decode : (text: string) => text;
  return {
    ranks: segments.map(({ kind }) => rank[kind]),
    match: ({ parts }) => {
      // REST APIs take `/orders/` for `/orders`, though the event tells what was sent. HTTP APIs tell them apart.
      const isTrimmed = front === 'rest-api' && parts.length > 1 && parts.at(-1) === '';
      return matchSegments(segments, isTrimmed ? parts.slice(0, -1) : parts, value);
    },
  };
}

function segmentOf(text: string): Segment {
  const greedy = /^\{(.*)\+\}$/.exec(text)?.[1];
  if (greedy !== undefined) return { kind: 'greedy', text: greedy };
  const variable = /^\{(.*)\}$/.exec(text)?.[1];
  return variable === undefined ? { kind: 'literal', text } : { kind: 'variable', text: variable };
}

function matchSegments(segments: Segment[], parts: string[], value: (text: string) => string): Record<string, string> | undefined {
  if (parts.length < segments.length) return undefined;
  const found: [string, string][] = [];
  for (let index = 0; index < segments.length; index++) {
    const { kind, text } = segments[index] as Segment;
    const part = parts[index] ?? '';
    if (kind === 'greedy') {
      const rest = parts.slice(index).join('/');
      return rest === '' ? undefined : Object.fromEntries([...found, [text, value(rest)]]);
    }
    if (kind === 'literal' && decode(part) !== text) return undefined;
    if (kind === 'variable' && part === '') return undefined;
    if (kind === 'variable') found.push([text, value(part)]);
  }
  if (parts.length !== segments.length) return undefined;
  return found.length > 0 ? Object.fromEntries(found) : none;
}

/** A text that is no valid encoding stays as it is. */
export function decode(text: string): string {
  if (!text.includes('%')) return text;
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}
