import type { Facts, HandlerFacts } from '../../src/analysis/facts.js';
import type { ServicePlan } from '../../src/planning/plan.js';
import type { LambdaFunction, Project, Value } from '../../src/project/model.js';
import type { GatewayFeature, HttpTrigger, ScheduleTrigger, SqsTrigger } from '../../src/project/trigger.js';

const range = { file: 'template.yaml', line: 1, column: 1, start: 0, end: 1 };

export function literal(value: string | number | boolean | null): Value {
  return { kind: 'literal', value };
}

export function reference(text: string): Value {
  return { kind: 'reference', text, names: [] };
}

export function lambda(id: string, more: Partial<LambdaFunction> = {}): LambdaFunction {
  return {
    id,
    runtime: 'nodejs22.x',
    packageType: 'zip',
    handler: { declared: 'app.handler', codeRoot: '' },
    architecture: 'x86_64',
    memoryMb: 128,
    timeoutSeconds: 3,
    ephemeralStorageMb: 512,
    environment: {},
    triggers: [],
    layers: [],
    vpc: false,
    permissions: [],
    build: { tool: 'none' },
    range,
    ...more,
  };
}

/** `http('GET /orders', 'Api')` */
export function http(route: string, api = 'Api', more: Partial<HttpTrigger> = {}): HttpTrigger {
  const [method = '', path = ''] = route.split(' ');
  return { type: 'http-api', method, path, api, payload: '2.0', gateway: [], ...more };
}

export function guarded(route: string, ...gateway: GatewayFeature[]): HttpTrigger {
  return http(route, 'Api', { gateway });
}

export function sqs(queueName: string, more: Partial<SqsTrigger> = {}): SqsTrigger {
  return {
    type: 'sqs',
    queue: reference(`!GetAtt ${queueName}.Arn`),
    queueName,
    fifo: false,
    batchSize: 10,
    maximumBatchingWindow: 0,
    reportBatchItemFailures: false,
    filters: [],
    ...more,
  };
}

export function schedule(expression = 'rate(1 hour)', more: Partial<ScheduleTrigger> = {}): ScheduleTrigger {
  return { type: 'schedule', expression, scheduler: false, ...more };
}

export function project(functions: LambdaFunction[], more: Partial<Project> = {}): Project {
  return {
    root: '',
    dialect: 'sam',
    definition: 'template.yaml',
    name: 'shop',
    functions,
    packageInfo: {
      file: 'package.json',
      json: {},
      manager: 'npm',
      lockfile: null,
      workspaceRoot: null,
      tsconfig: null,
      nested: [],
    },
    resources: {},
    ...more,
  };
}

function handler(more: Partial<HandlerFacts> = {}): HandlerFacts {
  return {
    file: 'app.js',
    exportPath: ['handler'],
    language: 'javascript',
    format: 'commonjs',
    declaration: { file: 'app.js', line: 3, column: 1 },
    shape: 'function',
    parameterCount: 1,
    isAsync: true,
    usesCallback: false,
    usesContextDone: false,
    streaming: false,
    server: null,
    frontEvidence: null,
    triggerEvidence: null,
    files: ['app.js'],
    packages: {},
    buildReasons: [],
    ...more,
  };
}

/** Facts for every function: found, plain handlers unless told otherwise. */
export function facts(of: Project, more: Record<string, Partial<HandlerFacts>> = {}): Facts {
  return { functions: Object.fromEntries(of.functions.map(({ id }) => [id, handler(more[id])])), diagnostics: [] };
}

export function servicePlan(more: Partial<ServicePlan> = {}): ServicePlan {
  return {
    name: 'web',
    kind: 'web',
    because: '',
    functions: [],
    routes: [],
    queues: [],
    jobs: [],
    server: null,
    environment: [],
    cpu: 256,
    memoryMb: 512,
    stopTimeout: 30,
    ephemeralStorageGb: null,
    architecture: 'X86_64',
    ...more,
  };
}
