/**
 * `npm run corpus -- <folder of checkouts> [--boot] [--only text] [--json file]`: runs the tool over every project below each
 * checkout and prints one table. With `--boot` the migrated copy of every web project is installed, built and started.
 */
import { mkdtempSync, readdirSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { type BootResult, bootProject } from './corpus-boot.js';
import { type Report, type ReportProject, runTool } from './corpus-tool.js';

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: { boot: { type: 'boolean' }, only: { type: 'string' }, json: { type: 'string' }, jobs: { type: 'string', default: '2' } },
});

interface Row {
  checkout: string;
  report: Report;
  boots: BootResult[];
}

const checkouts = positionals.flatMap((folder) => subfolders(resolve(folder)));
if (checkouts.length === 0) {
  console.error('usage: npm run corpus -- <folder that holds checkouts> [--boot] [--only text] [--json file]');
  process.exit(2);
}

const rows: Row[] = [];
for (const checkout of checkouts) rows.push(await examine(checkout));
print(rows);
if (values.json) writeFileSync(values.json, `${JSON.stringify(rows, null, 2)}\n`);
process.exitCode = rows.some(({ report }) => report.summary.failed > 0) ? 1 : 0;

function subfolders(folder: string): string[] {
  return readdirSync(folder)
    .map((name) => join(folder, name))
    .filter((path) => statSync(path).isDirectory());
}

async function examine(checkout: string): Promise<Row> {
  const report = await runTool(checkout, ['--json']);
  assertAccounted(report);
  const boots = values.boot ? await bootAll(checkout, report) : [];
  return { checkout: checkout.split('/').at(-1) ?? checkout, report, boots };
}

/** In = migrated + stays + needs a person + failed, for every project. */
function assertAccounted(report: Report): void {
  const { functions, migrated, stays, needsPerson, failed } = report.summary;
  if (functions !== migrated + stays + needsPerson + failed) throw new Error(`unaccounted functions: ${JSON.stringify(report.summary)}`);
}

/** Boots the web projects, a few at a time, in a migrated copy of the checkout. */
async function bootAll(checkout: string, report: Report): Promise<BootResult[]> {
  const copy = mkdtempSync(join(tmpdir(), 'corpus-'));
  try {
    await runTool(checkout, ['--out', join(copy, 'out')]);
    const queue = report.projects.filter(isWeb).filter(({ root }) => !values.only || root.includes(values.only));
    const results: BootResult[] = [];
    const worker = async () => {
      for (let project = queue.shift(); project; project = queue.shift()) {
        const result = await bootProject(join(copy, 'out', project.root), project.root);
        results.push(result);
        console.error(`${result.outcome.padEnd(12)} ${project.root} ${result.detail.split('\n')[0] ?? ''}`);
      }
    };
    await Promise.all(Array.from({ length: Number(values.jobs) }, worker));
    return results.sort((a, b) => (a.root < b.root ? -1 : 1));
  } finally {
    rmSync(copy, { recursive: true, force: true });
  }
}

function isWeb(project: ReportProject): boolean {
  return project.functions.some(({ outcome, workload }) => outcome === 'migrated' && workload === 'web');
}

function print(all: Row[]): void {
  console.log(
    '| checkout | projects | functions | web | worker | job | stays | needs a person | failed | web projects healthy | type-check |',
  );
  console.log('| --- | ---: | ---: | ---: | ---: | ---: | ---: | ---: | ---: | ---: | ---: |');
  for (const { checkout, report, boots } of all) {
    const functions = report.projects.flatMap((project) => project.functions);
    const migrated = (workload: string) => functions.filter((found) => found.outcome === 'migrated' && found.workload === workload).length;
    const { summary } = report;
    const healthy = boots.length === 0 ? '' : `${boots.filter(({ outcome }) => outcome === 'healthy').length} of ${boots.length}`;
    const typed = boots.filter(({ types }) => types !== 'none');
    const types = typed.length === 0 ? '' : `${typed.filter(({ types: result }) => result === 'ok').length} of ${typed.length}`;
    const cells = [
      checkout,
      summary.projects,
      summary.functions,
      migrated('web'),
      migrated('worker'),
      migrated('job'),
      summary.stays,
      summary.needsPerson,
      summary.failed,
      healthy,
      types,
    ];
    console.log(`| ${cells.join(' | ')} |`);
  }
  printCounts(
    'Stays on Lambda, by trigger',
    all.flatMap(({ report }) => stayReasons(report)),
  );
  printCounts(
    'Needs a person, by diagnostic',
    all.flatMap(({ report }) => personReasons(report)),
  );
  printCounts(
    'Boot failures',
    all.flatMap(({ boots }) =>
      boots.filter(({ outcome }) => outcome !== 'healthy').map(({ root, outcome, detail }) => `${outcome}: ${root}: ${detail}`),
    ),
  );
}

function stayReasons(report: Report): string[] {
  return report.projects.flatMap(({ functions }) =>
    functions
      .filter(({ outcome }) => outcome === 'stays')
      .map(({ triggers, runtime }) =>
        (runtime?.startsWith('nodejs') ?? true) ? triggers.map(({ type }) => type).join(' + ') || 'no trigger' : 'not Node.js',
      ),
  );
}

function personReasons(report: Report): string[] {
  return report.projects.flatMap(({ functions }) =>
    functions.filter(({ outcome }) => outcome === 'needs-person').map(({ diagnostics }) => diagnostics.join(' + ') || 'no diagnostic'),
  );
}

function printCounts(title: string, items: string[]): void {
  if (items.length === 0) return;
  const counts = new Map<string, number>();
  for (const item of items) counts.set(item, (counts.get(item) ?? 0) + 1);
  console.log(`\n${title}\n`);
  for (const [item, count] of [...counts].sort((a, b) => b[1] - a[1])) console.log(`- ${count} × ${item}`);
}
