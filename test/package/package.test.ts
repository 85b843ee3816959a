import { execFile } from 'node:child_process';
import { cp, mkdir, readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, expect, it } from 'vitest';
import { cleanUp, projectFixtures, repositoryRoot, temporaryFolder } from '../support/fixtures.js';

const run = promisify(execFile);

afterAll(cleanUp);

it('works when packed and installed elsewhere, templates included', { timeout: 300_000 }, async () => {
  const folder = await temporaryFolder();
  const { stdout } = await run('npm', ['pack', '--json', '--ignore-scripts', '--pack-destination', folder], { cwd: repositoryRoot });
  const [packed] = JSON.parse(stdout) as { filename: string; files: { path: string }[] }[];
  const paths = packed?.files.map(({ path }) => path) ?? [];
  expect(paths.filter((path) => /^(test|fixtures|bench|\.ci)\//.test(path) || path.includes('.test.'))).toEqual([]);

  const user = join(folder, 'user');
  await mkdir(user);
  await run('npm', ['init', '-y'], { cwd: user });
  await run('npm', ['install', '--prefer-offline', '--no-audit', '--no-fund', join(folder, packed?.filename ?? '')], { cwd: user });
  await cp(join(projectFixtures, 'sam-typescript/input'), join(user, 'fn'), { recursive: true });

  const { stdout: json } = await run('npx', ['--no-install', 'migrate-lambda', 'fn', '--json', '--write'], { cwd: user });
  const report = JSON.parse(json) as { summary: { migrated: number } };
  expect(report.summary.migrated).toBe(1);
  expect(await readFile(join(user, 'fn/Dockerfile'), 'utf8')).toContain('FROM');
  const api = await run(
    process.execPath,
    ['--input-type=module', '-e', "import * as api from 'migrate-lambda'; console.log(Object.keys(api).sort().join(' '))"],
    { cwd: user },
  );
  expect(api.stdout).toContain('migrate');

  const code = `import { verify } from 'migrate-lambda';
const { functions, seed, unanswered } = await verify({ folder: 'fn', runs: 1 });
console.log(JSON.stringify({ verdicts: functions.map(({ verdict }) => verdict), seed, unanswered }));`;
  await rm(join(user, 'fn'), { recursive: true });
  await cp(join(projectFixtures, 'plain-commonjs/input'), join(user, 'fn'), { recursive: true });
  const verified = await run(process.execPath, ['--input-type=module', '-e', code], { cwd: user });
  const { verdicts, ...rest } = JSON.parse(verified.stdout) as { verdicts: string[] };
  expect(verdicts).toContain('equal');
  expect(verdicts).not.toContain('different');
  expect(rest).toEqual({ seed: 1, unanswered: { aws: [], http: [] } });
});
