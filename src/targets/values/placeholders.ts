import type { Project } from '../../project/model.js';

/** Placeholders have the shape of what belongs there, so that tools accept them, and cannot be mistaken for it. */
export interface Replaceable {
  text: string;
  meaning: string;
}

/** The region that was named; else a placeholder that is a valid host name label, because SDK clients refuse others when they start. */
export function regionOf({ region }: Pick<Project, 'region'>): string {
  return region ?? 'replace-with-region';
}

/** The region as something to fill in; nothing where it is known. */
export function regionToFill(project: Pick<Project, 'region'>): Replaceable[] {
  return project.region === undefined ? [{ text: regionOf(project), meaning: 'the AWS region' }] : [];
}

export const account = '000000000000';

export const registry = 'replace-with-registry';
