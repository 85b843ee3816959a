import { describe, expect, it } from 'vitest';
import type { HandlerFacts, ServerAdapter, ServerStart } from '../../src/analysis/facts.js';
import { diagnostic } from '../../src/diagnostics/catalog.js';
import { UserError } from '../../src/errors.js';
import { type DecideOptions, decide } from '../../src/planning/decide.js';
import type { LambdaFunction, Project } from '../../src/project/model.js';
import type { Trigger } from '../../src/project/trigger.js';
import { facts, guarded, http, lambda, literal, project, reference, schedule, sqs } from './builders.js';

function plan(
  functions: LambdaFunction[],
  more: { project?: Partial<Project>; facts?: Record<string, Partial<HandlerFacts>>; options?: DecideOptions } = {},
) {
  const of = project(functions, more.project);
  return decide(of, facts(of, more.facts), more.options ?? {});
}

const codes = ({ diagnostics }: ReturnType<typeof plan>) => diagnostics.map(({ code }) => code);

describe('the workload of a function', () => {
  it.each([
    ['web', [http('GET /a')]],
    ['web', [schedule(), sqs('q'), http('GET /a')]],
    ['worker', [schedule(), sqs('q')]],
    ['job', [schedule()]],
    ['stays', [{ type: 'cognito' as const }]],
    ['stays', [{ type: 'invoke' as const }]],
    ['stays', []],
    ['stays', [sqs('q', { enabled: false })]],
  ])('%s', (workload, triggers) => {
    const { functions } = plan([lambda('A', { triggers })]);
    expect(functions).toMatchObject([{ id: 'A', workload, outcome: workload === 'stays' ? 'stays' : 'migrated' }]);
    expect(functions[0]?.because).not.toBe('');
  });

  it('gives each supported trigger its service', () => {
    const { services } = plan([lambda('A', { triggers: [http('GET /a'), sqs('orders'), schedule()] })]);
    expect(services.map(({ name, functions }) => [name, functions])).toEqual([
      ['web', ['A']],
      ['worker', ['A']],
      ['job', ['A']],
    ]);
  });

  it('tells which trigger stays', () => {
    const made = plan([lambda('A', { triggers: [http('GET /a'), { type: 'cognito' }] })]);
    expect(made.functions[0]?.outcome).toBe('migrated');
    expect(codes(made)).toContain('TRIGGER_STAYS');
  });

  it('says why a function stays', () => {
    const made = plan([lambda('A', { triggers: [{ type: 'authorizer' }] })]);
    expect(made.diagnostics).toMatchObject([{ code: 'FUNCTION_STAYS', severity: 'info', function: 'A' }]);
    expect(made.services).toEqual([]);
  });

  it('leaves other runtimes', () => {
    const made = plan([lambda('A', { runtime: 'python3.12', triggers: [http('GET /a')] })]);
    expect(made.functions).toMatchObject([{ outcome: 'stays', workload: 'stays', style: null }]);
    expect(made.functions[0]?.because).toContain('python3.12');
  });

  it('leaves what --only leaves out', () => {
    const { functions, services } = plan([lambda('A', { triggers: [http('GET /a')] }), lambda('B', { triggers: [http('GET /b')] })], {
      options: { only: ['B'] },
    });
    expect(functions.map(({ outcome }) => outcome)).toEqual(['stays', 'migrated']);
    expect(services[0]?.functions).toEqual(['B']);
  });

  it.each<[string, Partial<HandlerFacts>, Partial<LambdaFunction>, string[]]>([
    ['no file', { file: null }, {}, ['HANDLER_FILE_UNKNOWN']],
    ['inline code', { file: null }, { packageType: 'inline' }, ['CODE_IS_INLINE']],
    ['durable', { shape: 'durable' }, {}, ['HANDLER_IS_DURABLE']],
    ['unreadable', {}, { unreadable: 'SOME_CODE' }, []],
  ])('needs a person: %s', (_, handlerFacts, more, expected) => {
    const made = plan([lambda('A', { triggers: [http('GET /a')], ...more })], { facts: { A: handlerFacts } });
    expect(made.functions).toMatchObject([{ outcome: 'needs-person', workload: 'web', style: null }]);
    expect(made.services).toEqual([]);
    expect(codes(made)).toEqual(expected);
  });

  it('charges a failed analysis to the function alone', () => {
    const of = project([lambda('A', { triggers: [http('GET /a')] }), lambda('B', { triggers: [http('GET /b')] })]);
    const found = facts(of);
    delete found.functions['A'];
    const made = decide(of, found, {});
    expect(made.functions.map(({ outcome }) => outcome)).toEqual(['failed', 'migrated']);
    expect(codes(made)).toEqual(['FUNCTION_NOT_UNDERSTOOD']);
  });

  it('needs a person after an error of an earlier stage', () => {
    const of = project([lambda('A', { triggers: [http('GET /a')] })]);
    const found = { ...facts(of), diagnostics: [diagnostic('CODE_IS_INLINE', { function: 'A', args: { function: 'A' } })] };
    expect(decide(of, found, {}).functions).toMatchObject([{ outcome: 'needs-person', because: expect.stringContaining('A') }]);
  });

  it('starts no consumer for a queue that is switched off', () => {
    const made = plan([lambda('A', { triggers: [http('GET /a'), sqs('q', { enabled: false })] })]);
    expect(made.services.map(({ kind }) => kind)).toEqual(['web']);
    expect(codes(made)).toContain('TRIGGER_DISABLED');
  });

  it('warns when a route that stays would be answered by another function', () => {
    const made = plan([
      lambda('All', { triggers: [http('ANY $default')] }),
      lambda('Py', { runtime: 'python3.12', triggers: [http('GET /admin')] }),
    ]);
    expect(made.diagnostics).toContainEqual(expect.objectContaining({ code: 'ROUTE_LEFT_OUT', function: 'Py' }));
  });
});

describe('a project without a definition', () => {
  const convention = { project: { dialect: 'convention' as const, definition: 'package.json' } };
  const evidence = { front: 'rest-api' as const, payload: '1.0' as const, because: 'event.httpMethod', line: 7 };

  it('takes the front from the code', () => {
    const made = plan([lambda('A')], { ...convention, facts: { A: { frontEvidence: evidence } } });
    expect(made.functions).toMatchObject([
      { workload: 'web', outcome: 'migrated', triggers: [{ type: 'rest-api', method: 'ANY', path: '$default', inferred: true }] },
    ]);
    expect(made.diagnostics).toMatchObject([{ code: 'TRIGGER_INFERRED', severity: 'info', file: 'app.js', line: 7 }]);
  });

  it('guesses payload 2.0 for an HTTP result, and warns', () => {
    const made = plan([lambda('A')], { ...convention, facts: { A: { returnsHttpResult: true } } });
    expect(made.services[0]?.routes).toMatchObject([{ front: 'http-api', trigger: { payload: '2.0', path: '$default' } }]);
    expect(made.diagnostics).toMatchObject([{ code: 'TRIGGER_GUESSED', severity: 'warning' }]);
  });

  it('makes a worker of an SQS handler, and warns', () => {
    const made = plan([lambda('ProcessOrders')], {
      ...convention,
      facts: { ProcessOrders: { triggerEvidence: { type: 'sqs', because: 'SQSHandler', line: 1 } } },
    });
    expect(made.services).toMatchObject([{ kind: 'worker', queues: [{ urlVariable: 'PROCESS_ORDERS_QUEUE_URL' }] }]);
    expect(codes(made)).toEqual(['QUEUE_INFERRED']);
  });

  it('makes a job of a scheduled handler', () => {
    const made = plan([lambda('A')], {
      ...convention,
      facts: { A: { triggerEvidence: { type: 'schedule', because: 'ScheduledHandler', line: 1 } } },
    });
    expect(made.services).toMatchObject([{ kind: 'job', jobs: [{ name: 'A' }] }]);
  });

  it('leaves what other evidence says on Lambda', () => {
    const made = plan([lambda('A')], {
      ...convention,
      facts: { A: { triggerEvidence: { type: 'cognito', because: 'PostConfirmation', line: 1 } } },
    });
    expect(made.functions).toMatchObject([{ outcome: 'stays', triggers: [{ type: 'cognito', inferred: true }] }]);
  });

  it('asks a person when nothing tells', () => {
    const made = plan([lambda('A')], convention);
    expect(made.functions).toMatchObject([{ outcome: 'needs-person' }]);
    expect(codes(made)).toEqual(['TRIGGER_UNKNOWN']);
  });

  it('gives two catch-alls two services', () => {
    const made = plan([lambda('A'), lambda('B')], {
      ...convention,
      facts: { A: { frontEvidence: evidence }, B: { frontEvidence: evidence } },
    });
    expect(made.services.map(({ name }) => name)).toEqual(['web', 'web-b']);
  });
});

describe('what the gateway did', () => {
  const authorizer = (type: 'jwt' | 'cognito' | 'lambda' | 'iam' | 'alb-oidc' | 'unknown') => ({
    kind: 'authorizer' as const,
    authorizer: { type, name: 'auth' },
  });

  it.each([
    [401, 'HTTP_AUTHORIZER_GUARDED', authorizer('jwt')],
    [401, 'HTTP_AUTHORIZER_GUARDED', authorizer('cognito')],
    [401, 'HTTP_AUTHORIZER_GUARDED', authorizer('lambda')],
    [401, 'HTTP_AUTHORIZER_GUARDED', authorizer('unknown')],
    [403, 'HTTP_AUTHORIZER_GUARDED', authorizer('iam')],
    [403, 'HTTP_API_KEY_GUARDED', { kind: 'api-key' as const }],
    [403, 'HTTP_RESOURCE_POLICY_GUARDED', { kind: 'resource-policy' as const }],
    [403, 'HTTP_MUTUAL_TLS_GUARDED', { kind: 'mutual-tls' as const }],
    [501, 'HTTP_VALIDATION_GUARDED', { kind: 'request-validation' as const, detail: 'body' }],
    [501, 'HTTP_MAPPING_GUARDED', { kind: 'mapping-template' as const, detail: 'body' }],
  ])('closes the route with %d: %s', (status, code, feature) => {
    const made = plan([lambda('A', { triggers: [guarded('GET /a', feature), http('GET /open')] })]);
    expect(made.services[0]?.routes.map(({ guard }) => guard?.status ?? null)).toEqual([status, null]);
    expect(JSON.parse(made.services[0]?.routes[0]?.guard?.body ?? '')).toHaveProperty('message');
    expect(made.diagnostics).toMatchObject([{ code, severity: 'warning', function: 'A' }]);
    expect(made.functions).toMatchObject([{ outcome: 'migrated' }]);
  });

  it.each([
    ['HTTP_THROTTLING_LOST', { kind: 'throttling' as const }],
    ['HTTP_VALIDATION_IN_SERVICE', { kind: 'request-validation' as const, detail: 'a', validation: { required: ['querystring.a'] } }],
    ['HTTP_GATEWAY_RESPONSE_LOST', { kind: 'gateway-response' as const, detail: 'DEFAULT_4XX' }],
    ['HTTP_FEATURE_LOST', { kind: 'other' as const, detail: 'cache' }],
  ])('says %s and leaves the route open', (code, feature) => {
    const made = plan([lambda('A', { triggers: [guarded('GET /a', feature)] })]);
    expect(made.services[0]?.routes[0]?.guard).toBeNull();
    expect(codes(made)).toEqual([code]);
  });

  it('lets authentication win over validation, and names both', () => {
    const made = plan([lambda('A', { triggers: [guarded('GET /a', { kind: 'request-validation', detail: 'body' }, authorizer('jwt'))] })]);
    expect(made.services[0]?.routes[0]?.guard?.status).toBe(401);
    expect(codes(made).sort()).toEqual(['HTTP_AUTHORIZER_GUARDED', 'HTTP_VALIDATION_GUARDED']);
  });

  it('needs a person for a function that only has mapped routes, and keeps them closed', () => {
    const made = plan([
      lambda('A', { triggers: [guarded('GET /a', { kind: 'mapping-template', detail: 'x' })] }),
      lambda('All', { triggers: [http('ANY $default')] }),
    ]);
    expect(made.functions[0]?.outcome).toBe('needs-person');
    expect(made.services[0]?.routes.find((route) => route.function === 'A')?.guard?.status).toBe(501);
  });

  it('keeps the guard of a route that is declared twice', () => {
    const made = plan([lambda('A', { triggers: [http('GET /a'), guarded('GET /a', { kind: 'api-key' })] })]);
    expect(made.services[0]?.routes).toMatchObject([{ guard: { status: 403 } }]);
  });

  it('closes what a listener rule opened to some addresses only', () => {
    const alb = (conditions: string[]) => http('ANY /a', 'Listener', { type: 'alb', payload: '1.0', conditions });
    expect(plan([lambda('A', { triggers: [alb(['source-ip: 10.0.0.0/8'])] })]).services[0]?.routes[0]?.guard?.status).toBe(403);
    const made = plan([lambda('A', { triggers: [alb(['host-header: a.example.com'])] })]);
    expect(made.services[0]?.routes[0]?.guard).toBeNull();
    expect(codes(made)).toEqual(['HTTP_LISTENER_CONDITIONS']);
  });
});

describe('functions share a process', () => {
  const names = (made: ReturnType<typeof plan>) => Object.fromEntries(made.services.map(({ name, functions }) => [name, functions]));

  it('when nothing forbids it', () => {
    const functions = [
      lambda('A', { triggers: [http('GET /a', 'One')] }),
      lambda('B', { triggers: [http('GET /b', 'Two')], environment: { X: literal('1') } }),
    ];
    expect(names(plan(functions))).toEqual({ web: ['A', 'B'] });
  });

  it.each<[string, Partial<LambdaFunction>, Partial<LambdaFunction>]>([
    ['values', { environment: { MODE: literal('a') } }, { environment: { MODE: literal('b') } }],
    ['references', { environment: { MODE: reference('!Ref A') } }, { environment: { MODE: reference('!Ref B') } }],
    ['a value and a reference', { environment: { MODE: literal('a') } }, { environment: { MODE: reference('!Ref B') } }],
    ['secrets', { environment: { PASSWORD: literal('a') } }, { environment: { PASSWORD: literal('b') } }],
    ['architectures', {}, { architecture: 'arm64' }],
    ['networks', {}, { vpc: true }],
  ])('but not with different %s', (_, one, other) => {
    const made = plan([
      lambda('A', { triggers: [http('GET /a'), sqs('a'), schedule()], ...one }),
      lambda('TheOther', { triggers: [http('GET /b'), http('GET /c'), sqs('b'), schedule()], ...other }),
    ]);
    expect(names(made)).toEqual({
      web: ['TheOther'],
      'web-a': ['A'],
      worker: ['A'],
      'worker-the-other': ['TheOther'],
      job: ['A'],
      'job-the-other': ['TheOther'],
    });
    for (const service of made.services) expect(service.because).not.toBe('');
  });

  it('with equal references, numbers and texts', () => {
    const made = plan([
      lambda('A', { triggers: [http('GET /a')], environment: { T: reference('!Ref T'), N: literal(1) } }),
      lambda('B', { triggers: [http('GET /b')], environment: { T: reference('!Ref T'), N: literal('1') } }),
    ]);
    expect(names(made)).toEqual({ web: ['A', 'B'] });
  });

  it('but not when requests of two APIs match both', () => {
    const made = plan([
      lambda('A', { triggers: [http('GET /x', 'One'), http('GET /y', 'One')] }),
      lambda('B', { triggers: [http('ANY /x', 'AdminApi')] }),
    ]);
    expect(names(made)).toEqual({ web: ['A'], 'web-admin-api': ['B'] });
  });

  it('but not two function URLs', () => {
    const url = (id: string) => http('ANY $default', id, { type: 'function-url' });
    expect(names(plan([lambda('A', { triggers: [url('A')] }), lambda('B', { triggers: [url('B')] })]))).toEqual({
      web: ['A'],
      'web-b': ['B'],
    });
  });

  it('and a function with a URL and a route is in two', () => {
    const made = plan([lambda('A', { triggers: [http('GET /a'), http('ANY $default', 'A', { type: 'function-url' })] })]);
    expect(made.services.map(({ name, routes }) => [name, routes.length])).toEqual([
      ['web', 1],
      ['web-a', 1],
    ]);
  });

  it('unless --split says otherwise', () => {
    const functions = [
      lambda('A', { triggers: [http('GET /a', 'One')] }),
      lambda('B', { triggers: [http('GET /b', 'One')] }),
      lambda('C', { triggers: [http('GET /c', 'Two')] }),
    ];
    expect(names(plan(functions, { options: { split: 'function' } }))).toEqual({ web: ['A'], 'web-b': ['B'], 'web-two': ['C'] });
    expect(names(plan(functions, { options: { split: 'api' } }))).toEqual({ web: ['A', 'B'], 'web-two': ['C'] });
  });

  it('and says that they share permissions', () => {
    const made = plan([
      lambda('A', { triggers: [http('GET /a')], permissions: ['s3'] }),
      lambda('B', { triggers: [http('GET /b')], permissions: ['sqs'] }),
    ]);
    expect(codes(made)).toEqual(['PERMISSIONS_SHARED']);
  });
});

describe('the environment', () => {
  const environmentOf = (environment: LambdaFunction['environment'], resources: Project['resources'] = {}) => {
    const made = plan([lambda('A', { triggers: [http('GET /a')], environment })], { project: { resources } });
    return { entries: made.services[0]?.environment, codes: codes(made), text: JSON.stringify(made) };
  };

  it('keeps literals as text', () => {
    expect(environmentOf({ B: literal(true), A: literal(1) }).entries).toEqual([
      { name: 'A', kind: 'literal', value: '1' },
      { name: 'B', kind: 'literal', value: 'true' },
    ]);
  });

  it('leaves references to fill in', () => {
    const { entries, codes: found } = environmentOf({ T: reference('!Ref Topic') });
    expect(entries).toEqual([{ name: 'T', kind: 'reference', value: '!Ref Topic' }]);
    expect(found).toEqual(['ENVIRONMENT_UNRESOLVED']);
  });

  it('knows physical names', () => {
    const resources = { Table: { type: 'AWS::DynamoDB::Table', name: 'orders', properties: {} } };
    expect(environmentOf({ T: reference('!Ref Table') }, resources).entries).toEqual([{ name: 'T', kind: 'literal', value: 'orders' }]);
  });

  it.each(['AWS_LAMBDA_EXEC_WRAPPER', 'AWS_REGION', '_HANDLER', 'PORT', 'AWS_LWA_PORT'])('leaves %s out, and says so', (name) => {
    const { entries, codes: found } = environmentOf({ [name]: literal('x') });
    expect(entries).toEqual([]);
    expect(found).toEqual(['ENVIRONMENT_VARIABLE_LEFT_OUT']);
  });

  it('keeps no secret', () => {
    const {
      entries,
      codes: found,
      text,
    } = environmentOf({
      DB_PASSWORD: literal('hunter2'),
      URL: literal('postgres://app:hunter2@db/app'),
      FALLBACK_TOKEN: reference(`\${env:TOKEN, 'hunter2'}`),
      SUB: reference('!Sub "postgres://app:hunter2@${Host}/app"'),
    });
    expect(entries?.map(({ kind }) => kind)).toEqual(['secret', 'secret', 'secret', 'secret']);
    expect(found).toContain('SECRET_IN_ENVIRONMENT');
    expect(text).not.toContain('hunter2');
  });

  it('keeps where a secret is', () => {
    const { entries, codes: found } = environmentOf({
      A: literal('{{resolve:ssm-secure:/prod/key:1}}'),
      B: reference(`\${ssm:/prod/b}`),
      B_TOKEN: reference('!Ref Token'),
    });
    expect(entries).toEqual([
      { name: 'A', kind: 'secret', value: '{{resolve:ssm-secure:/prod/key:1}}' },
      { name: 'B', kind: 'secret', value: `\${ssm:/prod/b}` },
      { name: 'B_TOKEN', kind: 'secret', value: '!Ref Token' },
    ]);
    expect(new Set(found)).toEqual(new Set(['SECRET_TO_PROVIDE']));
  });

  it('leaves the ARN of a secret to the code', () => {
    const resources = { DbSecret: { type: 'AWS::SecretsManager::Secret', properties: {} } };
    expect(environmentOf({ DB_SECRET: reference('!Ref DbSecret') }, resources).entries).toMatchObject([{ kind: 'reference' }]);
  });

  it('keeps secrets out of stage variables and inputs', () => {
    const made = plan([
      lambda('A', {
        triggers: [
          http('GET /a', 'Api', { stageVariables: { password: 'hunter2', mode: 'x' } }),
          schedule('rate(1 day)', { input: { auth: { token: 'hunter2' }, days: 3 } }),
        ],
      }),
    ]);
    expect(JSON.stringify(made)).not.toContain('hunter2');
    expect(made.services[0]?.routes[0]?.trigger.stageVariables).toEqual({ password: '', mode: 'x' });
    expect(made.services[1]?.jobs[0]?.trigger.input).toEqual({ auth: { token: '' }, days: 3 });
    expect(codes(made)).toEqual(['SECRET_IN_TRIGGER', 'SECRET_IN_TRIGGER']);
  });
});

describe('queues and jobs', () => {
  const variables = (functions: LambdaFunction[]) =>
    plan(functions).services.flatMap(({ queues }) => queues.map(({ urlVariable }) => urlVariable));

  it('names queue variables after queues', () => {
    const triggers = [sqs('orders'), sqs('payments.fifo', { fifo: true }), sqs('retry-queue')];
    expect(variables([lambda('A', { triggers })])).toEqual(['ORDERS_QUEUE_URL', 'PAYMENTS_QUEUE_URL', 'RETRY_QUEUE_URL']);
  });

  it('shares the variable of a queue, and separates equal names', () => {
    expect(
      variables([
        lambda('A', { triggers: [sqs('orders')] }),
        lambda('B', { triggers: [sqs('orders')] }),
        lambda('C', { triggers: [sqs('orders.fifo')] }),
      ]),
    ).toEqual(['ORDERS_QUEUE_URL', 'ORDERS_QUEUE_URL', 'ORDERS_FIFO_QUEUE_URL']);
  });

  it("never takes a variable of the user's for another queue", () => {
    const environment = { ORDERS_QUEUE_URL: reference('!Ref OtherQueue') };
    expect(variables([lambda('A', { triggers: [sqs('orders', { queueResource: 'Orders' })], environment })])).toEqual([
      'ORDERS_SOURCE_QUEUE_URL',
    ]);
    const same = { ORDERS_QUEUE_URL: reference('!Ref Orders') };
    expect(variables([lambda('A', { triggers: [sqs('orders', { queueResource: 'Orders' })], environment: same })])).toEqual([
      'ORDERS_QUEUE_URL',
    ]);
  });

  it('makes one job of schedules that send the same event', () => {
    const jobs = (...triggers: ReturnType<typeof schedule>[]) =>
      plan([lambda('A', { triggers })]).services[0]?.jobs.map(({ name }) => name);
    expect(jobs(schedule('rate(1 hour)'), schedule('rate(1 day)'))).toEqual(['A']);
    expect(jobs(schedule('rate(1 hour)', { input: 1 }), schedule('rate(1 day)', { input: 2 }))).toEqual(['A', 'A-2']);
  });
});

describe('the platform', () => {
  it.each([
    [0, 'warning'],
    [1, 'warning'],
    [5, 'info'],
  ])('limits concurrency to %d no longer: %s', (reservedConcurrency, severity) => {
    const { diagnostics } = plan([lambda('A', { triggers: [http('GET /a')], reservedConcurrency }), lambda('B', { reservedConcurrency })]);
    expect(diagnostics.filter(({ code }) => code === 'CONCURRENCY_LIMIT_LOST')).toMatchObject([{ function: 'A', severity }]);
  });

  it('has networks to configure', () => {
    const made = plan([lambda('A', { triggers: [http('GET /a')], vpc: true }), lambda('B', { triggers: [http('GET /b')], vpc: true })]);
    expect(codes(made)).toEqual(['VPC_TO_CONFIGURE']);
  });
});

describe('the style', () => {
  const server: ServerAdapter = {
    adapter: 'serverless-http',
    framework: 'express',
    file: 'app.js',
    line: 5,
    binding: 'app',
    unwrappable: true,
  };
  const all = [http('ANY /'), http('ANY /{proxy+}')];
  const styleOf = (triggers = all, more: Partial<ServerAdapter> = {}, options: DecideOptions = {}, others: LambdaFunction[] = []) => {
    const made = plan([lambda('A', { triggers }), ...others], { facts: { A: { server: { ...server, ...more } } }, options });
    return { style: made.functions[0]?.style, service: made.services[0], codes: codes(made) };
  };

  it('lets a wrapped server listen', () => {
    const { style, service } = styleOf();
    expect(style).toBe('unwrapped');
    expect(service).toMatchObject({ name: 'web', server: { function: 'A', binding: 'app', framework: 'express' } });
  });

  it.each<[string, Parameters<typeof styleOf>]>([
    ['the user says so', [all, {}, { style: 'adapter' }]],
    ['it cannot be unwrapped', [all, { unwrappable: false, because: 'options' }]],
    ['it has no binding', [all, { binding: null }]],
    ['it is a framework with a start of its own', [all, { framework: 'apollo' }]],
    ['only some paths were open', [[http('ANY /api/{proxy+}')]]],
    ['only some methods were open', [[http('GET /{proxy+}')]]],
    ['a route is protected', [[...all, guarded('GET /admin', { kind: 'api-key' })]]],
    [
      'the gateway validated requests',
      [[...all, guarded('GET /a', { kind: 'request-validation', detail: 'a', validation: { required: ['header.a'] } })]],
    ],
    ['another function has a route of the API', [all, {}, {}, [lambda('B', { triggers: [http('GET /b')] })]]],
  ])('keeps the adapter when %s', (_, args) => {
    const { style, service } = styleOf(...args);
    expect(style).toBe('adapter');
    expect(service?.server).toBeNull();
    expect(service?.routes.length).toBeGreaterThan(0);
  });

  it('lets a program that listens by itself go on', () => {
    expect(styleOf(all, { adapter: 'lambda-web-adapter', binding: null }).style).toBe('unwrapped');
  });

  const start: ServerStart = {
    command: ['node', 'app.js'],
    folder: '',
    build: null,
    port: 8080,
    readiness: { protocol: 'http', path: '/', healthy: [[100, 499]] },
  };
  const programWith = (triggers: Trigger[]) => {
    const program = { ...server, adapter: 'lambda-web-adapter', binding: null, start };
    const made = plan([lambda('A', { triggers })], { facts: { A: { server: program } } });
    return { outcome: made.functions[0]?.outcome, codes: codes(made) };
  };

  it('never feeds events to a program that listens by itself: a gateway that did more is left to a person', () => {
    const { outcome, codes: told } = programWith([http('GET /only')]);
    expect(outcome).toBe('needs-person');
    expect(told).toEqual(['WEB_ADAPTER_GATEWAY']);
  });

  it('leaves what the Lambda Web Adapter POSTed to a program', () => {
    expect(programWith([sqs('Orders')])).toMatchObject({ outcome: 'stays', codes: ['FUNCTION_STAYS'] });
    expect(programWith([...all, sqs('Orders')])).toMatchObject({ outcome: 'migrated', codes: ['TRIGGER_STAYS'] });
  });

  it.each([undefined, 'native'] as const)(
    'makes routes of handlers that can be rewritten, and says of the others what kept them (%s)',
    (style) => {
      const functions = [lambda('A', { triggers: [http('GET /a')] }), lambda('B', { triggers: [http('GET /b')] })];
      const rewritable = (id: string) => (id === 'A' ? undefined : { because: 'it takes a callback', place: { file: 'b.js', line: 3 } });
      const made = plan(functions, { options: { style, rewritable } });
      expect(made.functions.map(({ style }) => style)).toEqual(['native', 'adapter']);
      expect(made.diagnostics).toMatchObject([
        { code: 'ROUTES_LEAVE_LAMBDA', severity: 'warning', args: { functions: 'A' } },
        { code: 'HANDLER_NOT_REWRITTEN', function: 'B', file: 'b.js', line: 3, args: { reason: 'it takes a callback' } },
      ]);
    },
  );

  it('rewrites no handler that a queue calls too', () => {
    const both = [lambda('A', { triggers: [http('GET /a'), sqs('Orders')] })];
    const rewritable = () => undefined;
    expect(plan(both, { options: { style: 'native', rewritable } }).functions[0]?.style).toBe('adapter');
  });

  it('does not say that routes leave Lambda where a handler stays beside each', () => {
    const rewritable = () => undefined;
    const functions = [lambda('A', { triggers: [http('GET /a')] })];
    const made = plan(functions, { options: { keepHandler: true, rewritable } });
    expect(made.functions[0]?.style).toBe('native');
    expect(codes(made)).toEqual([]);
  });

  it('never feeds an event to what is a route already', () => {
    const made = plan([lambda('A', { triggers: [http('GET /a')] })], { facts: { A: { isRoute: true } }, options: { style: 'adapter' } });
    expect(made.functions[0]?.style).toBe('native');
  });
});

it('refuses a target that is not there yet', () => {
  expect(() => plan([], { options: { target: 'lambda-web-function' } })).toThrow(UserError);
});
