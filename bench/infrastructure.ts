/**
 * `npm run infrastructure -- <folders>`: puts the resources of the services into the definition of every project of checkouts, in memory,
 * and prints how many are whole, and why the others are not. `--python` names an interpreter with cfn-lint: it then tells the errors that an
 * original did not have. `--target` names one that edits functions: then it tells what becomes of them, and SAM judges the templates too.
 */
import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { migrate, type RunResult } from '../src/run.js';
import { checkoutsIn } from './corpus/checkouts.js';
import { type EditedFunctions, editedFunctions, functionsTable } from './infrastructure/functions-edited.js';
import { markdownTable, type Stack, stackOf } from './infrastructure/stacks.js';
import { replaceSection } from './results.js';

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: { python: { type: 'string' }, results: { type: 'string' }, target: { type: 'string' } },
});

const stacks: Stack[] = [];
const functions: EditedFunctions[] = [];
for (const checkout of (await Promise.all(positionals.map(checkoutsIn))).flat()) {
  const result = await migrated(checkout.folder);
  for (const project of result?.projects ?? []) {
    const stack = stackOf(project, result as RunResult, checkout.name);
    if (stack) stacks.push(stack);
    const edited = editedFunctions(project, result as RunResult, checkout.name);
    if (edited) functions.push(edited);
  }
}

/** Folders without a function are not counted. */
async function migrated(folder: string): Promise<RunResult | undefined> {
  try {
    return await migrate({ folder, infra: 'template', target: values.target, threads: 1 });
  } catch (error) {
    console.error(folder, error instanceof Error ? error.message : error);
    return undefined;
  }
}

if (values.target === undefined) {
  const text = markdownTable(stacks, values.python === undefined ? undefined : errors(values.python, stacks, '--lint'));
  console.log(text);
  if (values.results) replaceSection(values.results, 'infrastructure', text);
} else {
  const text = functionsTable(functions, values.python === undefined ? undefined : errors(values.python, functions, '--translate'));
  console.log(text);
  if (values.results) replaceSection(values.results, values.target, text);
}

/** A template as it was, and as it is. */
type Case = Pick<Stack, 'name' | 'dialect' | 'before' | 'after'>;

/** Findings that the original did not have, by definition: of cfn-lint, and with `--translate` of SAM. */
function errors(python: string, of: readonly Case[], flag: '--lint' | '--translate'): Map<string, [string, string][]> {
  const cases = of.filter(({ after }) => after !== null).map(({ name, dialect, before, after }) => ({ name, dialect, before, after }));
  const { stdout, stderr, status } = spawnSync(python, [join('test/judges/stacks.py'), flag], {
    input: JSON.stringify(cases),
    encoding: 'utf8',
    maxBuffer: 256 * 1024 * 1024,
  });
  if (status !== 0) throw new Error(stderr);
  const judged = JSON.parse(stdout) as { name: string; new: [string, string][]; refused?: string | null }[];
  const all = judged.map((each): [string, [string, string][]] => [
    each.name,
    [...each.new, ...(each.refused ? [['SAM', each.refused] as [string, string]] : [])],
  ]);
  return new Map(all.filter(([, found]) => found.length > 0));
}
