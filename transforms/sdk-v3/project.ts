/** `--sdk-v3` for a project: the files that its migrated functions reach. */
import type { Facts, HandlerFacts } from '../../src/analysis/facts.js';
import { placeAt } from '../../src/analysis/places.js';
import { parseModule } from '../../src/analysis/source-module.js';
import type { ChangeSet } from '../../src/changes/change-set.js';
import { diagnostic } from '../../src/diagnostics/catalog.js';
import type { Diagnostic } from '../../src/diagnostics/diagnostic.js';
import type { Plan } from '../../src/planning/plan.js';
import { meta, sdkV3, usesSdkV2 } from './index.js';

export interface ConvertedSdk {
  /** With the packages that the converted code imports. */
  facts: Facts;
  diagnostics: Diagnostic[];
}

/** Stages the converted files. @throws UserError when the codemod is not installed */
export async function convertSdk({ facts, plan, changes }: { facts: Facts; plan: Plan; changes: ChangeSet }): Promise<ConvertedSdk> {
  const migrated = plan.functions.filter(({ outcome }) => outcome === 'migrated').flatMap(({ id }) => facts.functions[id]?.files ?? []);
  const diagnostics: Diagnostic[] = [];
  const converted: string[] = [];
  for (const file of [...new Set(migrated)].sort()) {
    const before = changes.read(file);
    if (before === undefined || !/\.[cm]?[jt]sx?$/.test(file) || !usesSdkV2(before)) continue;
    const { text, left } = await sdkV3(file, before);
    for (const { problem, line } of left) diagnostics.push(diagnostic('SDK_NOT_CONVERTED', { args: { problem }, place: { file, line } }));
    if (text === undefined) continue;
    changes.stage(file, text, meta.id);
    converted.push(file);
    diagnostics.push(diagnostic('SDK_CONVERTED', { args: { file }, place: { file } }));
  }
  if (converted.length === 0) return { facts, diagnostics };
  const functions = Object.entries(facts.functions).map(([id, each]) => [id, withPackages(each, converted, changes)] as const);
  return { facts: { ...facts, functions: Object.fromEntries(functions) }, diagnostics };
}

/** The packages of version 3 in the place of `aws-sdk`, which stays where a file imports it still. */
function withPackages(handler: HandlerFacts, converted: readonly string[], changes: ChangeSet): HandlerFacts {
  const own = handler.files.filter((file) => converted.includes(file));
  if (own.length === 0) return handler;
  const { 'aws-sdk': before, ...packages } = handler.packages;
  for (const file of own) {
    const text = changes.read(file) ?? '';
    for (const { specifier, start, typeOnly } of parseModule(file, text).imports) {
      const name = /^@(?:aws-sdk|smithy)\/[^/]+/.exec(specifier)?.[0];
      if (name !== undefined && !typeOnly) packages[name] ??= { file, line: placeAt(text, start).line };
    }
  }
  const isLeft = before && handler.files.some((file) => usesSdkV2(changes.read(file) ?? ''));
  return { ...handler, packages: { ...packages, ...(isLeft && { 'aws-sdk': before }) } };
}
