import type { AvailabilityFact, RegionFact } from '../aws/facts.js';
import type { Diagnostic } from '../diagnostics/diagnostic.js';
import { UserError } from '../errors.js';
import type { FlagValues } from '../options.js';
import type { Terminal } from './command.js';

type Flags = FlagValues<'migrate'> & Pick<FlagValues<'assess'>, 'measured' | 'probe'>;

/** What came from the account beside the files of the folder. */
export interface TakenFromAws {
  found: Diagnostic[];
  traffic: string[];
}

const ofAccount = ['awsRegion', 'profile', 'endpointUrl', 'name', 'prefix', 'tag', 'envValues', 'measured'] as const;
const ofProbe: readonly string[] = ['profile', 'endpointUrl'];

/**
 * Reads what is deployed into the folder when `--from-aws` asks for it; otherwise nothing is loaded and nothing happens.
 * @throws UserError for flags that only count with it, and when nothing can be read.
 */
export async function takeFromAws(
  folder: string | undefined,
  flags: Flags,
  terminal: Terminal,
  region: string | undefined,
): Promise<TakenFromAws> {
  if (!flags.fromAws) {
    const stray = ofAccount.find((flag) => flags[flag] !== undefined && !(flags.probe && ofProbe.includes(flag)));
    if (stray === undefined) return { found: [], traffic: [] };
    const name = stray.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`);
    throw new UserError(`--${name} is about functions of an account`, 'Give --from-aws with it.');
  }
  if (folder === undefined)
    throw new UserError('Where should the code of the account go?', 'Name a new or empty folder after the command.');
  const { readAccount } = await import('../account/read-account.js');
  const account = await readAccount({
    access: { region: flags.awsRegion ?? region, profile: flags.profile, endpointUrl: flags.endpointUrl },
    folder,
    filter: { names: flags.name ?? [], prefix: flags.prefix, tags: flags.tag ?? {} },
    values: flags.envValues === true,
    stage: flags.stage,
    signal: terminal.signal,
    onProgress: ({ done, total, next }) => terminal.progress(`read ${done} of ${total} functions: ${next}`),
  });
  if (!flags.measured) return { found: account.diagnostics, traffic: [] };
  const { measuredTraffic } = await import('../account/measured.js');
  const measured = await measuredTraffic(account, new Date());
  return { found: [...account.diagnostics, ...measured.diagnostics], traffic: measured.traffic };
}

const told = {
  yes: 'managed instances are there',
  'not-in-region': 'managed instances are not there',
  'not-allowed': 'the role may not ask (lambda:ListCapacityProviders)',
  'no-credentials': 'there are no credentials, or they are not accepted in this region',
  'no-network': 'the Lambda API cannot be reached',
  unknown: 'the answer does not tell',
} as const;

/** Asks each region whether it has managed instances; what an API said today comes before the data. */
export async function probeRegions(regions: readonly RegionFact[], flags: Flags, terminal: Terminal): Promise<AvailabilityFact[]> {
  if (!flags.probe) return [];
  const { probe } = await import('../account/probe.js');
  const facts: AvailabilityFact[] = [];
  for (const { id } of regions) {
    const answer = await probe({ region: id, profile: flags.profile, endpointUrl: flags.endpointUrl });
    terminal.err(`${id}: ${told[answer]}.\n`);
    if (answer === 'yes' || answer === 'not-in-region') facts.push(observed(id, answer === 'yes'));
  }
  return facts;
}

function observed(region: string, available: boolean): AvailabilityFact {
  const subject = 'lambda-managed-instances';
  return {
    id: `${subject}:${region}:probe`,
    subject,
    where: [region],
    available: available ? 'yes' : 'no',
    source: 'ListCapacityProviders of the Lambda API',
    date: new Date().toISOString().slice(0, 10),
    sure: 'primary',
  };
}
