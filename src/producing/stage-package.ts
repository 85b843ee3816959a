import { sdkDependencies } from '../../transforms/sdk-dependencies/index.js';
import { diagnostic } from '../diagnostics/catalog.js';
import type { Diagnostic } from '../diagnostics/diagnostic.js';
import type { PackageJson } from '../project/model.js';
import { checksTokens } from './authorizers.js';
import { mergeNestedDependencies } from './dependencies.js';
import type { Draft, PackageDraft } from './draft.js';
import { managers } from './manager.js';
import { editPackageJson, engineFor, newPackageJson } from './package-json.js';
import { join } from './paths.js';
import { rangeElsewhere } from './range-elsewhere.js';
import { decideScripts, type Scripts, type ServiceCommand } from './scripts.js';
import { serverDependencies } from './server-entry.js';
import { inheritedType } from './service-module.js';
import { validates } from './validation.js';
import { serviceVersions } from './versions.js';

/** The package.json at the package root, or the one that will be created there. */
export function decidePackage(
  { repository, project, facts, changes }: Pick<Draft, 'repository' | 'project' | 'facts' | 'changes'>,
  packageRoot: string,
  functions: readonly string[],
): PackageDraft {
  const file = join(packageRoot, 'package.json');
  const text = changes.read(file);
  if (text !== undefined) {
    const parsed = parsePackage(text);
    return { file, text, json: parsed ?? {}, editable: parsed !== undefined, exists: true };
  }
  const handlers = functions.flatMap((id) => facts.functions[id] ?? []);
  const inherited = repository.nearest(packageRoot, 'package.json') === undefined ? {} : project.packageInfo.json;
  const created = newPackageJson(project.name, inheritedType(inherited, handlers));
  return { file, text: created, json: JSON.parse(created) as PackageJson, editable: true, exists: false };
}

function parsePackage(text: string): PackageJson | undefined {
  try {
    const value: unknown = JSON.parse(text.replace(/^\uFEFF/, ''));
    return typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as PackageJson) : undefined;
  } catch {
    return undefined;
  }
}

/** Dependencies, scripts and engines; gives package.json as it will be. */
export function stagePackageJson(
  draft: Draft,
  services: readonly ServiceCommand[],
  diagnostics: Diagnostic[],
): { json: PackageJson; scripts: Scripts } {
  const { project, layout, packaged, build, changes, repository, reachable } = draft;
  const manager = managers[project.packageInfo.manager];
  const scripts = decideScripts(packaged.json, build, services, manager, layout.suffix);
  if (!packaged.editable) {
    diagnostics.push(diagnostic('PACKAGE_JSON_NOT_EDITED', { args: { file: packaged.file }, place: { file: packaged.file } }));
    return { json: packaged.json, scripts };
  }
  const nested = mergeNestedDependencies(repository, project, layout.packageRoot, reachable, packaged.json, layerFilesOf(draft));
  const supplied = sdkDependencies({
    ...draft,
    elsewhere: (name, file) => rangeElsewhere({ repository, project, name, file }),
    install: manager.add,
  });
  diagnostics.push(...nested.diagnostics, ...supplied.diagnostics);
  const text = editPackageJson(packaged.text, {
    dependencies: {
      ...supplied.add,
      ...movedFromNested(draft, supplied.moveToDependencies),
      ...nested.dependencies,
      ...runtimeDependencies(draft),
    },
    devDependencies: { ...(build.tool === 'none' ? {} : nested.devDependencies), ...build.devDependencies },
    move: supplied.moveToDependencies,
    scripts: scripts.scripts,
    nodeMajor: draft.nodeMajor,
    enginesOptional: manager.enforcesEngines,
  });
  diagnostics.push(...changedEngine(packaged, draft.nodeMajor));
  changes.stage(packaged.file, text, 'package-json');
  return { json: parsePackage(text) ?? {}, scripts };
}

/** Sources that lie in layers. */
function layerFilesOf({ facts, functions }: Draft): string[] {
  const imports = functions.flatMap((id) => Object.values(facts.functions[id]?.redirects ?? {}));
  return imports.flatMap((found) => ('file' in found ? [found.file] : []));
}

function changedEngine({ json, file }: PackageDraft, major: number): Diagnostic[] {
  const before = json.engines?.['node'];
  const after = engineFor(before, major);
  if (before === undefined || before === after) return [];
  return [diagnostic('ENGINES_CHANGED', { args: { before, after }, place: { file } })];
}

/** Packages that a nested package.json lists for development only: their range there. */
function movedFromNested({ project, packaged }: Draft, names: readonly string[]): Record<string, string> {
  const found: Record<string, string> = {};
  for (const { json } of [...project.packageInfo.nested, { json: project.packageInfo.json }])
    for (const name of names) {
      const range = json.devDependencies?.[name];
      if (range !== undefined && packaged.json.devDependencies?.[name] === undefined) found[name] ??= range;
    }
  return found;
}

/** What package.json lists beside the packages of the service: the same before and after it was edited. */
export function ownPackages(draft: Draft, { dependencies, devDependencies, optionalDependencies }: PackageJson): string[] {
  const added = { ...runtimeDependencies(draft), ...draft.build.devDependencies };
  return Object.keys({ ...dependencies, ...devDependencies, ...optionalDependencies }).filter((name) => !(name in added));
}

/** Packages of the generated service, with their ranges. */
export function runtimeDependencies({ plan, listening }: Pick<Draft, 'plan' | 'listening'>): Record<string, string> {
  const needed: Record<string, string> = {};
  for (const service of plan.services) {
    const { name, kind, server } = service;
    if (server && listening.has(name)) Object.assign(needed, serverDependencies(server));
    else if (kind === 'web' && server?.binding !== null) needed['fastify'] = serviceVersions.fastify;
    if (validates(service)) Object.assign(needed, { ajv: serviceVersions.ajv, 'ajv-formats': serviceVersions['ajv-formats'] });
    if (checksTokens(service)) needed['aws-jwt-verify'] = serviceVersions['aws-jwt-verify'];
    if (kind === 'worker') {
      needed['sqs-consumer'] = serviceVersions['sqs-consumer'];
      needed['@aws-sdk/client-sqs'] = serviceVersions['@aws-sdk/client-sqs'];
    }
  }
  return needed;
}
