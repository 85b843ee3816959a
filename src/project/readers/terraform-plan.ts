/** Plans and states of Terraform as JSON: exact where files alone do not tell, so they are preferred to them. */
import { diagnostic } from '../../diagnostics/catalog.js';
import type { Diagnostic } from '../../diagnostics/diagnostic.js';
import { objectOf, type PlainObject } from '../data.js';
import { parentOf } from '../repository.js';
import type { Reader } from './reader.js';
import { isPlan } from './terraform/folders.js';
import { plannedResources } from './terraform/plan.js';
import { readResult, terraformProject } from './terraform/project.js';

export const terraformPlanReader: Reader = {
  dialect: 'terraform',
  candidate: (path) => path.endsWith('.json') && !path.endsWith('.tf.json'),
  guard: (text) => isPlan(text) && text.includes('aws_lambda_function'),
  async read(repository, path, text) {
    const folder = parentOf(path);
    const diagnostics: Diagnostic[] = [];
    const report = (found: Diagnostic) => void diagnostics.push(found);
    const plan = parsed(text);
    if (!plan) {
      const reason = 'it is not complete JSON';
      return { projects: [], diagnostics: [diagnostic('DEFINITION_UNREADABLE', { args: { file: path, reason }, place: { file: path } })] };
    }
    const resources = plannedResources(repository, { file: path, text, plan }, folder);
    return readResult(
      terraformProject({ resources, unreadModules: [], repository, rootFolder: folder, definition: path, report }),
      diagnostics,
    );
  },
};

function parsed(text: string): PlainObject | undefined {
  try {
    return objectOf(JSON.parse(text));
  } catch {
    return undefined;
  }
}
