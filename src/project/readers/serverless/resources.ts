/** `resources:` of a service: CloudFormation beside its functions, which may call them or declare more of them. */
import { objectOf } from '../../data.js';
import type { LambdaFunction } from '../../model.js';
import { readFunctionResources } from '../cloudformation/functions.js';
import { Template } from '../cloudformation/template.js';
import { reportNotCreated } from '../cloudformation/unread-parts.js';
import type { ReadOptions } from '../reader.js';
import type { Service } from './functions.js';
import { functionLogicalId } from './names.js';

/** The template as trigger readers see it; one without resources when the service has none. */
export function serviceTemplate(service: Service, functions: readonly LambdaFunction[], options: ReadOptions): Template {
  const resources = objectOf(service.data['resources']);
  return new Template({
    template: resources,
    range: (path) => service.provenance.range(resources, ...path),
    parameters: options.parameters,
    functions: functions.map(({ id, name }) => ({
      functionId: id,
      logicalId: functionLogicalId(id),
      name: name?.kind === 'literal' ? String(name.value) : undefined,
    })),
    readFile: (path) => {
      const found = service.repository.resolve(service.folder, path);
      return found === undefined ? undefined : service.repository.read(found);
    },
  });
}

/** Functions that are declared as resources. */
export function resourceFunctions(service: Service, template: Template): LambdaFunction[] {
  const { repository, definition, report } = service;
  reportNotCreated(template, definition, report);
  return readFunctionResources({ template, repository, definition, report }).map(({ lambda }) => lambda);
}
