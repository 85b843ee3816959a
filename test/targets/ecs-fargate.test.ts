import type { RegisterTaskDefinitionCommandInput } from '@aws-sdk/client-ecs';
import { describe, expect, it } from 'vitest';
import { isFargateSize } from '../../src/aws/fargate.js';
import type { EnvironmentPlan, ServicePlan } from '../../src/planning/plan.js';
import type { Project } from '../../src/project/model.js';
import type { SqsTrigger } from '../../src/project/trigger.js';
import { findServiceTarget } from '../../src/targets/index.js';
import { lambda, literal, project, reference, servicePlan, sqs } from '../planning/builders.js';

const base = servicePlan({ functions: ['Orders'] });

function definitionOf(more: Partial<ServicePlan>, of: Project = project([])) {
  const service = { ...base, ...more };
  const input = {
    project: of,
    plan: { project: '', definition: '', target: 'ecs-fargate', functions: [], services: [service], diagnostics: [] },
    services: [{ service, command: ['node', `service/${service.name}.js`] }],
  };
  const target = findServiceTarget('ecs-fargate');
  const [artefact] = target.artefacts(input);
  if (!artefact || !('content' in artefact)) throw new Error('no artefact');
  const definition = JSON.parse(artefact.content) as RegisterTaskDefinitionCommandInput;
  const container = definition.containerDefinitions?.[0];
  if (!container) throw new Error('no container');
  const environment = Object.fromEntries((container.environment ?? []).map(({ name, value }) => [name, value]));
  return { path: artefact.path, text: artefact.content, definition, container, environment, placeholders: target.placeholders(input) };
}

const variable = (name: string, kind: EnvironmentPlan['kind'], value: string): EnvironmentPlan => ({ name, kind, value });

describe('a task definition', () => {
  it('is what Fargate requires', () => {
    const { path, definition, container } = definitionOf({ architecture: 'ARM64', cpu: 1024, memoryMb: 3072 });
    expect(path).toBe('deploy/ecs/task-definition.web.json');
    expect(definition).toMatchObject({
      family: 'shop-web',
      requiresCompatibilities: ['FARGATE'],
      networkMode: 'awsvpc',
      cpu: '1024',
      memory: '3072',
      runtimePlatform: { cpuArchitecture: 'ARM64', operatingSystemFamily: 'LINUX' },
    });
    expect(isFargateSize({ cpu: Number(definition.cpu), memoryMb: Number(definition.memory) })).toBe(true);
    expect(definition).not.toHaveProperty('ephemeralStorage');
    expect(definition.executionRoleArn).toMatch(/^arn:aws:iam::0{12}:role\/[\w+=,.@-]{1,64}$/);
    expect(definition.taskRoleArn).toMatch(/^arn:aws:iam::0{12}:role\/[\w+=,.@-]{1,64}$/);
    expect(container).toMatchObject({
      essential: true,
      command: ['node', 'service/web.js'],
      stopTimeout: 30,
      readonlyRootFilesystem: true,
      mountPoints: [{ sourceVolume: 'tmp', containerPath: '/tmp' }],
      logConfiguration: { logDriver: 'awslogs', options: { 'awslogs-group': '/ecs/shop-web', 'awslogs-stream-prefix': 'web' } },
    });
    expect(container.linuxParameters?.initProcessEnabled).toBe(true);
    expect(container.user).not.toMatch(/^(0|root)?$/);
    expect(definition.volumes).toEqual([{ name: 'tmp' }]);
  });

  it('has a port and a health check for a web service', () => {
    const { container, environment } = definitionOf({});
    expect(container.portMappings).toEqual([{ name: 'http', containerPort: 8080, protocol: 'tcp' }]);
    expect(environment).toMatchObject({ PORT: '8080', NODE_ENV: 'production' });
    const { command, interval = 0, timeout = 0, retries = 0, startPeriod = 0 } = container.healthCheck ?? {};
    expect(command?.slice(0, 3)).toEqual(['CMD', 'node', '-e']);
    expect(command?.[3]).toContain('/healthz');
    expect(interval >= 5 && interval <= 300 && timeout >= 2 && timeout <= 60 && retries >= 1 && retries <= 10 && startPeriod <= 300).toBe(
      true,
    );
  });

  it('has a health check and no port mapping for a worker', () => {
    const { container, environment } = definitionOf({ name: 'worker', kind: 'worker' });
    expect(container.healthCheck?.command?.[0]).toBe('CMD');
    expect(container).not.toHaveProperty('portMappings');
    expect(environment).toHaveProperty('PORT');
  });

  it('has neither for a job', () => {
    const { container, environment } = definitionOf({ name: 'job', kind: 'job' });
    expect(container).not.toHaveProperty('healthCheck');
    expect(container).not.toHaveProperty('portMappings');
    expect(environment).not.toHaveProperty('PORT');
  });

  it('asks for storage only when it needs more', () =>
    expect(definitionOf({ ephemeralStorageGb: 30 }).definition.ephemeralStorage).toEqual({ sizeInGiB: 30 }));

  it('has every variable once, as text', () => {
    const { container, environment, placeholders } = definitionOf({
      environment: [
        variable('TABLE', 'literal', 'orders'),
        variable('NODE_ENV', 'literal', 'test'),
        variable('TOPIC', 'reference', '!Ref Topic'),
      ],
    });
    const names = container.environment?.map(({ name }) => name) ?? [];
    expect(new Set(names).size).toBe(names.length);
    expect(environment).toMatchObject({ TABLE: 'orders', NODE_ENV: 'test' });
    expect(environment['TOPIC']).toContain('!Ref Topic');
    expect(placeholders.some(({ text, meaning }) => text === environment['TOPIC'] && meaning.includes('TOPIC'))).toBe(true);
    expect(names.some((name) => name?.startsWith('AWS_LAMBDA'))).toBe(false);
  });

  it('has no variable both as text and as secret', () => {
    const { environment, container } = definitionOf({ environment: [variable('KEY', 'secret', '!Ref Key')] });
    expect(environment).not.toHaveProperty('KEY');
    expect(container.secrets?.map(({ name }) => name)).toEqual(['KEY']);
  });

  it('names placeholders that are really there', () => {
    const queues = [{ function: 'Orders', trigger: sqs('orders'), urlVariable: 'ORDERS_QUEUE_URL' }];
    const { text, placeholders, path } = definitionOf({
      name: 'worker',
      kind: 'worker',
      queues,
      environment: [variable('KEY', 'secret', '')],
    });
    expect(placeholders.length).toBeGreaterThan(4);
    for (const placeholder of placeholders) {
      expect(text).toContain(placeholder.text);
      expect(placeholder.path).toBe(path);
    }
  });

  const queueUrlOf = (trigger: SqsTrigger, of?: Project) =>
    definitionOf({ name: 'worker', kind: 'worker', queues: [{ function: 'Orders', trigger, urlVariable: 'ORDERS_QUEUE_URL' }] }, of)
      .environment['ORDERS_QUEUE_URL'];

  it.each([
    [sqs('orders'), 'https://sqs.replace-with-region.amazonaws.com/000000000000/orders'],
    [sqs('o', { queue: literal('arn:aws:sqs:eu-west-1:111122223333:orders') }), 'https://sqs.eu-west-1.amazonaws.com/111122223333/orders'],
    [
      sqs('o', { queue: literal('arn:aws-cn:sqs:cn-north-1:111122223333:orders') }),
      'https://sqs.cn-north-1.amazonaws.com.cn/111122223333/orders',
    ],
    [
      sqs('o', { queue: reference('x'), queueName: undefined }),
      'https://sqs.replace-with-region.amazonaws.com/000000000000/replace-with-queue',
    ],
  ])('gives queue %# its URL', (trigger, expected) => expect(queueUrlOf(trigger)).toBe(expected));

  it('prefers the queue URL to a reference of the same name', () => {
    const queues = [{ function: 'Orders', trigger: sqs('orders'), urlVariable: 'Q' }];
    const { container } = definitionOf({
      name: 'worker',
      kind: 'worker',
      queues,
      environment: [variable('Q', 'reference', '!Ref Orders')],
    });
    expect(container.environment?.filter(({ name }) => name === 'Q').map(({ value }) => value)).toEqual([
      'https://sqs.replace-with-region.amazonaws.com/000000000000/orders',
    ]);
  });

  it('keeps the partition of the project', () => {
    const chinese = project([lambda('Orders', { environment: { TOPIC: literal('arn:aws-cn:sns:cn-north-1:111122223333:t') } })]);
    expect(definitionOf({}, chinese).definition.taskRoleArn).toMatch(/^arn:aws-cn:iam::/);
  });

  it.each([
    ['', '/shop/KEY'],
    ['{{resolve:ssm-secure:/prod/key:3}}', '/prod/key'],
    ['{{resolve:ssm:key}}', 'key'],
    [`\${ssm:/prod/key~true}`, '/prod/key'],
    [`\${ssm(us-west-2):/prod/key}`, 'arn:aws:ssm:us-west-2:000000000000:parameter/prod/key'],
    [
      '{{resolve:secretsmanager:prod/db:SecretString:password}}',
      'arn:aws:secretsmanager:replace-with-region:000000000000:secret:prod/db:password::',
    ],
    [
      '{{resolve:secretsmanager:arn:aws:secretsmanager:eu-west-1:111122223333:secret:db-AbCdEf:SecretString:password::}}',
      'arn:aws:secretsmanager:eu-west-1:111122223333:secret:db-AbCdEf:password::',
    ],
    ['{{resolve:secretsmanager:prod/db}}', 'arn:aws:secretsmanager:replace-with-region:000000000000:secret:prod/db'],
    [`\${ssm:/aws/reference/secretsmanager/prod}`, 'arn:aws:secretsmanager:replace-with-region:000000000000:secret:prod'],
    ['!Ref KeyParameter', '/shop/KEY'],
  ])('reads the secret %s from %s', (value, valueFrom) => {
    expect(definitionOf({ environment: [variable('KEY', 'secret', value)] }).container.secrets).toEqual([{ name: 'KEY', valueFrom }]);
  });
});
