import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { isFargateSize } from '../../src/aws/fargate.js';
import { decide } from '../../src/planning/decide.js';
import { readPlan, writePlan } from '../../src/planning/plan-file.js';
import type { LambdaFunction, Project, Value } from '../../src/project/model.js';
import {
  type AuthorizerConfig,
  type GatewayFeature,
  type HttpTrigger,
  isHttp,
  type Trigger,
  triggerTypes,
} from '../../src/project/trigger.js';
import { ecsFargate } from '../../src/targets/ecs-fargate/index.js';
import { facts, http, lambda, literal, project, reference, schedule, sqs } from './builders.js';

const secret = 'c0rrect-horse-battery';

type AuthorizerSettings = Omit<AuthorizerConfig, 'name'>;

/** Authorizers with all, some and none of what the service needs to stand in for them. */
const authorizer: fc.Arbitrary<GatewayFeature> = fc
  .record<AuthorizerSettings>({
    type: fc.constantFrom<AuthorizerConfig['type'][]>('jwt', 'cognito', 'lambda', 'iam', 'unknown'),
    issuer: fc.constantFrom(undefined, literal('https://issuer.example'), literal('no issuer'), reference('!Ref Issuer')),
    audience: fc.constantFrom<AuthorizerSettings['audience'][]>(undefined, [literal('shop')], [reference('!Ref Client')]),
    userPools: fc.constantFrom<AuthorizerSettings['userPools'][]>(undefined, [reference('!GetAtt Users.Arn')], [literal('arn:aws:1')]),
    functionId: fc.constantFrom(undefined, 'Fn0', 'Fn1', 'Missing'),
    lambda: fc.constantFrom<AuthorizerSettings['lambda'][]>(undefined, {
      kind: 'request',
      payload: '2.0',
      simpleResponses: true,
      identitySources: [],
      ttlSeconds: 0,
    }),
    unclear: fc.constantFrom(undefined, undefined, 'its type'),
  })
  .map((config) => ({ kind: 'authorizer', authorizer: { name: 'auth', ...config } }));

const feature: fc.Arbitrary<GatewayFeature> = fc.oneof(
  authorizer,
  fc
    .constantFrom('jwt', 'cognito', 'lambda', 'iam', 'unknown')
    .map((type) => ({ kind: 'authorizer' as const, authorizer: { type: type as 'jwt', name: 'a' } })),
  fc.constantFrom('api-key', 'resource-policy', 'mutual-tls', 'throttling').map((kind) => ({ kind: kind as 'api-key' })),
  fc
    .constantFrom('request-validation', 'mapping-template', 'gateway-response', 'other')
    .map((kind) => ({ kind: kind as 'other', detail: 'x' })),
);
const protecting = new Set<GatewayFeature['kind']>([
  'authorizer',
  'api-key',
  'resource-policy',
  'mutual-tls',
  'request-validation',
  'mapping-template',
]);

const route: fc.Arbitrary<Trigger> = fc
  .record({
    method: fc.constantFrom('GET', 'POST', 'ANY'),
    path: fc.constantFrom('/', '/a', '/a/{id}', '/{proxy+}', '$default'),
    api: fc.constantFrom('One', 'Two'),
    gateway: fc.array(feature, { maxLength: 2 }),
  })
  .map(({ method, path, api, gateway }) => http(`${method} ${path}`, api, { gateway }));
const trigger: fc.Arbitrary<Trigger> = fc.oneof(
  route,
  fc.constantFrom('orders', 'orders.fifo', 'mail').map((name) => sqs(name)),
  fc.constant(schedule('rate(1 day)', { input: { password: secret } })),
  fc
    .constantFrom(...triggerTypes.filter((type) => type !== 'sqs' && type !== 'schedule' && !isHttp({ type } as Trigger)))
    .map((type) => ({ type }) as Trigger),
);
const value: fc.Arbitrary<Value> = fc.oneof(
  fc.constantFrom('a', 'b', 1, true).map(literal),
  fc.constant(literal(`postgres://app:${secret}@db/app`)),
  fc.constantFrom('!Ref A', '!Ref B', `!Sub "postgres://app:${secret}@\${Host}"`).map(reference),
);
const variables = fc.dictionary(fc.constantFrom('TABLE', 'MODE', 'URL', 'ORDERS_QUEUE_URL'), value);
const withPassword = fc.tuple(variables, fc.boolean()).map(([all, has]) => (has ? { ...all, DB_PASSWORD: literal(secret) } : all));

const projects: fc.Arbitrary<Project> = fc
  .array(
    fc.record({
      runtime: fc.constantFrom('nodejs22.x', 'nodejs22.x', 'python3.12', null),
      architecture: fc.constantFrom<LambdaFunction['architecture'][]>('x86_64', 'arm64'),
      vpc: fc.boolean(),
      memoryMb: fc.integer({ min: 128, max: 10240 }),
      timeoutSeconds: fc.integer({ min: 1, max: 900 }),
      environment: withPassword,
      triggers: fc.array(trigger, { maxLength: 4 }),
    }),
    { maxLength: 6 },
  )
  .map((all) => project(all.map((more, index) => lambda(`Fn${index}`, more))));

const isProtected = (http: HttpTrigger) => http.gateway.some(({ kind }) => protecting.has(kind));
const check = (property: (of: Project) => void) => fc.assert(fc.property(projects, property), { numRuns: 150 });

describe('every plan', () => {
  it('accounts for every function, once', () =>
    check((of) => {
      const plan = decide(of, facts(of), {});
      expect(plan.functions.map(({ id }) => id)).toEqual(of.functions.map(({ id }) => id));
      const served = new Set(plan.services.flatMap(({ functions }) => functions));
      for (const { id, outcome, because } of plan.functions) {
        expect(because).not.toBe('');
        if (outcome === 'migrated') expect(served.has(id)).toBe(true);
        if (outcome === 'stays') expect(served.has(id)).toBe(false);
      }
    }));

  it('has every supported trigger of a migrated function in a service', () =>
    check((of) => {
      const plan = decide(of, facts(of), {});
      for (const { id, outcome, triggers } of plan.functions) {
        if (outcome !== 'migrated') continue;
        for (const one of triggers.filter(isHttp)) {
          const found = plan.services.some(({ routes }) =>
            routes.some(
              (route) =>
                route.function === id &&
                route.trigger.api === one.api &&
                route.trigger.method === one.method &&
                route.trigger.path === one.path,
            ),
          );
          expect(found).toBe(true);
        }
        const queues = triggers.filter(({ type }) => type === 'sqs').length;
        expect(plan.services.flatMap((service) => service.queues).filter((queue) => queue.function === id)).toHaveLength(queues);
      }
    }));

  it('keeps every protected route closed', () =>
    check((of) => {
      for (const { routes } of decide(of, facts(of), {}).services) {
        for (const { trigger: one, guard, authorizer: stand } of routes)
          if (isProtected(one)) expect(stand !== null || (guard?.status ?? 0) >= 400).toBe(true);
      }
    }));

  it('lets the service stand in for one authorizer that it knows all of, and for nothing else that protects', () =>
    check((of) => {
      for (const { routes, functions, environment } of decide(of, facts(of), {}).services) {
        for (const { trigger: one, guard, authorizer: stand } of routes) {
          if (stand === null || guard !== null) continue;
          const protections = one.gateway.filter(({ kind }) => protecting.has(kind));
          expect(protections).toMatchObject([{ authorizer: { type: stand.kind } }]);
          expect(JSON.stringify(protections)).not.toContain('unclear');
          if (stand.kind === 'lambda') expect(functions).toContain(stand.function);
          const names = environment.map(({ name }) => name);
          if (stand.kind === 'jwt' && stand.issuer.kind === 'variable') expect(names).toContain(stand.issuer.name);
        }
      }
    }));

  it('never opens a protected route by unwrapping its server', () =>
    check((of) => {
      const server = {
        adapter: 'serverless-http',
        framework: 'express' as const,
        file: 'app.js',
        line: 1,
        binding: 'app',
        unwrappable: true,
      };
      const plan = decide(of, facts(of, Object.fromEntries(of.functions.map(({ id }) => [id, { server }]))), {});
      for (const service of plan.services) {
        if (!service.server) continue;
        const triggers = plan.functions.find(({ id }) => id === service.server?.function)?.triggers ?? [];
        expect(triggers.filter(isHttp).some(isProtected)).toBe(false);
      }
    }));

  it('holds no secret, and neither does what is generated from it', () =>
    check((of) => {
      const plan = decide(of, facts(of), {});
      const services = plan.services.map((service) => ({ service, command: ['node', 'x.js'] }));
      expect(JSON.stringify(plan)).not.toContain(secret);
      expect(JSON.stringify(ecsFargate.artefacts({ project: of, plan, services }))).not.toContain(secret);
      expect(writePlan([plan])).not.toContain(secret);
    }));

  it('has services of valid size whose functions agree', () =>
    check((of) => {
      const { services } = decide(of, facts(of), {});
      expect(new Set(services.map(({ name }) => name)).size).toBe(services.length);
      for (const service of services) {
        expect(isFargateSize(service)).toBe(true);
        const members = of.functions.filter(({ id }) => service.functions.includes(id));
        expect(new Set(members.map(({ architecture }) => architecture)).size).toBe(1);
        expect(new Set(members.map(({ vpc }) => vpc)).size).toBe(1);
        for (const name of members.flatMap(({ environment }) => Object.keys(environment))) {
          expect(new Set(members.flatMap(({ environment }) => (environment[name] ? [JSON.stringify(environment[name])] : []))).size).toBe(
            1,
          );
        }
      }
      for (const kind of ['web', 'worker', 'job']) {
        const ofKind = services.filter((service) => service.kind === kind);
        if (ofKind.length > 0) expect(ofKind[0]?.name).toBe(kind);
      }
    }));

  it('survives the plan file unchanged', () =>
    check((of) => {
      const plan = decide(of, facts(of), {});
      expect(decide(of, facts(of), { edits: readPlan(writePlan([plan])) })).toEqual(plan);
    }));

  it('is the same for the same input, and leaves the input alone', () =>
    check((of) => {
      const before = structuredClone(of);
      expect(decide(of, facts(of), {})).toEqual(decide(of, facts(of), {}));
      expect(of).toEqual(before);
    }));
});
