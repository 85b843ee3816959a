/** Services that run on, and how many of them: web services by processor time, workers by their queues. */
import { servicePort } from '../../planning/health-check.js';
import type { QueuePlan } from '../../planning/plan.js';
import type { Project } from '../../project/model.js';
import { backlogOfOne, maximumCopies } from '../scaling.js';
import type { TargetService } from '../target.js';
import { regionOf } from '../values/placeholders.js';
import type { Manifest } from './manifest.js';
import { label, labelsOf } from './names.js';
import { podSpec } from './pod.js';
import { roleArn } from './roles.js';

export function serviceAccount(project: Project, { service }: TargetService): Manifest {
  return {
    apiVersion: 'v1',
    kind: 'ServiceAccount',
    metadata: { ...metadataOf(project, service.name), annotations: { 'eks.amazonaws.com/role-arn': roleArn(project, service.name) } },
    automountServiceAccountToken: false,
  };
}

export function webManifests(project: Project, each: TargetService): Manifest[] {
  const { service, port = servicePort } = each;
  const most = maximumCopies(project, service.functions);
  const scaleTargetRef = { apiVersion: 'apps/v1', kind: 'Deployment', name: label(service.name) };
  const metadata = metadataOf(project, service.name);
  const selector = labelsOf(project, service.name);
  return [
    serviceAccount(project, each),
    deployment(project, each),
    {
      apiVersion: 'v1',
      kind: 'Service',
      metadata,
      spec: { type: 'ClusterIP', selector, ports: [{ name: 'http', port: 80, targetPort: port, protocol: 'TCP' }] },
    },
    {
      apiVersion: 'autoscaling/v2',
      kind: 'HorizontalPodAutoscaler',
      metadata,
      spec: {
        scaleTargetRef,
        minReplicas: Math.min(2, most),
        maxReplicas: most,
        metrics: [{ type: 'Resource', resource: { name: 'cpu', target: { type: 'Utilization', averageUtilization: 60 } } }],
        behavior: { scaleDown: { stabilizationWindowSeconds: 300 } },
      },
    },
    disruptionBudget(project, each),
  ];
}

/** Scaled by KEDA, which asks the queues themselves how long they are. */
export function workerManifests(project: Project, each: TargetService): Manifest[] {
  const { service } = each;
  const metadata = metadataOf(project, service.name);
  const queues = [...new Map(service.queues.map((queue) => [queue.urlVariable, queue])).values()];
  return [
    serviceAccount(project, each),
    deployment(project, each),
    disruptionBudget(project, each),
    { apiVersion: 'keda.sh/v1alpha1', kind: 'TriggerAuthentication', metadata, spec: { podIdentity: { provider: 'aws' } } },
    {
      apiVersion: 'keda.sh/v1alpha1',
      kind: 'ScaledObject',
      metadata,
      spec: {
        scaleTargetRef: { name: label(service.name) },
        minReplicaCount: 1,
        maxReplicaCount: maximumCopies(project, service.functions),
        cooldownPeriod: 300,
        triggers: queues.map((queue) => queueTrigger(project, label(service.name), queue, service.queues)),
      },
    },
  ];
}

/** https://keda.sh/docs/latest/scalers/aws-sqs/ : values are texts. */
function queueTrigger(project: Project, name: string, { urlVariable }: QueuePlan, all: readonly QueuePlan[]) {
  return {
    type: 'aws-sqs-queue',
    metadata: { queueURLFromEnv: urlVariable, queueLength: String(backlogOfOne(all)), awsRegion: regionOf(project) },
    authenticationRef: { name },
  };
}

/** No number of replicas: what scales it decides that, and applying the manifests again must not undo it. */
function deployment(project: Project, each: TargetService): Manifest {
  const { service } = each;
  const labels = labelsOf(project, service.name);
  return {
    apiVersion: 'apps/v1',
    kind: 'Deployment',
    metadata: metadataOf(project, service.name),
    spec: {
      selector: { matchLabels: labels },
      strategy: { type: 'RollingUpdate', rollingUpdate: { maxUnavailable: 0, maxSurge: 1 } },
      template: { metadata: { labels }, spec: podSpec(project, each) },
    },
  };
}

/** One at a time may be moved to another node; never a reason for a node to wait when there is only one. */
function disruptionBudget(project: Project, { service }: TargetService): Manifest {
  return {
    apiVersion: 'policy/v1',
    kind: 'PodDisruptionBudget',
    metadata: metadataOf(project, service.name),
    spec: { maxUnavailable: 1, selector: { matchLabels: labelsOf(project, service.name) } },
  };
}

function metadataOf(project: Project, service: string) {
  return { name: label(service), labels: labelsOf(project, service) };
}
