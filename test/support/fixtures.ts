import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { cp, mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';

/** Root of this repository. */
export const repositoryRoot = fileURLToPath(new URL('../..', import.meta.url));

/** Folder of the project fixtures. */
export const projectFixtures = join(repositoryRoot, 'fixtures/projects');

/** The built command line. */
export const cli = join(repositoryRoot, 'dist/src/cli.js');

const run = promisify(execFile);

export interface CliResult {
  code: number;
  stdout: string;
  stderr: string;
}

/** Runs the built command line to its end; never throws for an exit code. */
export async function runCli(args: string[], options: { cwd?: string; env?: Record<string, string> } = {}): Promise<CliResult> {
  const environment = { ...process.env, NO_COLOR: '1', ...options.env };
  try {
    const { stdout, stderr } = await run(process.execPath, [cli, ...args], {
      cwd: options.cwd,
      env: environment,
      maxBuffer: 64 * 1024 * 1024,
    });
    return { code: 0, stdout, stderr };
  } catch (error) {
    const { code, stdout, stderr } = error as { code: number; stdout: string; stderr: string };
    if (typeof code !== 'number') throw error;
    return { code, stdout, stderr };
  }
}

/** A temporary folder that is removed by {@link cleanUp}. */
export async function temporaryFolder(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'migrate-lambda-'));
  temporary.push(folder);
  return folder;
}

const temporary: string[] = [];

export async function cleanUp(): Promise<void> {
  await Promise.all(temporary.splice(0).map((folder) => rm(folder, { recursive: true, force: true })));
}

/** Copies a fixture's input into a temporary folder and returns it. */
export async function copyInput(name: string): Promise<string> {
  const folder = await temporaryFolder();
  await cp(join(projectFixtures, name, 'input'), folder, { recursive: true });
  return folder;
}

/** Every file below a folder as path → text, without dependencies and our own journal. */
export async function readTree(folder: string): Promise<Record<string, string>> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  const files: Record<string, string> = {};
  for (const entry of entries) {
    if (!entry.isFile()) continue;
    const path = relative(folder, join(entry.parentPath, entry.name));
    if (/(^|\/)(node_modules|\.migrate-lambda)\//.test(path)) continue;
    files[path] = await readFile(join(folder, path), 'utf8');
  }
  return files;
}

/** Arguments that a fixture is migrated with: its `options.json`, mostly none. */
export async function fixtureOptions(name: string): Promise<string[]> {
  const file = join(projectFixtures, name, 'options.json');
  return existsSync(file) ? (JSON.parse(await readFile(file, 'utf8')) as string[]) : [];
}

/** Names of all project fixtures. */
export async function fixtureNames(): Promise<string[]> {
  return (await readdir(projectFixtures)).sort();
}
