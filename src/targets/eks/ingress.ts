/** Ingresses for the AWS Load Balancer Controller: each is a load balancer in front of the services of an API. */
import { partitionOf } from '../../aws/partition.js';
import type { Project } from '../../project/model.js';
import { frontsOf, healthCodes, healthPath, idleTimeout, rulesBeside } from '../balancing.js';
import type { TargetService } from '../target.js';
import type { Manifest } from './manifest.js';
import { label, labelsOf } from './names.js';

const prefix = 'alb.ingress.kubernetes.io';

interface Rule {
  path: string;
  pathType: string;
  backend: { service: { name: string; port: { name: string } } };
}

export function ingressManifests(project: Project, services: readonly TargetService[]): Manifest[] {
  const web = services.filter(({ service }) => service.kind === 'web').map((each) => ({ each }));
  return frontsOf(web).map((members) =>
    ingress(
      project,
      members.map(({ each }) => each),
    ),
  );
}

function ingress(project: Project, members: readonly TargetService[]): Manifest {
  const [main, ...others] = members.toSorted((a, b) => b.service.routes.length - a.service.routes.length) as [
    TargetService,
    ...TargetService[],
  ];
  const name = label(main.service.name);
  const { rules, annotations } = rulesOf(main, others);
  // The controller puts paths of this kind first, whatever their order: it is right only where there are no others.
  const rest = others.length === 0 ? { path: '/', pathType: 'Prefix' } : { path: '/*', pathType: 'ImplementationSpecific' };
  const ids = members.flatMap(({ service }) => service.functions);
  return {
    apiVersion: 'networking.k8s.io/v1',
    kind: 'Ingress',
    metadata: {
      name,
      labels: labelsOf(project, main.service.name),
      annotations: {
        // In China a load balancer that is open to the Internet needs an ICP record first.
        [`${prefix}/scheme`]: partitionOf(project) === 'aws-cn' ? 'internal' : 'internet-facing',
        [`${prefix}/target-type`]: 'ip',
        [`${prefix}/listen-ports`]: '[{"HTTP":80}]',
        [`${prefix}/healthcheck-path`]: healthPath(main.service),
        [`${prefix}/success-codes`]: healthCodes(main.service),
        [`${prefix}/load-balancer-attributes`]: `idle_timeout.timeout_seconds=${idleTimeout(project, ids)}`,
        [`${prefix}/target-group-attributes`]: 'deregistration_delay.timeout_seconds=30',
        ...annotations,
      },
    },
    spec: {
      ingressClassName: 'alb',
      rules: [{ http: { paths: [...rules, { ...rest, backend: backendOf(name, 'http') }] } }],
    },
  };
}

/**
 * Routes of services beside the main one, the more specific first: the controller keeps the order of paths that it leaves to itself.
 * A method is a condition of an action of its own.
 * https://kubernetes-sigs.github.io/aws-load-balancer-controller/latest/guide/ingress/annotations/
 */
function rulesOf(main: TargetService, others: readonly TargetService[]): { rules: Rule[]; annotations: Record<string, string> } {
  const annotations: Record<string, string> = {};
  const routes = rulesBeside(main, others, ({ service }) => service);
  const rules = routes.map(({ method, path, owner: { service } }): Rule => {
    const name = label(service.name);
    if (method === 'ANY') return { path, pathType: 'ImplementationSpecific', backend: backendOf(name, 'http') };
    const action = label(`${name}-${method}`);
    annotations[`${prefix}/actions.${action}`] = JSON.stringify({
      type: 'forward',
      forwardConfig: { targetGroups: [{ serviceName: name, servicePort: 'http' }] },
    });
    annotations[`${prefix}/conditions.${action}`] = JSON.stringify([
      { field: 'http-request-method', httpRequestMethodConfig: { Values: [method] } },
    ]);
    return { path, pathType: 'ImplementationSpecific', backend: backendOf(action, 'use-annotation') };
  });
  return { rules, annotations };
}

function backendOf(name: string, port: string) {
  return { service: { name, port: { name: port } } };
}
