/** Services that are programs of the user's own. */
import type { Plan } from '../planning/plan.js';
import type { Project } from '../project/model.js';
import { readPackageInfo } from '../project/package-info.js';
import type { Repository } from '../project/repository.js';

/** Folder that every service is started in, when all are programs of the user's own. */
export function programFolder({ plan }: { plan: Plan }): string | undefined {
  const folders = new Set(plan.services.map(({ server }) => server?.start?.folder));
  return folders.size === 1 ? [...folders][0] : undefined;
}

/** A program brings a package of its own: that one is installed, whichever package.json rules the definition. */
export function inOwnPackage<T extends { repository: Repository; project: Project; plan: Plan }>(input: T): T {
  const folder = programFolder(input);
  if (folder === undefined) return input;
  return { ...input, project: { ...input.project, packageInfo: readPackageInfo(input.repository, folder, []).info } };
}
