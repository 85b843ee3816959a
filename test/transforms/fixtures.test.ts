import { readdirSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import type { Facts } from '../../src/analysis/facts.js';
import type { Diagnostic } from '../../src/diagnostics/diagnostic.js';
import type { Project } from '../../src/project/model.js';
import { sourceTransforms, transforms, transformText } from '../../transforms/index.js';
import { sdkDependencies } from '../../transforms/sdk-dependencies/index.js';
import { casesOf, fixturesRoot, type TransformCase } from './fixtures.js';

/** What they leave is the plan's to tell. */
const neverRefuse = new Set(['runs-on-lambda']);

const shown = ({ code, line, args }: Diagnostic) => ({ code, line, ...(args.reason !== undefined && { reason: args.reason }) });

describe('the list of transforms', () => {
  it('names every folder of transforms/ once, and each has fixtures', () => {
    const folders = readdirSync(fileURLToPath(new URL('../../transforms/', import.meta.url)), { withFileTypes: true });
    const ids = transforms.map(({ meta }) => meta.id);
    expect(new Set(ids).size).toBe(ids.length);
    expect([...ids].sort()).toEqual(
      folders
        .filter((entry) => entry.isDirectory())
        .map(({ name }) => name)
        .sort(),
    );
    expect(readdirSync(fixturesRoot).sort()).toEqual([...ids].sort());
  });

  it.each(sourceTransforms.map((each) => [each.meta.id] as const))(
    '%s has a case that must not change and one that it must refuse',
    (id) => {
      const names = casesOf(id).map(({ name }) => name);
      expect(names.some((name) => name.startsWith('unchanged-'))).toBe(true);
      expect(names.some((name) => name.startsWith('refuse-'))).toBe(!neverRefuse.has(id));
    },
  );
});

describe.each(sourceTransforms.map((each) => [each.meta.id, each] as const))('%s', (id, transform) => {
  const run = (text: string, file: string) =>
    transform.guard(text) ? transformText(text, [transform], { file }) : { text: undefined, diagnostics: [] };
  const cases = casesOf(id);
  it('finds its cases', () => expect(cases.length).toBeGreaterThan(2));

  it.each(cases.map((each): [string, TransformCase] => [each.name, each]))('%s', (name, { input, output, diagnostics, extension }) => {
    const result = run(input, `${name}.${extension}`);
    expect(result.text ?? input).toBe(output);
    expect(result.diagnostics.map(shown)).toEqual(diagnostics);
    const mustStay = name.startsWith('unchanged-') || name.startsWith('refuse-');
    expect(result.text === undefined).toBe(mustStay);
    expect(name.startsWith('refuse-') ? diagnostics.length : 1).toBeGreaterThan(0);
    expect(run(output, `${name}.${extension}`).text).toBeUndefined();
  });

  it.each(cases.filter(({ output, input }) => output !== input).map((each): [string, TransformCase] => [each.name, each]))(
    '%s keeps line ends, byte order mark and shebang',
    (_, { input, output }) => {
      const windows = (text: string) => `\uFEFF${text.replaceAll('\n', '\r\n')}`;
      const script = (text: string) => `#!/usr/bin/env node\n${text}`;
      expect(run(windows(input), 'a.ts').text).toBe(windows(output));
      expect(run(script(input), 'a.ts').text).toBe(script(output));
    },
  );
});

describe('sdk-dependencies', () => {
  const cases = casesOf('sdk-dependencies');
  it('finds its cases', () => expect(cases.length).toBeGreaterThan(2));

  it.each(cases.map((each): [string, TransformCase] => [each.name, each]))('%s', (_, { input, output }) => {
    const { packageJson, nested, packages } = JSON.parse(input) as {
      packageJson: object;
      nested?: object[];
      packages: Record<string, string>;
    };
    const project = { packageInfo: { file: 'package.json', json: packageJson, nested: nested ?? [] }, functions: [] } as unknown as Project;
    const places = Object.fromEntries(Object.entries(packages).map(([name, file]) => [name, { file, line: 1 }]));
    const facts = { functions: { Get: { packages: places } }, diagnostics: [] } as unknown as Facts;
    const { add, moveToDependencies, diagnostics } = sdkDependencies({ project, facts, functions: ['Get'] });
    expect({ add, moveToDependencies, diagnostics: diagnostics.map(({ code, args }) => `${code} ${args.package}`) }).toEqual(
      JSON.parse(output),
    );
  });
});
