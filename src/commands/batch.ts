import { batch } from '../batch/batch.js';
import { UserError } from '../errors.js';
import { batchErrorReport, batchReport, batchTable } from '../reports/batch.js';
import { jsonText } from '../reports/json.js';
import { paintOf } from '../reports/paint.js';
import type { Command } from './command.js';
import { oneRegion } from './regions.js';

/** `migrate-lambda batch <list>`: 1 when any repository failed or has work left, as far as `--fail-on` asks for the latter. */
export const batchCommand: Command<'batch'> = async ({ argument = '', flags, terminal }) => {
  const { json, param, region, ...rest } = flags;
  try {
    const result = await batch({
      ...rest,
      region: oneRegion(region),
      list: argument,
      parameters: param ?? {},
      signal: terminal.signal,
      onProgress: ({ done, total, next }) => terminal.progress(done === total ? undefined : `${done + 1} of ${total}: ${next}`),
    });
    const table = () => batchTable(result, { paint: paintOf(terminal.colors), columns: terminal.columns });
    terminal.out(json ? jsonText(batchReport(result)) : table());
    return result.repositories.some(({ outcome, workLeft }) => outcome === 'failed' || workLeft) ? 1 : 0;
  } catch (error) {
    if (json && error instanceof UserError) terminal.out(jsonText(batchErrorReport(error)));
    throw error;
  }
};
