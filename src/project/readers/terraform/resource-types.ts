/** Resources of the AWS provider that say something of functions, in the words of CloudFormation. */
import { listOf, objectOf, type PlainObject } from '../../data.js';
import { readYaml } from '../../yaml.js';
import { documentOf } from './values.js';

/** How one type is written in CloudFormation. */
export interface ResourceType {
  type: string;
  /** Names that are not the same words in another case. */
  rename?: Readonly<Record<string, string>>;
  /** Nested blocks of which there is one at most. */
  single?: readonly string[];
  /** JSON texts. */
  documents?: readonly string[];
  /** What a rename cannot do; `own` are the arguments as Terraform has them. */
  finish?: (properties: PlainObject, own: PlainObject) => PlainObject;
}

/** First body of a block. */
export function block(value: unknown): PlainObject {
  return objectOf(listOf(value)[0]);
}

const unnamed = (properties: PlainObject, ...keys: string[]) =>
  Object.fromEntries(Object.entries(properties).filter(([key]) => !keys.includes(key)));

const loadBalancerActions = (properties: PlainObject, key: string, own: unknown): PlainObject => ({
  ...properties,
  [key]: listOf(own).map((each) => {
    const action = objectOf(each);
    const groups = listOf(block(action['forward'])['target_group']).map((group) => ({ TargetGroupArn: objectOf(group)['arn'] }));
    return {
      Type: action['type'],
      ...(action['target_group_arn'] !== undefined && { TargetGroupArn: action['target_group_arn'] }),
      ...(groups.length > 0 && { ForwardConfig: { TargetGroups: groups } }),
    };
  }),
});

const conditionFields: Readonly<Record<string, [field: string, config: string]>> = {
  path_pattern: ['path-pattern', 'PathPatternConfig'],
  http_request_method: ['http-request-method', 'HttpRequestMethodConfig'],
  host_header: ['host-header', 'HostHeaderConfig'],
  http_header: ['http-header', 'HttpHeaderConfig'],
  query_string: ['query-string', 'QueryStringConfig'],
  source_ip: ['source-ip', 'SourceIpConfig'],
};

function ruleConditions(own: unknown): PlainObject[] {
  return listOf(own).flatMap((each) =>
    Object.entries(objectOf(each)).flatMap(([key, written]) => {
      const known = conditionFields[key];
      const blocks = listOf(written).map((entry) => objectOf(entry));
      if (!known || blocks.length === 0) return [];
      const [field, config] = known;
      const values = blocks.flatMap(({ values: texts, key: name, value }) =>
        texts === undefined ? [{ Key: name, Value: value }] : listOf(texts),
      );
      return [
        {
          Field: field,
          [config]: {
            Values: values,
            ...(blocks[0]?.['http_header_name'] !== undefined && { HttpHeaderName: blocks[0]['http_header_name'] }),
          },
        },
      ];
    }),
  );
}

/** Limits of routes; 0 and -1 are Terraform's words for "none of its own". */
function routeLimits(own: unknown): PlainObject {
  const { throttling_burst_limit: burst, throttling_rate_limit: rate } = block(own);
  return { ...(isLimit(burst) && { ThrottlingBurstLimit: burst }), ...(isLimit(rate) && { ThrottlingRateLimit: rate }) };
}

function isLimit(value: unknown): boolean {
  return value !== undefined && value !== null && value !== 0 && value !== -1;
}

/** An OpenAPI document, in JSON or YAML. */
function withBody(properties: PlainObject, body: unknown): PlainObject {
  return body === undefined ? properties : { ...properties, Body: documentOf(body, (text) => readYaml('body', text).value) };
}

const listener: ResourceType = {
  type: 'AWS::ElasticLoadBalancingV2::Listener',
  single: ['mutual_authentication'],
  finish: (properties, own) => loadBalancerActions(unnamed(properties, 'DefaultAction'), 'DefaultActions', own['default_action']),
};

const listenerRule: ResourceType = {
  type: 'AWS::ElasticLoadBalancingV2::ListenerRule',
  finish: (properties, own) => ({
    ...loadBalancerActions(unnamed(properties, 'Action', 'Condition'), 'Actions', own['action']),
    Conditions: ruleConditions(own['condition']),
  }),
};

const targetGroup: ResourceType = {
  type: 'AWS::ElasticLoadBalancingV2::TargetGroup',
  finish: (properties, own) => ({
    ...properties,
    TargetGroupAttributes: [
      { Key: 'lambda.multi_value_headers.enabled', Value: own['lambda_multi_value_headers_enabled'] === true ? 'true' : 'false' },
    ],
  }),
};

const passedOn = (type: string): ResourceType => ({ type });

/** Terraform type → CloudFormation. Types that are not here tell nothing of functions. */
export const resourceTypes: Readonly<Record<string, ResourceType>> = {
  aws_lambda_function: {
    type: 'AWS::Lambda::Function',
    single: ['environment', 'ephemeral_storage', 'vpc_config', 'image_config'],
    rename: { reserved_concurrent_executions: 'ReservedConcurrentExecutions' },
    finish: (properties, own) => ({
      ...unnamed(properties, 'ImageUri', 'S3Bucket', 'S3Key', 'Filename', 'ReservedConcurrentExecutions'),
      // -1 is Terraform's word for "not reserved".
      ...(Number(own['reserved_concurrent_executions'] ?? -1) >= 0 && {
        ReservedConcurrentExecutions: own['reserved_concurrent_executions'],
      }),
      ...(own['image_uri'] !== undefined && own['image_uri'] !== null && { Code: { ImageUri: own['image_uri'] }, PackageType: 'Image' }),
    }),
  },
  aws_lambda_alias: { type: 'AWS::Lambda::Alias' },
  aws_lambda_permission: { type: 'AWS::Lambda::Permission' },
  aws_lambda_function_url: {
    type: 'AWS::Lambda::Url',
    single: ['cors'],
    rename: { function_name: 'TargetFunctionArn', authorization_type: 'AuthType' },
    finish: (properties, own) => ({ ...properties, AuthType: own['authorization_type'] ?? 'NONE' }),
  },
  aws_lambda_event_source_mapping: {
    type: 'AWS::Lambda::EventSourceMapping',
    single: [
      'filter_criteria',
      'scaling_config',
      'self_managed_event_source',
      'document_db_event_source_config',
      'amazon_managed_kafka_event_source_config',
    ],
    rename: { document_db_event_source_config: 'DocumentDBEventSourceConfig' },
    finish: (properties, own) => ({
      ...properties,
      ...(own['filter_criteria'] !== undefined && {
        FilterCriteria: {
          Filters: listOf(block(own['filter_criteria'])['filter']).map((each) => ({ Pattern: documentOf(objectOf(each)['pattern']) })),
        },
      }),
    }),
  },
  aws_lambda_function_event_invoke_config: { type: 'AWS::Lambda::EventInvokeConfig', single: ['destination_config'] },
  aws_apigatewayv2_api: {
    type: 'AWS::ApiGatewayV2::Api',
    single: ['cors_configuration'],
    finish: (properties, own) => withBody(properties, own['body']),
  },
  aws_apigatewayv2_route: { type: 'AWS::ApiGatewayV2::Route' },
  aws_apigatewayv2_integration: { type: 'AWS::ApiGatewayV2::Integration' },
  aws_apigatewayv2_stage: {
    type: 'AWS::ApiGatewayV2::Stage',
    rename: { name: 'StageName' },
    finish: (properties, own) => ({
      ...properties,
      DefaultRouteSettings: routeLimits(own['default_route_settings']),
      RouteSettings: listOf(own['route_settings']).map(routeLimits),
    }),
  },
  aws_apigatewayv2_authorizer: {
    type: 'AWS::ApiGatewayV2::Authorizer',
    single: ['jwt_configuration'],
    rename: { identity_sources: 'IdentitySource' },
  },
  aws_apigatewayv2_api_mapping: { type: 'AWS::ApiGatewayV2::ApiMapping' },
  aws_apigatewayv2_domain_name: {
    type: 'AWS::ApiGatewayV2::DomainName',
    single: ['mutual_tls_authentication'],
    rename: { mutual_tls_authentication: 'MutualTlsAuthentication' },
  },
  aws_api_gateway_rest_api: {
    type: 'AWS::ApiGateway::RestApi',
    documents: ['policy'],
    single: ['endpoint_configuration'],
    finish: (properties, own) =>
      withBody(Number(own['minimum_compression_size'] ?? -1) < 0 ? unnamed(properties, 'MinimumCompressionSize') : properties, own['body']),
  },
  aws_api_gateway_rest_api_policy: { type: 'Terraform::RestApiPolicy', documents: ['policy'] },
  aws_api_gateway_resource: { type: 'AWS::ApiGateway::Resource' },
  aws_api_gateway_method: { type: 'AWS::ApiGateway::Method', rename: { authorization: 'AuthorizationType' } },
  aws_api_gateway_integration: { type: 'Terraform::RestIntegration' },
  aws_api_gateway_integration_response: { type: 'Terraform::RestIntegrationResponse' },
  aws_api_gateway_stage: { type: 'AWS::ApiGateway::Stage' },
  aws_api_gateway_deployment: { type: 'AWS::ApiGateway::Deployment' },
  aws_api_gateway_method_settings: {
    type: 'Terraform::RestMethodSettings',
    finish: (properties, own) => ({
      ...properties,
      Settings: { ...routeLimits(own['settings']), ...(block(own['settings'])['caching_enabled'] === true && { CachingEnabled: true }) },
    }),
  },
  aws_api_gateway_authorizer: {
    type: 'AWS::ApiGateway::Authorizer',
    rename: {
      provider_arns: 'ProviderARNs',
      identity_validation_expression: 'IdentityValidationExpression',
      authorizer_result_ttl_in_seconds: 'AuthorizerResultTtlInSeconds',
    },
    finish: (properties, own) => ({ ...properties, Type: own['type'] ?? 'TOKEN' }),
  },
  aws_api_gateway_request_validator: { type: 'AWS::ApiGateway::RequestValidator' },
  aws_api_gateway_model: { type: 'AWS::ApiGateway::Model', documents: ['schema'] },
  aws_api_gateway_gateway_response: { type: 'AWS::ApiGateway::GatewayResponse' },
  aws_api_gateway_base_path_mapping: { type: 'AWS::ApiGateway::BasePathMapping', rename: { api_id: 'RestApiId' } },
  aws_api_gateway_domain_name: {
    type: 'AWS::ApiGateway::DomainName',
    single: ['mutual_tls_authentication'],
    rename: { mutual_tls_authentication: 'MutualTlsAuthentication' },
  },
  aws_sqs_queue: { type: 'AWS::SQS::Queue', rename: { name: 'QueueName', visibility_timeout_seconds: 'VisibilityTimeout' } },
  aws_sns_topic: { type: 'AWS::SNS::Topic', rename: { name: 'TopicName' } },
  aws_sns_topic_subscription: { type: 'AWS::SNS::Subscription' },
  aws_dynamodb_table: { type: 'AWS::DynamoDB::Table', rename: { name: 'TableName' } },
  aws_kinesis_stream: passedOn('AWS::Kinesis::Stream'),
  aws_kinesis_stream_consumer: passedOn('AWS::Kinesis::StreamConsumer'),
  aws_msk_cluster: passedOn('AWS::MSK::Cluster'),
  aws_msk_serverless_cluster: passedOn('AWS::MSK::ServerlessCluster'),
  aws_mq_broker: passedOn('AWS::AmazonMQ::Broker'),
  aws_docdb_cluster: passedOn('AWS::DocDB::DBCluster'),
  aws_s3_bucket: { type: 'AWS::S3::Bucket', rename: { bucket: 'BucketName' } },
  aws_s3_bucket_notification: { type: 'Terraform::BucketNotification' },
  aws_cloudwatch_event_rule: { type: 'AWS::Events::Rule', documents: ['event_pattern'], finish: ruleState },
  aws_cloudwatch_event_target: { type: 'Terraform::RuleTarget', single: ['input_transformer'] },
  aws_scheduler_schedule: { type: 'AWS::Scheduler::Schedule', single: ['target'] },
  aws_lb_listener: listener,
  aws_alb_listener: listener,
  aws_lb_listener_rule: listenerRule,
  aws_alb_listener_rule: listenerRule,
  aws_lb_target_group: targetGroup,
  aws_alb_target_group: targetGroup,
  aws_lb_target_group_attachment: { type: 'Terraform::TargetGroupAttachment' },
  aws_alb_target_group_attachment: { type: 'Terraform::TargetGroupAttachment' },
  aws_cognito_user_pool: { type: 'AWS::Cognito::UserPool', single: ['lambda_config'] },
  aws_cloudwatch_log_subscription_filter: passedOn('AWS::Logs::SubscriptionFilter'),
  aws_cloudwatch_log_group: { type: 'AWS::Logs::LogGroup', rename: { name: 'LogGroupName' } },
  aws_iot_topic_rule: { type: 'AWS::IoT::TopicRule', finish: (_, own) => ({ TopicRulePayload: own }) },
  aws_sfn_state_machine: {
    type: 'AWS::StepFunctions::StateMachine',
    finish: (_, own) => ({ DefinitionString: documentOf(own['definition']) }),
  },
  aws_pipes_pipe: passedOn('AWS::Pipes::Pipe'),
  aws_appsync_datasource: passedOn('AWS::AppSync::DataSource'),
  aws_appsync_graphql_api: {
    type: 'AWS::AppSync::GraphQLApi',
    finish: (properties, own) => ({ ...properties, LambdaAuthorizerConfig: own['lambda_authorizer_config'] }),
  },
  aws_kinesis_firehose_delivery_stream: passedOn('AWS::KinesisFirehose::DeliveryStream'),
  aws_config_config_rule: passedOn('AWS::Config::ConfigRule'),
  aws_s3control_object_lambda_access_point: {
    type: 'AWS::S3ObjectLambda::AccessPoint',
    finish: (_, own) => ({ ObjectLambdaConfiguration: own['configuration'] }),
  },
  aws_ses_receipt_rule: { type: 'AWS::SES::ReceiptRule', finish: (_, own) => ({ Rule: { Actions: own['lambda_action'] } }) },
  aws_cloudfront_distribution: { type: 'AWS::CloudFront::Distribution', finish: distribution },
  aws_lexv2models_bot: passedOn('AWS::Lex::Bot'),
  aws_lex_bot: passedOn('AWS::Lex::Bot'),
  aws_secretsmanager_secret_rotation: passedOn('AWS::SecretsManager::RotationSchedule'),
  aws_bedrockagent_agent_action_group: passedOn('AWS::Bedrock::Agent'),
  aws_codepipeline: passedOn('AWS::CodePipeline::Pipeline'),
  aws_vpclattice_target_group_attachment: passedOn('AWS::VpcLattice::TargetGroup'),
  aws_cloudwatch_metric_alarm: { type: 'AWS::CloudWatch::Alarm', rename: { ok_actions: 'OKActions' } },
  aws_connect_lambda_function_association: passedOn('AWS::Connect::IntegrationAssociation'),
  aws_iam_role: { type: 'AWS::IAM::Role', finish: roleOf },
  aws_iam_role_policy: {
    type: 'AWS::IAM::RolePolicy',
    finish: (_, own) => ({ PolicyName: own['name'], Roles: listOf(own['role']), PolicyDocument: documentOf(own['policy']) }),
  },
  aws_iam_policy: {
    type: 'AWS::IAM::ManagedPolicy',
    finish: (_, own) => ({ ManagedPolicyName: own['name'], PolicyDocument: documentOf(own['policy']) }),
  },
  aws_iam_role_policy_attachment: { type: 'Terraform::RolePolicyAttachment' },
  aws_iam_policy_attachment: { type: 'Terraform::RolePolicyAttachment' },
};

function ruleState(properties: PlainObject, own: PlainObject): PlainObject {
  const off = own['is_enabled'] === false || own['state'] === 'DISABLED';
  return off ? { ...properties, State: 'DISABLED' } : properties;
}

function distribution(_: PlainObject, own: PlainObject): PlainObject {
  const behaviours = [...listOf(own['default_cache_behavior']), ...listOf(own['ordered_cache_behavior'])];
  const associations = behaviours.flatMap((behaviour) => listOf(objectOf(behaviour)['lambda_function_association']));
  return { DistributionConfig: { LambdaFunctionAssociations: associations } };
}

function roleOf(_: PlainObject, own: PlainObject): PlainObject {
  const inline = listOf(own['inline_policy']).map((each) => {
    const { name, policy } = objectOf(each);
    return { PolicyName: name, PolicyDocument: documentOf(policy) };
  });
  return {
    RoleName: own['name'],
    ...(own['assume_role_policy'] !== undefined && { AssumeRolePolicyDocument: documentOf(own['assume_role_policy']) }),
    ManagedPolicyArns: listOf(own['managed_policy_arns']),
    Policies: inline,
    ...(own['permissions_boundary'] !== undefined && { PermissionsBoundary: own['permissions_boundary'] }),
  };
}
