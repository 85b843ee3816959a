import { recaseImports } from '../../transforms/import-case/index.js';
import { applyTransforms } from '../../transforms/index.js';
import type { ConcurrencyTarget } from '../analysis/concurrency/rule.js';
import type { Diagnostic } from '../diagnostics/diagnostic.js';
import { type MendProjectInput, mendProject } from '../mending/project.js';
import { inOwnPackage } from './own-program.js';

/** What was found while code was edited. */
export interface EditedCode {
  /** Handlers whose form is not understood. */
  handlers: Diagnostic[];
  /** Hazards of many requests at once: mended ones as information. */
  hazards: Diagnostic[];
}

/**
 * Stages the edits of the user's code that every style needs. Comes before styles are decided and files are made: a handler may become a
 * route only when it is understood as edited, and a server listens only when its module, as edited, exports it.
 */
export function editCode(given: MendProjectInput): EditedCode {
  if (given.plan.services.length === 0) return { handlers: [], hazards: [] };
  const input = inOwnPackage(given);
  recaseImports(input);
  return { handlers: applyTransforms(input), hazards: mendProject(input, 'container') };
}

/** The edits of functions that go on as functions, for a target that gives them many requests at a time; none for one that does not. */
export function editFunctionCode(input: MendProjectInput, target: ConcurrencyTarget | undefined): Diagnostic[] {
  if (target === undefined || !input.plan.functions.some(({ outcome }) => outcome === 'migrated')) return [];
  return [...applyTransforms(input), ...mendProject(input, target)];
}
