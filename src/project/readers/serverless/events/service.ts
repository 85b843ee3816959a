/** What several event readers ask of a resolved service. */
import type { ServerlessEventContext } from '../../../../triggers/kind.js';
import { isPlainObject, listOf, objectOf, type PlainObject } from '../../../data.js';
import { pluginNames } from '../build-hint.js';
import { functionLogicalId } from '../names.js';
import { literalText, toValue } from '../values.js';

export function providerOf(context: ServerlessEventContext): PlainObject {
  return objectOf(context.service['provider']);
}

export function pluginsOf(context: Pick<ServerlessEventContext, 'service'>): string[] {
  return pluginNames(context.service);
}

/** A known text, or the reference as written. */
export function describe(value: unknown): string {
  const known = toValue(value);
  return known.kind === 'literal' ? String(known.value ?? '') : known.text;
}

/** Name of the service, once it is known. */
export function serviceNameOf(service: PlainObject): string | undefined {
  const name = service['service'];
  return literalText(isPlainObject(name) ? name['name'] : name);
}

/** Every event of a kind in the service, as the value under its key. */
export function eventsOf(service: PlainObject, key: string): unknown[] {
  return Object.values(objectOf(service['functions'])).flatMap((fn) =>
    listOf(objectOf(fn)['events']).flatMap((event) => (isPlainObject(event) && key in event ? [event[key]] : [])),
  );
}

/** Method and path of `GET /orders`, `/orders` or `{ method, path }`; as the gateway writes them. */
export function routeOf(event: unknown): { method: string; path: string } | undefined {
  const written = typeof event === 'string' ? splitRoute(event) : objectOf(event);
  const path = typeof written['path'] === 'string' ? written['path'].trim() : undefined;
  if (path === undefined) return undefined;
  const method = typeof written['method'] === 'string' ? written['method'].toUpperCase() : 'ANY';
  return { method: method === '*' ? 'ANY' : method, path };
}

function splitRoute(text: string): PlainObject {
  const words = text.trim().split(/\s+/);
  return words.length === 1 ? { path: words[0] } : { method: words[0], path: words[1] };
}

/** Key of the function of this service that an authorizer, target or state names: by key, ARN expression or GetAtt. */
export function functionNamed(value: unknown, context: Pick<ServerlessEventContext, 'service'>, depth = 0): string | undefined {
  const functions = objectOf(context.service['functions']);
  if (typeof value === 'string') return functionInText(value, context.service);
  if (!isPlainObject(value) || depth > 5) return undefined;
  const attribute = value['Fn::GetAtt'];
  const named =
    value['Ref'] ?? (Array.isArray(attribute) ? attribute[0] : typeof attribute === 'string' ? attribute.split('.')[0] : undefined);
  if (typeof named === 'string') return keyByLogicalId(named, functions);
  const parts = value['Fn::Join'] ?? value['Fn::Sub'];
  for (const part of listOf(parts).flatMap((entry) => listOf(entry))) {
    const found = functionNamed(part, context, depth + 1);
    if (found !== undefined) return found;
  }
  return undefined;
}

function functionInText(text: string, service: PlainObject): string | undefined {
  const functions = objectOf(service['functions']);
  if (Object.hasOwn(functions, text)) return text;
  for (const [, logicalId] of text.matchAll(/\$\{(\w+)(?:\.Arn)?\}/g)) {
    const key = keyByLogicalId(logicalId as string, functions);
    if (key !== undefined) return key;
  }
  const inArn = /:function:([^:/]+)/.exec(text)?.[1];
  const keys = Object.keys(functions);
  const byName = keys.find((key) => objectOf(functions[key])['name'] === (inArn ?? text));
  if (byName !== undefined || (inArn === undefined && !text.startsWith(`${serviceNameOf(service)}-`))) return byName;
  // Without a name of its own a function is called `<service>-<stage>-<key>`.
  return keys.toSorted((a, b) => b.length - a.length).find((key) => (inArn ?? text).endsWith(`-${key}`));
}

function keyByLogicalId(logicalId: string, functions: PlainObject): string | undefined {
  return (
    Object.keys(functions).find((key) => functionLogicalId(key) === logicalId) ??
    (Object.hasOwn(functions, logicalId) ? logicalId : undefined)
  );
}
