import { partitionOf } from '../../aws/partition.js';
import { imageName } from '../../planning/names.js';
import type { Project } from '../../project/model.js';
import { account } from '../values/placeholders.js';
import { label } from './names.js';

/** Role of a service account; role names have at most 64 characters. */
export function roleArn(project: Project, serviceAccount: string): string {
  const name = `${imageName(project.name)}-${label(serviceAccount)}`.slice(-64).replace(/^-+/, '');
  return `arn:${partitionOf(project)}:iam::${account}:role/${name}`;
}
