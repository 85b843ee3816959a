import { isPlainObject, objectOf, type PlainObject } from '../../project/data.js';
import { namesIn } from '../../project/readers/cloudformation/intrinsics.js';
import { functionLogicalId } from '../../project/readers/serverless/names.js';
import type { Cutover, Obstacle } from './template.js';

/** Of a Serverless service: `moved` are keys of `functions`. */
export function cutoverOfService(service: PlainObject, moved: readonly string[]): Cutover {
  const functions = objectOf(service['functions']);
  const ids = new Map(moved.map((key) => [functionLogicalId(key), key]));
  const kept = Object.entries(functions).filter(([key]) => !moved.includes(key));
  const without = apisWithout(kept.map(([, entry]) => entry));
  const owner = (name: string) => ids.get(name) ?? (without.has(name) ? name : undefined);
  const { removed, rest } = outputsOf(service['resources'], owner);
  const others = Object.entries({ ...service, functions: Object.fromEntries(kept), resources: rest });
  const obstacles = others.flatMap(([by, entry]) => obstaclesIn(by, entry, ids, without, moved));
  return {
    paths: [...moved.map((key) => ['functions', key]), ...removed.map((id) => ['resources', 'Outputs', id])],
    outputs: removed,
    obstacles,
  };
}

/** APIs that Serverless makes for events of functions: none is left when no function has such an event. */
function apisWithout(kept: readonly unknown[]): Set<string> {
  const has = (event: string) => kept.some((entry) => new RegExp(`"${event}":`).test(JSON.stringify(objectOf(entry)['events']) ?? ''));
  return new Set([...(has('http') ? [] : ['ApiGatewayRestApi']), ...(has('httpApi') ? [] : ['HttpApi'])]);
}

function outputsOf(resources: unknown, owner: (name: string) => string | undefined) {
  const { Outputs: outputs, ...others } = objectOf(resources);
  if (!isPlainObject(resources)) return { removed: [], rest: resources };
  const entries = Object.entries(objectOf(outputs));
  const needing = ([, entry]: readonly [string, unknown]) => namesIn(entry).some((name) => owner(name) !== undefined);
  const removed = entries.filter((each) => needing(each) && objectOf(each[1])['Export'] === undefined).map(([id]) => id);
  const left = Object.fromEntries(entries.filter(([id]) => !removed.includes(id)));
  return { removed, rest: { ...others, Outputs: left } };
}

/** Plugins name functions by their keys, and variables read their settings. */
function obstaclesIn(
  by: string,
  entry: unknown,
  ids: ReadonlyMap<string, string>,
  apis: ReadonlySet<string>,
  moved: readonly string[],
): Obstacle[] {
  const text = JSON.stringify(entry) ?? '';
  const logical = [...ids].filter(([id]) => new RegExp(`\\b${id}\\b`).test(text)).map(([, key]) => key);
  const names = new Set(namesIn(entry));
  const refersTo = moved.filter((key) => names.has(key) || text.includes(`functions.${key}.`) || text.includes(`functions.${key}}`));
  const called = by === 'functions' ? moved.filter((key) => text.includes(`:${JSON.stringify(key)}`)) : [];
  const fronts = [...apis].filter((api) => names.has(api));
  return [...new Set([...logical, ...refersTo, ...called, ...fronts])].map((needed) => ({ needed, by }));
}
