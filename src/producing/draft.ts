/** What the steps of producing share: the input and the decisions made from it. */
import type { Facts } from '../analysis/facts.js';
import type { ChangeSet } from '../changes/change-set.js';
import type { Plan } from '../planning/plan.js';
import type { PackageJson, Project } from '../project/model.js';
import type { Repository } from '../project/repository.js';
import type { RenderOptions } from '../render.js';
import type { Build } from './build.js';
import type { Layout } from './layout.js';
import type { OwnPlaces } from './own-places.js';
import type { ServiceModule } from './service-module.js';

export interface ProduceOptions {
  /** The functions that moved go from the definition: `--cutover`. */
  cutover?: boolean | undefined;
  /** Tells projects of one folder apart (`layoutSuffixes`); the first has none. */
  suffix?: string | undefined;
  /** Folder of templates that replace ours. */
  templates?: string | undefined;
  /** `template` (the default): the resources that run the services are written. `none`: what one registers by hand instead. */
  infra?: Infra | undefined;
  /** A Lambda handler stays beside each route: `--keep-handler`. */
  keepHandler?: boolean | undefined;
}

/** Whether the infrastructure is written: `--infra`. */
export type Infra = 'template' | 'none';

export interface PackageDraft {
  /** package.json of the service, relative to the repository. */
  file: string;
  /** Its text now (or as it is created), before the service's edits. */
  text: string;
  json: PackageJson;
  /** False when it is there but cannot be parsed. */
  editable: boolean;
  exists: boolean;
}

export interface Draft {
  repository: Repository;
  project: Project;
  facts: Facts;
  plan: Plan;
  changes: ChangeSet;
  /** Functions of any service of the plan. */
  functions: string[];
  /** Files of the user's that the services need, sorted. */
  reachable: string[];
  layout: Layout;
  packaged: PackageDraft;
  module: ServiceModule;
  build: Build;
  places: OwnPlaces;
  /** Services whose own server listens, with the name under which its module exports it; the handlers of all others are fed events. */
  listening: ReadonlyMap<string, string>;
  nodeMajor: number;
  infra: Infra;
  cutover: boolean;
  options: RenderOptions;
}

/** Ids of the functions of all services, in the order of the plan. */
export function servicesOf(plan: Plan): string[] {
  return [...new Set(plan.services.flatMap(({ functions }) => functions))];
}

export function reachableFiles(facts: Facts, functions: readonly string[]): string[] {
  const files = functions.flatMap((id) => [
    ...(facts.functions[id]?.files ?? []),
    ...((facts.functions[id]?.file ?? null) ? [facts.functions[id]?.file as string] : []),
  ]);
  return [...new Set(files)].sort();
}
