/**
 * `npm run infrastructure -- <folders>`: puts the resources of the services into the definition of every project of checkouts, in memory,
 * and prints how many are whole, and why the others are not. `--python` names an interpreter with cfn-lint: it then tells the errors that an
 * original did not have.
 */
import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { migrate, type RunResult } from '../src/run.js';
import { checkoutsIn } from './corpus/checkouts.js';
import { markdownTable, type Stack, stackOf } from './infrastructure/stacks.js';
import { replaceSection } from './results.js';

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: { python: { type: 'string' }, results: { type: 'string' } },
});

const stacks: Stack[] = [];
for (const checkout of (await Promise.all(positionals.map(checkoutsIn))).flat()) {
  const result = await migrated(checkout.folder);
  for (const project of result?.projects ?? []) {
    const stack = stackOf(project, result as RunResult, checkout.name);
    if (stack) stacks.push(stack);
  }
}

/** Folders without a function are not counted. */
async function migrated(folder: string): Promise<RunResult | undefined> {
  try {
    return await migrate({ folder, infra: 'template', threads: 1 });
  } catch (error) {
    console.error(folder, error instanceof Error ? error.message : error);
    return undefined;
  }
}

const found = values.python === undefined ? undefined : errors(values.python);
const text = markdownTable(stacks, found);
console.log(text);
if (values.results) replaceSection(values.results, 'infrastructure', text);

/** Findings of cfn-lint that the original did not have, by definition. */
function errors(python: string): Map<string, [string, string][]> {
  const cases = stacks.filter(({ after }) => after !== null).map(({ name, before, after }) => ({ name, before, after }));
  const { stdout, stderr, status } = spawnSync(python, [join('test/judges/stacks.py'), '--lint'], {
    input: JSON.stringify(cases),
    encoding: 'utf8',
    maxBuffer: 256 * 1024 * 1024,
  });
  if (status !== 0) throw new Error(stderr);
  const judged = JSON.parse(stdout) as { name: string; new: [string, string][] }[];
  return new Map(judged.filter((each) => each.new.length > 0).map((each) => [each.name, each.new]));
}
