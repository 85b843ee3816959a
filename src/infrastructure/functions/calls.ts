/** Who calls the functions of a template, and how the calls are moved to an alias. */
import { isPlainObject, objectOf, type PlainObject } from '../../project/data.js';
import { attributeOf, intrinsicOf, maximumDepth, namesIn, substitutionOf } from '../../project/readers/cloudformation/intrinsics.js';
import type { PathKey } from '../../project/yaml.js';
import type { Replacement } from '../text/rewrite.js';
import { type Definition, sectionsOf } from './definition.js';

/** The alias that a function is called by. */
export interface FunctionAlias {
  /** Logical id of the function. */
  function: string;
  /** Logical id of the alias. */
  id: string;
  name: string;
}

/** A call that stays as it is. */
export interface KeptCall {
  function: string;
  /** Logical id of what calls. */
  by: string;
  reason: 'role' | 'name' | 'address';
}

export interface MovedCalls {
  replaced: Replacement[];
  kept: KeptCall[];
  /** Logical ids of deployments of APIs whose integrations change. */
  deployments: string[];
}

/**
 * Properties that hold what is called, by type of resource; `*` stands for any one key, `**` for any below. All of them are allowed by a
 * permission of the function, or read with its own role.
 */
const calledIn: Readonly<Record<string, readonly string[]>> = {
  'AWS::Lambda::EventSourceMapping': ['FunctionName'],
  'AWS::Events::Rule': ['Targets.*.Arn'],
  'AWS::SNS::Subscription': ['Endpoint'],
  'AWS::SNS::Topic': ['Subscription.*.Endpoint'],
  'AWS::S3::Bucket': ['NotificationConfiguration.LambdaConfigurations.*.Function'],
  'AWS::ApiGateway::Method': ['Integration.Uri'],
  'AWS::ApiGateway::Authorizer': ['AuthorizerUri'],
  'AWS::ApiGateway::RestApi': ['Body.**'],
  'AWS::ApiGatewayV2::Integration': ['IntegrationUri'],
  'AWS::ApiGatewayV2::Authorizer': ['AuthorizerUri'],
  'AWS::ApiGatewayV2::Api': ['Target', 'Body.**'],
  'AWS::Serverless::Api': ['DefinitionBody.**', 'Auth.Authorizers.*.FunctionArn'],
  'AWS::Serverless::HttpApi': ['DefinitionBody.**', 'Auth.Authorizers.*.FunctionArn'],
  'AWS::Cognito::UserPool': ['LambdaConfig.**'],
  'AWS::Logs::SubscriptionFilter': ['DestinationArn'],
  'AWS::IoT::Authorizer': ['AuthorizerFunctionArn'],
  'AWS::IoT::TopicRule': ['TopicRulePayload.Actions.*.Lambda.FunctionArn'],
  'AWS::ElasticLoadBalancingV2::TargetGroup': ['Targets.*.Id'],
};

/** Resources that call with a role of their own, which is allowed the function and not its alias. */
const byRole: ReadonlySet<string> = new Set([
  'AWS::Scheduler::Schedule',
  'AWS::StepFunctions::StateMachine',
  'AWS::Serverless::StateMachine',
  'AWS::Pipes::Pipe',
  'AWS::AppSync::DataSource',
  'AWS::Serverless::GraphQLApi',
  'AWS::KinesisFirehose::DeliveryStream',
]);

/** What an edit of the template has to do so that each function is called by its alias. */
export function movedCalls({ document, base }: Definition, aliases: readonly FunctionAlias[]): MovedCalls {
  const known = new Map(aliases.map((each) => [each.function, each]));
  const sections = sectionsOf(document, base);
  const all = sections.flatMap(({ path, resources }) =>
    Object.entries(resources).map(([id, entry]) => ({ id, path: [...path, id, 'Properties'], entry: objectOf(entry) })),
  );
  const declared = new Set(all.map(({ id }) => id));
  const replaced: Replacement[] = [];
  const kept: KeptCall[] = [];
  const moved = new Set<string>();
  const redeploys = new Set<string>();
  for (const { id, path, entry } of all) {
    const type = String(entry['Type']);
    const places = Object.hasOwn(calledIn, type) ? calledIn[type] : undefined;
    for (const found of referencesIn(entry['Properties'], known)) {
      const { function: name } = found;
      if (places?.some((place) => matches(place, found.path))) {
        // What calls with a role of its own is allowed nothing else.
        if (callsByRole(type, entry, found.path)) kept.push({ function: name, by: id, reason: 'role' });
        else {
          replaced.push(moveOf(found, path, known));
          moved.add(name);
          if (type.startsWith('AWS::ApiGateway')) redeploys.add(apiOf(id, entry));
        }
      } else if (byRole.has(type)) kept.push({ function: name, by: id, reason: 'role' });
      else if (isVariable(type, found.path)) kept.push({ function: name, by: id, reason: 'name' });
      else if (type === 'AWS::Lambda::Url') kept.push({ function: name, by: id, reason: 'address' });
    }
  }
  for (const { path, entry } of all) replaced.push(...permitted(path, entry, { known, moved, declared }));
  const deployments = all.filter(({ entry }) => isDeployment(entry, redeploys)).map(({ id }) => id);
  return { replaced, kept: distinct(kept), deployments };
}

interface Reference {
  path: PathKey[];
  function: string;
  /** A part of a text, where it is no value of its own. */
  find?: string;
}

function referencesIn(value: unknown, known: ReadonlyMap<string, FunctionAlias>, path: PathKey[] = []): Reference[] {
  if (path.length > maximumDepth) return [];
  const intrinsic = intrinsicOf(value);
  if (intrinsic?.name === 'Ref') return known.has(String(intrinsic.argument)) ? [{ path, function: String(intrinsic.argument) }] : [];
  if (intrinsic?.name === 'Fn::GetAtt') {
    const { id = '', attribute } = attributeOf(intrinsic.argument) ?? {};
    return attribute === 'Arn' && known.has(id) ? [{ path, function: id }] : [];
  }
  if (intrinsic?.name === 'Fn::Sub') {
    const { text = '', variables = {} } = substitutionOf(intrinsic.argument) ?? {};
    const at = [...path, 'Fn::Sub', ...(Array.isArray(intrinsic.argument) ? [0] : [])];
    const parts = [...known.keys()].flatMap((name) =>
      [`\${${name}.Arn}`, `\${${name}}`].map((find) => ({ path: at, function: name, find })),
    );
    const inText = parts.filter(({ find, function: name }) => text.includes(find) && !Object.hasOwn(variables, name));
    const below = Array.isArray(intrinsic.argument) ? referencesIn(variables, known, [...path, 'Fn::Sub', 1]) : [];
    return [...inText, ...below];
  }
  if (Array.isArray(value)) return value.flatMap((each, index) => referencesIn(each, known, [...path, index]));
  return isPlainObject(value) ? Object.entries(value).flatMap(([key, each]) => referencesIn(each, known, [...path, key])) : [];
}

/** Functions of CloudFormation on the way (`Fn::Join`, a list in it) are part of the value. */
function matches(place: string, path: readonly PathKey[]): boolean {
  const wanted = place.split('.');
  for (const [index, key] of wanted.entries()) {
    if (key === '**') return path.length > index;
    if (path[index] === undefined || (key !== '*' && String(path[index]) !== key)) return false;
  }
  const rest = path[wanted.length];
  return rest === undefined || String(rest).startsWith('Fn::');
}

function moveOf(found: Reference, path: readonly PathKey[], known: ReadonlyMap<string, FunctionAlias>): Replacement {
  const { id = '' } = known.get(found.function) ?? {};
  const at = [...path, ...found.path];
  return found.find === undefined ? { path: at, reference: id } : { path: at, find: found.find, put: `\${${id}}` };
}

function callsByRole(type: string, { Properties: properties }: PlainObject, path: readonly PathKey[]): boolean {
  const own = objectOf(properties);
  if (type === 'AWS::Events::Rule') {
    const targets = own['Targets'];
    const target: unknown = Array.isArray(targets) ? targets[Number(path[1])] : undefined;
    return objectOf(target)['RoleArn'] !== undefined;
  }
  return [
    own['CredentialsArn'],
    own['AuthorizerCredentials'],
    own['AuthorizerCredentialsArn'],
    objectOf(own['Integration'])['Credentials'],
  ].some((role) => role !== undefined);
}

function isVariable(type: string, path: readonly PathKey[]): boolean {
  return /^AWS::(Lambda|Serverless)::Function$/.test(type) && path[0] === 'Environment';
}

/** The API that has to be deployed anew. */
function apiOf(id: string, { Type: type, Properties: properties }: PlainObject): string {
  const { RestApiId: rest, ApiId: api } = objectOf(properties);
  return type === 'AWS::ApiGateway::RestApi' || type === 'AWS::ApiGatewayV2::Api' ? id : (namesIn(rest ?? api)[0] ?? '');
}

function isDeployment({ Type: type, Properties: properties }: PlainObject, apis: ReadonlySet<string>): boolean {
  const { RestApiId: rest, ApiId: api } = objectOf(properties);
  return /^AWS::ApiGateway(V2)?::Deployment$/.test(String(type)) && namesIn(rest ?? api).some((name) => apis.has(name));
}

interface Permitting {
  known: ReadonlyMap<string, FunctionAlias>;
  moved: ReadonlySet<string>;
  declared: ReadonlySet<string>;
}

/** A permission goes with the calls; one for a source that the template does not have stays, for its caller stays too. */
function permitted(path: readonly PathKey[], entry: PlainObject, { known, moved, declared }: Permitting): Replacement[] {
  const { Type: type, Properties: properties } = entry;
  const { FunctionName: name, SourceArn: source, Qualifier: qualifier } = objectOf(properties);
  const [found] = referencesIn(name, known, ['FunctionName']);
  if (!found) return [];
  if (type === 'AWS::Lambda::Permission') {
    const ofTemplate = source === undefined ? moved.has(found.function) : namesIn(source).some((each) => declared.has(each));
    return ofTemplate && moved.has(found.function) ? [moveOf(found, path, known)] : [];
  }
  if (type === 'AWS::Lambda::EventInvokeConfig' && qualifier === '$LATEST') {
    const alias = known.get(found.function)?.name ?? '';
    return [{ path: [...path, 'Qualifier'], find: '$LATEST', put: alias }];
  }
  return [];
}

function distinct(calls: readonly KeptCall[]): KeptCall[] {
  return [...new Map(calls.map((each) => [JSON.stringify(each), each])).values()];
}
