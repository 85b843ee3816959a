/** The stack that runs the services: in the definition itself where that can be edited as text, else beside it. */
import type { ChangeSet } from '../changes/change-set.js';
import { diagnostic } from '../diagnostics/catalog.js';
import type { Diagnostic } from '../diagnostics/diagnostic.js';
import { type Stack, sectionNames } from '../infrastructure/cloudformation.js';
import type { Origin } from '../infrastructure/origins/origin.js';
import { serverlessOrigin } from '../infrastructure/origins/serverless.js';
import { standaloneOrigin } from '../infrastructure/origins/standalone.js';
import { templateOrigin } from '../infrastructure/origins/template.js';
import type { StackParameter } from '../infrastructure/stack-draft.js';
import { CannotSplice, type TemplateBase } from '../infrastructure/text/place.js';
import { spliced, stripped } from '../infrastructure/text/splice.js';
import { yamlLines } from '../infrastructure/text/yaml.js';
import { isPlainObject, objectOf, type PlainObject } from '../project/data.js';
import type { Project } from '../project/model.js';
import { readYaml } from '../project/yaml.js';
import type { ServiceTarget, TargetInput, TargetStack } from '../targets/target.js';
import { cutOver, refusal } from './cut-over.js';
import type { Draft } from './draft.js';
import { marker } from './layout.js';
import { join } from './paths.js';

/** Findings of the plan that are no work where the stack is part of the definition: it reads the same references. */
export const settledInPlace: ReadonlySet<string> = new Set(['ENVIRONMENT_UNRESOLVED']);

/** Where the functions are gone, nothing is deployed to Lambda from code that does not run there. */
export const settledByCutover: ReadonlySet<string> = new Set(['ROUTES_LEAVE_LAMBDA']);

/** How the stack is deployed. */
export type DeployTool = 'sam' | 'cloudformation' | 'serverless';

/** The stack of a project, staged. */
export interface StagedStack {
  /** File that holds it. */
  file: string;
  tool: DeployTool;
  inPlace: boolean;
  /** The functions that moved went from the definition. */
  cutOver: boolean;
  parameters: StackParameter[];
  diagnostics: Diagnostic[];
}

/** Stages the stack of a target; undefined when it has none. `placed`: where an artefact of the project goes. */
export function stageInfrastructure(
  draft: Draft,
  target: ServiceTarget,
  input: TargetInput,
  placed: (path: string) => string,
): StagedStack | undefined {
  const { project } = draft;
  const make = target.stack;
  if (!make) return undefined;
  try {
    const staged = inPlace(draft, target, (origin, of) => make({ ...input, project: of }, origin));
    if (staged) return staged;
  } catch (error) {
    if (!(error instanceof CannotSplice)) throw error;
    return ofItsOwn(draft, target, make(input, standaloneOrigin(project)), placed, error.message);
  }
  return ofItsOwn(draft, target, make(input, standaloneOrigin(project)), placed, notEditable[project.dialect]);
}

/** The dialects whose definition can hold the stack: where in it, and who deploys it. */
const places: Partial<Record<Project['dialect'], { base: TemplateBase; tool: DeployTool; files: RegExp }>> = {
  sam: { base: [], tool: 'sam', files: /./ },
  cloudformation: { base: [], tool: 'cloudformation', files: /./ },
  serverless: { base: ['resources'], tool: 'serverless', files: /\.(ya?ml|json)$/ },
};

/** Why the stack is not in the definition, by dialect; serverless.yml and templates are edited where they are text. */
export const notEditable: Partial<Record<Project['dialect'], string>> = {
  cdk: 'it is generated',
  serverless: 'it is a program',
  terraform: 'it is not CloudFormation',
  account: 'it tells what is deployed and deploys nothing',
};

function inPlace(draft: Draft, target: ServiceTarget, make: (origin: Origin, project: Project) => TargetStack): StagedStack | undefined {
  const { project, changes } = draft;
  const { definition } = project;
  const opened = openDefinition(project, changes);
  if (!opened) return undefined;
  const { place, own, before, origin } = opened;
  const staged = { file: definition, tool: place.tool, inPlace: true };
  const instead = draft.cutover ? cutOver(draft, own, place.base, make({ ...origin, deploys: 'instead' }, before)) : undefined;
  if (instead && 'text' in instead) {
    changes.stage(definition, instead.text, target.id);
    return { ...staged, cutOver: true, parameters: instead.parameters, diagnostics: instead.diagnostics };
  }
  const { stack, parameters, diagnostics } = make(origin, before);
  changes.stage(definition, spliced(own, stack, place.base), target.id);
  return { ...staged, cutOver: false, parameters, diagnostics: [...(instead?.refusals ?? []), ...diagnostics] };
}

/** A definition that is text, as the user wrote it. */
interface OpenedDefinition {
  place: { base: TemplateBase; tool: DeployTool };
  /** Without what an earlier run added. */
  own: string;
  document: PlainObject;
  /** The project as it is declared there. */
  before: Project;
  origin: Origin;
}

/** The definition of a project to be edited; undefined when its dialect, or its form, has no place for that. */
export function openDefinition(project: Project, changes: ChangeSet): OpenedDefinition | undefined {
  const { definition } = project;
  const place = places[project.dialect];
  const text = place?.files.test(definition) ? changes.read(definition) : undefined;
  if (!place || text === undefined) return undefined;
  const own = stripped(text);
  const document = objectOf(readYaml(definition, own, { yesIsTrue: true }).value);
  const before = withoutAdditions(project, text, own, place.base);
  const origin = place.base.length === 0 ? templateOrigin(before, document) : serverlessOrigin(before, document);
  return { place, own, document, before, origin };
}

/** The project as if an earlier run had added nothing. */
function withoutAdditions(project: Project, text: string, own: string, base: TemplateBase): Project {
  if (text === own) return project;
  const ids = (of: string) => new Set(Object.keys(resourcesOf(readYaml('', of).value, base)));
  const kept = ids(own);
  const added = new Set([...ids(text)].filter((id) => !kept.has(id)));
  return { ...project, resources: Object.fromEntries(Object.entries(project.resources).filter(([id]) => !added.has(id))) };
}

function resourcesOf(document: unknown, base: TemplateBase): PlainObject {
  const holder = base.length === 0 ? document : objectOf(document)['resources'];
  const all = Array.isArray(holder) ? holder.filter(isPlainObject) : [holder];
  return Object.assign({}, ...all.map((each) => objectOf(objectOf(each)['Resources'])));
}

function ofItsOwn(
  { project, changes, cutover }: Draft,
  target: ServiceTarget,
  made: TargetStack,
  placed: (path: string) => string,
  reason: string | undefined,
): StagedStack {
  const file = join(project.root, placed(`deploy/stack.yaml`));
  changes.stage(file, standalone(made.stack), target.id);
  const args = { file: project.definition, reason: reason ?? '', instead: file };
  const told = reason === undefined ? [] : [diagnostic('TEMPLATE_NOT_EDITED', { args, place: { file: project.definition } })];
  if (cutover) told.push(refusal(project, 'the services are a stack of their own'));
  return {
    file,
    tool: 'cloudformation',
    inPlace: false,
    cutOver: false,
    parameters: made.parameters,
    diagnostics: [...told, ...made.diagnostics],
  };
}

function standalone(stack: Stack): string {
  const sections = sectionNames.filter((name) => Object.keys(stack[name]).length > 0).map((name) => [name, stack[name]] as const);
  const lines = yamlLines({ AWSTemplateFormatVersion: '2010-09-09', ...Object.fromEntries(sections) }, 2);
  return `# ${marker}\n${lines.join('\n')}\n`;
}
