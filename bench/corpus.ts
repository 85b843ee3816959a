/**
 * `npm run corpus -- <folders>`: runs the tool over every project of checkouts and prints one table. A folder is a checkout, or holds
 * checkouts. With `--boot` each migrated project is also installed, type-checked, built and started in a temporary copy; this runs
 * code of the checkouts. With `--verify` the original functions and the migrated services are run side by side and compared.
 */
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { availableParallelism, tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import type { Report } from '../src/index.js';
import { type BootResult, bootProject } from './corpus/boot.js';
import { type Checkout, checkoutsIn } from './corpus/checkouts.js';
import { renderTemplates } from './corpus/cookiecutter.js';
import { stopAws } from './corpus/environment.js';
import { KeptResults } from './corpus/kept-results.js';
import { migrated, Original } from './corpus/original.js';
import { type Examined, isHealthy, markdown } from './corpus/table.js';
import { migrateCopy } from './corpus/tool.js';
import { type VerifyResult, verifyAll } from './corpus/verify.js';
import { endAllAtExit } from './processes.js';
import { replaceSection } from './results.js';

const usage = `npm run corpus -- <folders> [options]

  --boot            install, type-check, build and start every migrated project (runs code of the checkouts)
  --verify          compare original and migrated services' answers (runs code of the checkouts)
  --runtime ric     run the originals with AWS's own runtime client
  --style native    rewrite handlers into routes where that is understood; tells the share, and why others are not
  --runs <number>   random requests a route; default: 25
  --only <text>     boot and verify only projects whose checkout/root contains the text; may be repeated
  --jobs <number>   projects at the same time; default: the number of cores
  --cache <folder>  where installs and results are kept between runs; default: a folder of the system's for temporary files
  --fresh           boot again what an earlier run found not healthy
  --json <file>     write everything that was found
  --results <file>  put the tables into this Markdown file, in the place of the last ones`;

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    boot: { type: 'boolean' },
    verify: { type: 'boolean' },
    runtime: { type: 'string', default: 'built-in' },
    style: { type: 'string' },
    runs: { type: 'string', default: '25' },
    only: { type: 'string', multiple: true },
    jobs: { type: 'string', default: String(availableParallelism()) },
    cache: { type: 'string', default: join(tmpdir(), 'migrate-lambda-corpus') },
    fresh: { type: 'boolean' },
    json: { type: 'string' },
    results: { type: 'string' },
  },
});
if (positionals.length === 0) {
  console.error(usage);
  process.exit(2);
}

const cache = resolve(values.cache);
mkdirSync(cache, { recursive: true });
// Beside the kept installs: what is installed in it is moved there.
const scratch = mkdtempSync(join(cache, 'run-'));
endAllAtExit(() => rmSync(scratch, { recursive: true, force: true }));

const checkouts = (await Promise.all(positionals.map(checkoutsIn))).flat();
const examined: Examined[] = [];
for (const checkout of checkouts) examined.push(await examine(checkout));
await stopAws();
const { boot: hasBoots = false, verify: hasVerdicts = false } = values;
const style = styleOf(values.style);
const text = markdown(examined, { hasBoots, hasVerdicts, hasStyles: style !== undefined });
console.log(text);
if (values.json) writeFileSync(values.json, `${JSON.stringify(examined, null, 2)}\n`);
if (values.results) replaceSection(values.results, style ?? (hasVerdicts ? 'verify' : 'corpus'), text);
process.exit(examined.some(({ error, report }) => error !== undefined || (report?.summary.failed ?? 0) > 0) ? 1 : 0);

async function examine(given: Checkout): Promise<Examined> {
  const folder = mkdtempSync(join(scratch, 'checkout-'));
  try {
    const checkout = await renderTemplates(given, folder);
    const out = join(folder, 'out');
    const report = await migrateCopy(checkout.folder, out, styleOf(values.style));
    console.error(
      `${checkout.name}: ${report.summary.projects} projects, ${report.summary.migrated} of ${report.summary.functions} functions migrated`,
    );
    const boots = values.boot ? await bootAll(checkout, out, report, join(folder, 'original')) : [];
    const verified = values.verify ? await verifyCheckout(checkout) : [];
    return { checkout, report, boots, verified };
  } catch (error) {
    console.error(`${given.name}: ${String(error)}`);
    return { checkout: given, error: String(error), boots: [], verified: [] };
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

function styleOf(text: string | undefined): 'native' | undefined {
  return text === 'native' ? text : undefined;
}

function verifyCheckout(checkout: Checkout): Promise<VerifyResult[]> {
  const runtime = values.runtime === 'ric' ? 'ric' : 'built-in';
  return verifyAll({
    checkout,
    cache,
    runtime,
    style: styleOf(values.style),
    runs: Number(values.runs),
    isWanted,
    onVerified: (each) => console.error(verdictLine(each)),
  });
}

function verdictLine({ checkout, root, functions }: VerifyResult): string {
  const parts = functions.map(({ function: id, verdict, because, findings }) => {
    const why = because ?? findings[0]?.name;
    return `${id}: ${verdict}${why === undefined ? '' : ` (${why})`}`;
  });
  return `${checkout}/${root} ${parts.join('; ')}`;
}

/** Boots the projects that have migrated functions, a few at a time. */
async function bootAll(checkout: Checkout, out: string, report: Report, copy: string): Promise<BootResult[]> {
  const original = new Original(checkout.folder, copy, cache);
  const kept = new KeptResults(cache, checkout.commit, out);
  const queue = report.projects.filter((project) => migrated(project).length > 0 && isWanted(`${checkout.name}/${project.root}`));
  const results: BootResult[] = [];
  const work = async () => {
    for (let project = queue.shift(); project; project = queue.shift()) {
      const earlier = kept.read(project);
      const isGood = earlier && (!values.fresh || isHealthy(earlier));
      const result = isGood ? earlier : await bootProject({ checkout: checkout.name, out, project, original, cache });
      if (!isGood) kept.write(project, result);
      results.push(result);
      console.error(progressLine(result));
    }
  };
  await Promise.all(Array.from({ length: Math.max(1, Number(values.jobs)) }, work));
  return results.sort((a, b) => (a.root < b.root ? -1 : 1));
}

function isWanted(name: string): boolean {
  return values.only === undefined || values.only.some((text) => name.includes(text));
}

function progressLine({ checkout, root, services, types, unparsable }: BootResult): string {
  const parts = services.map(({ name, outcome, detail }) => `${name}: ${outcome}${detail && ` (${detail})`}`);
  const typed = types.outcome === 'none' ? [] : [`types: ${types.outcome}${types.detail && ` (${types.detail})`}`];
  return `${checkout}/${root} ${[...parts, ...typed, ...unparsable.map((path) => `does not parse: ${path}`)].join('; ')}`;
}
