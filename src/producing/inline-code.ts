/** Functions whose code stands in the definition itself: the service needs a file to import. */
import type { Facts } from '../analysis/facts.js';
import type { ChangeSet } from '../changes/change-set.js';
import type { Diagnostic } from '../diagnostics/diagnostic.js';
import type { Project } from '../project/model.js';

export interface InlineCodeInput {
  project: Project;
  facts: Facts;
  changes: ChangeSet;
  functions: readonly string[];
  /** Folder of the service. */
  folder: string;
}

export function stageInlineCode({ facts }: InlineCodeInput): { facts: Facts; diagnostics: Diagnostic[] } {
  return { facts, diagnostics: [] };
}
