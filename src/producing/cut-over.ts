/** `--cutover`: the functions that moved go from the definition, and what is there instead takes over. */
import { diagnostic } from '../diagnostics/catalog.js';
import type { Diagnostic } from '../diagnostics/diagnostic.js';
import { cutoverOfService } from '../infrastructure/cutover/serverless.js';
import { cutoverOfTemplate } from '../infrastructure/cutover/template.js';
import { CannotSplice, type TemplateBase } from '../infrastructure/text/place.js';
import { removed } from '../infrastructure/text/remove.js';
import { kept, spliced } from '../infrastructure/text/splice.js';
import { objectOf } from '../project/data.js';
import type { Project } from '../project/model.js';
import { isHttp } from '../project/trigger.js';
import { readYaml } from '../project/yaml.js';
import type { TargetStack } from '../targets/target.js';
import type { Draft } from './draft.js';

/** The definition after it; or why nothing of it was done. */
type CutOver = { text: string; parameters: TargetStack['parameters']; diagnostics: Diagnostic[] } | { refusals: Diagnostic[] };

/** `own`: the definition as the user wrote it. All functions that moved go, or none. */
export function cutOver({ project, plan }: Draft, own: string, base: TemplateBase, made: TargetStack): CutOver {
  const moved = plan.functions.filter(({ outcome }) => outcome === 'migrated').map(({ id }) => id);
  const text = spliced(own, made.stack, base);
  // With what is added in it: that, too, may need a function.
  const document = objectOf(readYaml(project.definition, text, { yesIsTrue: true }).value);
  const { paths, outputs, obstacles } = base.length === 0 ? cutoverOfTemplate(document, moved) : cutoverOfService(document, moved);
  if (obstacles.length > 0) return { refusals: obstacles.map(({ needed, by }) => refusal(project, `${by} needs ${needed}`)) };
  try {
    return {
      text: kept(removed(text, paths)),
      parameters: made.parameters,
      diagnostics: [...told(project, moved, outputs), ...made.diagnostics],
    };
  } catch (error) {
    if (!(error instanceof CannotSplice)) throw error;
    return { refusals: [refusal(project, error.message)] };
  }
}

/** Nothing was cut over, and why. */
export function refusal({ definition: file }: Project, reason: string): Diagnostic {
  return diagnostic('CUTOVER_REFUSED', { args: { file, reason }, place: { file } });
}

function told({ definition: file, functions }: Project, moved: readonly string[], outputs: readonly string[]): Diagnostic[] {
  const gone = diagnostic('CUTOVER_OUTPUTS', { args: { file, outputs: outputs.join(', ') }, place: { file } });
  const called = functions.filter(({ id, triggers }) => moved.includes(id) && triggers.some(isHttp)).map(({ id }) => id);
  const address = diagnostic('CUTOVER_ADDRESS', { args: { functions: called.join(', ') }, place: { file } });
  return [...(outputs.length > 0 ? [gone] : []), ...(called.length > 0 ? [address] : [])];
}
