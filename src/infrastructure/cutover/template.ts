/** What goes from a definition when its services take over, and what speaks against it. */
import { listOf, objectOf, type PlainObject, stringsOf } from '../../project/data.js';
import { namesIn } from '../../project/readers/cloudformation/intrinsics.js';

export interface Cutover {
  /** Entries that go, e.g. `['Resources', 'Orders']`. */
  paths: string[][];
  /** Outputs among them: they told something of what goes. */
  outputs: string[];
  /** What needs something that would go; nothing goes while there is any. */
  obstacles: Obstacle[];
}

export interface Obstacle {
  /** Logical id or key of the function, or of what goes with it. */
  needed: string;
  by: string;
}

/** Goes with the function that it refers to: it starts, allows or names nothing else. */
const partsOfFunction: ReadonlySet<unknown> = new Set([
  'AWS::Lambda::Permission',
  'AWS::Lambda::EventSourceMapping',
  'AWS::Lambda::Url',
  'AWS::Lambda::Version',
  'AWS::Lambda::Alias',
  'AWS::Lambda::EventInvokeConfig',
]);

const apis: ReadonlySet<unknown> = new Set(['AWS::Serverless::Api', 'AWS::Serverless::HttpApi']);

/** Of SAM and CloudFormation: `moved` are logical ids. */
export function cutoverOfTemplate(template: PlainObject, moved: readonly string[]): Cutover {
  const resources = objectOf(template['Resources']);
  const gone = new Set(moved);
  while (Object.keys(resources).some((id) => !gone.has(id) && goesToo(resources, id, gone) && gone.add(id)));
  const owner = ownerIn(resources, gone);
  const outputs = outputsNeeding(template['Outputs'], owner);
  const rest = Object.entries(resources).filter(([id]) => !gone.has(id));
  const globals = Object.entries(objectOf(template['Globals'])).map(([id, entry]) => [`Globals.${id}`, entry] as const);
  const named = namesOf(resources, gone);
  const obstacles = [
    ...[...rest, ...globals, ...outputs.exported].flatMap(([by, entry]) => needs(entry, owner, named).map((needed) => ({ needed, by }))),
    ...rest.flatMap(([id, entry]) => (isWithoutRoutes(resources, id, entry, gone) ? [{ needed: `every route of ${id}`, by: id }] : [])),
  ];
  return {
    paths: [...[...gone].map((id) => ['Resources', id]), ...outputs.removed.map((id) => ['Outputs', id])],
    outputs: outputs.removed,
    obstacles,
  };
}

function goesToo(resources: PlainObject, id: string, gone: ReadonlySet<string>): boolean {
  const { Type: type, Properties: properties } = objectOf(resources[id]);
  if (partsOfFunction.has(type)) return namesIn(properties).some((name) => gone.has(name));
  if (type === 'AWS::Events::Rule') return allRefer(objectOf(properties)['Targets'], gone);
  if (type === 'AWS::Scheduler::Schedule') return allRefer(objectOf(objectOf(properties)['Target'])['Arn'], gone);
  // An API whose own domain clients know stays.
  return (
    isWithoutRoutes(resources, id, resources[id], gone) && objectOf(properties)['Domain'] === undefined && !isNeeded(resources, id, gone)
  );
}

function allRefer(list: unknown, gone: ReadonlySet<string>): boolean {
  const targets = listOf(list);
  return targets.length > 0 && targets.every((target) => namesIn(objectOf(target)['Arn'] ?? target).some((name) => gone.has(name)));
}

/** An API of SAM whose routes were all events of functions that go. */
function isWithoutRoutes(resources: PlainObject, id: string, entry: unknown, gone: ReadonlySet<string>): boolean {
  const { Type: type, Properties: properties } = objectOf(entry);
  const { DefinitionBody: body, DefinitionUri: uri } = objectOf(properties);
  if (!apis.has(type) || body !== undefined || uri !== undefined) return false;
  const servedBy = Object.keys(resources).filter((each) =>
    namesIn(objectOf(objectOf(resources[each])['Properties'])['Events']).includes(id),
  );
  return servedBy.length > 0 && servedBy.every((each) => gone.has(each));
}

function isNeeded(resources: PlainObject, id: string, gone: ReadonlySet<string>): boolean {
  return Object.entries(resources).some(([each, entry]) => each !== id && !gone.has(each) && namesIn(entry).includes(id));
}

/** What a name goes with: SAM makes resources whose ids begin with that of the function. */
function ownerIn(resources: PlainObject, gone: ReadonlySet<string>): (name: string) => string | undefined {
  const ids = Object.keys(resources).sort((a, b) => b.length - a.length);
  const remaining = Object.entries(resources).filter(([id]) => !gone.has(id));
  const usesImplicit = (type: string, key: string) =>
    remaining.some(([, entry]) =>
      Object.values(objectOf(objectOf(objectOf(entry)['Properties'])['Events'])).some(
        (event) => objectOf(event)['Type'] === type && objectOf(objectOf(event)['Properties'])[key] === undefined,
      ),
    );
  const rest = usesImplicit('Api', 'RestApiId');
  const http = usesImplicit('HttpApi', 'ApiId');
  return (name) => {
    if (Object.hasOwn(resources, name)) return gone.has(name) ? name : undefined;
    if (/^ServerlessRestApi/.test(name)) return rest ? undefined : name;
    if (/^ServerlessHttpApi/.test(name)) return http ? undefined : name;
    const made = ids.find((id) => name.startsWith(id));
    return made !== undefined && gone.has(made) ? made : undefined;
  };
}

/** Names that functions are called by from anywhere. */
function namesOf(resources: PlainObject, gone: ReadonlySet<string>): Map<string, string> {
  return new Map(
    [...gone].flatMap((id) => {
      const name = objectOf(objectOf(resources[id])['Properties'])['FunctionName'];
      return typeof name === 'string' && name.length > 3 ? [[name, id] as const] : [];
    }),
  );
}

function needs(entry: unknown, owner: (name: string) => string | undefined, named: ReadonlyMap<string, string>): string[] {
  const { DependsOn: dependsOn } = objectOf(entry);
  const referred = [...namesIn(entry), ...stringsOf(dependsOn)].flatMap((name) => owner(name) ?? []);
  const text = JSON.stringify(entry) ?? '';
  const called = [...named].flatMap(([name, id]) => (text.includes(name) ? [id] : []));
  return [...new Set([...referred, ...called])];
}

interface Outputs {
  removed: string[];
  exported: (readonly [string, unknown])[];
}

/** Another stack may import what is exported; the others only tell. */
function outputsNeeding(outputs: unknown, owner: (name: string) => string | undefined): Outputs {
  const needing = Object.entries(objectOf(outputs)).filter(([, entry]) => namesIn(entry).some((name) => owner(name) !== undefined));
  const isExported = ([, entry]: readonly [string, unknown]) => objectOf(entry)['Export'] !== undefined;
  return {
    removed: needing.filter((each) => !isExported(each)).map(([id]) => id),
    exported: needing.filter(isExported).map(([id, entry]) => [`Outputs.${id}`, entry] as const),
  };
}
