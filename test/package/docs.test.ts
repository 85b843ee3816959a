import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, expect, it } from 'vitest';
import { catalog } from '../../src/diagnostics/catalog.js';
import { comparisonRules } from '../../src/verify/rules.js';
import { between, diagnosticsPage, optionTables } from '../support/docs.js';
import { cleanUp, copyInput, repositoryRoot, runCli } from '../support/fixtures.js';

/** `UPDATE_DOCS=1 npx vitest run test/package/docs.test.ts` writes the generated parts anew. */
const update = process.env['UPDATE_DOCS'] === '1';

afterAll(cleanUp);

function expectGenerated(path: string, make: (current: string) => string): void {
  const file = join(repositoryRoot, path);
  const current = update ? readOrEmpty(file) : readFileSync(file, 'utf8');
  const wanted = make(current);
  if (update) writeFileSync(file, wanted);
  else expect(current, `${path} is out of date: UPDATE_DOCS=1`).toBe(wanted);
}

function readOrEmpty(file: string): string {
  try {
    return readFileSync(file, 'utf8');
  } catch {
    return '';
  }
}

it('the README lists the options there are', () => expectGenerated('README.md', (page) => between(page, 'options', optionTables())));

it('docs/diagnostics.md explains the diagnostics there are', () => expectGenerated('docs/diagnostics.md', diagnosticsPage));

it('docs/verify.md names the rules there are', () =>
  expectGenerated('docs/verify.md', (page) => {
    const rules = Object.values(comparisonRules).map(({ says }) => `- ${says}\n`);
    return between(page, 'rules', rules.join(''));
  }));

it('every diagnostic has a sentence, advice and an explanation, and only the words it fills in', () => {
  for (const [code, { message, advice, detail }] of Object.entries(catalog)) {
    expect(code).toMatch(/^[A-Z][A-Z0-9_]*$/);
    for (const text of [message, detail]) expect(text, code).toMatch(/\S/);
    expect(typeof advice, code).toBe('string');
    expect(detail, code).not.toMatch(/\{\w+\}/);
  }
});

/** Blocks like `<!-- fixture: file -->`, or `input/file` for what it was, and a fence below; lines `# …` and `// …` stand for lines left out. */
function excerpts(page: string): { fixture: string; file: string; pieces: string[] }[] {
  return [...page.matchAll(/<!-- ([\w-]+): (\S+) -->\n```\w+\n([\s\S]*?)```/g)].map((match) => ({
    fixture: match[1] as string,
    file: match[2] as string,
    pieces: (match[3] as string).split(/^(?:#|\/\/) …\n/m),
  }));
}

it('the README shows what really comes out', async () => {
  const shown = excerpts(readFileSync(join(repositoryRoot, 'README.md'), 'utf8'));
  expect(shown.length).toBeGreaterThan(3);
  for (const { fixture, file, pieces } of shown) {
    const folder = await copyInput(fixture);
    const isBefore = file.startsWith('input/');
    if (!isBefore) await runCli([folder, '--write']);
    const text = readFileSync(join(folder, isBefore ? file.slice('input/'.length) : file), 'utf8');
    let from = 0;
    for (const piece of pieces) {
      const at = text.indexOf(piece, from);
      expect(at, `${file}: ${piece}`).toBeGreaterThanOrEqual(0);
      from = at + piece.length;
    }
  }
});

it('the README begins with a command that runs the main job and one that runs the tests', async () => {
  const commands =
    /```sh\n([\s\S]*?)```/
      .exec(readFileSync(join(repositoryRoot, 'README.md'), 'utf8'))?.[1]
      ?.trim()
      .split('\n') ?? [];
  expect(commands).toHaveLength(2);
  expect(commands[1]).toBe('npm ci && npm test');
  const [, args = ''] = /^npm ci && node dist\/src\/cli\.js (.*)$/.exec(commands[0] ?? '') ?? [];
  expect(await runCli(args.split(' '), { cwd: repositoryRoot })).toMatchObject({ code: 0, stdout: expect.stringContaining('4 migrated') });
});
