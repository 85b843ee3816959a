/** Handlers that answer through their third parameter become async functions where that is certain to answer the same. */
import type { Collection } from 'jscodeshift';
import { diagnostic } from '../../src/diagnostics/catalog.js';
import type { Diagnostic } from '../../src/diagnostics/diagnostic.js';
import { Keep } from '../completions.js';
import { completionNames, convertHandler, dropThirdParameter } from '../convert-handler.js';
import { type FoundHandler, handlerFunctions } from '../handler-functions.js';
import { dropUnusedTypeImports } from '../imports.js';
import { builders, identifiers, lineOf, type Node, programOf } from '../syntax.js';
import { standalone, type TransformContext, type TransformMeta } from '../transform.js';

export const meta: TransformMeta = {
  id: 'callback-to-promise',
  description: 'Turns callback handlers into async functions where they answer the same; drops a callback parameter that is not used',
  trigger: 'an exported handler function with a third parameter',
  kind: 'source',
};

export const concerns = 'handlers';

/** A third parameter after two others, whatever its name. */
export function guard(text: string): boolean {
  return /\b(?:callback|cb|done)\b/i.test(text) || /\(\s*\w+[^(),]*,\s*\w+[^(),]*,\s*\w+/.test(text);
}

export function transform(root: Collection, context: TransformContext): Diagnostic[] {
  const program = programOf(root);
  const { found, missing } = handlerFunctions(program, context);
  const diagnostics = missing
    .filter(({ usesCallback }) => usesCallback)
    .map((site) => kept(context, site.function, 'not-a-plain-function', site.line ?? 1));
  let changed = false;
  for (const handler of found) {
    const result = convert(program, handler, context);
    if (result === 'changed') changed = true;
    else if (result) diagnostics.push(result);
  }
  if (changed) dropUnusedTypeImports(program, 'aws-lambda', ['Callback']);
  return diagnostics;
}

function convert(program: Node, { node, site, exported }: FoundHandler, context: TransformContext): Diagnostic | 'changed' | null {
  const names = completionNames(node);
  if (node.params.length < 3) return null;
  const isUsed = names.callback === null || identifiers(node.body, names.callback).length > 0;
  const elsewhere = exported.usedAt === null ? site?.calledFrom : { file: context.file, line: exported.usedAt };
  try {
    if (elsewhere && isUsed) return kept(context, site?.function, 'called-elsewhere', elsewhere.line, elsewhere.file);
    if (isUsed) convertHandler({ program, handler: node, names, build: builders(context.j) });
    else if (elsewhere || node.params.length > 3 || identifiers(node, 'arguments').length > 0) return null;
    else dropThirdParameter(node);
    return 'changed';
  } catch (error) {
    if (!(error instanceof Keep)) throw error;
    return kept(context, site?.function, error.reason, error.node ? error.line : lineOf(node));
  }
}

function kept(context: TransformContext, id: string | undefined, reason: string, line: number, file = context.file): Diagnostic {
  return diagnostic('CALLBACK_KEPT', { args: { reason }, place: { file, line }, function: id });
}

export default standalone({ guard, transform });
export const parser = 'tsx';
