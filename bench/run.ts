/**
 * `npm run bench -- [folders]`: a dry run over every project of checkouts, beside jscodeshift with a transform that changes nothing
 * over the same source files, in turn, in one run; an assessment of 1,000 functions beside two dry runs over them; and `--help`
 * beside a bare `node -e 0`. Prints medians and ratios.
 */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { availableParallelism, tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { migrate } from '../src/index.js';
import { checkoutsIn } from './corpus/checkouts.js';
import { renderTemplates } from './corpus/cookiecutter.js';
import { endAllAtExit } from './processes.js';
import { replaceSection, today } from './results.js';
import { type Figure, measure } from './speed/measure.js';
import { writeThousand } from './speed/thousand.js';

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: { rounds: { type: 'string', default: '5' }, results: { type: 'string' } },
});

const cli = fileURLToPath(new URL('../src/cli.js', import.meta.url));
const jscodeshift = createRequire(import.meta.url).resolve('jscodeshift/bin/jscodeshift.js');
const rounds = Number(values.rounds);
const scratch = mkdtempSync(join(tmpdir(), 'bench-'));
endAllAtExit(() => rmSync(scratch, { recursive: true, force: true }));

const identity = join(scratch, 'identity.cjs');
writeFileSync(identity, 'module.exports = (file, api) => { api.jscodeshift(file.source); };\n');

const lines = [
  `${today()}, Node.js ${process.version}, ${availableParallelism()} cores; medians of ${rounds} rounds, in turn`,
  '',
  '| what | files | seconds | beside | times as long | MiB | beside | times as much |',
  '| --- | ---: | ---: | ---: | ---: | ---: | ---: | ---: |',
];
for (const given of (await Promise.all(positionals.map(checkoutsIn))).flat()) {
  const checkout = await renderTemplates(given, scratch);
  const { all, reached } = await sources(checkout.folder);
  const dryRun = () => measure([cli, checkout.folder, '--json'], { accepted: [0, 1] });
  lines.push(row(`${checkout.name}: dry run, jscodeshift over all sources`, all.length, await alternate(rounds, dryRun, () => noOp(all))));
  lines.push(
    row(
      `${checkout.name}: dry run, jscodeshift over reachable sources only`,
      reached.length,
      await alternate(rounds, dryRun, () => noOp(reached)),
    ),
  );
}
const thousand = writeThousand(join(scratch, 'thousand'));
const assessed = await alternate(
  rounds,
  () => measure([cli, 'assess', thousand, '--region', 'eu-west-1', '--json'], { accepted: [0, 1] }),
  () => twice(() => measure([cli, thousand, '--json'], { accepted: [0, 1] })),
);
lines.push(row('1,000 functions: assess, two dry runs', 1000, assessed));
const help = await alternate(
  3 * rounds,
  () => measure([cli, '--help']),
  () => measure(['-e', '0']),
);
lines.push(row('`--help`, `node -e 0`', '', help));
console.log(lines.join('\n'));
if (values.results) replaceSection(values.results, 'bench', lines.join('\n'));
process.exit(0);

/**
 * The source files of a checkout's projects: all that the tool lists below their roots (`.gitignore` and dependencies left out), and
 * those of them that handlers reach, which it parses.
 */
async function sources(folder: string): Promise<{ all: string[]; reached: string[] }> {
  const { repository, projects } = await migrate({ folder });
  const roots = projects.map(({ project }) => project.root);
  const isInProject = (path: string) => roots.some((root) => root === '' || path.startsWith(`${root}/`));
  const all = repository.files().filter((path) => /\.[cm]?[jt]sx?$/.test(path) && !/\.d\.[cm]?ts$/.test(path) && isInProject(path));
  const reached = new Set(projects.flatMap(({ facts }) => Object.values(facts.functions).flatMap(({ files }) => files)));
  const absolute = (path: string) => repository.absolute(path);
  return { all: all.map(absolute), reached: [...reached].sort().map(absolute) };
}

async function twice(run: () => Promise<Figure>): Promise<Figure> {
  const [first, second] = [await run(), await run()];
  return { seconds: first.seconds + second.seconds, memory: Math.max(first.memory, second.memory) };
}

/** jscodeshift parses each file and writes none, with a process for each core, as it does by default on a larger machine. */
function noOp(files: readonly string[]): Promise<Figure> {
  const cpus = `--cpus=${availableParallelism()}`;
  return measure([jscodeshift, '-t', identity, '--dry', '--parser=tsx', '--silent', cpus, '--stdin'], { input: files.join('\n') });
}

/** Both in turn, so that whatever else the machine does meets both; the first run of each fills caches and is not counted. */
async function alternate(times: number, a: () => Promise<Figure>, b: () => Promise<Figure>): Promise<[Figure, Figure][]> {
  await a();
  await b();
  const figures: [Figure, Figure][] = [];
  for (let round = 0; round < times; round++) figures.push([await a(), await b()]);
  return figures;
}

function row(what: string, files: number | string, figures: readonly [Figure, Figure][]): string {
  // A run that was over before its memory was looked at has none to tell.
  const text = (value: number, digits: number) => (value > 0 && Number.isFinite(value) ? value.toFixed(digits) : '–');
  const cells = (of: (figure: Figure) => number, digits: number) => [
    text(median(figures.map(([a]) => of(a))), digits),
    text(median(figures.map(([, b]) => of(b))), digits),
    text(median(figures.map(([a, b]) => of(a) / of(b))), 2),
  ];
  return `| ${[what, files, ...cells(({ seconds }) => seconds, 2), ...cells(({ memory }) => memory, 0)].join(' | ')} |`;
}

function median(numbers: readonly number[]): number {
  const sorted = [...numbers].sort((x, y) => x - y);
  return sorted[Math.floor(sorted.length / 2)] ?? Number.NaN;
}
