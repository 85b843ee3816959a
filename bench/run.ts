/**
 * `npm run bench -- <folder of checkouts>`: a dry run over every project, beside jscodeshift with a transform that changes
 * nothing over the same source files, in turn, in one run; and `--help` beside a bare `node -e 0`. Prints medians and ratios.
 */
import { spawn } from 'node:child_process';
import { mkdtempSync, readdirSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';

const cli = fileURLToPath(new URL('../src/cli.js', import.meta.url));
const jscodeshift = createRequire(import.meta.url).resolve('jscodeshift/bin/jscodeshift.js');
const folder = resolve(process.argv[2] ?? '');
if (process.argv.length !== 3) {
  console.error('usage: npm run bench -- <folder of checkouts>');
  process.exit(2);
}

const scratch = mkdtempSync(join(tmpdir(), 'bench-'));
const identity = join(scratch, 'identity.cjs');
writeFileSync(identity, 'module.exports = (file, api) => { api.jscodeshift(file.source); };\n');
const fileList = join(scratch, 'files.txt');
const files = sources(folder);
writeFileSync(fileList, files.join('\n'));

const rounds = 5;
const dryRun = () => measure([cli, folder, '--json']);
const nothing = () => measure([jscodeshift, '-t', identity, '--dry', '--parser=tsx', '--silent', '--cpus=2', '--stdin'], files.join('\n'));

console.log(`${files.length} source files, ${rounds} rounds each`);
const pairs = await alternate(rounds, dryRun, nothing);
report('dry run', 'jscodeshift, no-op', pairs);
report(
  '--help',
  'node -e 0',
  await alternate(
    15,
    () => measure([cli, '--help']),
    () => measure(['-e', '0']),
  ),
);
rmSync(scratch, { recursive: true, force: true });

interface Figure {
  seconds: number;
  /** Peak resident memory of the process tree's largest process, MiB. */
  memory: number;
}

async function alternate(times: number, a: () => Promise<Figure>, b: () => Promise<Figure>): Promise<[Figure, Figure][]> {
  await a();
  await b();
  const figures: [Figure, Figure][] = [];
  for (let round = 0; round < times; round++) figures.push([await a(), await b()]);
  return figures;
}

/** Runs node with the arguments under GNU time's figures as the kernel gives them: wall seconds and peak memory. */
function measure(args: string[], input = ''): Promise<Figure> {
  return new Promise((done, fail) => {
    const start = process.hrtime.bigint();
    const child = spawn('/usr/bin/env', ['time', '-f', '%M', process.execPath, ...args], { stdio: ['pipe', 'ignore', 'pipe'] });
    let errors = '';
    child.stderr.on('data', (chunk: Buffer) => (errors += chunk.toString()));
    child.on('error', fail);
    child.on('close', () => {
      const seconds = Number(process.hrtime.bigint() - start) / 1e9;
      done({ seconds, memory: Number(errors.trim().split('\n').at(-1)) / 1024 });
    });
    child.stdin.end(input);
  });
}

function report(nameA: string, nameB: string, figures: [Figure, Figure][]): void {
  const a = figures.map(([figure]) => figure);
  const b = figures.map(([, figure]) => figure);
  const ratio = median(figures.map(([left, right]) => left.seconds / right.seconds));
  console.log(
    `${nameA}: ${line(a)}\n${nameB}: ${line(b)}\nratio of wall time ${ratio.toFixed(2)} (median of pairs), of peak memory ${(median(a.map(({ memory }) => memory)) / median(b.map(({ memory }) => memory))).toFixed(2)}\n`,
  );
}

function line(figures: Figure[]): string {
  return `${median(figures.map(({ seconds }) => seconds)).toFixed(2)} s, ${median(figures.map(({ memory }) => memory)).toFixed(0)} MiB`;
}

function median(values: number[]): number {
  const sorted = [...values].sort((x, y) => x - y);
  return sorted[Math.floor(sorted.length / 2)] ?? Number.NaN;
}

/** Source files of the projects: what a codemod runner would be given. */
function sources(folder: string): string[] {
  return readdirSync(folder, { withFileTypes: true }).flatMap((entry) => {
    const path = join(folder, entry.name);
    if (entry.isDirectory()) return ['node_modules', '.git'].includes(entry.name) ? [] : sources(path);
    return /\.(m|c)?[jt]sx?$/.test(entry.name) && !entry.name.endsWith('.d.ts') && statSync(path).size < 1_000_000 ? [path] : [];
  });
}
