/** Run as a program: stages the edits of the environment variable EDITS (path → text or null) and writes them, or undoes. */
import { ChangeSet } from '../../dist/src/changes/change-set.js';
import { undo } from '../../dist/src/changes/undo.js';
import { writeChanges } from '../../dist/src/changes/write.js';
import { Repository } from '../../dist/src/project/repository.js';

const [action, folder] = process.argv.slice(2);
if (action === 'undo') await undo(folder);
else await write();

async function write() {
  const repository = new Repository(folder);
  const changes = new ChangeSet(repository);
  for (const [path, text] of Object.entries(JSON.parse(process.env.EDITS))) changes.stage(path, text, 'test');
  await writeChanges(repository, changes.changes());
}
