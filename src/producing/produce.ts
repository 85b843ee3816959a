/** The fourth stage: applies code edits and stages every generated file. Nothing touches the disk. */
import { applyTransforms } from '../../transforms/index.js';
import type { Facts } from '../analysis/facts.js';
import type { ChangeSet } from '../changes/change-set.js';
import type { Diagnostic } from '../diagnostics/diagnostic.js';
import { nodeMajor } from '../planning/node-version.js';
import type { Plan } from '../planning/plan.js';
import type { Project } from '../project/model.js';
import type { Repository } from '../project/repository.js';
import { decideBuild } from './build.js';
import { keptFileFindings } from './docker-files.js';
import { type Draft, type ProduceOptions, reachableFiles, servicesOf } from './draft.js';
import { lockfileFindings, planImage } from './image.js';
import { stageInlineCode } from './inline-code.js';
import { decideLayout } from './layout.js';
import { ownPlaces } from './own-places.js';
import { decideModule, entryFile } from './service-module.js';
import { stageDockerFiles, stageGuide, stageTarget } from './stage-artefacts.js';
import { stageEntries } from './stage-entries.js';
import { decidePackage, runtimeDependencies, stagePackageJson } from './stage-package.js';
import { stageTsConfig } from './stage-tsconfig.js';

export interface ProduceInput extends ProduceOptions {
  repository: Repository;
  project: Project;
  facts: Facts;
  plan: Plan;
  changes: ChangeSet;
}

/** Stages everything that the plan asks for into `changes`; gives what a person should know. */
export async function produce(input: ProduceInput): Promise<Diagnostic[]> {
  const diagnostics: Diagnostic[] = [];
  if (input.plan.services.length === 0) return diagnostics;
  const draft = makeDraft(input, diagnostics);
  diagnostics.push(...applyTransforms(input));
  const services = stageEntries(draft, diagnostics);
  const { json, scripts } = stagePackageJson(draft, services, diagnostics);
  stageTsConfig(draft, diagnostics);
  const image = planImage({ ...draft, json });
  diagnostics.push(...keptFileFindings(draft.layout, draft.places));
  diagnostics.push(...lockfileFindings(image, draft.packaged.file));
  stageDockerFiles(draft, image, services, scripts);
  const placeholders = stageTarget(draft, services);
  const known = [...input.facts.diagnostics, ...input.plan.diagnostics, ...diagnostics];
  stageGuide(draft, image, services, scripts, placeholders, known);
  return diagnostics;
}

/** Every decision that the generated files share. */
function makeDraft(input: ProduceInput, diagnostics: Diagnostic[]): Draft {
  const { repository, project, plan, suffix } = input;
  const functions = servicesOf(plan);
  const reachable = reachableFiles(input.facts, functions);
  const { layout, diagnostics: moved } = decideLayout({ repository, project, files: reachable, suffix });
  const { facts, diagnostics: extracted } = stageInlineCode({ ...input, functions, folder: layout.service });
  const packaged = decidePackage({ ...input, facts }, layout.packageRoot, functions);
  const module = decideModule({ facts, functions, packageJson: packaged.json, packageRoot: layout.packageRoot });
  const major = nodeMajor(project.functions.filter(({ id }) => functions.includes(id)));
  const places = ownPlaces({ repository, project, facts, functions });
  const { build, diagnostics: built } = decideBuild({
    repository,
    project,
    facts,
    functions,
    module,
    packageRoot: layout.packageRoot,
    entries: plan.services.filter(({ server }) => server?.binding !== null).map(({ name }) => entryFile(layout.service, name, module)),
    nodeMajor: major,
    packageJson: packaged.json,
    serviceFolder: layout.service,
    runtimePackages: Object.keys(runtimeDependencies(input)),
    places,
    options: { templates: input.templates },
  });
  diagnostics.push(...moved, ...extracted, ...built);
  return {
    ...input,
    facts,
    functions,
    reachable,
    layout,
    packaged,
    module,
    build,
    places,
    nodeMajor: major,
    options: { templates: input.templates },
  };
}
