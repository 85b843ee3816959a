/** Modules of the public registry whose inputs say which functions and routes they make. One that is not here is told. */
import { isPlainObject, listOf, objectOf, type PlainObject } from '../../data.js';
import type { RemoteModule, TerraformResource } from './module.js';

type Expand = (inputs: PlainObject) => ExpandedResource[];

/** A resource that a module makes; `suffix` `''` is the module's own address, which its outputs refer to. */
interface ExpandedResource {
  suffix: string;
  type: string;
  values: PlainObject;
}

const modules: readonly { source: RegExp; expand: Expand }[] = [
  { source: /terraform-aws-modules\/lambda\/aws$|terraform-aws-lambda(\.git)?(\?.*)?$/, expand: lambdaFunction },
  {
    source: /terraform-aws-modules\/lambda\/aws\/\/modules\/alias$/,
    expand: (inputs) => [{ suffix: '', type: 'aws_lambda_alias', values: inputs }],
  },
  {
    source: /terraform-aws-modules\/lambda\/aws\/\/modules\/docker-build$/,
    expand: (inputs) => [{ suffix: '', type: 'module.docker-build', values: inputs }],
  },
  { source: /terraform-aws-modules\/apigateway-v2\/aws$/, expand: httpApi },
  { source: /terraform-aws-modules\/eventbridge\/aws$/, expand: eventBridge },
  { source: /terraform-aws-modules\/sqs\/aws$/, expand: (inputs) => [{ suffix: '', type: 'aws_sqs_queue', values: inputs }] },
  { source: /terraform-aws-modules\/sns\/aws$/, expand: topic },
  {
    source: /terraform-aws-modules\/dynamodb-table\/aws$/,
    expand: (inputs) => [{ suffix: '', type: 'aws_dynamodb_table', values: inputs }],
  },
  { source: /terraform-aws-modules\/s3-bucket\/aws$/, expand: (inputs) => [{ suffix: '', type: 'aws_s3_bucket', values: inputs }] },
  { source: /terraform-aws-modules\/s3-bucket\/aws\/\/modules\/notification$/, expand: bucketNotification },
];

/** The resources of a module from elsewhere; undefined when it is not one of those that are known. */
export function expandedModule({ address, name, source, inputs, range, places, folder }: RemoteModule): TerraformResource[] | undefined {
  const known = modules.find((module) => module.source.test(source));
  return known?.expand(inputs).map(({ suffix, type, values }) => ({
    address: `${address}${suffix}`,
    type,
    name,
    values: objectOf(ownReferences(values, address)),
    range,
    places,
    folder,
  }));
}

function ownReferences(value: unknown, address: string): unknown {
  if (typeof value === 'string') return value.startsWith('\0') ? `${address}${value.slice(1)}` : value;
  if (Array.isArray(value)) return value.map((entry) => ownReferences(entry, address));
  return isPlainObject(value)
    ? Object.fromEntries(Object.entries(value).map(([key, entry]) => [key, ownReferences(entry, address)]))
    : value;
}

/** https://registry.terraform.io/modules/terraform-aws-modules/lambda/aws */
function lambdaFunction(inputs: PlainObject): ExpandedResource[] {
  if (inputs['create'] === false || inputs['create_function'] === false) return [];
  const {
    environment_variables: variables,
    ephemeral_storage_size: storage,
    vpc_subnet_ids: subnets,
    vpc_security_group_ids: groups,
    image_config_command: command,
    local_existing_package: archive,
    s3_existing_package: object,
    ...same
  } = inputs;
  const values: PlainObject = {
    ...same,
    ...(variables !== undefined && { environment: [{ variables }] }),
    ...(storage !== undefined && { ephemeral_storage: [{ size: storage }] }),
    ...(subnets !== undefined && subnets !== null && { vpc_config: [{ subnet_ids: subnets, security_group_ids: groups ?? [] }] }),
    ...(command !== undefined && { image_config: [{ command }] }),
    ...(archive !== undefined && { filename: archive }),
    ...(object !== undefined && { s3_key: objectOf(object)['key'] }),
    role: inputs['lambda_role'] ?? attribute('.role', 'arn'),
  };
  const itself = attribute('', 'arn');
  return [
    { suffix: '', type: 'aws_lambda_function', values },
    {
      suffix: '.role',
      type: 'aws_iam_role',
      values: { inline_policy: rolePolicies(inputs), managed_policy_arns: managedPolicies(inputs) },
    },
    ...(inputs['create_lambda_function_url'] === true
      ? [
          {
            suffix: '.url',
            type: 'aws_lambda_function_url',
            values: { ...inputs, ...(inputs['cors'] !== undefined && { cors: listOf(inputs['cors']) }), function_name: itself },
          },
        ]
      : []),
    ...Object.entries(objectOf(inputs['event_source_mapping'])).map(([key, mapping]) => ({
      suffix: `.event_source_mapping.${key}`,
      type: 'aws_lambda_event_source_mapping',
      values: { ...objectOf(mapping), function_name: itself },
    })),
    ...Object.entries(objectOf(inputs['allowed_triggers'])).map(([key, trigger]) => ({
      suffix: `.permission.${key}`,
      type: 'aws_lambda_permission',
      values: permissionOf(objectOf(trigger), itself),
    })),
  ];
}

/** A reference to a resource of the same module; the address is put in by {@link ownReferences}. */
function attribute(suffix: string, name: string): PlainObject {
  return { 'Fn::GetAtt': [`\0${suffix}`, name] };
}

function permissionOf(trigger: PlainObject, itself: PlainObject): PlainObject {
  const principal = trigger['principal'] ?? (typeof trigger['service'] === 'string' ? `${trigger['service']}.amazonaws.com` : undefined);
  return { function_name: itself, principal, source_arn: trigger['source_arn'] };
}

function rolePolicies(inputs: PlainObject): PlainObject[] {
  const statements = Object.values(
    isPlainObject(inputs['policy_statements']) ? inputs['policy_statements'] : listOf(inputs['policy_statements']),
  );
  const written = statements.map((each) => {
    const { effect, actions, resources, condition } = objectOf(each);
    return { Effect: effect ?? 'Allow', Action: actions, Resource: resources, ...(condition !== undefined && { Condition: condition }) };
  });
  const documents = [inputs['policy_json'], ...listOf(inputs['policy_jsons'])].filter((each) => each !== undefined && each !== null);
  return [
    ...(written.length > 0 ? [{ name: 'statements', policy: { 'Fn::ToJsonString': { Version: '2012-10-17', Statement: written } } }] : []),
    ...documents.map((policy, index) => ({ name: `json-${index}`, policy })),
  ];
}

function managedPolicies(inputs: PlainObject): unknown[] {
  return [inputs['policy'], ...listOf(inputs['policies'])].filter((each) => each !== undefined && each !== null);
}

/** https://registry.terraform.io/modules/terraform-aws-modules/apigateway-v2/aws: `integrations` up to version 4, `routes` after it. */
function httpApi(inputs: PlainObject): ExpandedResource[] {
  if (inputs['create'] === false) return [];
  const api = attribute('', 'id');
  const authorizers = Object.entries(objectOf(inputs['authorizers']));
  const routes = Object.entries({ ...objectOf(inputs['integrations']), ...objectOf(inputs['routes']) });
  return [
    {
      suffix: '',
      type: 'aws_apigatewayv2_api',
      values: {
        name: inputs['name'],
        protocol_type: inputs['protocol_type'] ?? 'HTTP',
        ...(inputs['cors_configuration'] !== undefined && { cors_configuration: listOf(inputs['cors_configuration']) }),
        ...(inputs['body'] !== undefined && { body: inputs['body'] }),
      },
    },
    ...authorizers.map(([key, settings]) => ({
      suffix: `.authorizer.${key}`,
      type: 'aws_apigatewayv2_authorizer',
      values: authorizerOf(objectOf(settings), api),
    })),
    ...routes.flatMap(([key, settings]) =>
      routeOf(
        key,
        objectOf(settings),
        api,
        authorizers.map(([name]) => name),
      ),
    ),
  ];
}

function authorizerOf(settings: PlainObject, api: PlainObject): PlainObject {
  const { audience, issuer, ...rest } = settings;
  const jwt = settings['jwt_configuration'] ?? (audience === undefined ? undefined : { audience, issuer });
  return { ...rest, api_id: api, ...(jwt !== undefined && { jwt_configuration: listOf(jwt) }) };
}

function routeOf(key: string, settings: PlainObject, api: PlainObject, authorizers: readonly string[]): ExpandedResource[] {
  const integration = { ...settings, ...objectOf(settings['integration']) };
  const named = settings['authorizer_key'];
  const authorizer =
    typeof named === 'string' && authorizers.includes(named) ? attribute(`.authorizer.${named}`, 'id') : settings['authorizer_id'];
  return [
    {
      suffix: `.integration.${key}`,
      type: 'aws_apigatewayv2_integration',
      values: {
        api_id: api,
        integration_type: integration['type'] ?? integration['integration_type'] ?? 'AWS_PROXY',
        integration_uri: integration['uri'] ?? integration['lambda_arn'] ?? integration['integration_uri'],
        payload_format_version: integration['payload_format_version'],
      },
    },
    {
      suffix: `.route.${key}`,
      type: 'aws_apigatewayv2_route',
      values: {
        api_id: api,
        route_key: key,
        target: attribute(`.integration.${key}`, 'id'),
        authorization_type: settings['authorization_type'] ?? (authorizer === undefined && named === undefined ? 'NONE' : 'unknown'),
        ...(authorizer !== undefined && { authorizer_id: authorizer }),
        ...(settings['authorization_scopes'] !== undefined && { authorization_scopes: settings['authorization_scopes'] }),
      },
    },
  ];
}

/** https://registry.terraform.io/modules/terraform-aws-modules/eventbridge/aws */
function eventBridge(inputs: PlainObject): ExpandedResource[] {
  if (inputs['create'] === false) return [];
  const rules = Object.entries(objectOf(inputs['rules'])).map(([key, rule]) => ({
    suffix: `.rule.${key}`,
    type: 'aws_cloudwatch_event_rule',
    values: { name: key, ...objectOf(rule) },
  }));
  const targets = Object.entries(objectOf(inputs['targets'])).flatMap(([key, list]) =>
    listOf(list).map((target, index) => ({
      suffix: `.target.${key}.${index}`,
      type: 'aws_cloudwatch_event_target',
      values: { ...objectOf(target), rule: attribute(`.rule.${key}`, 'name') },
    })),
  );
  const schedules = Object.entries(objectOf(inputs['schedules'])).map(([key, written]) => {
    const { arn, input, timezone, ...schedule } = objectOf(written);
    return {
      suffix: `.schedule.${key}`,
      type: 'aws_scheduler_schedule',
      values: {
        name: key,
        ...schedule,
        ...(timezone !== undefined && { schedule_expression_timezone: timezone }),
        target: [{ arn, ...(input !== undefined && { input }) }],
      },
    };
  });
  return [...rules, ...targets, ...schedules];
}

function topic(inputs: PlainObject): ExpandedResource[] {
  const subscriptions = Object.entries(objectOf(inputs['subscriptions'])).map(([key, subscription]) => ({
    suffix: `.subscription.${key}`,
    type: 'aws_sns_topic_subscription',
    values: { ...objectOf(subscription), topic_arn: attribute('', 'arn') },
  }));
  return [{ suffix: '', type: 'aws_sns_topic', values: inputs }, ...subscriptions];
}

function bucketNotification(inputs: PlainObject): ExpandedResource[] {
  const functions = Object.values(objectOf(inputs['lambda_notifications'])).map((each) => ({
    lambda_function_arn: objectOf(each)['function_arn'],
  }));
  return [{ suffix: '', type: 'aws_s3_bucket_notification', values: { bucket: inputs['bucket'], lambda_function: functions } }];
}
