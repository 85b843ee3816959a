import { afterAll, describe, expect, it } from 'vitest';
import type { Mend } from '../../src/mending/mend.js';
import { mendFile } from '../../src/mending/standalone.js';
import { openRepository } from '../../src/project/open-repository.js';
import { cleanUp, temporaryFolder } from '../support/fixtures.js';
import { writeTree } from '../support/trees.js';

afterAll(cleanUp);

const source = `let user;
exports.handler = async (event) => {
  if (event.user) user = event.user;
  await fetch('https://example.org');
  return { user };
};
`;

async function mendWith(mend: Mend['mend']) {
  const folder = await temporaryFolder();
  await writeTree(folder, { 'sample.js': source });
  const meta = { id: 'any', description: '', trigger: '', kind: 'source' as const };
  return mendFile(openRepository(folder), 'sample.js', source, [{ meta, codes: ['SHARED_VARIABLE_REASSIGNED'], mend }]);
}

const edited =
  (text: string): Mend['mend'] =>
  () =>
    new Map([['sample.js', text]]);

describe('an edit is given up', () => {
  it('when the hazard is still there', async () => {
    expect((await mendWith(edited(`${source}// more\n`))).text).toBeUndefined();
  });

  it('when another hazard comes with it', async () => {
    const other =
      "exports.handler = async (event) => { process.env.USER_NAME = event.user; await fetch('https://example.org'); return {}; };\n";
    expect((await mendWith(edited(other))).text).toBeUndefined();
  });

  it('when the text does not parse', async () => {
    expect((await mendWith(edited('exports.handler = async (event) => {'))).text).toBeUndefined();
  });

  it('when the mend fails', async () => {
    const { text, left } = await mendWith(() => {
      throw new Error('unexpected');
    });
    expect([text, left.map(({ diagnostic }) => diagnostic.code)]).toEqual([undefined, ['SHARED_VARIABLE_REASSIGNED']]);
  });

  it('and stands when nothing is left', async () => {
    const safe = "exports.handler = async (event) => { await fetch('https://example.org'); return { user: event.user }; };\n";
    expect((await mendWith(edited(safe))).text).toBe(safe);
  });
});
