/** Resources of Terraform → a template, with what Terraform spreads over several resources put together. */
import { isPlainObject, listOf, objectOf, type PlainObject } from '../../data.js';
import { attributeOf, intrinsicOf } from '../cloudformation/intrinsics.js';
import type { TerraformResource } from './module.js';
import { block, type ResourceType, resourceTypes } from './resource-types.js';
import { documentOf } from './values.js';

interface TemplateResource {
  Type: string;
  Properties: PlainObject;
}

export type Translated = Record<string, TemplateResource>;

/** `id` gives the logical id of an address. */
export function translated(resources: readonly TerraformResource[], id: (address: string) => string): Translated {
  const found: Translated = {};
  for (const { address, type, values } of resources) {
    const known = Object.hasOwn(resourceTypes, type) ? resourceTypes[type] : undefined;
    if (known) found[id(address)] = { Type: known.type, Properties: objectOf(withIds(propertiesOf(known, values), id)) };
  }
  return joined(found);
}

function propertiesOf({ rename = {}, single = [], documents = [], finish }: ResourceType, own: PlainObject): PlainObject {
  const present = Object.entries(own).filter(
    ([key, value]) => value !== null && value !== undefined && !(single.includes(key) && isEmptyList(value)),
  );
  const properties = Object.fromEntries(
    present.map(([key, value]) => {
      const name = Object.hasOwn(rename, key) ? (rename[key] as string) : pascalCase(key);
      if (documents.includes(key)) return [name, documentOf(value)];
      return [name, single.includes(key) ? namesOfBlock(block(value)) : value];
    }),
  );
  return finish ? finish(properties, Object.fromEntries(present)) : properties;
}

function isEmptyList(value: unknown): boolean {
  return Array.isArray(value) && value.length === 0;
}

/** Arguments of a nested block; a map that is the user's own keeps its keys. */
function namesOfBlock(body: PlainObject): PlainObject {
  const entries = Object.entries(body).filter(([, value]) => value !== null && value !== undefined);
  return Object.fromEntries(entries.map(([key, value]) => [pascalCase(key), value]));
}

function pascalCase(name: string): string {
  return name.replace(/(^|_)([a-z0-9])/g, (_, __, letter: string) => letter.toUpperCase());
}

/** Addresses in references → logical ids. */
function withIds(value: unknown, id: (address: string) => string): unknown {
  if (Array.isArray(value)) return value.map((entry) => withIds(entry, id));
  if (!isPlainObject(value)) return value;
  const intrinsic = intrinsicOf(value);
  if (intrinsic?.name === 'Fn::GetAtt') {
    const { id: address = '', attribute = '' } = attributeOf(intrinsic.argument) ?? {};
    return { 'Fn::GetAtt': [id(address), attribute] };
  }
  return Object.fromEntries(Object.entries(value).map(([key, entry]) => [key, withIds(entry, id)]));
}

/** Logical id that a value refers to. */
function referred(value: unknown): string | undefined {
  const intrinsic = intrinsicOf(value);
  return intrinsic?.name === 'Fn::GetAtt' ? attributeOf(intrinsic.argument)?.id : undefined;
}

/** Resources that refer to another one under a key, when it is of that type. */
function parts(found: Translated, type: string): { id: string; properties: PlainObject }[] {
  return Object.entries(found).flatMap(([id, { Type, Properties }]) => (Type === type ? [{ id, properties: Properties }] : []));
}

function owner(found: Translated, value: unknown, ...keys: string[]): PlainObject | undefined {
  const id = referred(value);
  if (id !== undefined) return found[id]?.Properties;
  // A name can be written out where Terraform does not need to know the order.
  return typeof value === 'string'
    ? Object.values(found).find(({ Properties }) => keys.some((key) => Properties[key] === value))?.Properties
    : undefined;
}

function append(properties: PlainObject, key: string, ...entries: unknown[]): void {
  properties[key] = [...listOf(properties[key]), ...entries];
}

function joined(found: Translated): Translated {
  ruleTargets(found);
  targetGroups(found);
  bucketNotifications(found);
  rolePolicies(found);
  restMethods(found);
  return found;
}

function ruleTargets(found: Translated): void {
  for (const { properties } of parts(found, 'Terraform::RuleTarget')) {
    const rule = owner(found, properties['Rule'], 'Name');
    if (rule) append(rule, 'Targets', properties);
  }
}

function targetGroups(found: Translated): void {
  for (const { properties } of parts(found, 'Terraform::TargetGroupAttachment')) {
    const group = owner(found, properties['TargetGroupArn']);
    if (group) append(group, 'Targets', { Id: properties['TargetId'] });
  }
}

function bucketNotifications(found: Translated): void {
  for (const { id, properties } of parts(found, 'Terraform::BucketNotification')) {
    const functions = listOf(properties['LambdaFunction']).map((each) => ({ Function: objectOf(each)['lambda_function_arn'] }));
    const bucket = owner(found, properties['Bucket'], 'BucketName');
    const holder = bucket ?? {};
    holder['NotificationConfiguration'] = { LambdaConfigurations: functions };
    if (!bucket) found[id] = { Type: 'AWS::S3::Bucket', Properties: holder };
  }
}

function rolePolicies(found: Translated): void {
  for (const { properties } of parts(found, 'Terraform::RolePolicyAttachment')) {
    for (const role of [...listOf(properties['Role']), ...listOf(properties['Roles'])]) {
      const own = owner(found, role, 'RoleName');
      if (own) append(own, 'ManagedPolicyArns', properties['PolicyArn']);
    }
  }
  for (const { properties } of parts(found, 'AWS::IAM::Role')) {
    const attached = listOf(properties['ManagedPolicyArns']);
    const inline = attached.flatMap((arn) => policyOf(found, arn));
    append(properties, 'Policies', ...inline);
    properties['ManagedPolicyArns'] = attached.filter((arn) => policyOf(found, arn).length === 0);
  }
}

/** A policy of the configuration itself, as an inline one. */
function policyOf(found: Translated, arn: unknown): PlainObject[] {
  const id = referred(arn);
  const policy = id === undefined ? undefined : found[id];
  if (id === undefined || policy?.Type !== 'AWS::IAM::ManagedPolicy') return [];
  return [{ PolicyName: policy.Properties['ManagedPolicyName'] ?? id, PolicyDocument: policy.Properties['PolicyDocument'] }];
}

/** Method, integration and their answers are resources of their own. */
function restMethods(found: Translated): void {
  const keyOf = (properties: PlainObject) => JSON.stringify([properties['ResourceId'], methodOf(found, properties['HttpMethod'])]);
  const responses = parts(found, 'Terraform::RestIntegrationResponse');
  const integrations = new Map(parts(found, 'Terraform::RestIntegration').map(({ properties }) => [keyOf(properties), properties]));
  for (const { properties } of parts(found, 'AWS::ApiGateway::Method')) {
    const integration = integrations.get(keyOf(properties));
    if (!integration) continue;
    const answers = responses.filter((each) => keyOf(each.properties) === keyOf(properties)).map((each) => each.properties);
    properties['Integration'] = { ...integration, ...(answers.length > 0 && { IntegrationResponses: answers }) };
  }
  for (const { properties } of parts(found, 'Terraform::RestMethodSettings')) {
    const stage = parts(found, 'AWS::ApiGateway::Stage').find(
      (each) => referred(each.properties['RestApiId']) === referred(properties['RestApiId']),
    );
    const [path = '*', method = '*'] = String(properties['MethodPath'] ?? '*/*').split(/\/(?=[^/]*$)/);
    if (stage)
      append(stage.properties, 'MethodSettings', {
        ...objectOf(properties['Settings']),
        HttpMethod: method,
        ResourcePath: path === '*' ? '/*' : `/${path}`,
      });
  }
  for (const { properties } of parts(found, 'Terraform::RestApiPolicy')) {
    const api = owner(found, properties['RestApiId']);
    if (api) api['Policy'] = properties['Policy'];
  }
}

/** `aws_api_gateway_method.orders.http_method` is the method of that resource. */
function methodOf(found: Translated, value: unknown): unknown {
  const id = referred(value);
  return id === undefined ? value : (found[id]?.Properties['HttpMethod'] ?? value);
}
