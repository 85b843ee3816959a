import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';

/** The parts of the JSON document that the corpus table reads (see docs/output.schema.json). */
export interface Report {
  projects: ReportProject[];
  summary: { projects: number; functions: number; migrated: number; stays: number; needsPerson: number; failed: number };
}

export interface ReportProject {
  root: string;
  dialect: string;
  definition: string;
  functions: {
    id: string;
    runtime: string | null;
    workload: string;
    outcome: string;
    triggers: { type: string }[];
    diagnostics: string[];
  }[];
  changes: { path: string; kind: string }[];
}

const cli = fileURLToPath(new URL('../src/cli.js', import.meta.url));

/**
 * Runs the built command line on a folder.
 * @returns the JSON document when `args` ask for it, else an empty report.
 * @throws Error with the tool's message when it could not run (exit code 2).
 */
export async function runTool(folder: string, args: string[]): Promise<Report> {
  const { code, stdout, stderr } = await finish(process.execPath, [cli, folder, '--allow-dirty', ...args]);
  if (code > 1) throw new Error(`migrate-lambda ${folder} ended with ${code}\n${stderr}`);
  return args.includes('--json')
    ? (JSON.parse(stdout) as Report)
    : { projects: [], summary: { projects: 0, functions: 0, migrated: 0, stays: 0, needsPerson: 0, failed: 0 } };
}

export interface Finished {
  code: number;
  stdout: string;
  stderr: string;
}

/** Runs a program to its end, with a time limit (ms); an exit code other than 0 is an answer, not an error. */
export function finish(
  program: string,
  args: string[],
  options: { cwd?: string; env?: NodeJS.ProcessEnv; timeout?: number } = {},
): Promise<Finished> {
  return new Promise((resolve) => {
    execFile(program, args, { maxBuffer: 512 * 1024 * 1024, ...options }, (error, stdout, stderr) => {
      const code = error ? (typeof error.code === 'number' ? error.code : 124) : 0;
      resolve({ code, stdout, stderr });
    });
  });
}
