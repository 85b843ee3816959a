/** What becomes of definitions whose functions a target edits, and of their functions. */
import { stripped } from '../../src/infrastructure/text/splice.js';
import type { PlainObject } from '../../src/project/data.js';
import type { MigratedProject, RunResult } from '../../src/run.js';
import { templateOf, withParameters } from './template-of.js';

/** The functions of one definition that is read. */
export interface EditedFunctions {
  name: string;
  dialect: string;
  /** Functions on Node.js that were taken, and those that are left to a person. */
  taken: number;
  left: number;
  /** Templates as CloudFormation has them; null where the definition was not edited. */
  before: PlainObject | null;
  after: PlainObject | null;
  /** Without what was added, the text is the user's again. */
  isRestored: boolean;
}

export function editedFunctions({ project, plan }: MigratedProject, { changes }: RunResult, checkout: string): EditedFunctions | undefined {
  const outcomes = plan.functions.map(({ outcome }) => outcome);
  const [taken, left] = [outcomes.filter((each) => each === 'migrated').length, outcomes.filter((each) => each === 'needs-person').length];
  if (taken + left === 0) return undefined;
  const change = changes.find(({ path, before }) => path === project.definition && before !== null);
  const template = (text: string | null | undefined) =>
    text && project.dialect !== 'serverless' ? withParameters(templateOf(project, text)) : null;
  return {
    name: `${checkout}/${project.definition}`,
    dialect: project.dialect,
    taken,
    left,
    before: template(change?.before),
    after: template(change?.after),
    isRestored: !change?.after || stripped(change.after) === change.before,
  };
}

/** One row a dialect. `errors`: findings that the original did not have, by name. */
export function functionsTable(all: readonly EditedFunctions[], errors: ReadonlyMap<string, unknown> | undefined): string {
  const sum = (of: readonly EditedFunctions[], key: 'taken' | 'left') => of.reduce((total, each) => total + each[key], 0);
  const rows = [...new Set(all.map(({ dialect }) => dialect))].sort().map((dialect) => {
    const own = all.filter((each) => each.dialect === dialect);
    const cells = [
      dialect,
      own.length,
      own.filter(({ taken }) => taken > 0).length,
      sum(own, 'taken'),
      sum(own, 'left'),
      own.filter(({ isRestored }) => isRestored).length,
      errors ? own.filter(({ name }) => errors.has(name)).length : '–',
    ];
    return `| ${cells.join(' | ')} |`;
  });
  const heading = '| Dialect | Definitions | Edited | Functions taken | Left to a person | Same bytes without what is added | New errors |';
  return [heading, '| --- | --- | --- | --- | --- | --- | --- |', ...rows].join('\n');
}
