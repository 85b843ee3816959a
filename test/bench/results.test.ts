import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { reasonOf } from '../../bench/corpus/failure.js';
import { type Examined, markdown } from '../../bench/corpus/table.js';
import { replaceSection } from '../../bench/results.js';

const folder = mkdtempSync(join(tmpdir(), 'results-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

describe('sections of docs/results.md', () => {
  it('replaces a section and leaves the rest, adds a missing one', () => {
    const file = join(folder, 'results.md');
    writeFileSync(file, '# Results\n\n<!-- corpus: begin -->\nold\n<!-- corpus: end -->\n\nafter\n');
    replaceSection(file, 'corpus', 'new');
    replaceSection(file, 'bench', 'fast\n');
    expect(readFileSync(file, 'utf8')).toBe(
      '# Results\n\n<!-- corpus: begin -->\nnew\n<!-- corpus: end -->\n\nafter\n\n<!-- bench: begin -->\nfast\n<!-- bench: end -->\n',
    );
  });
});

describe('the reason of a failure', () => {
  it.each([
    ["noise\nError: Cannot find module 'aws-sdk'\nRequire stack:\n- /tmp/x/a.js", "Error: Cannot find module 'aws-sdk'"],
    ['{"level":"error","message":"m","error":{"name":"MongooseError","message":"no uri\\nmore"}}', 'MongooseError: no uri'],
    [
      "Error [ERR_MODULE_NOT_FOUND]: Cannot find package 'a' imported from /tmp/corpus-1/out/b/c.mjs",
      "Error : Cannot find package 'a' imported from c.mjs",
    ],
    [
      'error in node_modules/a/b.js of /tmp/run-1/x/c.js: see https://host/d/e',
      'error in node_modules/a/b.js of c.js: see https://host/d/e',
    ],
    ['first\nlast', 'last'],
    ['', 'no output'],
  ])('%j', (output, expected) => expect(reasonOf(output)).toBe(expected));
});

describe('the table', () => {
  const boot = (root: string, outcome: 'healthy' | 'start' | 'original-load') => ({
    checkout: 'one',
    root,
    definition: `${root}/template.yaml`,
    functions: { web: 2, worker: 0, job: 0 },
    unparsable: [],
    types: { outcome: 'none' as const, ownBefore: 0, ownAfter: 0, detail: '' },
    services: [{ name: 'web', kind: 'web' as const, outcome, detail: outcome === 'healthy' ? '' : 'a | b' }],
    placeholders: [],
    notes: [],
  });

  it('leaves failures of the original out of the share, and lists each failure', () => {
    const examined: Examined[] = [
      {
        checkout: { name: 'one', folder: '/one', commit: 'abc' },
        boots: [boot('good', 'healthy'), boot('bad', 'start'), boot('theirs', 'original-load')],
        verified: [],
      },
    ];
    const text = markdown(examined, { hasBoots: true, hasVerdicts: false, hasStyles: false });
    expect(text).toContain('| web: projects that are healthy | 1 of 2 |');
    expect(text).toContain('| web: their functions | 2 of 4 |');
    expect(text).toContain('| web: besides, the original does not load | 1 |');
    expect(text).toContain('- one/bad (web): start: a \\| b');
    expect(text).toContain('- one/theirs (web): the original does not load: a \\| b');
  });

  it('counts verdicts, and lists what is not equal', () => {
    const fn = { definition: 'serverless.yml', compared: 3, findings: [] };
    const finding = { name: 'HEAD', request: 'HEAD /', differences: [{ what: 'status', before: '200', after: '404' }] };
    const verified = [
      {
        checkout: 'one',
        root: 'api',
        definition: 'serverless.yml',
        functions: [
          { ...fn, function: 'good', verdict: 'equal' as const },
          { ...fn, function: 'bad', verdict: 'different' as const, findings: [finding] },
          { ...fn, function: 'lost', verdict: 'not-comparable' as const, because: 'the function does not start either: no <module>' },
        ],
      },
    ];
    const text = markdown([{ checkout: { name: 'one', folder: '/one', commit: 'abc' }, boots: [], verified }], {
      hasBoots: false,
      hasVerdicts: true,
      hasStyles: false,
    });
    expect(text).toContain('| verified: equal | 1 |');
    expect(text).toContain('| – the function does not start either | 1 |');
    expect(text).toContain('| requests, batches and runs compared | 9 |');
    expect(text).toContain('- one/api bad: HEAD (status)');
    expect(text).toContain('- one/api lost: the function does not start either: no &lt;module>');
  });

  it('adds up the columns of several checkouts', () => {
    const one = (name: string): Examined => ({
      checkout: { name, folder: `/${name}`, commit: undefined },
      boots: [boot('good', 'healthy')],
      verified: [],
    });
    expect(markdown([one('a'), one('b')], { hasBoots: true, hasVerdicts: false, hasStyles: false })).toContain(
      '| web: projects that are healthy | 1 of 1 | 1 of 1 | 2 of 2 |',
    );
  });
});
