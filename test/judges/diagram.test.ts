import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { diagramBefore } from '../../src/diagram/diagram.js';
import { mermaid } from '../../src/diagram/mermaid.js';
import { sqs } from '../producing/sample.js';
import { fixtureNames, projectFixtures, readTree, repositoryRoot } from '../support/fixtures.js';
import { hostileText } from '../support/hostile.js';

interface Told {
  diagramType: string;
  labels: string[];
}

/** `JUDGES_MERMAID`: a folder that Mermaid is installed in. */
function parsed(texts: readonly string[]): Told[] {
  const folder = process.env['JUDGES_MERMAID'] ?? '';
  const { stdout, stderr, status } = spawnSync('node', [join(repositoryRoot, 'test/judges/diagram.mjs'), folder], {
    input: JSON.stringify(texts),
    encoding: 'utf8',
    maxBuffer: 64 * 1024 * 1024,
  });
  if (status !== 0) throw new Error(stderr);
  return JSON.parse(stdout) as Told[];
}

it('Mermaid draws every diagram of the fixtures', async () => {
  const outputs = await Promise.all((await fixtureNames()).map((name) => readTree(join(projectFixtures, name, 'output'))));
  const guides = outputs.flatMap((files) => Object.entries(files).flatMap(([path, text]) => (path.endsWith('MIGRATION.md') ? [text] : [])));
  const texts = guides.flatMap((text) => [...text.matchAll(/```mermaid\n([\s\S]*?)```/g)].map(([, diagram]) => diagram as string));
  expect(texts.length).toBeGreaterThanOrEqual(guides.length);
  for (const { diagramType, labels } of parsed(texts)) {
    expect(diagramType).toBe('flowchart-v2');
    expect(labels.length).toBeGreaterThan(1);
  }
});

it('Mermaid reads nothing but text into names of the user', () => {
  const names = fc.sample(fc.tuple(hostileText, hostileText), 60);
  const diagrams = names.map(([id, queue]) =>
    diagramBefore({ functions: [{ id, workload: 'worker', style: null, outcome: 'migrated', because: '', triggers: [sqs(queue)] }] }),
  );
  const told = parsed(diagrams.map((diagram) => `${mermaid(diagram, 'Functions').join('\n')}\n`));
  told.forEach(({ diagramType, labels }, index) => {
    expect(diagramType, JSON.stringify(names[index])).toBe('flowchart-v2');
    const shown = (diagrams[index]?.nodes ?? []).map(({ label }) => label.replace(/[\s\p{Cc}\u2028\u2029]+/gu, ' ').trim());
    // Mermaid keeps codes of characters in this form until it draws.
    const read = labels.map((label) => label.replace(/ﬂ°°(\d+)¶ß/g, (_, code: string) => String.fromCodePoint(Number(code))));
    expect(read.map((label) => label.trim())).toEqual(shown);
  });
});
