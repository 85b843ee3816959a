import { imageName } from '../../planning/names.js';
import type { Project } from '../../project/model.js';

/** A DNS label of RFC 1123, as names of Kubernetes are: lower-case letters, digits and `-`, from a letter or digit to another. */
export function label(text: string, longest = 63): string {
  return (
    text
      .replace(/([a-z0-9])([A-Z])/g, '$1-$2')
      .toLowerCase()
      .replace(/[^a-z0-9]+/g, '-')
      .slice(0, longest)
      .replace(/^-+|-+$/g, '') || 'service'
  );
}

export function namespaceOf(project: Pick<Project, 'name'>): string {
  return label(imageName(project.name));
}

/** Labels that select the pods of a service, and that every object of it has. */
export function labelsOf(project: Pick<Project, 'name'>, service: string) {
  return { 'app.kubernetes.io/name': label(service), 'app.kubernetes.io/part-of': namespaceOf(project) };
}

/** Name of the Secret that holds what a service keeps secret. */
export const secretOf = (service: string) => `${label(service, 55)}-secrets`;
