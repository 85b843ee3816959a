/** `UPDATE_FIXTURES=1` writes the outputs of the cases anew; read the diff. */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { mendFile } from '../../src/mending/standalone.js';
import { openRepository } from '../../src/project/open-repository.js';
import { mends } from '../../transforms/mends.js';
import { casesOf, fixturesRoot, type TransformCase } from '../transforms/fixtures.js';
import { differing, outcomes, removeFolders } from './run-concurrently.js';

afterAll(removeFolders);

const isUpdate = process.env.UPDATE_FIXTURES === '1';

describe.each(mends.map((each) => [each.meta.id, each] as const))('%s', (id, mend) => {
  const folder = join(fixturesRoot, id);
  const repository = openRepository(folder);
  const run = (text: string, { name, extension }: TransformCase) => {
    const { text: edited, left } = mendFile(repository, `${name}.input.${extension}`, text, [mend]);
    const found = left.filter(({ diagnostic }) => diagnostic.severity !== 'info' && mend.codes.includes(diagnostic.code));
    return { text: edited, left: found.map(({ diagnostic: { code, line } }) => ({ code, line })) };
  };
  const cases = casesOf(id);
  const changing = cases.filter(({ input, output }) => output !== input);

  it('has cases that change, one that must not, and one that must be refused', () => {
    const names = cases.map(({ name }) => name);
    expect(changing.length).toBeGreaterThan(0);
    expect(names.some((name) => name.startsWith('unchanged-'))).toBe(true);
    expect(names.some((name) => name.startsWith('refuse-'))).toBe(true);
  });

  it.each(cases.map((each): [string, TransformCase] => [each.name, each]))('%s', (name, each) => {
    const { text, left } = run(each.input, each);
    if (isUpdate) {
      writeFileSync(join(folder, `${name}.output.${each.extension}`), text ?? each.input);
      if (left.length > 0) writeFileSync(join(folder, `${name}.diagnostics.json`), `${JSON.stringify(left, null, 2)}\n`);
      return;
    }
    expect(text ?? each.input).toBe(each.output);
    expect(left).toEqual(each.diagnostics);
    expect(text === undefined).toBe(/^(unchanged|refuse)-/.test(name));
    expect(left.length > 0).toBe(name.startsWith('refuse-'));
    expect(run(each.output, each).text).toBeUndefined();
  });

  it.each(changing.map((each): [string, TransformCase] => [each.name, each]))(
    '%s keeps line ends, byte order mark and shebang',
    (_, each) => {
      const windows = (text: string) => `\uFEFF${text.replaceAll('\n', '\r\n')}`;
      const script = (text: string) => `#!/usr/bin/env node\n${text}`;
      expect(run(windows(each.input), each).text).toBe(windows(each.output));
      expect(run(script(each.input), each).text).toBe(script(each.output));
    },
  );

  it.each(changing.map((each): [string, TransformCase] => [each.name, each]))(
    '%s goes wrong with many requests at a time before, and not after',
    async (_, { input, output, extension }) => {
      const before = await outcomes(input, extension);
      const after = await outcomes(output, extension);
      expect(before.alone.some((each) => each.includes('"error"'))).toBe(false);
      expect(differing(before.alone, before.together)).toBeGreaterThan(0);
      expect(after.alone).toEqual(before.alone);
      expect(after.inTurn).toEqual(before.alone);
      expect(after.together).toEqual(before.alone);
    },
  );
});
