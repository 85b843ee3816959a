/** Terraform configurations: the `.tf` files of a root module, without running Terraform. */
import type { Diagnostic } from '../../diagnostics/diagnostic.js';
import { parentOf } from '../repository.js';
import type { Reader } from './reader.js';
import { readConfiguration } from './terraform/configuration.js';
import { terraformFolders } from './terraform/folders.js';
import { readResult, terraformProject } from './terraform/project.js';

export const terraformReader: Reader = {
  dialect: 'terraform',
  candidate: (path) => /\.tf(\.json)?$/.test(path),
  guard: (text) => /\baws_|\bmodule\b/.test(text),
  async read(repository, path, _text, options) {
    const folders = terraformFolders(repository);
    const folder = parentOf(path);
    // The files of a folder are one module: the first that is reached stands for all.
    if (folders.read.has(folder) || !folders.isRoot(folder) || !folders.declaresFunctions(folder)) return { projects: [], diagnostics: [] };
    if (folders.hasPlan(folder)) return { projects: [], diagnostics: [] };
    const diagnostics: Diagnostic[] = [];
    const report = (found: Diagnostic) => void diagnostics.push(found);
    const configuration = await readConfiguration(repository, folder, options, report);
    const main = folder === '' ? 'main.tf' : `${folder}/main.tf`;
    const definition = repository.isFile(main) ? main : path;
    return readResult(terraformProject({ ...configuration, repository, rootFolder: folder, definition, report }), diagnostics);
  },
};
