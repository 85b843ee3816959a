/** The files below `deploy/eks`, which `kubectl apply -k` takes. */
import { imageName } from '../../planning/names.js';
import type { PlainObject } from '../../project/data.js';
import type { Project } from '../../project/model.js';
import type { TargetInput, TargetService } from '../target.js';
import { registry } from '../values/placeholders.js';
import { ingressManifests } from './ingress.js';
import { jobManifests } from './jobs.js';
import { type Manifest, manifestFile } from './manifest.js';
import { label, namespaceOf } from './names.js';
import { secretManifests } from './secrets.js';
import { webManifests, workerManifests } from './service.js';

export const eksFolder = 'deploy/eks';

/** A file of manifests, before it is printed. */
export interface ManifestFile {
  /** Name in {@link eksFolder}. */
  name: string;
  manifests: (Manifest | PlainObject)[];
}

const makers: Readonly<Record<TargetService['service']['kind'], (project: Project, each: TargetService) => Manifest[]>> = {
  web: webManifests,
  worker: workerManifests,
  job: jobManifests,
};

/** Every file, the kustomization last: it names the others. */
export function manifestFiles({ project, services }: TargetInput): ManifestFile[] {
  const files: ManifestFile[] = [
    { name: 'namespace.yaml', manifests: [namespace(project)] },
    { name: 'secrets.yaml', manifests: secretManifests(project, services) },
    ...services.map((each) => ({ name: `${label(each.service.name)}.yaml`, manifests: makers[each.service.kind](project, each) })),
    { name: 'ingress.yaml', manifests: ingressManifests(project, services) },
  ];
  const written = files.filter(({ manifests }) => manifests.length > 0);
  return [
    ...written,
    {
      name: 'kustomization.yaml',
      manifests: [
        kustomization(
          project,
          written.map(({ name }) => name),
        ),
      ],
    },
  ];
}

export const printed = ({ manifests }: ManifestFile) => manifestFile(manifests);

/** Pods that ask for more than the restricted standard allows are refused there. */
function namespace(project: Project): Manifest {
  return {
    apiVersion: 'v1',
    kind: 'Namespace',
    metadata: {
      name: namespaceOf(project),
      labels: { 'pod-security.kubernetes.io/enforce': 'restricted', 'pod-security.kubernetes.io/enforce-version': 'latest' },
    },
  };
}

function kustomization(project: Project, resources: readonly string[]): PlainObject {
  const image = imageName(project.name);
  return {
    apiVersion: 'kustomize.config.k8s.io/v1beta1',
    kind: 'Kustomization',
    namespace: namespaceOf(project),
    resources: [...resources],
    images: [{ name: image, newName: `${registry}/${image}`, newTag: '1' }],
  };
}
