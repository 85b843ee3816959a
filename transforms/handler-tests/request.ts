/** The options of `app.inject()` for an event. */
import { child, keyOf, list, type Node, stringOf } from '../../src/analysis/syntax.js';
import type { SourceView } from '../../src/mending/source-view.js';
import type { RouteShape } from '../http-route-native/index.js';
import { withoutTypes } from '../http-route-native/places.js';
import { Refused } from '../http-route-native/refusal.js';
import { type EventLiteral, fieldsOf, isGiven, textOf } from './event.js';

export interface InjectRequest {
  /** Path of the route that serves it. */
  route: string;
  /** Each option as text. */
  options: string[];
}

export interface RequestContext {
  view: SourceView;
  routes: readonly RouteShape[];
  /** The route reads what only the gateway tells: the client's address, the caller, the host. */
  readsGateway: boolean;
}

/** The request that an event stands for. @throws Refused when it cannot be told. */
export function requestOf({ view, routes, readsGateway }: RequestContext, event: EventLiteral): InjectRequest {
  const fields = fieldsOf(event);
  const nested = (name: string) => withoutTypes(fields.get(name) ?? null);
  const context = nested('requestContext');
  if (readsGateway && isGiven(context)) throw new Refused('its event tells what only the gateway knows', context);
  if (
    isGiven(fields.get('isBase64Encoded')) &&
    stringOf(nested('isBase64Encoded')) === null &&
    nested('isBase64Encoded')?.['value'] === true
  )
    throw new Refused('the body of its event is base64', nested('isBase64Encoded'));
  const parameters = entriesOf(nested('pathParameters'), event);
  const sent = stringOf(nested('httpMethod')) ?? stringOf(member(member(context, 'http'), 'method'));
  const route = routeFor(routes, [...parameters.keys()], sent?.toUpperCase());
  const method = sent?.toUpperCase() ?? (route.method === 'ANY' ? 'GET' : route.method);
  const body = fields.get('body');
  if (isGiven(body) && method === 'GET') throw new Refused('its event is a GET with a body', body as Node);
  const path = stringOf(nested('path') ?? nested('rawPath'));
  const quote = (text: string) => view.quote + text + view.quote;
  const text = (node: Node) => textOf(view, node, event.module);
  const options = [
    `method: ${quote(method)}`,
    `url: ${urlOf(view, route.path, { parameters, path, module: event.module })}`,
    ...(isGiven(fields.get('queryStringParameters')) ? [`query: ${text(fields.get('queryStringParameters') as Node)}`] : []),
    ...(isGiven(fields.get('headers')) ? [`headers: ${text(fields.get('headers') as Node)}`] : []),
    ...(body && isGiven(body) ? [`payload: ${text(body)}`] : []),
  ];
  return { route: route.path, options };
}

function member(node: Node | null, name: string): Node | null {
  const property = list(withoutTypes(node), 'properties').find((each) => keyOf(each) === name);
  return withoutTypes(child(property, 'value'));
}

function entriesOf(object: Node | null, event: EventLiteral): Map<string, Node> {
  if (!isGiven(object)) return new Map();
  if (object?.type !== 'ObjectExpression') throw new Refused('the variables of its path are not written out', object);
  return fieldsOf({ ...event, object });
}

/** The route whose path has these variables, and the method when one does. */
function routeFor(routes: readonly RouteShape[], names: readonly string[], method: string | undefined): RouteShape {
  const fitting = routes.filter(({ path }) => {
    const variables = variablesOf(path);
    return variables.length === names.length && variables.every((name) => names.includes(name));
  });
  const found = fitting.find((each) => each.method === method || each.method === 'ANY') ?? fitting[0];
  if (!found) throw new Refused(`its event has not the variables of the path ${routes[0]?.path ?? ''}`, null);
  return found;
}

function variablesOf(path: string): string[] {
  return [...path.matchAll(/\{([^}+]+)\+?\}/g)].map(([, name = '']) => name);
}

interface UrlInput {
  parameters: ReadonlyMap<string, Node>;
  path: string | null;
  module: EventLiteral['module'];
}

function urlOf(view: SourceView, template: string, { parameters, path, module }: UrlInput): string {
  const quoted = (text: string) => view.quote + text + view.quote;
  if (!template.startsWith('/')) return quoted(path?.startsWith('/') ? path : '/');
  if (parameters.size === 0) return quoted(template);
  const values = new Map([...parameters].map(([name, node]) => [name, stringOf(withoutTypes(node))]));
  const isWritten = [...values.values()].every((value) => value !== null && value !== '');
  const url = template.replace(/\{([^}+]+)(\+?)\}/g, (_found, name: string, rest: string) => {
    const value = values.get(name);
    if (typeof value === 'string' && value !== '')
      return rest ? value.split('/').map(encodeURIComponent).join('/') : encodeURIComponent(value);
    const node = parameters.get(name) as Node;
    if (value === '') throw new Refused(`the variable ${name} of its path is empty`, node);
    return `\${encodeURIComponent(${textOf(view, node, module)})}`;
  });
  return isWritten ? quoted(url.replaceAll(view.quote, `%${view.quote === "'" ? '27' : '22'}`)) : `\`${url}\``;
}
