import { describe, expect, it } from 'vitest';
import { codesOf, discoverTree, functionOf, projectOf, type Tree, withoutRanges } from './tree.js';

const code: Tree = { 'package.json': '{"name": "app"}', 'src/index.js': 'exports.handler = async () => ({});' };

const resource = (address: string, values: object, mode = 'managed') => {
  const [type = '', name = ''] = address
    .replace(/^data\./, '')
    .replace(/\[[^\]]*\]$/, '')
    .split('.')
    .slice(-2);
  return { address, mode, type, name, values };
};

const reference = (...references: string[]) => ({ references });

const archive = resource('data.archive_file.code', { type: 'zip', source_dir: './src', output_path: './code.zip' }, 'data');

/** As `terraform show -json` writes a plan before anything exists: what AWS makes up is in the configuration alone. */
const plan = {
  format_version: '1.2',
  terraform_version: '1.9.8',
  planned_values: {
    root_module: {
      resources: [
        resource('aws_apigatewayv2_api.api', { name: 'api', protocol_type: 'HTTP', cors_configuration: [] }),
        resource('aws_apigatewayv2_authorizer.users', {
          authorizer_type: 'JWT',
          identity_sources: ['$request.header.Authorization'],
          jwt_configuration: [{ audience: ['a'], issuer: 'https://i.example' }],
        }),
        resource('aws_apigatewayv2_integration.fn', { integration_type: 'AWS_PROXY', payload_format_version: '2.0' }),
        resource('aws_apigatewayv2_route.get', { route_key: 'GET /orders', authorization_type: 'NONE' }),
        resource('aws_apigatewayv2_route.post', { route_key: 'POST /orders', authorization_type: 'JWT' }),
        resource('aws_sqs_queue.in', { name: 'orders-in', fifo_queue: false }),
        resource('aws_lambda_event_source_mapping.in', { batch_size: 7, function_response_types: null }),
      ],
      child_modules: [
        {
          address: 'module.orders',
          resources: [
            resource('module.orders.aws_lambda_function.this["api"]', {
              function_name: 'orders',
              filename: './code.zip',
              handler: 'index.handler',
              runtime: 'nodejs22.x',
              memory_size: 256,
              timeout: 12,
              architectures: ['arm64'],
              environment: [{ variables: { TABLE: 'orders' } }],
              vpc_config: [],
              reserved_concurrent_executions: -1,
            }),
          ],
        },
      ],
    },
  },
  prior_state: { values: { root_module: { resources: [archive] } } },
  configuration: {
    root_module: {
      resources: [
        {
          address: 'aws_apigatewayv2_integration.fn',
          expressions: { integration_uri: reference('module.orders.invoke_arn', 'module.orders') },
        },
        {
          address: 'aws_apigatewayv2_route.get',
          expressions: {
            api_id: reference('aws_apigatewayv2_api.api.id'),
            target: reference('aws_apigatewayv2_integration.fn.id', 'aws_apigatewayv2_integration.fn'),
          },
        },
        {
          address: 'aws_apigatewayv2_route.post',
          expressions: {
            api_id: reference('aws_apigatewayv2_api.api.id'),
            target: reference('aws_apigatewayv2_integration.fn.id'),
            authorizer_id: reference('aws_apigatewayv2_authorizer.users.id'),
          },
        },
        {
          address: 'aws_lambda_event_source_mapping.in',
          expressions: {
            event_source_arn: reference('aws_sqs_queue.in.arn', 'aws_sqs_queue.in'),
            function_name: reference('module.orders.arn', 'module.orders'),
          },
        },
      ],
      module_calls: {
        orders: {
          source: 'app.terraform.io/example/function/aws',
          module: {
            outputs: {
              arn: { expression: reference('aws_lambda_function.this["api"].arn', 'aws_lambda_function.this["api"]') },
              invoke_arn: { expression: reference('aws_lambda_function.this', 'aws_lambda_function.this["api"].invoke_arn') },
            },
          },
        },
      },
    },
  },
};

describe('plans of Terraform', () => {
  const tree: Tree = {
    ...code,
    'plan.json': JSON.stringify(plan),
    'main.tf': 'module "orders" {\n  source = "app.terraform.io/example/function/aws"\n}\nresource "aws_apigatewayv2_route" "get" {\n}\n',
  };

  it('give functions of modules from elsewhere, and what calls them', async () => {
    const { project, diagnostics } = await projectOf(tree);
    expect(diagnostics).toEqual([]);
    expect(project).toMatchObject({ root: '', dialect: 'terraform', definition: 'plan.json' });
    const lambda = functionOf(project, 'orders-api');
    expect(withoutRanges(lambda)).toMatchObject({
      runtime: 'nodejs22.x',
      memoryMb: 256,
      timeoutSeconds: 12,
      architecture: 'arm64',
      vpc: false,
      handler: { declared: 'index.handler', codeRoot: 'src' },
      environment: { TABLE: { kind: 'literal', value: 'orders' } },
    });
    expect(lambda).not.toHaveProperty('reservedConcurrency');
    expect(withoutRanges(lambda.triggers)).toMatchObject([
      { type: 'http-api', method: 'GET', path: '/orders', gateway: [] },
      {
        type: 'http-api',
        method: 'POST',
        path: '/orders',
        gateway: [{ kind: 'authorizer', authorizer: { type: 'jwt', audience: [{ value: 'a' }] } }],
      },
      { type: 'sqs', queueName: 'orders-in', batchSize: 7 },
    ]);
  });

  it('name the place in the files where there is one, else in the plan', async () => {
    const { project } = await projectOf(tree);
    const { triggers, range } = functionOf(project, 'orders-api');
    expect(triggers.find((each) => each.type === 'http-api' && each.method === 'GET')?.range).toMatchObject({ file: 'main.tf', line: 4 });
    expect(range).toMatchObject({ file: 'plan.json', line: 1 });
  });

  it('are read instead of the files beside them', async () => {
    const { project } = await projectOf({ ...tree, 'fn.tf': 'resource "aws_lambda_function" "other" {\n  handler = "index.handler"\n}\n' });
    expect(project.functions.map(({ id }) => id)).toEqual(['orders-api']);
  });

  it('leave a route closed whose authorization is only known later', async () => {
    const later = structuredClone(plan);
    const [, , , get] = later.planned_values.root_module.resources;
    if (get) get.values = { route_key: 'GET /orders', authorization_type: null };
    const written = later.configuration.root_module.resources[1];
    if (written) Object.assign(written.expressions, { authorization_type: reference('local.authorization') });
    const { project } = await projectOf({ ...code, 'plan.json': JSON.stringify(later) });
    const route = functionOf(project, 'orders-api').triggers.find((each) => each.type === 'http-api' && each.method === 'GET');
    expect(route).toMatchObject({ gateway: [{ kind: 'authorizer', authorizer: { type: 'unknown' } }] });
  });
});

describe('states of Terraform', () => {
  it('join resources by the ARNs and ids that they have', async () => {
    const arn = 'arn:aws:lambda:eu-west-1:111122223333:function:orders';
    const state = {
      format_version: '1.0',
      terraform_version: '1.9.8',
      values: {
        root_module: {
          resources: [
            archive,
            resource('aws_lambda_function.orders', {
              arn,
              id: 'orders',
              function_name: 'orders',
              filename: './code.zip',
              handler: 'index.handler',
              runtime: 'nodejs22.x',
            }),
            resource('aws_cloudwatch_event_rule.nightly', {
              id: 'nightly-rule',
              name: 'nightly-rule',
              schedule_expression: 'rate(1 day)',
              state: 'ENABLED',
            }),
            resource('aws_cloudwatch_event_target.nightly', { rule: 'nightly-rule', arn }),
          ],
        },
      },
    };
    const { project } = await projectOf({
      ...code,
      'infra/state.json': JSON.stringify(state),
      'infra/src/index.js': 'exports.handler = async () => ({});',
    });
    expect(functionOf(project, 'orders').handler.codeRoot).toBe('infra/src');
    expect(withoutRanges(functionOf(project, 'orders').triggers)).toMatchObject([{ type: 'schedule', expression: 'rate(1 day)' }]);
  });

  it('that are broken are one finding', async () => {
    const { diagnostics } = await discoverTree({
      ...code,
      'plan.json': '{"format_version":"1.2","terraform_version":"1.9.8","planned_values":{"aws_lambda_function',
    });
    expect(codesOf(diagnostics)).toContain('DEFINITION_UNREADABLE');
  });
});
