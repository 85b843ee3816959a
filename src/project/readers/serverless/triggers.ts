/** Joins events, plugins and authorizers of a service to its functions. */
import { diagnostic } from '../../../diagnostics/catalog.js';
import type { ServerlessEventContext } from '../../../triggers/kind.js';
import type { TemplateContext } from '../../../triggers/template-context.js';
import { isPlainObject, listOf, objectOf, type PlainObject } from '../../data.js';
import type { LambdaFunction } from '../../model.js';
import type { Trigger } from '../../trigger.js';
import { functionNamed } from './events/service.js';
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
    const range = service.provenance.range(container, ...path);
    const context: ServerlessEventContext = {
      functionId: fn.id,
      service: service.data,
      stage: service.stage,
      ...(range && { range }),
      template,
    };
    const found = (readers.get(key) ?? []).flatMap((reader) => reader(value, context));
    triggers.push(...found);
    if (found.length > 0 || ignoredEvents.has(key)) return;
    const code = readers.has(key) ? 'SERVERLESS_EVENT_INVALID' : 'SERVERLESS_EVENT_UNKNOWN';
    service.report(diagnostic(code, { args: { event: key, function: fn.id }, place: placeOf(range ?? fn.range), function: fn.id }));
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

/** State machines of serverless-step-functions, data sources of serverless-appsync-plugin, destinations. */
function pluginTriggers(service: Service): FoundTrigger[] {
  const { data, provenance } = service;
  const machines = Object.entries(objectOf(objectOf(data['stepFunctions'])['stateMachines'])).flatMap(([name, machine]) =>
    functionsIn(objectOf(machine)['definition'] ?? machine, data).map((functionId): FoundTrigger => {
      const range = provenance.range(data, 'stepFunctions', 'stateMachines', name);
      return { functionId, trigger: { type: 'step-functions', source: name, ...(range && { range }) } };
    }),
  );
  const graph = [data['appSync'], objectOf(data['custom'])['appSync']].flatMap((api) =>
    functionsIn(
      listOf(api).map((each) => objectOf(each)['dataSources'] ?? objectOf(each)['resolvers']),
      data,
    ),
  );
  const called = Object.values(objectOf(data['functions'])).flatMap((fn) =>
    Object.values(objectOf(objectOf(fn)['destinations'])).flatMap((target) => functionNamed(target, { service: data }) ?? []),
  );
  return [
    ...machines,
    ...graph.map((functionId): FoundTrigger => ({ functionId, trigger: { type: 'appsync' } })),
    ...called.map((functionId): FoundTrigger => ({ functionId, trigger: { type: 'invoke' } })),
  ];
}

/** Functions named anywhere in a piece of the service: by ARN or intrinsic, not by a text that happens to be a key. */
function functionsIn(value: unknown, data: PlainObject, depth = 0): string[] {
  if (depth > 40) return [];
  const canName = isPlainObject(value) || (typeof value === 'string' && /:function:|\$\{/.test(value));
  const named = canName ? functionNamed(value, { service: data }) : undefined;
  if (named !== undefined) return [named];
  if (typeof value !== 'object' || value === null) return [];
  return [...new Set(Object.values(value).flatMap((child) => functionsIn(child, data, depth + 1)))];
}
