/** The pod that runs a service: what ECS's task definition says, in the words of Kubernetes. */
import { healthCheck, servicePort } from '../../planning/health-check.js';
import { imageName } from '../../planning/names.js';
import type { ServicePlan } from '../../planning/plan.js';
import type { PlainObject } from '../../project/data.js';
import type { Project } from '../../project/model.js';
import { healthPath } from '../balancing.js';
import type { TargetService } from '../target.js';
import { environmentOf, secretsOf } from '../values/environment.js';
import { unexpanded } from './manifest.js';
import { label, labelsOf, secretOf } from './names.js';

/** A load balancer goes on sending requests to a pod for some seconds after it was told to stop. */
const deregistrationSeconds = 10;

/** `spec` of a pod. `more`: arguments after those of the service. */
export function podSpec(project: Project, each: TargetService, more: readonly string[] = []): PlainObject {
  const { service, command } = each;
  const isWeb = service.kind === 'web';
  return {
    serviceAccountName: label(service.name),
    // The role of AWS comes in a volume of its own; nothing here calls the Kubernetes API.
    automountServiceAccountToken: false,
    enableServiceLinks: false,
    // A program that does not know SIGTERM is only stopped by it when it is not the first process.
    ...(service.server?.start && { shareProcessNamespace: true }),
    nodeSelector: { 'kubernetes.io/os': 'linux', 'kubernetes.io/arch': service.architecture === 'ARM64' ? 'arm64' : 'amd64' },
    securityContext: { runAsNonRoot: true, runAsUser: 1000, runAsGroup: 1000, fsGroup: 1000, seccompProfile: { type: 'RuntimeDefault' } },
    terminationGracePeriodSeconds: service.stopTimeout + (isWeb ? deregistrationSeconds : 0),
    ...(service.kind === 'job' ? { restartPolicy: 'Never' } : { topologySpreadConstraints: spread(project, service) }),
    containers: [
      {
        name: label(service.name),
        image: imageName(project.name),
        args: [...command, ...more].map(unexpanded),
        ...(isWeb && { ports: [{ name: 'http', containerPort: each.port ?? servicePort }] }),
        env: variables(project, each),
        resources: resourcesOf(service),
        ...(service.kind !== 'job' && probes(each)),
        ...(isWeb && { lifecycle: { preStop: { sleep: { seconds: deregistrationSeconds } } } }),
        securityContext: { allowPrivilegeEscalation: false, readOnlyRootFilesystem: true, capabilities: { drop: ['ALL'] } },
        volumeMounts: [{ name: 'tmp', mountPath: '/tmp' }],
      },
    ],
    volumes: [{ name: 'tmp', emptyDir: {} }],
  };
}

/** Variables as text, and those that the Secret of the service holds. */
function variables(project: Project, each: TargetService): PlainObject[] {
  const plain = environmentOf(project, each.service, each.port ?? servicePort).map(({ name, value }) => ({
    name,
    value: unexpanded(value),
  }));
  const secret = secretsOf(project, each.service).map(({ name }) => ({
    name,
    valueFrom: { secretKeyRef: { name: secretOf(each.service.name), key: name } },
  }));
  return [...plain, ...secret].sort((a, b) => (a.name < b.name ? -1 : 1));
}

/** Memory is what it may have, processor time what it is sure to have: a limit on it would slow down every start. */
function resourcesOf({ cpu, memoryMb, ephemeralStorageGb }: ServicePlan): PlainObject {
  const disk = ephemeralStorageGb === null ? {} : { 'ephemeral-storage': `${ephemeralStorageGb}Gi` };
  return {
    requests: { cpu: `${Math.round((cpu / 1024) * 1000)}m`, memory: `${memoryMb}Mi`, ...disk },
    limits: { memory: `${memoryMb}Mi`, ...disk },
  };
}

function probes(each: TargetService): PlainObject {
  const check = probeOf(each);
  // A command in the image is a process of its own each time.
  const period = 'exec' in check ? 15 : 5;
  return {
    startupProbe: { ...check, periodSeconds: 2, timeoutSeconds: 5, failureThreshold: 45 },
    readinessProbe: { ...check, periodSeconds: period, timeoutSeconds: 5, failureThreshold: 2 },
    livenessProbe: { ...check, periodSeconds: 15, timeoutSeconds: 5, failureThreshold: 3 },
  };
}

/** The kubelet takes any answer from 200 to 399; a program with another idea of being well is asked in the image, as on ECS. */
function probeOf({ service, port = servicePort }: TargetService): PlainObject {
  const readiness = service.server?.start?.readiness;
  if (readiness?.protocol === 'tcp') return { tcpSocket: { port } };
  if (readiness) return { exec: { command: healthCheck(service, 'process.env.PORT') } };
  return { httpGet: { path: healthPath(service), port } };
}

function spread(project: Project, service: ServicePlan): PlainObject[] {
  return [
    {
      maxSkew: 1,
      topologyKey: 'topology.kubernetes.io/zone',
      whenUnsatisfiable: 'ScheduleAnyway',
      labelSelector: { matchLabels: labelsOf(project, service.name) },
    },
  ];
}
