/** Where the template of a nested stack lies. */
import { isPlainObject, objectOf } from '../../data.js';
import { parentOf, type Repository } from '../../repository.js';
import type { Template } from './template.js';

/** As the resource names it; undefined when the resource is no nested stack. */
export function nestedLocation(id: string, template: Template): string | undefined {
  const { type = '', properties = {} } = template.resources[id] ?? {};
  const asset = objectOf(template.entries[id]?.['Metadata'])['aws:asset:path'];
  // The CDK uploads the template of a nested stack as an asset, which lies beside the outer template.
  if (type === 'AWS::CloudFormation::Stack') return typeof asset === 'string' ? asset : locationText(properties['TemplateURL'], template);
  if (type !== 'AWS::Serverless::Application') return undefined;
  const location = template.resolve(properties['Location']);
  return isPlainObject(location) && 'ApplicationId' in location
    ? locationText(location['ApplicationId'], template)
    : locationText(location, template);
}

/** The file of a nested stack in the repository, which is a project of its own. */
export function localLocation(id: string, template: Template, repository: Repository, path: string): string | undefined {
  const location = nestedLocation(id, template);
  const file = location === undefined || /^[\w+.-]+:|^[!{]/.test(location) ? undefined : repository.resolve(parentOf(path), location);
  return file !== undefined && repository.isFile(file) ? file : undefined;
}

export function locationText(value: unknown, template: Template): string {
  const known = template.toValue(value);
  return known.kind === 'literal' ? String(known.value ?? '') : known.text;
}
