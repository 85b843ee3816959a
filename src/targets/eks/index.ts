import { serviceLines } from '../../assess/cost/parts.js';
import { fargateLines, hostLines, hoursAMonth } from '../../assess/cost/quantities.js';
import { limitOf } from '../../aws/facts.js';
import type { CostInput, CostLine, Profile } from '../assessment.js';
import { balancerFor, serviceFit } from '../fits.js';
import type { ServiceTarget } from '../target.js';
import { eksGuide } from './guide.js';
import { cronFindings } from './jobs.js';
import { eksFolder, manifestFiles, printed } from './manifests.js';
import { placeholders } from './placeholders.js';

/** The cluster is paid whether anything runs in it or not. */
const inCluster = (input: CostInput, lines: (moved: CostInput) => CostLine[]) =>
  serviceLines(input, (moved) => (moved.services.length === 0 ? [] : [{ item: 'eks-cluster', quantity: hoursAMonth }, ...lines(moved)]));

const profile: Profile = {
  requires: (needs) => ['eks', 'ec2', 'ecr', 'cloudwatch-logs', ...balancerFor(needs)],
  fit: serviceFit,
  sharedState: 'container',
  effort: { level: 'high', reason: { key: 'effort.cluster' } },
  risk: { level: 'low', reason: { key: 'risk.established' } },
  oneRequest: false,
  advantages: ['advantage.portable', 'advantage.scale-on-queues', 'advantage.commitments', 'advantage.many-requests'],
  drawbacks: ['drawback.cluster', 'drawback.never-zero', 'drawback.event-sources'],
  nextSteps: ['next.check', 'next.preview', 'next.verify', 'next.load-test', 'next.cut-over'],
  variants: () => [
    { id: 'variant.nodes', lines: (input) => inCluster(input, (moved) => hostLines(moved)) },
    {
      id: 'variant.eks-fargate',
      lines: (input) => inCluster(input, (moved) => fargateLines(moved, 'x86_64', undefined, limitOf('eks-fargate-overhead').value)),
    },
    {
      id: 'variant.commitment-1y',
      lines: (input) => inCluster(input, (moved) => hostLines(moved, { item: 'ec2-commitment-1y', mode: 'rest' })),
    },
    {
      id: 'variant.commitment-3y',
      lines: (input) => inCluster(input, (moved) => hostLines(moved, { item: 'ec2-commitment-3y', mode: 'rest' })),
    },
  ],
};

/** Amazon EKS: manifests for kustomize, a file a service. */
export const eks: ServiceTarget = {
  id: 'eks',
  title: 'Amazon EKS',
  available: true,
  availability: 'in every AWS region, China included; needs a cluster with the AWS Load Balancer Controller',
  profile,
  folder: eksFolder,
  artefacts: (input) => manifestFiles(input).map((file) => ({ path: `${eksFolder}/${file.name}`, content: printed(file) })),
  placeholders,
  findings: ({ project, services }) => services.flatMap((each) => cronFindings(project, each)),
  guide: eksGuide,
};
