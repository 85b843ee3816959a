/** Secrets, which the External Secrets Operator copies from where they are stored into a Secret of each service. */
import type { Project } from '../../project/model.js';
import type { TargetService } from '../target.js';
import { secretsOf } from '../values/environment.js';
import { account, regionOf } from '../values/placeholders.js';
import type { Manifest } from './manifest.js';
import { label, labelsOf, secretOf } from './names.js';
import { roleArn } from './roles.js';

/** Service account whose role reads the secrets: the code itself need not. */
export const secretsAccount = 'secrets';

const apiVersion = 'external-secrets.io/v1';

interface Store {
  service: 'ParameterStore' | 'SecretsManager';
  region: string;
}

interface Source {
  store: Store;
  remoteRef: { key: string; property?: string; version?: string };
}

/** Stores, and one ExternalSecret for each service that has secrets. */
export function secretManifests(project: Project, services: readonly TargetService[]): Manifest[] {
  const stores = new Map<string, Store>();
  const externals = services.flatMap(({ service }): Manifest[] => {
    const data = secretsOf(project, service).map(({ name, valueFrom }) => {
      const { store, remoteRef } = sourceOf(valueFrom, regionOf(project));
      const stored = storeName(store, regionOf(project));
      stores.set(stored, store);
      return { secretKey: name, remoteRef, sourceRef: { storeRef: { kind: 'SecretStore', name: stored } } };
    });
    if (data.length === 0) return [];
    const name = secretOf(service.name);
    return [
      {
        apiVersion,
        kind: 'ExternalSecret',
        metadata: { name, labels: labelsOf(project, service.name) },
        spec: { refreshInterval: '1h', target: { name, creationPolicy: 'Owner' }, data },
      },
    ];
  });
  if (externals.length === 0) return [];
  return [serviceAccount(project), ...[...stores].map(([name, store]) => storeManifest(project, name, store)), ...externals];
}

function serviceAccount(project: Project): Manifest {
  return {
    apiVersion: 'v1',
    kind: 'ServiceAccount',
    metadata: {
      name: secretsAccount,
      labels: labelsOf(project, secretsAccount),
      annotations: { 'eks.amazonaws.com/role-arn': roleArn(project, secretsAccount) },
    },
    automountServiceAccountToken: false,
  };
}

function storeManifest(project: Project, name: string, store: Store): Manifest {
  const auth = { jwt: { serviceAccountRef: { name: secretsAccount } } };
  return {
    apiVersion,
    kind: 'SecretStore',
    metadata: { name, labels: labelsOf(project, secretsAccount) },
    spec: { provider: { aws: { service: store.service, region: store.region, auth } } },
  };
}

/** `parameter-store`, with its region where it is not the own one. */
function storeName(store: Store, region: string): string {
  const kind = store.service === 'ParameterStore' ? 'parameter-store' : 'secrets-manager';
  return store.region === region ? kind : label(`${kind}-${store.region}`);
}

/** What ECS calls `valueFrom`, in the words of the operator. */
function sourceOf(valueFrom: string, region: string): Source {
  if (!valueFrom.startsWith('arn:')) return { store: { service: 'ParameterStore', region }, remoteRef: { key: valueFrom } };
  const [, , service, inRegion = region, owner, kind = '', id = '', property, stage, version] = valueFrom.split(':');
  if (service === 'ssm') {
    const key = owner === account ? kind.replace(/^parameter/, '') : valueFrom;
    return { store: { service: 'ParameterStore', region: inRegion }, remoteRef: { key } };
  }
  return {
    store: { service: 'SecretsManager', region: inRegion },
    remoteRef: {
      key: owner === account ? id : valueFrom.split(':').slice(0, 7).join(':'),
      ...(property && { property }),
      ...((version || stage) && { version: version ? `uuid/${version}` : (stage as string) }),
    },
  };
}
