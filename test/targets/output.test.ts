import { existsSync } from 'node:fs';
import { mkdir, rm, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { migrate } from '../../src/run.js';
import { defaultTarget, findTarget, targets } from '../../src/targets/index.js';
import { isFunctionTarget, type Target } from '../../src/targets/target.js';
import { readTree, repositoryRoot } from '../support/fixtures.js';

/**
 * One project, and what each target makes of it beside the code: `fixtures/targets/<target>/<none|template>`. The default target has
 * `fixtures/projects`.
 * `UPDATE_FIXTURES=1` rewrites them; read the diff before committing.
 */
const folder = join(repositoryRoot, 'fixtures/targets');
const update = process.env['UPDATE_FIXTURES'] === '1';

const complete = targets.filter(({ id, available }) => available && id !== defaultTarget).map(({ id }) => findTarget(id));
const cases = complete.flatMap((target) =>
  !isFunctionTarget(target) && target.stack === undefined
    ? [{ id: target.id, infra: 'none' as const, target }]
    : [
        { id: target.id, infra: 'none' as const, target },
        { id: target.id, infra: 'template' as const, target },
      ],
);

async function filesOf(target: Target, infra: 'none' | 'template'): Promise<Record<string, string>> {
  const { changes } = await migrate({ folder: join(folder, 'input'), target: target.id, infra, threads: 0 });
  // Where nothing is made but an edit, the guide is what there is to see.
  const files = isFunctionTarget(target) ? /./ : /^(deploy\/|template\.yaml$)/;
  const own = changes.filter(({ path }) => files.test(path));
  return Object.fromEntries(own.map(({ path, after }) => [path, after ?? '']));
}

describe.each(cases)('$id with --infra $infra', ({ infra, target }) => {
  const expected = join(folder, target.id, infra);

  it('makes these files', async () => {
    const files = await filesOf(target, infra);
    if (update) await rewrite(expected, files);
    expect(files).toEqual(existsSync(expected) ? await readTree(expected) : {});
  });
});

async function rewrite(output: string, files: Record<string, string>): Promise<void> {
  await rm(output, { recursive: true, force: true });
  for (const [path, text] of Object.entries(files)) {
    await mkdir(dirname(join(output, path)), { recursive: true });
    await writeFile(join(output, path), text);
  }
}
