import { parseAllDocuments } from 'yaml';
import { migrate } from '../../src/run.js';

/** An object of Kubernetes, as far as tests look into it. */
export interface KubernetesObject {
  apiVersion: string;
  kind: string;
  metadata: { name: string; labels?: Record<string, string>; annotations?: Record<string, string> };
  spec: Record<string, unknown>;
}

/** Objects of a file; an error of YAML throws. */
export function objectsIn(text: string): KubernetesObject[] {
  return parseAllDocuments(text, { version: '1.1' }).map((document) => {
    if (document.errors[0]) throw document.errors[0];
    return document.toJS() as KubernetesObject;
  });
}

/** Path → text of the manifests that a project gets. */
export async function manifestsOf(folder: string): Promise<Record<string, string>> {
  const { changes } = await migrate({ folder, target: 'eks', infra: 'none', threads: 0 });
  const own = changes.filter(({ path, after }) => after !== null && /(^|\/)deploy\/eks\/.*\.yaml$/.test(path));
  return Object.fromEntries(own.map(({ path, after }) => [path, after ?? '']));
}
