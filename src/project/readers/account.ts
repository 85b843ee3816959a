/** What was read from an account (`--from-aws`): templates that no one deploys, beside the code that runs. */
import { deployedFile, deployedMark } from '../../account/template.js';
import { parentOf } from '../repository.js';
import { kebabCase, readTemplateFile } from './cloudformation/read-template.js';
import type { Reader } from './reader.js';

export const accountReader: Reader = {
  dialect: 'account',
  candidate: (path) => path === deployedFile || path.endsWith(`/${deployedFile}`),
  guard: (text) => text.includes(`"${deployedMark}"`),
  async read(repository, path, text, options) {
    const root = parentOf(path);
    const name = kebabCase(root.slice(root.lastIndexOf('/') + 1));
    // A permission is all that tells of most callers here, also of a function that has another.
    return readTemplateFile('account', repository, path, text, options, { root, name, everyPermission: true });
  },
};
