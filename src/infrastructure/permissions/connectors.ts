/**
 * Connectors of SAM: a resource or an attribute that grants a function what it needs of another resource.
 * https://docs.aws.amazon.com/serverless-application-model/latest/developerguide/reference-sam-connector.html
 */
import { isPlainObject, listOf, objectOf, type PlainObject, stringsOf } from '../../project/data.js';
import { getAtt, join, policyDocument, ref } from '../cloudformation.js';
import { connectorStatements } from './aws-policies.js';
import { noPermissions, type Permissions, policyName, unionOfPermissions } from './permissions.js';
import { referredId } from './role.js';

/** Types of CloudFormation that SAM's own become. */
const madeOf: Readonly<Record<string, string>> = {
  'AWS::Serverless::Function': 'AWS::Lambda::Function',
  'AWS::Serverless::SimpleTable': 'AWS::DynamoDB::Table',
  'AWS::Serverless::StateMachine': 'AWS::StepFunctions::StateMachine',
};

/** Their `Ref` is their ARN. */
const namedByArn: ReadonlySet<string> = new Set(['AWS::SNS::Topic', 'AWS::StepFunctions::StateMachine']);

/** What connectors grant to the function; `declared` are the resources of the template. */
export function permissionsOfConnectors(declared: PlainObject, id: string): Permissions {
  const attributes = Object.entries(objectOf(objectOf(declared[id])['Connectors']));
  const resources = Object.entries(declared).filter(([, entry]) => startsAt(entry, id));
  const all = [
    ...attributes.map(([name, entry]) => [`${id}-${name}`, objectOf(objectOf(entry)['Properties'])] as const),
    ...resources.map(([name, entry]) => [name, objectOf(objectOf(entry)['Properties'])] as const),
  ];
  return unionOfPermissions(all.map(([name, properties]) => granted(declared, name, properties)));
}

function startsAt(entry: unknown, id: string): boolean {
  const { Type: type, Properties: properties } = objectOf(entry);
  const { Id: named, Arn: arn } = objectOf(objectOf(properties)['Source']);
  return type === 'AWS::Serverless::Connector' && (named ?? referredId(arn)) === id;
}

function granted(declared: PlainObject, name: string, { Destination: written, Permissions: wanted }: PlainObject): Permissions {
  const destinations = listOf(written);
  const parts = destinations.map((destination) => statementsFor(declared, destination, stringsOf(wanted)));
  const unknown = destinations.length === 0 || parts.includes(undefined) ? [`the connector ${name} is not understood`] : [];
  const statements = parts.flatMap((part) => part ?? []);
  const policies = statements.length === 0 ? [] : [{ PolicyName: policyName(name), PolicyDocument: policyDocument(statements) }];
  return { ...noPermissions(unknown), policies };
}

/** Undefined when it is not known what SAM grants. */
function statementsFor(declared: PlainObject, destination: unknown, wanted: readonly string[]): unknown[] | undefined {
  const { Id: id, Arn: given, Type: named, Qualifier: qualifier } = objectOf(destination);
  const type = typeof id === 'string' ? objectOf(declared[id])['Type'] : named;
  if (typeof type !== 'string' || qualifier !== undefined || wanted.length === 0) return undefined;
  const own = madeOf[type] ?? type;
  const arn = typeof id === 'string' ? arnOf(id, own) : given;
  const found = wanted.map((access) => connectorStatements(own, access));
  if (arn === undefined || found.includes(undefined)) return undefined;
  const name = typeof id === 'string' ? getAtt(id, 'Name') : undefined;
  const filled = found.flatMap((list) => (list ?? []).map((statement) => filledIn(statement, arn, name)));
  return JSON.stringify(filled).includes('%{') ? undefined : filled;
}

function arnOf(id: string, type: string): unknown {
  return namedByArn.has(type) ? ref(id) : getAtt(id, 'Arn');
}

/** `%{Destination.Arn}/*` → the ARN with what follows; a name stands inside of an ARN. */
function filledIn(value: unknown, arn: unknown, name: unknown): unknown {
  if (Array.isArray(value)) return value.map((entry) => filledIn(entry, arn, name));
  if (isPlainObject(value)) return Object.fromEntries(Object.entries(value).map(([key, entry]) => [key, filledIn(entry, arn, name)]));
  if (typeof value !== 'string') return value;
  const rest = /^%\{Destination\.Arn\}(.*)$/.exec(value)?.[1];
  if (rest !== undefined) return rest === '' ? arn : join('', [arn, rest]);
  const parts = value.split('%{Destination.Name}');
  return parts.length === 2 && name !== undefined ? { 'Fn::Sub': [parts.join('${DestinationName}'), { DestinationName: name }] } : value;
}
