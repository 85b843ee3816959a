import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { assess } from '../../src/assess/assess.js';
import { availabilityFacts, findRegion, type RegionFact } from '../../src/aws/facts.js';
import { assessmentBlocks } from '../../src/reports/assess/blocks.js';
import { terminalBlocks } from '../../src/reports/assess/terminal.js';
import { paintOf } from '../../src/reports/paint.js';
import { projectFixtures, repositoryRoot } from '../support/fixtures.js';

/** `UPDATE_GOLDEN=1 npx vitest run test/assess/golden.test.ts` writes the reports anew; read the difference. */
const update = process.env['UPDATE_GOLDEN'] === '1';

const golden = join(repositoryRoot, 'fixtures/assess');
const regions = ['us-east-1', 'eu-west-1', 'ap-southeast-1', 'cn-north-1', 'cn-northwest-1'].map((id) => findRegion(id) as RegionFact);
const fixtures = [
  'cloudformation-alb',
  'monorepo-shared',
  'plain-commonjs',
  'sam-function-url',
  'sam-layer-files',
  'sam-rest',
  'sam-sqs',
  'serverless-http-api',
  'serverless-nest',
  'serverless-schedule',
];

describe.each(fixtures)('the report of %s', (name) => {
  const made = assess({ folder: join(projectFixtures, name, 'input'), regions, threads: 0 });

  it.each(['en', 'zh'] as const)('in %s is as it was', async (language) => {
    const text = terminalBlocks(assessmentBlocks(await made, language, false), { paint: paintOf(false), columns: 140 });
    const file = join(golden, `${name}.${language}.txt`);
    if (update) {
      mkdirSync(golden, { recursive: true });
      writeFileSync(file, text);
    }
    expect(existsSync(file), `${file} is missing: UPDATE_GOLDEN=1`).toBe(true);
    expect(text).toBe(readFileSync(file, 'utf8'));
  });

  it('tells the facts of the data', async () => {
    for (const { region, services, options } of (await made).regions) {
      for (const fact of [...services, ...options.flatMap(({ availability }) => availability.facts)]) {
        expect(availabilityFacts()).toContainEqual(fact);
        expect(
          fact.where.some((where) => [region.id, region.partition, '*'].includes(where)),
          `${fact.id} in ${region.id}`,
        ).toBe(true);
      }
    }
  });

  it('leaves no English sentence in Chinese', async () => {
    const blocks = assessmentBlocks(await made, 'zh', true);
    const text = blocks.flatMap((block) => (block.kind === 'text' ? [block.text] : block.kind === 'list' ? block.items : [])).join('\n');
    const sources = new Set((await made).regions.flatMap(({ services }) => services.map(({ source }) => source)));
    const rest = [...sources].reduce((left, source) => left.replaceAll(source, ''), text).replace(/`[^`]*`/g, '');
    expect(rest).not.toMatch(/(?<![-\w])[a-z]{2,}(?: [a-z]{2,}){2,}/);
  });
});
