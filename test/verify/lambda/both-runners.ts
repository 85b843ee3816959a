import { startOriginal } from '../../../src/verify/lambda/original.js';
import type { InvokeOutcome } from '../../../src/verify/lambda/outcome.js';
import { builtInRunner, type Runner } from '../../../src/verify/lambda/runner.js';
import { settings } from './shapes.js';

export interface Case {
  runtime: string;
  /** Folder that plays `/var/task`. */
  root: string;
  handler: string;
  /** Node.js of both runners; the one of the tests when absent. */
  node?: string | undefined;
  timeoutSeconds?: number;
}

/** How two events end under the built-in runner and under AWS's: what the first leaves behind is part of the behaviour. */
export function both(ric: Runner, each: Case): Promise<unknown[]> {
  return Promise.all([builtInRunner, ric].map((runner) => twice(runner, each)));
}

async function twice(runner: Runner, { runtime, root, handler, node, timeoutSeconds }: Case): Promise<unknown[]> {
  const given = { ...(node && { node }), ...(timeoutSeconds !== undefined && { timeoutSeconds }) };
  const more = { runtime, runner, taskRoot: root, initSeconds: 10, ...given };
  const original = await startOriginal(settings(handler, more));
  try {
    const ends = [];
    for (const event of [{ n: 1 }, { n: 2 }]) {
      const { outcome, coldStart, requestId } = await original.invoke(event);
      ends.push({ coldStart, ...comparable(outcome, requestId) });
    }
    return ends;
  } finally {
    await original.stop();
  }
}

/** Stack frames, request ids and the place of AWS's code differ; all else must not. */
function comparable(outcome: InvokeOutcome, requestId: string): Record<string, unknown> {
  const text = (value: string | undefined) =>
    value
      ?.replaceAll(requestId, 'ID')
      .replace(/\n?- .*\.mjs$/gm, '')
      .replace(/Require stack:/, '')
      .replace(/(imported from|from) \/\S+\.mjs/, '')
      .trim();
  const error = 'error' in outcome ? outcome.error : outcome.kind === 'stream' ? outcome.stream.error : null;
  return {
    kind: outcome.kind,
    ...(error && { errorType: error.errorType, errorMessage: text(error.errorMessage), trace: text(error.trace?.[0]) }),
    ...(outcome.kind === 'result' && { payload: outcome.payload }),
    ...(outcome.kind === 'exit' && { code: outcome.code, signal: outcome.signal }),
    ...(outcome.kind === 'stream' && {
      contentType: outcome.stream.contentType,
      prelude: outcome.stream.prelude,
      body: outcome.stream.body.toString('utf8'),
    }),
  };
}

/** AWS's runtime client comes from the registry. */
export async function cannotInstall(runner: Runner): Promise<boolean> {
  return runner.commandFor(settings('shapes.asyncValue')).then(
    () => false,
    () => true,
  );
}
