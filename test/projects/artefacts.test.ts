import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { CelEngine, TemplateFile } from '@aws/cloudformation-validate';
import { validate } from 'dockerfile-utils';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { migrate } from '../../src/run.js';
import { fixtureNames, projectFixtures, readTree } from '../support/fixtures.js';

/** Every generated artefact of every fixture is parsed, and judged by tools that others wrote. */
let engine: InstanceType<typeof CelEngine>;
const scratch = mkdtempSync(join(tmpdir(), 'artefacts-'));
beforeAll(() => {
  engine = new CelEngine();
});
afterAll(() => {
  engine.free();
  rmSync(scratch, { recursive: true });
});

describe.each(await fixtureNames())('%s', async (name) => {
  const files = Object.entries(await readTree(join(projectFixtures, name, 'output')));
  const matching = (pattern: RegExp) => files.filter(([path]) => pattern.test(path));

  it('has task definitions that CloudFormation accepts', async () => {
    const { changes } = await migrate({ folder: join(projectFixtures, name, 'input'), infra: 'none', threads: 0 });
    const definitions = changes.flatMap(({ path, after }) =>
      /task-definition\.[\w-]+\.json$/.test(path) ? [[path, after ?? ''] as const] : [],
    );
    expect(definitions.length).toBeGreaterThan(0);
    for (const [path, text] of definitions) {
      const template = { Resources: { Task: { Type: 'AWS::ECS::TaskDefinition', Properties: capitalised(JSON.parse(text)) } } };
      const file = join(scratch, 'template.json');
      writeFileSync(file, JSON.stringify(template));
      const { diagnostics } = engine.validateStandard(new TemplateFile(file));
      // E1029 speaks of texts that are to be replaced and show a reference as the user wrote it: `!Sub "${Users}"`.
      const errors = diagnostics.filter(({ severity, ruleId }) => /^(error|fatal)$/i.test(String(severity)) && ruleId !== 'E1029');
      expect(
        errors.map(({ ruleId, message }) => `${ruleId} ${message}`),
        path,
      ).toEqual([]);
    }
  });

  it('has Dockerfiles without a finding', () => {
    const dockerfiles = matching(/(^|\/)Dockerfile(\.(?!dockerignore$)\w+)?$/);
    expect(dockerfiles.length).toBeGreaterThan(0);
    for (const [path, text] of dockerfiles) {
      expect(
        validate(text).map(({ message }) => message),
        path,
      ).toEqual([]);
      expect(text).toMatch(/^USER (?!root|0)/m);
      expect(text).toMatch(/^CMD \["/m);
    }
  });

  it('has YAML and JSON that parses', () => {
    for (const [, text] of matching(/(^|\/)compose[\w.]*\.yaml$/)) expect(parse(text)).toHaveProperty('services');
    for (const [path, text] of matching(/\.json$/)) if (!path.endsWith('tsconfig.json')) expect(() => JSON.parse(text), path).not.toThrow();
  });
});

/** Keys of a task definition as CloudFormation writes them; maps whose keys are the user's stay. */
function capitalised(value: unknown, key = ''): unknown {
  if (Array.isArray(value)) return value.map((item) => capitalised(item, key));
  if (typeof value !== 'object' || value === null) return value;
  const free = key === 'options' || key === 'dockerLabels';
  return Object.fromEntries(
    Object.entries(value).map(([name, item]) => [free ? name : `${name[0]?.toUpperCase()}${name.slice(1)}`, capitalised(item, name)]),
  );
}
