/** `Events` of SAM functions. */
import { diagnostic } from '../../../../diagnostics/catalog.js';
import type { Diagnostic } from '../../../../diagnostics/diagnostic.js';
import { triggerKinds } from '../../../../triggers/index.js';
import type { SamEventContext, TriggerKind } from '../../../../triggers/kind.js';
import { objectOf } from '../../../data.js';
import type { LambdaFunction } from '../../../model.js';
import type { Template } from '../template.js';
import { addTrigger } from '../wiring.js';

type SamReader = NonNullable<TriggerKind['sam']>[string];

/** Adds the triggers of every function's own `Events`. */
export function addEventTriggers(template: Template, functions: readonly LambdaFunction[], report: (found: Diagnostic) => void): void {
  const readers = samReaders();
  for (const fn of functions) {
    const resource = template.resources[fn.id];
    if (resource?.type !== 'AWS::Serverless::Function') continue;
    for (const [eventName, event] of Object.entries(objectOf(template.resolve(resource.properties['Events'])))) {
      readEvent(fn, eventName, objectOf(event), { template, functions, readers, report });
    }
  }
}

interface Reading {
  template: Template;
  functions: readonly LambdaFunction[];
  readers: ReadonlyMap<string, readonly SamReader[]>;
  report(found: Diagnostic): void;
}

function readEvent(
  fn: LambdaFunction,
  eventName: string,
  event: Record<string, unknown>,
  { template, functions, readers, report }: Reading,
): void {
  const path = ['Resources', fn.id, 'Properties', 'Events', eventName];
  const type = String(event['Type'] ?? '');
  let told = false;
  const place = template.range(path) ?? fn.range;
  const tell: SamEventContext['report'] = (code, args) => {
    told = true;
    report(diagnostic(code, { args: { ...args, event: eventName, function: fn.id }, place, function: fn.id }));
  };
  const context = contextOf(template, fn.id, eventName, path, tell);
  const triggers = (readers.get(type) ?? []).flatMap((read) => read(objectOf(event['Properties']), context));
  for (const trigger of triggers) addTrigger(functions, { functionId: fn.id, trigger });
  if (triggers.length === 0 && !told) tell(readers.has(type) ? 'EVENT_INVALID' : 'EVENT_TYPE_UNKNOWN', { type });
}

function contextOf(
  template: Template,
  functionId: string,
  eventName: string,
  path: (string | number)[],
  report: SamEventContext['report'],
): SamEventContext {
  return {
    report,
    functionId,
    eventName,
    path,
    resources: template.resources,
    globals: template.globals,
    resolve: (value) => template.resolve(value),
    toValue: (value, at) => template.toValue(value, at),
    functionOf: (value) => template.functionOf(value),
    resourceOf: (value) => template.resourceOf(value),
    range: (at) => template.range(at),
    readFile: (file) => template.readFile(file),
  };
}

/** Event type → the kinds that read it: an SNS event with a queue of its own is read by the queue's kind. */
function samReaders(): ReadonlyMap<string, readonly SamReader[]> {
  const readers = new Map<string, SamReader[]>();
  for (const { sam } of triggerKinds) {
    for (const [type, read] of Object.entries(sam ?? {})) readers.set(type, [...(readers.get(type) ?? []), read]);
  }
  return readers;
}
