import { describe, expect, it } from 'vitest';
import { isHttp } from '../../src/project/trigger.js';
import { codesOf, discoverTree, functionOf, projectOf, type Tree, withoutRanges } from './tree.js';

const code: Tree = { 'package.json': '{"name": "app"}', 'src/index.js': 'exports.handler = async () => ({});' };

const fn = (name: string, more = '') => `resource "aws_lambda_function" "${name}" {
  function_name = "${name}"
  filename      = data.archive_file.code.output_path
  handler       = "index.handler"
  runtime       = "nodejs22.x"
  role          = aws_iam_role.role.arn
${more}
}
`;

const archive = `data "archive_file" "code" {
  type        = "zip"
  source_dir  = "\${path.module}/src"
  output_path = "\${path.module}/code.zip"
}
`;

async function triggersOf(files: Tree, id: string, parameters: Record<string, string> = {}) {
  const { project } = await projectOf({ ...code, ...files }, { parameters });
  return withoutRanges(functionOf(project, id).triggers);
}

describe('functions of Terraform', () => {
  it('have settings, environment and code of their archive, with the place of each', async () => {
    const main = `${archive}${fn(
      'orders',
      `  memory_size   = 512
  timeout       = var.timeout
  architectures = ["arm64"]
  layers        = [aws_lambda_layer_version.shared.arn]
  reserved_concurrent_executions = 5
  ephemeral_storage {
    size = 1024
  }
  environment {
    variables = {
      TABLE = aws_dynamodb_table.orders.name
      QUEUE = aws_sqs_queue.orders.url
      STAGE = "\${var.stage}-x"
      LIMIT = 3
    }
  }
  vpc_config {
    subnet_ids         = ["subnet-1"]
    security_group_ids = []
  }`,
    )}
variable "timeout" {
  default = 20
}
variable "stage" {}
resource "aws_dynamodb_table" "orders" {
  name = "orders"
}
`;
    const { project, diagnostics } = await projectOf({ ...code, 'main.tf': main });
    expect(diagnostics).toEqual([]);
    expect(project).toMatchObject({ root: '', dialect: 'terraform', definition: 'main.tf' });
    const lambda = functionOf(project, 'orders');
    expect(withoutRanges(lambda)).toMatchObject({
      name: { kind: 'literal', value: 'orders' },
      runtime: 'nodejs22.x',
      memoryMb: 512,
      timeoutSeconds: 20,
      architecture: 'arm64',
      ephemeralStorageMb: 1024,
      reservedConcurrency: 5,
      vpc: true,
      handler: { declared: 'index.handler', codeRoot: 'src' },
      layers: [{ kind: 'reference', text: 'aws_lambda_layer_version.shared.arn' }],
      environment: {
        TABLE: { kind: 'literal', value: 'orders' },
        QUEUE: { kind: 'reference', text: 'aws_sqs_queue.orders.url' },
        STAGE: { kind: 'reference', text: '"${var.stage}-x"' },
        LIMIT: { kind: 'literal', value: 3 },
      },
      triggers: [{ type: 'invoke' }],
    });
    expect(lambda.range).toMatchObject({ file: 'main.tf', line: 6 });
    expect(lambda.environment['QUEUE']?.range).toMatchObject({ file: 'main.tf', line: 23 });
  });

  it('take values of tfvars files and of --param, the latter over the former', async () => {
    const main = `${archive}variable "memory" {}\nvariable "timeout" {}\n${fn('a', '  memory_size = var.memory\n  timeout = var.timeout')}`;
    const files = { ...code, 'main.tf': main, 'terraform.tfvars': 'memory = 256\ntimeout = 9\n' };
    expect(functionOf((await projectOf(files)).project, 'a')).toMatchObject({ memoryMb: 256, timeoutSeconds: 9 });
    const given = await projectOf(files, { parameters: { timeout: '30' } });
    expect(functionOf(given.project, 'a')).toMatchObject({ memoryMb: 256, timeoutSeconds: 30 });
  });

  it.each([
    ['beside the module', 'dev.tfvars'],
    ['in a folder for such files', 'vars/dev.tfvars'],
    ['in a folder of the stage', 'environments/dev/terraform.tfvars'],
  ])('take the values of the stage %s', async (_, file) => {
    const main = `${archive}variable "memory" {}\nvariable "timeout" {}\n${fn('a', '  memory_size = var.memory\n  timeout = var.timeout')}`;
    const files = {
      ...code,
      'main.tf': main,
      'terraform.tfvars': 'memory = 256\ntimeout = 9\n',
      [file]: 'memory = 512\n',
      'prod.tfvars': 'memory = 1024\n',
    };
    expect(functionOf((await projectOf(files, { stage: 'dev' })).project, 'a')).toMatchObject({ memoryMb: 512, timeoutSeconds: 9 });
    expect(functionOf((await projectOf(files)).project, 'a')).toMatchObject({ memoryMb: 256 });
    expect(functionOf((await projectOf(files, { stage: '../dev' })).project, 'a')).toMatchObject({ memoryMb: 256 });
  });

  it('do not show the default of a sensitive variable', async () => {
    const main = `${archive}variable "key" {\n  default   = "hunter2"\n  sensitive = true\n}\n${fn('a', '  environment {\n    variables = { KEY = var.key }\n  }')}`;
    const { project } = await projectOf({ ...code, 'main.tf': main });
    expect(JSON.stringify(project)).not.toContain('hunter2');
    expect(withoutRanges(functionOf(project, 'a').environment)).toEqual({
      KEY: { kind: 'reference', text: 'var.key', names: ['var.key'] },
    });
  });

  it('are one for each key of a map and each number of a count that is known', async () => {
    const main = `${archive}locals {
  functions = { for name, memory in { small = 128, large = 1024 } : name => { memory = memory } }
}
${fn('each', '  for_each = local.functions\n  memory_size = each.value.memory').replace('"each"\n  filename', '"f-${each.key}"\n  filename')}
${fn('some', '  count = var.on ? 2 : 0')}
variable "on" {
  default = true
}
`;
    const { project } = await projectOf({ ...code, 'main.tf': main });
    expect(project.functions.map(({ id, memoryMb }) => [id, memoryMb])).toEqual([
      ['each-large', 1024],
      ['each-small', 128],
      ['some-0', 128],
      ['some-1', 128],
    ]);
    const off = await projectOf({ ...code, 'main.tf': main }, { parameters: { on: 'false' } });
    expect(off.project.functions).toHaveLength(2);
  });

  it('are read as one, and told, when their number is not known', async () => {
    const { project, diagnostics } = await projectOf({
      ...code,
      'main.tf': `${archive}${fn('a', '  for_each = var.names')}\nvariable "names" {}\n`,
    });
    expect(project.functions.map(({ id }) => id)).toEqual(['a']);
    expect(diagnostics).toMatchObject([
      { code: 'TERRAFORM_LOOP_UNRESOLVED', file: 'main.tf', line: 6, args: { address: 'aws_lambda_function.a' } },
    ]);
  });

  it('come from modules in the repository, with the values of each call', async () => {
    const { project, diagnostics } = await projectOf({
      ...code,
      'infra/main.tf': `module "orders" {
  source  = "../modules/fn"
  name    = "orders"
  sources = "\${path.module}/../src"
  settings = { memory = 256 }
}
module "stock" {
  source  = "../modules/fn"
  name    = "stock"
  sources = "../src"
  settings = {}
}
resource "aws_lambda_function_url" "orders" {
  function_name      = module.orders.name
  authorization_type = "NONE"
}
`,
      'modules/fn/main.tf': `variable "name" {}
variable "sources" {}
variable "settings" {
  type = object({ memory = optional(number, 1024) })
}
data "archive_file" "code" {
  type        = "zip"
  source_dir  = var.sources
  output_path = "build/\${var.name}.zip"
}
resource "aws_lambda_function" "this" {
  function_name = var.name
  filename      = data.archive_file.code.output_path
  handler       = "index.handler"
  runtime       = "nodejs22.x"
  memory_size   = var.settings.memory
}
output "name" {
  value = aws_lambda_function.this.function_name
}
`,
    });
    expect(diagnostics).toEqual([]);
    expect(project).toMatchObject({ definition: 'infra/main.tf', root: '' });
    expect(project.functions.map(({ id, memoryMb, handler, triggers }) => [id, memoryMb, handler.codeRoot, triggers[0]?.type])).toEqual([
      ['orders', 256, 'src', 'function-url'],
      ['stock', 1024, 'src', 'invoke'],
    ]);
    expect(functionOf(project, 'orders').range).toMatchObject({ file: 'modules/fn/main.tf', line: 11 });
  });

  it('of terraform-aws-modules are known by their inputs', async () => {
    const main = `module "fn" {
  source                     = "terraform-aws-modules/lambda/aws"
  version                    = "~> 7.0"
  function_name              = "orders"
  handler                    = "index.handler"
  runtime                    = "nodejs22.x"
  source_path                = "./src"
  environment_variables      = { A = "1" }
  create_lambda_function_url = true
  authorization_type         = "AWS_IAM"
  event_source_mapping = {
    queue = { event_source_arn = module.queue.queue_arn }
  }
}
module "queue" {
  source = "terraform-aws-modules/sqs/aws"
  name   = "orders-in"
}
module "api" {
  source        = "terraform-aws-modules/apigateway-v2/aws"
  name          = "api"
  protocol_type = "HTTP"
  authorizers = {
    users = { authorizer_type = "JWT", identity_sources = ["$request.header.Authorization"], jwt_configuration = { audience = ["a"], issuer = "https://i.example" } }
  }
  routes = {
    "GET /orders"  = { integration = { uri = module.fn.lambda_function_arn, payload_format_version = "2.0" } }
    "POST /orders" = { authorization_type = "JWT", authorizer_key = "users", integration = { uri = module.fn.lambda_function_arn, payload_format_version = "2.0" } }
    "PUT /orders"  = { authorizer_key = "others", integration = { uri = module.fn.lambda_function_arn, payload_format_version = "2.0" } }
  }
}
`;
    const { project, diagnostics } = await projectOf({ ...code, 'main.tf': main });
    expect(diagnostics).toEqual([]);
    const { triggers, environment, handler } = functionOf(project, 'fn');
    expect(handler.codeRoot).toBe('src');
    expect(withoutRanges(environment)).toEqual({ A: { kind: 'literal', value: '1' } });
    const guards = triggers
      .filter(isHttp)
      .map(({ type, method, path, gateway }) => [
        type,
        method,
        path,
        gateway.map((each) => (each.kind === 'authorizer' ? each.authorizer.type : each.kind)),
      ]);
    expect(guards).toEqual([
      ['function-url', 'ANY', '$default', ['iam']],
      ['http-api', 'GET', '/orders', []],
      ['http-api', 'POST', '/orders', ['jwt']],
      ['http-api', 'PUT', '/orders', ['unknown']],
    ]);
    expect(triggers).toContainEqual(expect.objectContaining({ type: 'sqs', queueName: 'orders-in' }));
  });

  it('that a module from elsewhere may make or call are told', async () => {
    const main = `${archive}${fn('a')}module "other" {
  source = "git::https://example.com/workflow.git"
  target = aws_lambda_function.a.arn
}
module "network" {
  source = "terraform-aws-modules/vpc/aws"
}
`;
    const { diagnostics } = await projectOf({ ...code, 'main.tf': main });
    expect(diagnostics).toMatchObject([{ code: 'TERRAFORM_MODULE_UNREAD', file: 'main.tf', line: 14, args: { module: 'module.other' } }]);
  });

  it.each<[string, string, Tree, string]>([
    ['built/orders.zip', 'orders/index', { 'orders/index.mjs': 'export const handler = async () => ({});' }, 'orders'],
    [
      '../artifacts/orders-service.zip',
      'index',
      { 'services/orders-service/src/index.ts': 'export const handler = async () => ({});' },
      'services/orders-service/src',
    ],
  ])('whose archive %s a build makes have the sources beside it', async (filename, _, files, folder) => {
    const main = `resource "aws_lambda_function" "a" {\n  filename = "${filename}"\n  handler = "index.handler"\n  runtime = "nodejs22.x"\n}\n`;
    const { project, diagnostics } = await projectOf({
      'package.json': '{}',
      ...files,
      'infra/main.tf': main.replace('built/', '../built/'),
    });
    expect(functionOf(project, 'a').handler.codeRoot).toBe(folder);
    expect(codesOf(diagnostics)).toEqual(['ARCHIVE_SOURCE_ASSUMED']);
  });

  it('never have code outside of the repository', async () => {
    const main = fn('a').replace('data.archive_file.code.output_path', '"../../../etc/code.zip"');
    const { project, diagnostics } = await projectOf({ ...code, 'main.tf': main });
    expect(functionOf(project, 'a').unreadable).toBe('CODE_OUTSIDE_REPOSITORY');
    expect(codesOf(diagnostics)).toEqual(['CODE_OUTSIDE_REPOSITORY']);
  });
});

describe('what calls functions of Terraform', () => {
  const rest = (method: string) => `${archive}${fn('a')}
resource "aws_api_gateway_rest_api" "api" {
  name = "api"
}
resource "aws_api_gateway_resource" "orders" {
  rest_api_id = aws_api_gateway_rest_api.api.id
  parent_id   = aws_api_gateway_rest_api.api.root_resource_id
  path_part   = "orders"
}
resource "aws_api_gateway_resource" "order" {
  rest_api_id = aws_api_gateway_rest_api.api.id
  parent_id   = aws_api_gateway_resource.orders.id
  path_part   = "{id}"
}
resource "aws_api_gateway_method" "get" {
  rest_api_id = aws_api_gateway_rest_api.api.id
  resource_id = aws_api_gateway_resource.order.id
  http_method = "GET"
${method}
}
resource "aws_api_gateway_integration" "get" {
  rest_api_id             = aws_api_gateway_rest_api.api.id
  resource_id             = aws_api_gateway_resource.order.id
  http_method             = aws_api_gateway_method.get.http_method
  integration_http_method = "POST"
  type                    = "AWS_PROXY"
  uri                     = aws_lambda_function.a.invoke_arn
}
resource "aws_api_gateway_authorizer" "users" {
  rest_api_id   = aws_api_gateway_rest_api.api.id
  name          = "users"
  type          = "COGNITO_USER_POOLS"
  provider_arns = ["arn:aws:cognito-idp:eu-west-1:111122223333:userpool/eu-west-1_a"]
}
variable "authorization" {}
`;

  it.each<[string, string, unknown[]]>([
    ['none', '  authorization = "NONE"', []],
    [
      'Cognito',
      '  authorization = "COGNITO_USER_POOLS"\n  authorizer_id = aws_api_gateway_authorizer.users.id',
      [{ kind: 'authorizer', authorizer: { type: 'cognito' } }],
    ],
    ['IAM', '  authorization = "AWS_IAM"', [{ kind: 'authorizer', authorizer: { type: 'iam' } }]],
    ['a variable', '  authorization = var.authorization', [{ kind: 'authorizer', authorizer: { type: 'unknown' } }]],
    ['an API key', '  authorization = "NONE"\n  api_key_required = true', [{ kind: 'api-key' }]],
  ])('a REST API guarded by %s', async (_, method, gateway) => {
    const [trigger] = await triggersOf({ 'main.tf': rest(method) }, 'a');
    expect(trigger).toMatchObject({ type: 'rest-api', method: 'GET', path: '/orders/{id}' });
    expect(trigger).toHaveProperty(
      'gateway',
      gateway
        .map((feature) => expect.objectContaining(feature as object) as unknown)
        .map((_each, index) => expect.objectContaining({ kind: (gateway[index] as { kind: string }).kind }) as unknown),
    );
    expect(trigger).toMatchObject({ gateway });
  });

  it('an OpenAPI document of a REST API, with the function in its template', async () => {
    const triggers = await triggersOf(
      {
        'main.tf': `${archive}${fn('a')}resource "aws_api_gateway_rest_api" "api" {
  name = "api"
  body = templatefile("\${path.module}/api.yaml", { uri = aws_lambda_function.a.invoke_arn })
}
`,
        'api.yaml':
          'openapi: 3.0.1\npaths:\n  /pets:\n    get:\n      x-amazon-apigateway-integration:\n        type: aws_proxy\n        httpMethod: POST\n        uri: ${uri}\n',
      },
      'a',
    );
    expect(triggers).toMatchObject([{ type: 'rest-api', method: 'GET', path: '/pets' }]);
  });

  it('a function URL whose authorization is not known stays closed', async () => {
    const url =
      'resource "aws_lambda_function_url" "u" {\n  function_name = aws_lambda_function.a.function_name\n  authorization_type = var.auth\n}\nvariable "auth" {}\n';
    const [trigger] = await triggersOf({ 'main.tf': `${archive}${fn('a')}${url}` }, 'a');
    expect(trigger).toMatchObject({ type: 'function-url', gateway: [{ kind: 'authorizer' }] });
  });

  it.each<[string, string, Record<string, unknown>]>([
    [
      'a queue',
      'resource "aws_sqs_queue" "q" {\n  name = "q.fifo"\n  fifo_queue = true\n}\nresource "aws_lambda_event_source_mapping" "m" {\n  event_source_arn = aws_sqs_queue.q.arn\n  function_name = aws_lambda_function.a.arn\n  batch_size = 3\n  filter_criteria {\n    filter {\n      pattern = jsonencode({ body = { kind = ["x"] } })\n    }\n  }\n}\n',
      { type: 'sqs', queueName: 'q.fifo', fifo: true, batchSize: 3, filters: [{ body: { kind: ['x'] } }] },
    ],
    [
      'a rule with a schedule',
      'resource "aws_cloudwatch_event_rule" "r" {\n  name = "r"\n  schedule_expression = "rate(5 minutes)"\n}\nresource "aws_cloudwatch_event_target" "t" {\n  rule = aws_cloudwatch_event_rule.r.name\n  arn = aws_lambda_function.a.arn\n  input = jsonencode({ a = 1 })\n}\n',
      { type: 'schedule', expression: 'rate(5 minutes)', scheduler: false, input: { a: 1 } },
    ],
    [
      'a rule named by its text',
      'resource "aws_cloudwatch_event_rule" "r" {\n  name = "nightly"\n  schedule_expression = "cron(0 1 * * ? *)"\n  state = "DISABLED"\n}\nresource "aws_cloudwatch_event_target" "t" {\n  rule = "nightly"\n  arn = aws_lambda_function.a.arn\n}\n',
      { type: 'schedule', expression: 'cron(0 1 * * ? *)', enabled: false },
    ],
    [
      'a schedule of EventBridge Scheduler',
      'resource "aws_scheduler_schedule" "s" {\n  name = "s"\n  schedule_expression = "cron(0 9 * * ? *)"\n  schedule_expression_timezone = "Asia/Shanghai"\n  target {\n    arn = aws_lambda_function.a.arn\n    role_arn = "r"\n  }\n}\n',
      { type: 'schedule', expression: 'cron(0 9 * * ? *)', timezone: 'Asia/Shanghai', scheduler: true },
    ],
    [
      'a rule with a pattern',
      'resource "aws_cloudwatch_event_rule" "r" {\n  event_pattern = jsonencode({ source = ["shop"] })\n}\nresource "aws_cloudwatch_event_target" "t" {\n  rule = aws_cloudwatch_event_rule.r.name\n  arn = aws_lambda_function.a.arn\n}\n',
      { type: 'eventbridge', source: '{"source":["shop"]}' },
    ],
    [
      'a load balancer',
      'resource "aws_lb_target_group" "g" {\n  target_type = "lambda"\n  lambda_multi_value_headers_enabled = true\n}\nresource "aws_lb_target_group_attachment" "g" {\n  target_group_arn = aws_lb_target_group.g.arn\n  target_id = aws_lambda_function.a.arn\n}\nresource "aws_lb_listener_rule" "r" {\n  listener_arn = aws_lb_listener.l.arn\n  action {\n    type = "forward"\n    target_group_arn = aws_lb_target_group.g.arn\n  }\n  condition {\n    path_pattern {\n      values = ["/api/*"]\n    }\n  }\n}\n',
      { type: 'alb', path: '/api/*', method: 'ANY', multiValueHeaders: true },
    ],
    [
      'a topic',
      'resource "aws_sns_topic_subscription" "s" {\n  topic_arn = aws_sns_topic.t.arn\n  protocol = "lambda"\n  endpoint = aws_lambda_function.a.arn\n}\nresource "aws_sns_topic" "t" {}\n',
      { type: 'sns', source: 'aws_sns_topic.t' },
    ],
    [
      'a bucket',
      'resource "aws_s3_bucket" "b" {}\nresource "aws_s3_bucket_notification" "n" {\n  bucket = aws_s3_bucket.b.id\n  lambda_function {\n    lambda_function_arn = aws_lambda_function.a.arn\n    events = ["s3:ObjectCreated:*"]\n  }\n}\n',
      { type: 's3', source: 'aws_s3_bucket.b' },
    ],
    [
      'a state machine',
      'resource "aws_sfn_state_machine" "m" {\n  definition = <<EOF\n{ "States": { "A": { "Type": "Task", "Resource": "${aws_lambda_function.a.arn}" } } }\nEOF\n}\n',
      { type: 'step-functions', source: 'aws_sfn_state_machine.m' },
    ],
  ])('%s', async (_, resources, expected) => {
    expect(await triggersOf({ 'main.tf': `${archive}${fn('a')}${resources}` }, 'a')).toMatchObject([expected]);
  });
});

describe('permissions of Terraform', () => {
  it('are those of the role, its policies written in any of the ways', async () => {
    const main = `${archive}${fn('a')}
data "aws_iam_policy_document" "table" {
  statement {
    actions   = ["dynamodb:GetItem"]
    resources = [aws_dynamodb_table.t.arn]
  }
}
resource "aws_iam_role" "role" {
  name = "role"
}
resource "aws_iam_policy" "table" {
  name   = "table"
  policy = data.aws_iam_policy_document.table.json
}
resource "aws_iam_role_policy_attachment" "table" {
  role       = aws_iam_role.role.name
  policy_arn = aws_iam_policy.table.arn
}
resource "aws_iam_role_policy_attachment" "logs" {
  role       = aws_iam_role.role.name
  policy_arn = "arn:aws:iam::aws:policy/service-role/AWSLambdaBasicExecutionRole"
}
resource "aws_dynamodb_table" "t" {}
`;
    const { project } = await projectOf({ ...code, 'main.tf': main });
    const { permissions } = functionOf(project, 'a');
    expect(permissions).toContain('arn:aws:iam::aws:policy/service-role/AWSLambdaBasicExecutionRole');
    expect(permissions).toContainEqual({
      PolicyName: 'table',
      PolicyDocument: {
        Version: '2012-10-17',
        Statement: [{ Effect: 'Allow', Action: ['dynamodb:GetItem'], Resource: [{ 'Fn::GetAtt': ['aws_dynamodb_table.t', 'arn'] }] }],
      },
    });
  });
});

describe('Terraform that cannot be read', () => {
  it('is one finding with line and column; other files go on', async () => {
    const { project, diagnostics } = await projectOf({
      ...code,
      'main.tf': `${archive}${fn('a')}`,
      'other.tf': 'resource "x" "y" {\n  a = \n}\n',
    });
    expect(project.functions).toHaveLength(1);
    expect(diagnostics).toMatchObject([{ code: 'DEFINITION_UNREADABLE', file: 'other.tf', line: 2 }]);
  });

  it('is not taken for a stack overflow when it is nested without end', async () => {
    const deep = `locals {\n  a = ${'['.repeat(5000)}${']'.repeat(5000)}\n}\n`;
    const { diagnostics } = await discoverTree({ ...code, 'main.tf': `${archive}${fn('a')}`, 'deep.tf': deep });
    expect(diagnostics).toMatchObject([{ code: 'DEFINITION_UNREADABLE', file: 'deep.tf' }]);
  });

  it('evaluates nothing that is not a plain function', async () => {
    const main = `${archive}${fn('a', '  environment {\n    variables = { A = timestamp(), B = uuid(), C = file("/etc/passwd"), D = file("../../etc/passwd") }\n  }')}`;
    const { project } = await projectOf({ ...code, 'main.tf': main });
    expect(withoutRanges(functionOf(project, 'a').environment)).toMatchObject({
      A: { kind: 'reference', text: 'timestamp()' },
      B: { kind: 'reference', text: 'uuid()' },
      C: { kind: 'reference', text: 'file("/etc/passwd")' },
      D: { kind: 'reference', text: 'file("../../etc/passwd")' },
    });
  });
});
