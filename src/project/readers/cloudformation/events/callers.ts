/** Services that call a function for themselves: state machines, custom resources, distributions, APIs that authorize … */
import type { SamEventContext } from '../../../../triggers/kind.js';
import type { TemplateContext } from '../../../../triggers/template-context.js';
import { objectOf, type PlainObject } from '../../../data.js';
import type { OtherTrigger, Trigger } from '../../../trigger.js';
import {
  booleanOf,
  calledBy,
  functionsIn,
  other,
  placeAt,
  resolvedList,
  resolvedObject,
  resourcesOf,
  sourceName,
  switchedOff,
  textOf,
  type WiredTrigger,
} from './resources.js';

type SamReader = (properties: PlainObject, context: SamEventContext) => Trigger[];

/** SAM: an event that names its source under the first of `keys` that is there. */
export function samSource(type: OtherTrigger['type'], ...keys: string[]): SamReader {
  return (properties, context) => {
    const key = keys.find((candidate) => properties[candidate] !== undefined);
    const source = key === undefined ? undefined : sourceName(context, properties[key]);
    return [other(type, source, switchedOff(context, properties), placeAt(context, context.path))];
  };
}

/** SAM: `SNS` without a queue of its own. */
export function samTopic(properties: PlainObject, context: SamEventContext): Trigger[] {
  const { SqsSubscription: subscription } = properties;
  const throughQueue = subscription !== undefined && subscription !== null && booleanOf(context, subscription) !== false;
  return throughQueue ? [] : samSource('sns', 'Topic')(properties, context);
}

/** Topics that deliver to functions, by a subscription or in the topic itself. */
export function topicTriggers(context: TemplateContext): WiredTrigger[] {
  const subscriptions = resourcesOf(context, 'AWS::SNS::Subscription').map(({ id, properties }) => ({
    id,
    subscription: properties,
    topic: sourceName(context, properties['TopicArn']),
  }));
  const own = resourcesOf(context, 'AWS::SNS::Topic').flatMap(({ id, properties }) =>
    resolvedList(context, properties['Subscription']).map((subscription) => ({ id, subscription: objectOf(subscription), topic: id })),
  );
  return [...subscriptions, ...own].flatMap(({ id, subscription, topic }) => {
    const functionId = textOf(context, subscription['Protocol']) === 'lambda' ? context.functionOf(subscription['Endpoint']) : undefined;
    return functionId === undefined ? [] : [{ functionId, trigger: other('sns', topic, placeAt(context, ['Resources', id])) }];
  });
}

/** Buckets that notify functions; the CDK does it by a custom resource. */
export function bucketTriggers(context: TemplateContext): WiredTrigger[] {
  const own = calledBy(
    's3',
    ['AWS::S3::Bucket'],
    ({ NotificationConfiguration: configuration }) => objectOf(configuration)['LambdaConfigurations'],
  );
  const custom = resourcesOf(context, 'Custom::S3BucketNotifications').flatMap(({ id, properties }) =>
    functionsIn(context, properties['NotificationConfiguration']).map((functionId) => ({
      functionId,
      trigger: other('s3', sourceName(context, properties['BucketName']), placeAt(context, ['Resources', id])),
    })),
  );
  return [...own(context), ...custom];
}

/** Custom resources and macros; the CDK's provider framework passes requests on to the user's function. */
export function customResourceTriggers(context: TemplateContext): WiredTrigger[] {
  const custom = Object.entries(context.resources).filter(
    ([, { type }]) => type.startsWith('Custom::') || type === 'AWS::CloudFormation::CustomResource',
  );
  const named = custom.flatMap(([id, { properties }]) =>
    functionsIn(context, properties['ServiceToken']).map((functionId) => ({ functionId, source: id })),
  );
  const macros = resourcesOf(context, 'AWS::CloudFormation::Macro').flatMap(({ id, properties }) =>
    functionsIn(context, properties['FunctionName']).map((functionId) => ({ functionId, source: id })),
  );
  const passedOn = named.flatMap(({ functionId, source }) =>
    providerTargets(context, functionId).map((target) => ({ functionId: target, source })),
  );
  return [...named, ...macros, ...passedOn].map(({ functionId, source }) => ({
    functionId,
    trigger: other('custom-resource', source, placeAt(context, ['Resources', source])),
  }));
}

function providerTargets(context: TemplateContext, functionId: string): string[] {
  const variables = objectOf(objectOf(context.resources[functionId]?.properties['Environment'])['Variables']);
  return ['USER_ON_EVENT_FUNCTION_ARN', 'USER_IS_COMPLETE_FUNCTION_ARN'].flatMap((name) => context.functionOf(variables[name]) ?? []);
}

export const distributionTriggers = calledBy(
  'lambda-edge',
  ['AWS::CloudFront::Distribution', 'AWS::CloudFront::StreamingDistribution'],
  ({ DistributionConfig: config }) => associations(config, 0),
);

/** `LambdaFunctionAssociations`, wherever a behaviour has them. */
function associations(value: unknown, depth: number): unknown[] {
  if (typeof value !== 'object' || value === null || depth > 12) return [];
  return Object.entries(value).flatMap(([key, entry]) => (key === 'LambdaFunctionAssociations' ? [entry] : associations(entry, depth + 1)));
}

/** State machines: functions in the definition, or named by its substitutions. */
export function stateMachineTriggers(context: TemplateContext): WiredTrigger[] {
  return resourcesOf(context, 'AWS::StepFunctions::StateMachine', 'AWS::Serverless::StateMachine').flatMap(({ id, properties }) => {
    const {
      DefinitionString: text,
      Definition: definition,
      DefinitionUri: uri,
      DefinitionS3Location: location,
      DefinitionSubstitutions: substitutions,
    } = properties;
    const file = textOf(context, uri ?? location);
    const content = file === undefined ? undefined : context.readFile?.(file);
    const written = content ?? (text === undefined && definition === undefined ? undefined : JSON.stringify([text, definition]));
    const inText =
      content === undefined
        ? []
        : functionsIn(
            context,
            [...content.matchAll(/"(arn:[^"]*:function:[^"]*)"/g)].map((match) => match[1]),
          );
    const substituted = Object.entries(objectOf(substitutions))
      .filter(([name]) => written === undefined || written.includes(`\${${name}}`))
      .flatMap(([, value]) => functionsIn(context, value));
    const called = new Set([...functionsIn(context, [text, definition]), ...inText, ...substituted]);
    return [...called].map((functionId) => ({ functionId, trigger: other('step-functions', id, placeAt(context, ['Resources', id])) }));
  });
}

/** Everything that AppSync calls: data sources, handlers of event channels, conflict handlers. */
export function appsyncTriggers(context: TemplateContext): WiredTrigger[] {
  const raw = calledBy('appsync', [
    'AWS::AppSync::DataSource',
    'AWS::AppSync::Resolver',
    'AWS::AppSync::FunctionConfiguration',
    'AWS::AppSync::ChannelNamespace',
  ]);
  const sam = calledBy('appsync', ['AWS::Serverless::GraphQLApi'], ({ DataSources: sources }) => objectOf(sources)['Lambda']);
  return [...raw(context), ...sam(context)];
}

export const logTriggers = calledBy(
  'cloudwatch-logs',
  ['AWS::Logs::SubscriptionFilter', 'AWS::Logs::AccountPolicy'],
  ({ DestinationArn: arn, PolicyDocument: document }) => [arn, document],
);
export const iotTriggers = calledBy('iot', ['AWS::IoT::TopicRule'], ({ TopicRulePayload: payload }) => payload);
export const receiptTriggers = calledBy('ses', ['AWS::SES::ReceiptRule'], ({ Rule: rule }) => objectOf(rule)['Actions']);
export const alexaTriggers = calledBy('alexa', ['Alexa::ASK::Skill'], ({ SkillPackage: skill }) => skill);
export const botTriggers = calledBy('lex', ['AWS::Lex::Bot', 'AWS::Lex::BotAlias']);
export const contactTriggers = calledBy('connect', [
  'AWS::Connect::IntegrationAssociation',
  'AWS::Connect::ContactFlow',
  'AWS::Connect::ContactFlowModule',
]);
export const objectLambdaTriggers = calledBy(
  's3-object-lambda',
  ['AWS::S3ObjectLambda::AccessPoint'],
  ({ ObjectLambdaConfiguration: configuration }) => configuration,
);
export const firehoseTriggers = calledBy('firehose', ['AWS::KinesisFirehose::DeliveryStream']);
export const configTriggers = calledBy('config', ['AWS::Config::ConfigRule', 'AWS::Config::OrganizationConfigRule']);
export const pipeTriggers = calledBy('pipe', ['AWS::Pipes::Pipe'], ({ Target: target, Enrichment: enrichment }) => [target, enrichment]);
export const userPoolTriggers = calledBy(
  'cognito',
  ['AWS::Cognito::UserPool', 'AWS::Cognito::IdentityPool'],
  ({ LambdaConfig: config, CognitoEvents: events }) => [config, events],
);

/** Services without an event contract of their own, and functions that get what another one returned. */
export function invocations(context: TemplateContext): WiredTrigger[] {
  const services = calledBy('invoke', [
    'AWS::SecretsManager::RotationSchedule',
    'AWS::Bedrock::Agent',
    'AWS::BedrockAgentCore::GatewayTarget',
    'AWS::CodePipeline::Pipeline',
    'AWS::VpcLattice::TargetGroup',
    'AWS::Transfer::Server',
    'AWS::Transfer::Workflow',
    'AWS::SSM::Document',
    'AWS::SSM::MaintenanceWindowTask',
  ]);
  const alarms = calledBy(
    'invoke',
    ['AWS::CloudWatch::Alarm', 'AWS::CloudWatch::CompositeAlarm'],
    ({ AlarmActions: alarm, OKActions: ok, InsufficientDataActions: unknown }) => [alarm, ok, unknown],
  );
  const destinations = calledBy(
    'invoke',
    ['AWS::Lambda::EventInvokeConfig', 'AWS::Serverless::Function'],
    ({ DestinationConfig: raw, EventInvokeConfig: sam }) => [raw, objectOf(sam)['DestinationConfig']],
  );
  const hooks = calledBy('invoke', ['AWS::Serverless::Function'], ({ DeploymentPreference: preference }) => objectOf(preference)['Hooks']);
  return [...services(context), ...alarms(context), ...destinations(context), ...hooks(context)];
}

/** Functions that an API of the template asks who may call it, whether or not a route of a function uses it. */
export function authorizerTriggers(context: TemplateContext): WiredTrigger[] {
  const named = calledBy('authorizer', ['AWS::ApiGateway::Authorizer', 'AWS::ApiGatewayV2::Authorizer'], ({ AuthorizerUri: uri }) => uri);
  const sam = calledBy(
    'authorizer',
    ['AWS::Serverless::Api', 'AWS::Serverless::HttpApi', 'AWS::Serverless::WebSocketApi'],
    ({ Auth: auth }) => [
      objectOf(auth)['AuthArn'],
      Object.values(resolvedObject(context, objectOf(auth)['Authorizers'])).map((authorizer) => objectOf(authorizer)['FunctionArn']),
    ],
  );
  const graph = calledBy('authorizer', ['AWS::AppSync::GraphQLApi', 'AWS::AppSync::Api', 'AWS::Serverless::GraphQLApi'], (properties) =>
    authorizerSettings(properties, 0),
  );
  const iot = calledBy('authorizer', ['AWS::IoT::Authorizer'], ({ AuthorizerFunctionArn: arn }) => arn);
  return [...named(context), ...sam(context), ...graph(context), ...iot(context)];
}

/** `LambdaAuthorizerConfig` (raw) or the `Lambda` entry under `Auth` (SAM), at any depth. */
function authorizerSettings(value: unknown, depth: number): unknown[] {
  if (typeof value !== 'object' || value === null || depth > 8) return [];
  return Object.entries(value).flatMap(([key, entry]) =>
    key === 'LambdaAuthorizerConfig' || key === 'LambdaAuthorizer' || key === 'Auth' ? [entry] : authorizerSettings(entry, depth + 1),
  );
}
