/** Writes the result of verify into the MIGRATION.md of each project. */
import { readdir, readFile, realpath } from 'node:fs/promises';
import { join, posix } from 'node:path';
import writeFileAtomic from 'write-file-atomic';
import { UserError } from '../errors.js';
import { Code, markdownCode, render } from '../render.js';
import { withGuideSection } from '../reports/guide-section.js';
import type { FunctionVerdict, VerifyResult } from './verdict.js';

/**
 * @param root folder that was verified; definitions are relative to it
 * @param today date as it is shown, `2026-01-31`
 * @returns the guides, relative to the folder
 * @throws UserError when a project has no guide, before anything is written.
 */
export async function writeGuides(root: string, result: VerifyResult, today: string): Promise<string[]> {
  const definitions = [...new Set(result.functions.map(({ definition }) => definition))];
  const guides = await Promise.all(definitions.map(async (definition) => ({ definition, path: await guideOf(root, definition) })));
  for (const { definition, path } of guides) {
    const text = await readFile(join(root, path), 'utf8');
    await writeFileAtomic(join(root, path), withGuideSection(text, sectionOf(result, definition, today)));
  }
  return guides.map(({ path }) => path);
}

/** The guide that names the definition, in its folder or above it. */
async function guideOf(root: string, definition: string): Promise<string> {
  for (let folder = posix.dirname(definition); ; folder = posix.dirname(folder)) {
    const named = `Written by migrate-lambda from ${markdownCode(posix.relative(folder, definition))}.`;
    for (const name of await guidesIn(root, folder)) {
      const path = posix.join(folder, name);
      if ((await readFile(join(root, path), 'utf8')).includes(named)) return path;
    }
    if (folder === '.') break;
  }
  throw new UserError(
    `No MIGRATION.md tells of ${definition}`,
    'Write the migration first ("migrate-lambda <folder> --write"), then give --before and --guide.',
    definition,
  );
}

async function guidesIn(root: string, folder: string): Promise<string[]> {
  const inside = await realpath(join(root, folder));
  const entries = await readdir(inside, { withFileTypes: true });
  return entries.filter((entry) => entry.isFile() && /^MIGRATION\b.*\.md$/.test(entry.name)).map(({ name }) => name);
}

const words: Readonly<Record<FunctionVerdict['verdict'], string>> = {
  equal: 'equal',
  different: '**different**',
  'not-comparable': 'not comparable',
};

function sectionOf({ functions, rules }: VerifyResult, definition: string, today: string): string {
  const own = functions.filter((each) => each.definition === definition);
  const count = (verdict: FunctionVerdict['verdict']) => own.filter((each) => each.verdict === verdict).length;
  return render('report/verify-section.hbs', {
    date: new Code(today),
    summary: new Code(`${count('equal')} equal, ${count('different')} different, ${count('not-comparable')} not comparable`),
    functions: own.map(({ function: id, verdict, compared, because, findings }) => ({
      function: id,
      verdict: new Code(words[verdict]),
      compared: new Code(String(compared)),
      because: because ?? findings.map(({ name }) => name).join('; '),
    })),
    rules,
  });
}
