import { partitionOf } from '../aws/partition.js';
import { diagnostic } from '../diagnostics/catalog.js';
import type { Diagnostic } from '../diagnostics/diagnostic.js';
import { portOf } from '../planning/health-check.js';
import type { Plan } from '../planning/plan.js';
import type { Project } from '../project/model.js';
import { render } from '../render.js';
import { keepGuideSection } from '../reports/guide-section.js';
import { findServiceTarget } from '../targets/index.js';
import type { Placeholder, TargetGuide, TargetInput } from '../targets/target.js';
import { baseImage, baseImagePlaceholders } from './base-image.js';
import { compose, type DockerInput, dockerfile, dockerignore } from './docker-files.js';
import type { Draft } from './draft.js';
import type { ImagePlan } from './image.js';
import { managers } from './manager.js';
import { migrationGuide } from './migration-guide.js';
import { isBelow, join, relativePath } from './paths.js';
import { installMode } from './peers.js';
import type { Scripts, ServiceCommand } from './scripts.js';
import { type StagedStack, stageInfrastructure } from './stage-infrastructure.js';

export function stageDockerFiles(draft: Draft, image: ImagePlan, services: readonly ServiceCommand[], { imageBuild }: Scripts): void {
  const input: DockerInput = { ...draft, image, imageBuild, services };
  draft.changes.stage(draft.layout.dockerfile, dockerfile(input), 'docker/Dockerfile');
  draft.changes.stage(draft.layout.dockerignore, dockerignore(input), 'docker/dockerignore');
  draft.changes.stage(draft.layout.compose, compose(input), 'docker/compose');
}

/** What a target put where. */
export interface StagedTarget {
  /** The resources that run the services; undefined when only the target's own files were written. */
  stack: StagedStack | undefined;
  /** What a person has to fill in. */
  placeholders: Placeholder[];
  guide: TargetGuide;
  diagnostics: Diagnostic[];
}

/** The target's resources, or its own files where it has none or none are wanted. */
export function stageTarget(draft: Draft, services: readonly ServiceCommand[]): StagedTarget {
  const { project, plan, layout, changes, options, infra } = draft;
  const target = findServiceTarget(plan.target);
  const input: TargetInput = {
    project,
    plan,
    services: plan.services.map((service) => ({
      service,
      command: services.find(({ name }) => name === service.name)?.command ?? [],
      port: portOf(service),
    })),
  };
  // Projects that share a folder have a folder each below deploy/<target>.
  const placed = (path: string) => (layout.suffix === undefined ? path : path.replace(/\/([^/]+)$/, `/${layout.suffix}/$1`));
  const stack = infra === 'none' ? undefined : stageInfrastructure(draft, target, input, placed);
  const guide = target.guide({ ...input, deployed: stack !== undefined, placed });
  const notes = placeNotes(project, plan);
  if (stack) return { stack, placeholders: [], guide, diagnostics: [...notes, ...stack.diagnostics] };
  for (const artefact of target.artefacts(input)) {
    const text = 'content' in artefact ? artefact.content : render(artefact.template, artefact.values, options);
    changes.stage(join(project.root, placed(artefact.path)), text, target.id);
  }
  const diagnostics = [...notes, ...(target.findings?.(input) ?? [])];
  return {
    stack: undefined,
    guide,
    diagnostics,
    placeholders: target.placeholders(input).map((each) => ({ ...each, path: placed(each.path) })),
  };
}

/** What the place itself asks for, whatever runs there. */
function placeNotes(project: Project, { services }: Plan): Diagnostic[] {
  if (partitionOf(project) !== 'aws-cn' || !services.some(({ kind }) => kind === 'web')) return [];
  return [diagnostic('CHINA_FRONT', { place: { file: project.definition } })];
}

export function stageGuide(
  draft: Draft,
  image: ImagePlan,
  services: readonly ServiceCommand[],
  { imageBuild }: Scripts,
  { stack, placeholders, guide }: StagedTarget,
  diagnostics: readonly Diagnostic[],
): void {
  const { layout, changes, project, repository } = draft;
  const files = [
    layout.dockerfile,
    layout.dockerignore,
    layout.compose,
    draft.packaged.file,
    `${layout.service}/`,
    stack?.file ?? join(project.root, `${findServiceTarget(draft.plan.target).folder}/`),
  ];
  const base = baseImage(project, image.nodeMajor);
  const text = migrationGuide({
    ...draft,
    manager: managers[image.manager],
    imageBuild,
    refresh: managers[image.manager].refresh(installMode(image.peers)),
    services,
    base,
    placeholders: [...baseImagePlaceholders(base, relativePath(project.root, layout.dockerfile)), ...placeholders],
    target: guide,
    stack,
    diagnostics,
    files: files.filter((path) => isBelow(path, layout.packageRoot)),
  });
  changes.stage(layout.guide, keepGuideSection(text, repository.read(layout.guide)), 'report/MIGRATION.md');
}
