import { spawnSync } from 'node:child_process';
import { afterAll, expect, it } from 'vitest';
import { mendFile } from '../../src/mending/standalone.js';
import { openRepository } from '../../src/project/open-repository.js';
import { trackBackgroundWork } from '../../transforms/track-background-work/index.js';
import { cleanUp, temporaryFolder } from '../support/fixtures.js';
import { writeTree } from '../support/trees.js';

afterAll(cleanUp);

const source = `const audit = async (user) => {
  throw new Error(\`no audit of \${user}\`);
};
exports.handler = async (event) => {
  audit(event.user);
  return { user: event.user };
};
`;

/** Answers two requests, the second one some time after the first. */
function run(code: string) {
  const requests = `
const answer = async (user) => console.log(JSON.stringify(await exports.handler({ user })));
answer('ada').then(() => setTimeout(() => answer('bob'), 20));`;
  const { status, stdout, stderr } = spawnSync(process.execPath, ['-e', code + requests], { encoding: 'utf8' });
  return { status, answered: stdout.split('\n').filter(Boolean), isLogged: stderr.includes('no audit of ada') };
}

it('a failure of work that nobody waits for ends the process before, and is only logged after', async () => {
  const folder = await temporaryFolder();
  await writeTree(folder, { 'audit.js': source });
  const { text, left } = mendFile(openRepository(folder), 'audit.js', source, [trackBackgroundWork]);
  expect(left).toEqual([]);
  expect(run(source)).toMatchObject({ status: 1 });
  expect(run(text ?? '')).toEqual({ status: 0, answered: ['{"user":"ada"}', '{"user":"bob"}'], isLogged: true });
});
