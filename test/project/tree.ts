/** Small repositories for the readers' tests, and what discovery finds in them. */
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterAll } from 'vitest';
import type { Diagnostic } from '../../src/diagnostics/diagnostic.js';
import { discover } from '../../src/project/discover.js';
import type { LambdaFunction, Project, ReadResult } from '../../src/project/model.js';
import { openRepository } from '../../src/project/open-repository.js';
import type { ReadOptions } from '../../src/project/readers/reader.js';

const folders: string[] = [];

afterAll(() => {
  for (const folder of folders.splice(0)) rmSync(folder, { recursive: true, force: true });
});

export type Tree = Readonly<Record<string, string | Buffer>>;

/** Writes the files into a fresh temporary folder and gives its path. */
export function writeTree(files: Tree): string {
  const folder = mkdtempSync(join(tmpdir(), 'migrate-lambda-tree-'));
  folders.push(folder);
  for (const [path, content] of Object.entries(files)) {
    mkdirSync(dirname(join(folder, path)), { recursive: true });
    writeFileSync(join(folder, path), content);
  }
  return folder;
}

export async function discoverTree(files: Tree, options: Partial<ReadOptions> = {}): Promise<ReadResult> {
  return discover(openRepository(writeTree(files)), { parameters: {}, ...options });
}

/** The one project of a tree. */
export async function projectOf(files: Tree, options: Partial<ReadOptions> = {}): Promise<{ project: Project; diagnostics: Diagnostic[] }> {
  const { projects, diagnostics } = await discoverTree(files, options);
  const [project, ...more] = projects;
  if (!project || more.length > 0) {
    throw new Error(`${projects.length} projects: ${JSON.stringify({ roots: projects.map(({ definition }) => definition), diagnostics })}`);
  }
  return { project, diagnostics };
}

export function functionOf(project: Project, id: string): LambdaFunction {
  const found = project.functions.find((fn) => fn.id === id);
  if (!found) throw new Error(`no function ${id} among ${project.functions.map((fn) => fn.id).join(', ')}`);
  return found;
}

/** Data without the places in the text, which their own tests look at. */
export function withoutRanges<T>(value: T): T {
  return JSON.parse(JSON.stringify(value, (key, inner: unknown) => (key === 'range' ? undefined : inner))) as T;
}

export function codesOf(diagnostics: readonly Diagnostic[]): string[] {
  return diagnostics.map(({ code }) => code);
}
