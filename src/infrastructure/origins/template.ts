import { isPlainObject, listOf, objectOf, type PlainObject } from '../../project/data.js';
import type { LambdaFunction, Project } from '../../project/model.js';
import { intrinsicOf } from '../../project/readers/cloudformation/intrinsics.js';
import { sectionNames } from '../cloudformation.js';
import { permissionsOfConnectors } from '../permissions/connectors.js';
import { noPermissions, type Permissions, unionOfPermissions } from '../permissions/permissions.js';
import { permissionsOfRole } from '../permissions/role.js';
import { permissionsOfSam } from '../permissions/sam.js';
import type { DeclaredParameter, Origin, ParameterSpec, WrittenNetwork } from './origin.js';
import { deadLettersOf, intrinsicIn, literalSchedules, queueOf, valueInTemplate } from './written.js';

/** A CloudFormation parameter, read with `Ref`. */
export function templateParameter(id: string, { type, description, default: fallback, allowed }: ParameterSpec): DeclaredParameter {
  const entry = {
    Type: type,
    Description: description,
    ...(fallback !== undefined && { Default: fallback }),
    ...(allowed && { AllowedValues: [...allowed] }),
  };
  return { name: id, entry, reference: { Ref: id } };
}

/** Permissions of a function resource of SAM or CloudFormation. */
export function permissionsOfResource(resources: Project['resources'], id: string): Permissions {
  const { type, properties } = resources[id] ?? { type: '', properties: {} };
  if (properties['Role'] !== undefined) return permissionsOfRole(resources, properties['Role']);
  return type === 'AWS::Serverless::Function' ? permissionsOfSam(id, properties['Policies']) : noPermissions();
}

/** Subnets and security groups of `VpcConfig`, as far as they are written out. */
export function networkOf(config: unknown): WrittenNetwork | undefined {
  const { SubnetIds: subnets, SecurityGroupIds: groups } = objectOf(config);
  if (subnets === undefined || (Array.isArray(subnets) && subnets.length === 0)) return undefined;
  const list = intrinsicOf(groups) ? undefined : listOf(groups);
  return list && { subnets, securityGroups: list };
}

/** Of SAM and CloudFormation templates that the stack becomes part of. `template`: as read, without what an earlier run added. */
export function templateOrigin({ functions, resources }: Project, template: PlainObject): Origin {
  const declared = objectOf(template['Resources']);
  const properties = (id: string): PlainObject => resources[id]?.properties ?? {};
  const lambdaOf = (id: string): LambdaFunction | undefined => functions.find((each) => each.id === id);
  return {
    deploys: 'beside',
    variable(id, name) {
      const variables = objectOf(objectOf(properties(id)['Environment'])['Variables']);
      return Object.hasOwn(variables, name) ? variables[name] : undefined;
    },
    value: valueInTemplate,
    queue: (trigger) => queueOf(trigger, valueInTemplate(trigger.queue)),
    deadLetters: (trigger) => deadLettersOf(resources, declared, trigger),
    schedules: (job) => literalSchedules(job, lambdaOf(job.function), (text) => expressionIn(properties(job.function), text)),
    permissions: (id) => unionOfPermissions([permissionsOfResource(resources, id), permissionsOfConnectors(declared, id)]),
    network: (id) => networkOf(properties(id)['VpcConfig']),
    condition(id) {
      const condition = objectOf(declared[id])['Condition'];
      return typeof condition === 'string' ? condition : undefined;
    },
    logRetention() {
      const group = Object.values(resources).find(
        ({ type, properties: own }) => type === 'AWS::Logs::LogGroup' && own['RetentionInDays'] !== undefined,
      );
      return group?.properties['RetentionInDays'];
    },
    text: (literal) => literal,
    parameter: templateParameter,
    taken: () => new Set(sectionNames.flatMap((name) => Object.keys(objectOf(template[name])))),
  };
}

/** The expression as SAM's event has it, when that is a reference that was resolved for the report. */
function expressionIn(properties: PlainObject, text: string): unknown {
  const written = Object.values(objectOf(properties['Events'])).flatMap((event) => {
    const own = objectOf(objectOf(event)['Properties']);
    return [own['Schedule'], own['ScheduleExpression']].filter((each) => each !== undefined);
  });
  const [only, ...others] = written.filter(isPlainObject);
  if (only && others.length === 0 && !written.includes(text)) return only;
  return /^(rate|cron|at)\(/.test(text) ? text : intrinsicIn(text);
}
