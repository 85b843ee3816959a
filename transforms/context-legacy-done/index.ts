/** Handlers that end through `context.succeed`, `context.fail` or `context.done` become async functions where that is certain to answer the same. */
import type { Collection } from 'jscodeshift';
import { diagnostic } from '../../src/diagnostics/catalog.js';
import type { Diagnostic } from '../../src/diagnostics/diagnostic.js';
import { completingUses, Keep } from '../completions.js';
import { completionNames, convertHandler } from '../convert-handler.js';
import { type FoundHandler, handlerFunctions } from '../handler-functions.js';
import { builders, identifiers, lineOf, type Node, programOf } from '../syntax.js';
import { standalone, type TransformContext, type TransformMeta } from '../transform.js';

export const meta: TransformMeta = {
  id: 'context-legacy-done',
  description: 'Turns context.succeed, context.fail and context.done into return and throw where they answer the same',
  trigger: 'an exported handler function that calls one of them',
  kind: 'source',
};

export const concerns = 'handlers';

export function guard(text: string): boolean {
  return /\.\s*(?:succeed|fail|done)\b/.test(text);
}

export function transform(root: Collection, context: TransformContext): Diagnostic[] {
  const program = programOf(root);
  const { found, missing } = handlerFunctions(program, context);
  const diagnostics = missing
    .filter(({ usesContextDone }) => usesContextDone)
    .map((site) => kept(context, site.function, 'not-a-plain-function', site.line ?? 1));
  for (const handler of found) {
    const result = convert(program, handler, context);
    if (result) diagnostics.push(result);
  }
  return diagnostics;
}

function convert(program: Node, { node, site, exported }: FoundHandler, context: TransformContext): Diagnostic | null {
  const names = completionNames(node);
  const first = names.context === null ? undefined : completingUses(node.body, names.context)[0];
  if (!first) return null;
  const callbackUsed = node.params.length > 2 && (names.callback === null || identifiers(node.body, names.callback).length > 0);
  // Both ways at once are callback-to-promise's to convert; it has said why it did not.
  if (callbackUsed) return kept(context, site?.function, 'passed-on', lineOf(first));
  const elsewhere = exported.usedAt === null ? site?.calledFrom : { file: context.file, line: exported.usedAt };
  if (elsewhere) return kept(context, site?.function, 'called-elsewhere', elsewhere.line, elsewhere.file);
  try {
    convertHandler({ program, handler: node, names: { ...names, callback: null }, build: builders(context.j) });
    return null;
  } catch (error) {
    if (!(error instanceof Keep)) throw error;
    return kept(context, site?.function, error.reason, error.node ? error.line : lineOf(node));
  }
}

function kept(context: TransformContext, id: string | undefined, reason: string, line: number, file = context.file): Diagnostic {
  return diagnostic('CONTEXT_DONE_KEPT', { args: { reason }, place: { file, line }, function: id });
}

export default standalone({ guard, transform });
export const parser = 'tsx';
