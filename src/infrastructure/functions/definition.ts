/** Functions as their definition writes them, to be edited where they stand. */
import { isPlainObject, objectOf, type PlainObject } from '../../project/data.js';
import { functionLogicalId } from '../../project/readers/serverless/names.js';
import type { PathKey } from '../../project/yaml.js';
import type { Origin } from '../origins/origin.js';
import type { TemplateBase } from '../text/place.js';

/** A definition that is text and can be edited: without what an earlier run added. */
export interface Definition {
  document: PlainObject;
  base: TemplateBase;
  origin: Origin;
}

/** A function where it is declared. */
export interface DeclaredFunction {
  /** Its id in the model. */
  id: string;
  /** Logical id of its `AWS::Lambda::Function`. */
  logicalId: string;
  kind: 'sam' | 'template' | 'serverless';
  /** Of the mapping that holds its settings. */
  path: readonly PathKey[];
  /** As written there, without what all functions have. */
  own: PlainObject;
  /** With what all functions have: Globals, provider. */
  settings: PlainObject;
  condition: string | undefined;
}

/** Undefined when the function stands in another file. */
export function declaredFunction({ document, base, origin }: Definition, id: string): DeclaredFunction | undefined {
  for (const { path, resources } of sectionsOf(document, base)) {
    const { Type: type, Properties: properties } = objectOf(resources[id]);
    if (type !== 'AWS::Serverless::Function' && type !== 'AWS::Lambda::Function') continue;
    const isSam = type === 'AWS::Serverless::Function';
    const shared = isSam ? objectOf(objectOf(document['Globals'])['Function']) : {};
    const own = objectOf(properties);
    const kind = isSam ? 'sam' : 'template';
    const condition = objectOf(resources[id])['Condition'];
    return {
      id,
      logicalId: id,
      kind,
      path: [...path, id, 'Properties'],
      own,
      settings: { ...shared, ...own },
      condition: typeof condition === 'string' ? condition : undefined,
    };
  }
  const written = objectOf(document['functions'])[id];
  if (base.length === 0 || !isPlainObject(written)) return undefined;
  return {
    id,
    logicalId: functionLogicalId(id),
    kind: 'serverless',
    path: ['functions', id],
    own: written,
    settings: { ...objectOf(document['provider']), ...written },
    condition: origin.condition(id),
  };
}

/** Every `Resources` of a definition, with its path: `resources` of Serverless may be a list of templates. */
export function sectionsOf(document: PlainObject, base: TemplateBase): { path: PathKey[]; resources: PlainObject }[] {
  if (base.length === 0) return [{ path: ['Resources'], resources: objectOf(document['Resources']) }];
  const { resources } = document;
  const parts = Array.isArray(resources)
    ? resources.map((each, index) => ({ path: ['resources', index], each }))
    : [{ path: ['resources'], each: resources }];
  return parts.map(({ path, each }) => ({ path: [...path, 'Resources'], resources: objectOf(objectOf(each)['Resources']) }));
}
