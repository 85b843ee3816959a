/** The fourth stage for a target that leaves functions on Lambda: their definition is edited in place, and MIGRATION.md says the rest. */
import type { ChangeSet } from '../changes/change-set.js';
import { diagnostic } from '../diagnostics/catalog.js';
import type { Diagnostic } from '../diagnostics/diagnostic.js';
import { sectionNames } from '../infrastructure/cloudformation.js';
import { CannotSplice } from '../infrastructure/text/place.js';
import { type DefinitionEdits, rewritten } from '../infrastructure/text/rewrite.js';
import { spliced } from '../infrastructure/text/splice.js';
import type { FunctionPlan, Plan } from '../planning/plan.js';
import type { LambdaFunction, Project } from '../project/model.js';
import type { Repository } from '../project/repository.js';
import { keepGuideSection } from '../reports/guide-section.js';
import type { FunctionTarget } from '../targets/target.js';
import type { ProduceOptions } from './draft.js';
import { type EditedDefinition, functionGuide } from './function-guide.js';
import { guideFile } from './layout.js';
import { notEditable, openDefinition } from './stage-infrastructure.js';

interface FunctionsInput extends ProduceOptions {
  repository: Repository;
  project: Project;
  plan: Plan;
  changes: ChangeSet;
  /** What was found while code was edited, and before. */
  found: readonly Diagnostic[];
}

interface ProducedFunctions {
  /** Functions that are left to a person are told so. */
  plan: Plan;
  diagnostics: Diagnostic[];
}

/** Stages the edited definition and MIGRATION.md; nothing when no function is taken. */
export function produceFunctions(input: FunctionsInput, target: FunctionTarget): ProducedFunctions {
  const { project, plan, changes, repository, suffix, templates, found } = input;
  const taken = takenIn(project, plan.functions);
  if (taken.length === 0) return { plan, diagnostics: [] };
  const staged = input.infra === 'none' ? untouched('none was asked for (--infra none)') : stageDefinition(input, target, taken);
  const diagnostics = staged.edited ? staged.diagnostics : [notEdited(project, target, staged.reason)];
  const now: Plan = { ...plan, functions: plan.functions.map((each) => withOutcome(each, diagnostics, staged.edited)) };
  const guide = target.describe({ project, functions: taken, edited: staged.edited });
  const text = functionGuide({
    project,
    plan: now,
    target,
    guide,
    definition: staged.edited ? staged : undefined,
    diagnostics: [...found, ...plan.diagnostics, ...diagnostics],
    options: { templates },
  });
  const file = guideFile(repository, project, suffix);
  changes.stage(file, keepGuideSection(text, repository.read(file)), 'report/MIGRATION.md');
  return { plan: now, diagnostics };
}

function takenIn({ functions }: Project, plans: readonly FunctionPlan[]): LambdaFunction[] {
  const ids = new Set(plans.filter(({ outcome }) => outcome === 'migrated').map(({ id }) => id));
  return functions.filter(({ id }) => ids.has(id));
}

type Staged = (EditedDefinition & { edited: true; diagnostics: Diagnostic[] }) | { edited: false; reason: string };

const untouched = (reason: string): Staged => ({ edited: false, reason });

function stageDefinition({ project, changes }: FunctionsInput, target: FunctionTarget, functions: readonly LambdaFunction[]): Staged {
  const opened = openDefinition(project, changes);
  if (!opened) return untouched(notEditable[project.dialect] ?? 'there is none');
  const { place, own, document, before, origin } = opened;
  const definition = { document, base: place.base, origin };
  const edits = target.editFunctions({ project: before, functions, definition });
  const isEmpty = sectionNames.every((name) => Object.keys(edits.stack[name]).length === 0);
  if (isEmpty && edits.added.length === 0) return untouched(String(edits.diagnostics[0]?.args['reason'] ?? 'there is nothing to edit'));
  try {
    const { text, failed } = rewritten(isEmpty ? own : spliced(own, edits.stack, place.base), edits);
    if (failed.added.length > 0) return untouched('it is written in a way that leaves no place for an entry');
    changes.stage(project.definition, text, target.id);
    return {
      edited: true,
      tool: place.tool,
      file: project.definition,
      parameters: edits.parameters,
      diagnostics: [...edits.diagnostics, ...notReplaced(failed, project)],
    };
  } catch (error) {
    if (!(error instanceof CannotSplice)) throw error;
    return untouched(error.message);
  }
}

/** Calls whose text could not be changed. */
function notReplaced({ replaced }: DefinitionEdits, { definition: file }: Project): Diagnostic[] {
  const paths = [...new Set(replaced.map(({ path }) => path.join('.')))];
  return paths.map((path) => diagnostic('REFERENCE_NOT_MOVED', { args: { path, file }, place: { file } }));
}

function notEdited({ definition: file }: Project, { title }: FunctionTarget, reason: string): Diagnostic {
  return diagnostic('FUNCTIONS_NOT_EDITED', { args: { file, reason, target: title }, place: { file } });
}

function withOutcome(each: FunctionPlan, diagnostics: readonly Diagnostic[], edited: boolean): FunctionPlan {
  if (each.outcome !== 'migrated') return each;
  if (!edited) return { ...each, outcome: 'needs-person', because: 'its definition was not edited: MIGRATION.md says what to do' };
  const own = diagnostics.find(({ code, function: id }) => code === 'FUNCTION_NOT_EDITED' && id === each.id);
  return own ? { ...each, outcome: 'needs-person', because: `it was not edited, because ${String(own.args['reason'])}` } : each;
}
