/** Finds every Lambda project of a repository: the first stage, reading. */
import { diagnostic } from '../diagnostics/catalog.js';
import type { Diagnostic } from '../diagnostics/diagnostic.js';
import { UserError } from '../errors.js';
import type { Project, ReadResult } from './model.js';
import { readPackageInfo } from './package-info.js';
import { projectRoot } from './project-root.js';
import { readConventions } from './readers/convention.js';
import { readers } from './readers/index.js';
import type { ReadOptions } from './readers/reader.js';
import { findUnreadDialects, findUnreadTools } from './readers/unread-dialects.js';
import { parentOf, type Repository } from './repository.js';

/** Folders that a tool fills with copies of a definition; the definition itself lies elsewhere. */
const packagedCopy = /(^|\/)(\.aws-sam|\.serverless|\.sam-build|cdk\.out\/\.cache)\//;

/** JSON and YAML that is never a definition, however it looks. */
const neverDefinition =
  /(^|\/)(package(-lock)?|npm-shrinkwrap|tsconfig[\w.-]*|jsconfig|composer|\.eslintrc|\.prettierrc)\.json$|(^|\/)(pnpm-lock|pnpm-workspace)\.yaml$/;

/**
 * All projects below the repository root, in the order of their definitions, and what could not be read.
 * A definition that fails is charged to itself; the others go on.
 * @throws UserError when there is nothing to do: no file at all, or no Lambda function and nothing that tells of one.
 */
export async function discover(repository: Repository, options: ReadOptions): Promise<ReadResult> {
  const files = repository.files();
  if (files.length === 0) {
    throw new UserError(
      `The folder ${repository.root} holds no files.`,
      'Give the folder that holds the Lambda project: migrate-lambda <folder>.',
    );
  }
  const declared = await readDefinitions(repository, files, options);
  const projects = withRoots(repository, declared.projects);
  const unread = findUnreadDialects(repository, files, projects);
  const told = declared.diagnostics.flatMap(({ file }) => (file === undefined ? [] : [parentOf(file)]));
  const conventions = readConventions(repository, files, projects, [...unread.folders, ...told]);
  const all = [...projects, ...conventions.projects];
  const tools = findUnreadTools(repository, files, all);
  const diagnostics = [...declared.diagnostics, ...unread.diagnostics, ...conventions.diagnostics, ...tools];
  for (const project of all) diagnostics.push(...fillPackageInfo(repository, project));
  if (all.length === 0 && diagnostics.length === 0) {
    throw new UserError(
      `No Lambda function was found in ${repository.root}.`,
      'Give the folder that holds a SAM or CloudFormation template, a serverless.yml, a cdk.out folder, or a package.json whose module exports a handler.',
    );
  }
  return { projects: all, diagnostics: withoutRepeats(diagnostics) };
}

async function readDefinitions(repository: Repository, files: readonly string[], options: ReadOptions): Promise<ReadResult> {
  const projects: Project[] = [];
  const diagnostics: Diagnostic[] = [];
  for (const path of files) {
    const interested = readers.filter((reader) => reader.candidate(path));
    if (interested.length === 0 || packagedCopy.test(path) || neverDefinition.test(path)) continue;
    const text = repository.peek(path);
    if (text === undefined) {
      diagnostics.push(...unreadableDefinition(repository, path));
      continue;
    }
    const reader = interested.find((candidate) => candidate.guard(text, path));
    if (!reader) continue;
    try {
      const result = await reader.read(repository, path, text, options);
      projects.push(...result.projects);
      diagnostics.push(...result.diagnostics);
    } catch (error) {
      diagnostics.push(diagnostic('DEFINITION_FAILED', { args: { file: path, reason: reasonOf(error) }, place: { file: path } }));
    }
  }
  return { projects, diagnostics };
}

function reasonOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}

/** A big or binary file is worth a word only when it is, by its name or its beginning, a definition. */
function unreadableDefinition(repository: Repository, path: string): Diagnostic[] {
  const failure = repository.readFailure(path) ?? 'unreadable';
  const name = path.slice(path.lastIndexOf('/') + 1);
  const named = /^(sam-)?template[\w.-]*\.|^serverless\.|\.template(\.json|\.ya?ml)?$/.test(name);
  if (!named && !/AWSTemplateFormatVersion|AWS::Serverless|AWS::Lambda::Function/.test(repository.head(path, 65_536))) return [];
  return [diagnostic('DEFINITION_UNREADABLE', { args: { file: path, reason: failure }, place: { file: path } })];
}

/** Roots widened to hold the code of the handlers. */
function withRoots(repository: Repository, projects: Project[]): Project[] {
  const definitions = projects.map((project) => project.definition);
  return projects.map((project) => ({ ...project, root: projectRoot(repository, project, definitions) }));
}

function fillPackageInfo(repository: Repository, project: Project): Diagnostic[] {
  const { info, diagnostics } = readPackageInfo(repository, project.root, project.functions);
  project.packageInfo = info;
  return diagnostics;
}

/** The same finding can come from two projects that share a file (a broken package.json, an included YAML). */
function withoutRepeats(diagnostics: Diagnostic[]): Diagnostic[] {
  const seen = new Set<string>();
  return diagnostics.filter((found) => {
    const key = JSON.stringify([found.code, found.file, found.line, found.column, found.function, found.args]);
    return seen.size < seen.add(key).size;
  });
}
