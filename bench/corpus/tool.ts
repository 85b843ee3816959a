import { mkdirSync } from 'node:fs';
import { dirname } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Report } from '../../src/index.js';
import { run } from '../processes.js';

const cli = fileURLToPath(new URL('../../src/cli.js', import.meta.url));

/**
 * Runs the built command line over a folder and writes the migrated copy to `out`.
 * @throws Error with what it printed when it could not run, or when functions are missing in its sum.
 */
export async function migrateCopy(folder: string, out: string, style?: string): Promise<Report> {
  mkdirSync(dirname(out), { recursive: true });
  const { code, stdout, output } = await run(
    process.execPath,
    [cli, folder, '--json', '--allow-dirty', '--infra', 'none', '--out', out, ...(style ? ['--style', style] : [])],
    { timeout: 1200 },
  );
  if (code > 1) throw new Error(`migrate-lambda ${folder} ended with ${code}\n${output.slice(0, 2000)}`);
  const report = JSON.parse(stdout) as Report;
  const { functions, migrated, stays, needsPerson, failed } = report.summary;
  if (functions !== migrated + stays + needsPerson + failed) throw new Error(`unaccounted functions: ${JSON.stringify(report.summary)}`);
  return report;
}
