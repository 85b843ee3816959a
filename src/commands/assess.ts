import { assess } from '../assess/assess.js';
import type { Language } from '../assess/words/words.js';
import { regionFacts } from '../aws/facts.js';
import { readPrices } from '../aws/prices.js';
import { UserError } from '../errors.js';
import { assessmentBlocks } from '../reports/assess/blocks.js';
import { htmlPage } from '../reports/assess/html.js';
import { assessDocument, assessErrorDocument } from '../reports/assess/json.js';
import { markdownBlocks } from '../reports/assess/markdown.js';
import { terminalBlocks } from '../reports/assess/terminal.js';
import { jsonText } from '../reports/json.js';
import { paintOf } from '../reports/paint.js';
import type { Command, CommandInput } from './command.js';
import { probeRegions, takeFromAws } from './from-aws.js';
import { regionsOf } from './regions.js';

/** `migrate-lambda assess [folder]`: where the functions could run, at what cost and risk; writes nothing. */
export const assessCommand: Command<'assess'> = async (input) => {
  const { flags, terminal } = input;
  const language: Language = flags.lang ?? 'en';
  try {
    if (flags.json && flags.format !== undefined) throw new UserError('--json and --format both want standard output', 'Give one of them.');
    const regions = regionsOf(flags.region ?? []);
    if (regions.length === 0) throw new UserError('Which region is it for?', 'Give --region, e.g. --region eu-west-1; it may be repeated.');
    const observed = await probeRegions(regions, flags, terminal);
    const taken = await takeFromAws(input.argument, flags, terminal, regions[0]?.id);
    const assessment = await assess({
      folder: input.argument ?? '.',
      regions,
      traffic: [...taken.traffic, ...(flags.traffic ?? [])],
      observed,
      found: taken.found,
      prices: flags.prices === undefined ? [] : readPrices(flags.prices, regionFacts()),
      only: flags.only,
      stage: flags.stage,
      parameters: flags.param ?? {},
      signal: terminal.signal,
      onProgress: ({ done, total, next }) => terminal.progress(done === total ? undefined : `${done + 1} of ${total}: ${next}`),
    });
    terminal.progress(undefined);
    terminal.out(flags.json ? jsonText(assessDocument(assessment, language)) : textOf(assessment, language, input));
    return assessment.unread.length > 0 || assessment.functions.some(({ need }) => need.outcome === 'failed') ? 1 : 0;
  } catch (error) {
    if (flags.json && error instanceof UserError) terminal.out(jsonText(assessErrorDocument(error, language)));
    throw error;
  }
};

function textOf(
  assessment: Parameters<typeof assessmentBlocks>[0],
  language: Language,
  { flags, terminal }: CommandInput<'assess'>,
): string {
  if (flags.format === 'html') return htmlPage(assessmentBlocks(assessment, language, true), language);
  if (flags.format === 'markdown') return markdownBlocks(assessmentBlocks(assessment, language, true));
  const paint = paintOf(terminal.colors);
  return terminalBlocks(assessmentBlocks(assessment, language, false), { paint, columns: terminal.columns });
}
