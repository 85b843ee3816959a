/** The fourth stage: applies code edits and stages every generated file. Nothing touches the disk. */
import { stageNativeRoutes } from '../../transforms/http-route-native/project.js';
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
import type { EditedCode } from './edit-code.js';
import { inEditedFiles } from './edited-lines.js';
import { lockfileFindings, planImage } from './image.js';
import { stageInlineCode } from './inline-code.js';
import { decideLayout } from './layout.js';
import { ownPlaces } from './own-places.js';
import { inOwnPackage, programFolder } from './own-program.js';
import { prismaFindings } from './prisma.js';
import { decideModule, entryFile } from './service-module.js';
import { stageDockerFiles, stageGuide, stageTarget } from './stage-artefacts.js';
import { listeningServers, stageEntries } from './stage-entries.js';
import { settledByCutover, settledInPlace } from './stage-infrastructure.js';
import { decidePackage, ownPackages, runtimeDependencies, stagePackageJson } from './stage-package.js';
import { stageTsConfig } from './stage-tsconfig.js';

export interface ProduceInput extends ProduceOptions {
  repository: Repository;
  project: Project;
  facts: Facts;
  plan: Plan;
  changes: ChangeSet;
}

/** How the services of a project are built and started; paths are relative to the repository. */
export interface Package {
  /** Holds the package.json with the scripts. */
  folder: string;
  /** Ends the names of the scripts: `start:web:<suffix>`. */
  suffix: string | undefined;
  /** Script that the image runs to build; undefined when there is nothing to build. */
  build: string | undefined;
  compose: string;
}

/** What a person should know, and the package that was made; null when the plan has no service. */
export interface Produced {
  diagnostics: Diagnostic[];
  /** Findings of the plan that the resources settle: references that they go on reading. */
  settled: ReadonlySet<string>;
  package: Package | null;
}

/** Stages everything that the plan asks for into `changes`, where the code is edited already: what was found by that is `edited`. */
export async function produce(given: ProduceInput & { edited: EditedCode }): Promise<Produced> {
  const diagnostics: Diagnostic[] = [];
  if (given.plan.services.length === 0) return { diagnostics, settled: new Set(), package: null };
  const { edited, ...input } = inOwnPackage(given);
  diagnostics.push(...edited.handlers.filter((found) => !concernsRoute(found, input.plan)), ...edited.hazards);
  const routes = stageNativeRoutes(input);
  diagnostics.push(...routes.diagnostics);
  const draft = makeDraft({ ...input, facts: withRoutes(input.facts, routes.exports) }, diagnostics);
  const services = stageEntries(draft, diagnostics);
  const { json, scripts } = stagePackageJson(draft, services, diagnostics);
  stageTsConfig(draft, json, diagnostics);
  const image = planImage({ ...draft, json, own: ownPackages(draft, json) });
  diagnostics.push(...keptFileFindings(draft.layout, draft.places));
  diagnostics.push(...lockfileFindings(image, draft.packaged.file));
  const packages = new Set(draft.functions.flatMap((id) => Object.keys(draft.facts.functions[id]?.packages ?? {})));
  const { packageRoot, suffix, compose } = draft.layout;
  diagnostics.push(...prismaFindings({ ...draft, packageRoot, json, packageFile: draft.packaged.file, packages }));
  stageDockerFiles(draft, image, services, scripts);
  const staged = stageTarget(draft, services);
  diagnostics.push(...staged.diagnostics);
  const settled = new Set([...(staged.stack?.inPlace ? settledInPlace : []), ...(staged.stack?.cutOver ? settledByCutover : [])]);
  const known = inEditedFiles(draft, [...input.facts.diagnostics, ...input.plan.diagnostics, ...diagnostics]).filter(
    ({ code }) => !settled.has(code),
  );
  stageGuide(draft, image, services, scripts, staged, known);
  return { diagnostics, settled, package: { folder: packageRoot, suffix, build: scripts.imageBuild, compose } };
}

/** A kept handler has its name on Lambda; the service imports the route that it is made of. */
function withRoutes(facts: Facts, exports: ReadonlyMap<string, string>): Facts {
  const functions = Object.entries(facts.functions).map(([id, handler]) => {
    const route = exports.get(id);
    return [id, route === undefined ? handler : { ...handler, routeExport: route }] as const;
  });
  return { ...facts, functions: Object.fromEntries(functions) };
}

/** What was found about the form of a handler is no matter once it is a route. */
function concernsRoute({ function: id }: Diagnostic, { functions }: Plan): boolean {
  return functions.some((each) => each.id === id && each.style === 'native');
}

/** Every decision that the generated files share. */
function makeDraft(input: ProduceInput, diagnostics: Diagnostic[]): Draft {
  const { repository, project, plan, suffix } = input;
  const functions = servicesOf(plan);
  const reachable = reachableFiles(input.facts, functions);
  const { layout, diagnostics: moved } = decideLayout({
    repository,
    project,
    files: reachable,
    suffix,
    packageFolder: programFolder(input),
  });
  const { facts, diagnostics: extracted } = stageInlineCode({ ...input, functions, folder: layout.service });
  const packaged = decidePackage({ ...input, facts }, layout.packageRoot, functions);
  const module = decideModule({ facts, functions, packageJson: packaged.json, packageRoot: layout.packageRoot });
  const major = nodeMajor(project.functions.filter(({ id }) => functions.includes(id)));
  const listening = listeningServers(input);
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
    ownScripts: [...new Set(plan.services.flatMap(({ server }) => server?.start?.build ?? []))],
    serviceFolder: layout.service,
    runtimePackages: Object.keys(runtimeDependencies({ plan, listening })),
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
    listening,
    nodeMajor: major,
    infra: input.infra ?? 'template',
    cutover: input.cutover === true,
    options: { templates: input.templates },
  };
}
