/** Parts of a template that are kept elsewhere or made while deploying: named, never silently left out. */
import { diagnostic } from '../../../diagnostics/catalog.js';
import type { Diagnostic } from '../../../diagnostics/diagnostic.js';
import { isPlainObject, listOf, objectOf, type PlainObject } from '../../data.js';
import type { Repository } from '../../repository.js';
import { maximumDepth } from './intrinsics.js';
import { localLocation, locationText, nestedLocation } from './nested.js';
import { isFunctionType, type Template } from './template.js';

/** Transforms that change nothing the readers look at, or that the readers do themselves. */
const readTransforms = new Set([
  'AWS::Serverless-2016-10-31',
  'AWS::LanguageExtensions',
  'AWS::CodeDeployBlueGreen',
  'AWS::CodeStar',
  'AWS::SecretsManager-2020-07-23',
  'AWS::SecretsManager-2024-09-16',
  'AWS::ServiceCatalog',
]); // prettier-ignore

const webFunctions = new Set(['AWS::Lambda::WebFunction', 'AWS::Serverless::WebFunction']);

export function reportUnread(
  data: PlainObject,
  template: Template,
  repository: Repository,
  path: string,
  report: (found: Diagnostic) => void,
): void {
  for (const [id, { type }] of Object.entries(template.resources)) {
    if (webFunctions.has(type))
      report(diagnostic('WEB_FUNCTION_FOUND', { args: { name: id }, place: template.range(['Resources', id]) ?? { file: path } }));
    const location = nestedLocation(id, template);
    if (location === undefined) continue;
    const code = localLocation(id, template, repository, path) === undefined ? 'NESTED_APPLICATION_REMOTE' : 'NESTED_APPLICATION';
    report(diagnostic(code, { args: { name: id, location }, place: template.range(['Resources', id]) ?? { file: path } }));
  }
  reportNotCreated(template, path, report);
  for (const loop of template.unknownLoops) {
    report(diagnostic('LOOP_UNRESOLVED', { args: { loop }, place: template.range(['Resources', loop]) ?? { file: path } }));
  }
  for (const transform of listOf(data['Transform'])) {
    const { Name: named, Parameters: parameters } = objectOf(transform);
    const name = String(isPlainObject(transform) ? named : transform);
    if (readTransforms.has(name)) continue;
    const location = locationText(objectOf(parameters)['Location'], template);
    const code = name === 'AWS::Include' ? 'TEMPLATE_INCLUDE' : 'TEMPLATE_MACRO';
    report(diagnostic(code, { args: { macro: name, location }, place: template.range(['Transform']) ?? { file: path } }));
  }
  for (const found of transformsIn(objectOf(data['Resources']), ['Resources'], 0)) {
    const code = found.name === 'AWS::Include' ? 'TEMPLATE_INCLUDE' : 'TEMPLATE_MACRO';
    report(
      diagnostic(code, { args: { macro: found.name, location: found.location }, place: template.range(found.path) ?? { file: path } }),
    );
  }
}

/** One sentence for each function, and one for everything else that a condition leaves out. */
export function reportNotCreated(template: Template, path: string, report: (found: Diagnostic) => void): void {
  const others = new Map<string, string[]>();
  for (const { id, type, condition } of template.notCreated) {
    const place = template.range(['Resources', id]) ?? { file: path };
    if (isFunctionType(type)) report(diagnostic('FUNCTION_NOT_CREATED', { args: { function: id, condition }, place, function: id }));
    else others.set(condition, [...(others.get(condition) ?? []), id]);
  }
  for (const [condition, ids] of others) {
    const place = template.range(['Conditions', condition]) ?? { file: path };
    report(diagnostic('RESOURCES_NOT_CREATED', { args: { condition, resources: ids.join(', ') }, place }));
  }
}

interface FoundTransform {
  name: string;
  location: string;
  path: (string | number)[];
}

function transformsIn(value: unknown, path: (string | number)[], depth: number): FoundTransform[] {
  if (typeof value !== 'object' || value === null || depth > maximumDepth) return [];
  return Object.entries(value).flatMap(([key, entry]) => {
    const at = [...path, Array.isArray(value) ? Number(key) : key];
    if (key !== 'Fn::Transform') return transformsIn(entry, at, depth + 1);
    return listOf(entry).flatMap((transform) => {
      const name = objectOf(transform)['Name'];
      const location = objectOf(objectOf(transform)['Parameters'])['Location'];
      // An included OpenAPI document of the repository is read with its API.
      const isRead = name === 'AWS::Include' && typeof location === 'string' && (path.includes('DefinitionBody') || path.includes('Body'));
      return typeof name !== 'string' || (isRead && !/^s3:|^https?:/.test(location))
        ? []
        : [{ name, location: typeof location === 'string' ? location : '', path: at }];
    });
  });
}
