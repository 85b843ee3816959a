/** Joins events, plugins and authorizers of a service to its functions. */
import { diagnostic } from '../../../diagnostics/catalog.js';
import type { ServerlessEventContext } from '../../../triggers/kind.js';
import type { TemplateContext } from '../../../triggers/template-context.js';
import { isPlainObject, listOf, objectOf, type PlainObject } from '../../data.js';
import type { LambdaFunction } from '../../model.js';
import type { Trigger } from '../../trigger.js';
import { describe, functionNamed } from './events/service.js';
import { type EventReaders, serverlessReaders } from './events/table.js';
import { placeOf, type Service } from './functions.js';

/** Keys that stand in an event but are not event sources of a function's own. */
const ignoredEvents = new Set(['warmup']);

/** Fills `triggers` of every function. */
export function addTriggers(service: Service, functions: LambdaFunction[], template: TemplateContext): void {
  const readers = serverlessReaders();
  for (const fn of functions) fn.triggers.push(...eventTriggers(service, fn, template, readers));
  for (const { functionId, trigger } of [...websocketAuthorizers(service), ...pluginTriggers(service)]) {
    addOnce(functions, functionId, trigger);
  }
}

/** The same wiring can be declared twice (an event and a resource); one trigger is enough. */
function addOnce(functions: LambdaFunction[], functionId: string, trigger: Trigger): void {
  const target = functions.find((fn) => fn.id === functionId);
  if (!target || isKnown(target, trigger)) return;
  target.triggers.push(trigger);
}

function isKnown(fn: LambdaFunction, trigger: Trigger): boolean {
  if (trigger.type === 'authorizer' || trigger.type === 'step-functions' || trigger.type === 'appsync' || trigger.type === 'invoke') {
    return fn.triggers.some(({ type }) => type === trigger.type);
  }
  const key = (each: Trigger) => JSON.stringify({ ...each, range: undefined });
  return fn.triggers.some((each) => key(each) === key(trigger));
}

function eventTriggers(service: Service, fn: LambdaFunction, template: TemplateContext, readers: EventReaders): Trigger[] {
  const definition = objectOf(objectOf(service.data['functions'])[fn.id]);
  const triggers: Trigger[] = [];
  const read = (key: string, value: unknown, container: unknown, path: (string | number)[]) => {
    const range = service.provenance.entryRange(container, ...path);
    const place = placeOf(range ?? fn.range);
    const context: ServerlessEventContext = {
      functionId: fn.id,
      service: service.data,
      stage: service.stage,
      ...(range && { range }),
      template,
      report: (code, args) => service.report(diagnostic(code, { args: { function: fn.id, ...args }, place, function: fn.id })),
    };
    const found = (readers.get(key) ?? []).flatMap((reader) => reader(value, context));
    triggers.push(...found);
    if (found.length > 0 || ignoredEvents.has(key)) return;
    const code = readers.has(key) ? 'SERVERLESS_EVENT_INVALID' : 'SERVERLESS_EVENT_UNKNOWN';
    context.report?.(code, { event: key });
  };
  for (const [index, event] of listOf(definition['events']).entries()) {
    if (typeof event === 'string') read(event, true, definition, ['events', index]);
    for (const [key, value] of Object.entries(objectOf(event))) read(key, value, definition, ['events', index, key]);
  }
  if (definition['url']) read('url', definition['url'], definition, ['url']);
  return triggers;
}

interface FoundTrigger {
  functionId: string;
  trigger: Trigger;
}

function websocketAuthorizers(service: Service): FoundTrigger[] {
  return Object.values(objectOf(service.data['functions'])).flatMap((fn) =>
    listOf(objectOf(fn)['events']).flatMap((event) => {
      const settings = objectOf(objectOf(event)['websocket'])['authorizer'];
      const target = isPlainObject(settings) && !('Fn::GetAtt' in settings) ? (settings['arn'] ?? settings['name']) : settings;
      const functionId = functionNamed(target, { service: service.data });
      return functionId === undefined
        ? []
        : [{ functionId, trigger: authorizer(functionId, service.provenance.range(event, 'websocket')) }];
    }),
  );
}

function authorizer(name: string, range: Trigger['range']): Trigger {
  return { type: 'authorizer', source: name, ...(range && { range }) };
}

/** State machines, data sources of GraphQL, destinations, webhooks of lift, functions at the edge. */
function pluginTriggers(service: Service): FoundTrigger[] {
  const { data } = service;
  const destinations = Object.values(objectOf(data['functions'])).flatMap((fn) => Object.values(objectOf(objectOf(fn)['destinations'])));
  const called = destinations.flatMap((target) => functionNamed(target, { service: data }) ?? []);
  const edge = Object.entries(objectOf(data['functions'])).flatMap(([functionId, fn]): FoundTrigger[] => {
    const settings = objectOf(objectOf(fn)['lambdaAtEdge']);
    return settings['distribution'] === undefined
      ? []
      : [{ functionId, trigger: { type: 'lambda-edge', source: describe(settings['distribution']) } }];
  });
  const webhooks = Object.entries(objectOf(data['constructs'])).filter(([, construct]) => objectOf(construct)['type'] === 'webhook');
  return [
    ...stateMachineTriggers(service),
    ...graphTriggers(service),
    ...called.map((functionId): FoundTrigger => ({ functionId, trigger: { type: 'invoke' } })),
    ...edge,
    ...webhooks.map(([name]) => ({ functionId: `${name}Authorizer`, trigger: authorizer(name, undefined) })),
  ];
}

function stateMachineTriggers({ data, provenance }: Service): FoundTrigger[] {
  return Object.entries(objectOf(objectOf(data['stepFunctions'])['stateMachines'])).flatMap(([name, machine]) =>
    functionsIn(objectOf(machine)['definition'] ?? machine, data).map((functionId): FoundTrigger => {
      const range = provenance.entryRange(data, 'stepFunctions', 'stateMachines', name);
      return { functionId, trigger: { type: 'step-functions', source: name, ...(range && { range }) } };
    }),
  );
}

/** Functions that authorize a GraphQL API are told by its authentication; all others are data sources. */
function graphTriggers({ data, provenance }: Service): FoundTrigger[] {
  const apis = [...listOf(data['appSync']), ...listOf(objectOf(data['custom'])['appSync'])].map(objectOf);
  return apis.flatMap((api) => {
    const range = provenance.range(api);
    const place = range && { range };
    const { authentication, additionalAuthentications, ...rest } = api;
    return [
      ...functionsIn([authentication, additionalAuthentications], data).map((functionId) => ({
        functionId,
        trigger: authorizer('appSync', range),
      })),
      ...functionsIn(rest, data).map((functionId): FoundTrigger => ({ functionId, trigger: { type: 'appsync', ...place } })),
    ];
  });
}

/** Keys whose plain text is the name of a function, in states and data sources. */
const namingKeys = new Set(['FunctionName', 'functionName']);

/** Functions named anywhere in a piece of the service: by ARN or intrinsic, not by a text that happens to be a key. */
function functionsIn(value: unknown, data: PlainObject, depth = 0, key = ''): string[] {
  if (depth > 40) return [];
  const canName = isPlainObject(value) || (typeof value === 'string' && (namingKeys.has(key) || /:function:|\$\{/.test(value)));
  const named = canName ? functionNamed(value, { service: data }) : undefined;
  if (named !== undefined) return [named];
  if (typeof value !== 'object' || value === null) return [];
  return [...new Set(Object.entries(value).flatMap(([name, child]) => functionsIn(child, data, depth + 1, name)))];
}
