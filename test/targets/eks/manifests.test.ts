import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { ServicePlan } from '../../../src/planning/plan.js';
import type { Project } from '../../../src/project/model.js';
import { migrate } from '../../../src/run.js';
import { findServiceTarget } from '../../../src/targets/index.js';
import { http, lambda, literal, project, schedule, servicePlan, sqs } from '../../planning/builders.js';
import { repositoryRoot } from '../../support/fixtures.js';
import { type KubernetesObject, objectsIn } from '../../support/manifests.js';

const eks = findServiceTarget('eks');

function inputOf(services: readonly Partial<ServicePlan>[], of: Project) {
  const planned = services.map((each) => servicePlan({ functions: ['Orders'], ...each }));
  return {
    project: of,
    plan: { project: '', definition: 'template.yaml', target: 'eks', functions: [], services: planned, diagnostics: [] },
    services: planned.map((service) => ({ service, command: ['node', `service/${service.name}.js`] })),
  };
}

/** The objects of every file, and the files' names. */
function manifests(services: readonly Partial<ServicePlan>[], of: Project = project([lambda('Orders')])) {
  const artefacts = eks.artefacts(inputOf(services, of));
  const files = new Map(artefacts.map((each) => [each.path, objectsIn('content' in each ? each.content : '')]));
  const all = [...files.values()].flat();
  return { files, all, of: (kind: string) => all.filter((each) => each.kind === kind) };
}

interface Container {
  args: string[];
  env: { name: string; value?: string; valueFrom?: { secretKeyRef: { name: string; key: string } } }[];
  [key: string]: unknown;
}

function podOf({ kind, spec }: KubernetesObject): { containers: [Container]; [key: string]: unknown } {
  type Template = { spec: { containers: [Container] } };
  if (kind === 'CronJob') return (spec['jobTemplate'] as { spec: { template: Template } }).spec.template.spec;
  return (spec['template'] as Template).spec;
}

/** What Kubernetes makes of a text: https://github.com/kubernetes/kubernetes/blob/master/third_party/forked/golang/expansion/expand.go */
function expanded(text: string): string {
  return text.replace(/\$\$|\$\(([^)]*)\)/g, (whole, name: string | undefined) => (name === undefined ? '$' : `EXPANDED ${whole}`));
}

const token = { name: 'TOKEN', kind: 'secret', value: '{{resolve:ssm-secure:/shop/token}}' } as const;

describe('manifests for EKS', () => {
  it('run every pod under the restricted standard', () => {
    const { all } = manifests([
      { routes: [{ function: 'Orders', trigger: http('GET /'), front: 'http-api', guard: null, authorizer: null }] },
      { name: 'worker', kind: 'worker', queues: [{ function: 'Orders', trigger: sqs('orders'), urlVariable: 'Q' }] },
      { name: 'job', kind: 'job', jobs: [{ name: 'Orders', function: 'Orders', trigger: schedule() }] },
    ]);
    const pods = all.filter(({ kind }) => kind === 'Deployment' || kind === 'CronJob').map(podOf);
    expect(pods).toHaveLength(3);
    for (const pod of pods) {
      expect(pod['securityContext']).toMatchObject({ runAsNonRoot: true, seccompProfile: { type: 'RuntimeDefault' } });
      expect(pod['automountServiceAccountToken']).toBe(false);
      expect(pod.containers[0]['securityContext']).toEqual({
        allowPrivilegeEscalation: false,
        readOnlyRootFilesystem: true,
        capabilities: { drop: ['ALL'] },
      });
    }
  });

  it('leave the number of pods to what scales them', () => {
    const { of } = manifests([{}, { name: 'worker', kind: 'worker' }], project([lambda('Orders', { reservedConcurrency: 1 })]));
    expect(of('Deployment').every(({ spec }) => !('replicas' in spec))).toBe(true);
    expect(of('HorizontalPodAutoscaler')[0]?.spec).toMatchObject({ minReplicas: 1, maxReplicas: 1 });
    expect(of('ScaledObject')[0]?.spec).toMatchObject({ maxReplicaCount: 1 });
  });

  it('ask each queue that the worker polls', () => {
    const queues = ['A', 'B'].map((name) => ({ function: 'Orders', trigger: sqs(name, { batchSize: 3 }), urlVariable: `${name}_URL` }));
    const { of } = manifests([{ name: 'worker', kind: 'worker', queues }]);
    const triggers = of('ScaledObject')[0]?.spec['triggers'] as { metadata: Record<string, string> }[];
    expect(triggers.map(({ metadata }) => metadata)).toEqual(
      ['A_URL', 'B_URL'].map((queueURLFromEnv) => ({ queueURLFromEnv, queueLength: '30', awsRegion: 'replace-with-region' })),
    );
    const names = podOf(of('Deployment')[0] as KubernetesObject).containers[0].env.map(({ name }) => name);
    expect(names).toEqual(expect.arrayContaining(['A_URL', 'B_URL']));
  });

  it('have a secret only where the operator puts it', () => {
    const { of } = manifests([{ environment: [token] }]);
    const { env } = podOf(of('Deployment')[0] as KubernetesObject).containers[0];
    expect(env.find(({ name }) => name === 'TOKEN')).toEqual({
      name: 'TOKEN',
      valueFrom: { secretKeyRef: { name: 'web-secrets', key: 'TOKEN' } },
    });
    expect(of('ExternalSecret')[0]?.spec).toMatchObject({
      target: { name: 'web-secrets' },
      data: [{ secretKey: 'TOKEN', remoteRef: { key: '/shop/token' }, sourceRef: { storeRef: { name: 'parameter-store' } } }],
    });
    expect(manifests([{}]).of('SecretStore')).toEqual([]);
  });

  it.each([
    [
      '{{resolve:secretsmanager:prod/db:SecretString:password:AWSPREVIOUS}}',
      'secrets-manager',
      { key: 'prod/db', property: 'password', version: 'AWSPREVIOUS' },
    ],
    [
      '{{resolve:secretsmanager:arn:aws:secretsmanager:eu-west-1:111122223333:secret:db-AbCdEf:SecretString:password::}}',
      'secrets-manager-eu-west-1',
      { key: 'arn:aws:secretsmanager:eu-west-1:111122223333:secret:db-AbCdEf', property: 'password' },
    ],
    [`\${ssm(us-west-2):/prod/key}`, 'parameter-store-us-west-2', { key: '/prod/key' }],
    ['', 'parameter-store', { key: '/shop/TOKEN' }],
  ])('read the secret %s from its store', (value, name, remoteRef) => {
    const { of } = manifests([{ environment: [{ ...token, value }] }]);
    expect(of('ExternalSecret')[0]?.spec).toMatchObject({ data: [{ remoteRef, sourceRef: { storeRef: { name } } }] });
    expect(of('SecretStore').map(({ metadata }) => metadata.name)).toEqual([name]);
  });

  const routed = (name: string, ...routes: string[]): Partial<ServicePlan> => ({
    name,
    routes: routes.map((route) => ({ function: 'Orders', trigger: http(route), front: 'http-api', guard: null, authorizer: null })),
  });

  it('send the routes of a second service to it, before all others', () => {
    const { of } = manifests([routed('web', 'GET /a', 'GET /b', 'POST /c'), routed('web-pay', 'POST /pay/{id}', 'ANY /pay/{id}/log')]);
    const [ingress, ...more] = of('Ingress');
    expect(more).toEqual([]);
    type Paths = { path: string; pathType: string; backend: { service: { name: string } } }[];
    const rules = (ingress as KubernetesObject).spec['rules'] as [{ http: { paths: Paths } }];
    const { paths } = rules[0].http;
    expect(paths.map(({ path, backend }) => [path, backend.service.name])).toEqual([
      ['/pay/*/log', 'web-pay'],
      ['/pay/*', 'web-pay-post'],
      ['/*', 'web'],
    ]);
    // The controller puts prefixes before these, whatever the order.
    expect(new Set(paths.map(({ pathType }) => pathType))).toEqual(new Set(['ImplementationSpecific']));
    const { annotations = {} } = ingress?.metadata ?? {};
    expect(JSON.parse(annotations['alb.ingress.kubernetes.io/conditions.web-pay-post'] ?? '')).toEqual([
      { field: 'http-request-method', httpRequestMethodConfig: { Values: ['POST'] } },
    ]);
  });

  it('keep the load balancer inside in China', () => {
    const china = project([lambda('Orders', { environment: { T: literal('arn:aws-cn:sns:cn-north-1:111122223333:t') } })]);
    const { of } = manifests([routed('web', 'GET /')], china);
    expect(of('Ingress')[0]?.metadata.annotations).toMatchObject({ 'alb.ingress.kubernetes.io/scheme': 'internal' });
    expect(of('ServiceAccount')[0]?.metadata.annotations?.['eks.amazonaws.com/role-arn']).toMatch(/^arn:aws-cn:iam::/);
  });

  it('ask a program of the user in its own way', () => {
    const start = (protocol: 'http' | 'tcp') => ({
      function: 'Orders',
      file: 'app.js',
      binding: null,
      adapter: '',
      framework: '',
      start: {
        command: ['node', 'app.js'],
        folder: '',
        build: null,
        port: 3000,
        readiness: { protocol, path: '/up', healthy: [[100, 499]] as [number, number][] },
      },
    });
    const probe = (protocol: 'http' | 'tcp') => {
      const pod = podOf(manifests([{ server: start(protocol) }]).of('Deployment')[0] as KubernetesObject);
      expect(pod['shareProcessNamespace']).toBe(true);
      return pod.containers[0]['livenessProbe'];
    };
    expect(probe('tcp')).toMatchObject({ tcpSocket: {} });
    expect(probe('http')).toMatchObject({ exec: { command: ['node', '-e', expect.stringContaining('/up')] } });
  });

  it('have names that Kubernetes takes, each once, and a kustomization that names every file', () => {
    const jobs = ['Nightly_Report', 'nightly-report', `${'Long'.repeat(30)}A`, `${'Long'.repeat(30)}B`, '___'].map((name) => ({
      name,
      function: 'Orders',
      trigger: schedule(),
    }));
    const { files, all, of } = manifests([{}, { name: 'job', kind: 'job', jobs }]);
    expect(of('CronJob')).toHaveLength(5);
    const names = all.filter(({ kind }) => kind !== 'Kustomization').map(({ kind, metadata }) => `${kind}/${metadata.name}`);
    expect(new Set(names).size).toBe(names.length);
    for (const { metadata } of of('CronJob')) expect(metadata.name).toMatch(/^[a-z0-9]([a-z0-9-]{0,50}[a-z0-9])?$/);
    const [kustomization] = files.get('deploy/eks/kustomization.yaml') as unknown as [{ resources: string[] }];
    const listed = [...files.keys()].filter((path) => !path.endsWith('/kustomization.yaml'));
    expect(kustomization.resources.map((name) => `deploy/eks/${name}`).sort()).toEqual(listed.sort());
  });

  it('suspend what cannot be said, and tell it', () => {
    const input = inputOf(
      [{ name: 'job', kind: 'job', jobs: [{ name: 'Orders', function: 'Orders', trigger: schedule('cron(0 1 L * ? *)') }] }],
      project([lambda('Orders')]),
    );
    expect(eks.findings?.(input).map(({ code }) => code)).toEqual(['SCHEDULE_NOT_CRON']);
    const { of } = manifests(input.plan.services);
    expect(of('CronJob')[0]?.spec).toMatchObject({ schedule: '0 0 31 2 *', suspend: true });
  });

  it('let no value leave its place', () => {
    const fragment = fc.constantFrom(
      '"',
      "'",
      '$',
      '$$',
      '$(HOME)',
      '$$(X)',
      `\${A}`,
      '{{v}}',
      '\n',
      '\r\n',
      '\u2028',
      '---\n',
      ': ',
      '- ',
      '#',
      '!Ref',
      '&a',
      '*b',
      '%',
      '\t',
      '\u0085',
      'yes',
      '1e3',
      '0o7',
      '12:30',
      '2026-01-01',
      '~',
      'null',
      'é',
      '😀',
      ' ',
    );
    const text = fc.array(fragment, { minLength: 1, maxLength: 6 }).map((parts) => parts.join(''));
    const usual = manifests([
      { environment: [{ name: 'V', kind: 'literal', value: 'x' }], ...routed('web', 'GET /a') },
      { name: 'job', kind: 'job', jobs: [{ name: 'j', function: 'Orders', trigger: schedule() }] },
    ]);
    fc.assert(
      fc.property(text, text, text, text, (name, value, path, job) => {
        const of = project([lambda('Orders')], { name });
        const services = [
          { environment: [{ name: 'V', kind: 'literal' as const, value }], ...routed('web', `GET /${path.replace(/\s/g, '')}`) },
          { name: 'job', kind: 'job' as const, jobs: [{ name: job, function: 'Orders', trigger: schedule() }] },
        ];
        const made = manifests(services, of);
        expect(made.all.map(({ kind }) => kind)).toEqual(usual.all.map(({ kind }) => kind));
        const { env } = podOf(made.of('Deployment')[0] as KubernetesObject).containers[0];
        const given = env.find((each) => each.name === 'V')?.value;
        expect(typeof given).toBe('string');
        expect(expanded(given ?? '')).toBe(value);
        const { args } = podOf(made.of('CronJob')[0] as KubernetesObject).containers[0];
        expect(args.map(expanded)).toEqual(['node', 'service/job.js', job]);
      }),
      { numRuns: 100 },
    );
  });

  it('are explained in MIGRATION.md', async () => {
    const { changes } = await migrate({ folder: join(repositoryRoot, 'fixtures/targets/input'), target: 'eks', threads: 0 });
    const guide = changes.find(({ path }) => path === 'MIGRATION.md')?.after ?? '';
    expect(guide).toContain('`kubectl apply -k deploy/eks`');
    expect(guide).toContain('| `worker` | `service-worker` | the permissions of TakeOrders, with sqs:ReceiveMessage');
    expect(guide).toMatch(/\| `Report` \| `cron\(0 6 L \* \? \*\)` \| `report-2` \| `none: /);
    expect(guide).not.toMatch(/ECS|task definition|register-task/);
  });
});
