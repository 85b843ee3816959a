import type { Diagnostic } from '../../../src/diagnostics/diagnostic.js';
import type { LambdaFunction, Project } from '../../../src/project/model.js';
import type { ReadOptions } from '../../../src/project/readers/reader.js';
import type { Trigger } from '../../../src/project/trigger.js';
import { projectOf, type Tree, withoutRanges } from '../tree.js';

const head = 'service: shop\nframeworkVersion: "3"\n';
const provider = 'provider:\n  name: aws\n  runtime: nodejs20.x\n';

/** A service in `serverless.yml`; `provider:` is added when the text has none. */
export async function readYml(
  text: string,
  files: Tree = {},
  options: Partial<ReadOptions> = {},
): Promise<{ project: Project; functions: Record<string, LambdaFunction>; diagnostics: Diagnostic[] }> {
  const yml = head + (/^provider:/m.test(text) ? '' : provider) + text;
  const { project, diagnostics } = await projectOf({ 'serverless.yml': yml, ...files }, options);
  return { project, functions: Object.fromEntries(project.functions.map((fn) => [fn.id, fn])), diagnostics };
}

/** Triggers of one function `fn` with the events given, without places. */
export async function triggersOf(events: string, rest = ''): Promise<Trigger[]> {
  const indented = events
    .trim()
    .split('\n')
    .map((line) => `      ${line}`)
    .join('\n');
  const { functions } = await readYml(`functions:\n  fn:\n    handler: app.handler\n    events:\n${indented}\n${rest}`);
  return withoutRanges(functions['fn']?.triggers ?? []);
}
