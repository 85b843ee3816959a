import { type AvailabilityFact, availabilityFacts, availabilityOf, findRegion, type RegionFact } from '../aws/facts.js';
import { diagnostic } from '../diagnostics/catalog.js';
import type { Diagnostic } from '../diagnostics/diagnostic.js';
import { UserError } from '../errors.js';
import type { Requirement } from './assessment.js';
import type { AssessedTarget, Target } from './target.js';

/** Where the services will run: the region, when it is known, and its partition. */
export interface Place {
  region?: string | undefined;
  partition: RegionFact['partition'];
}

/** The note of rows of services that only their present customers can use. */
const closed = 'closed-to-new-customers';

/**
 * What there is to say of a target's availability, from the dated facts: what it requires may be closed to new customers, or not be
 * known to be there.
 * @throws UserError when something that it requires is known not to be there.
 */
export function availabilityFindings(target: AssessedTarget, needs: readonly Requirement[], place: Place, file: string): Diagnostic[] {
  const found = target.profile.requires(needs).map((subject) => worst(subject, place));
  const { id, title } = target;
  const missing = found.find(({ available, note }) => available === 'no' && note !== closed);
  const where = place.region ?? `the partition ${place.partition}`;
  if (missing) {
    throw new UserError(
      `The target "${id}" (${title}) cannot be used in ${where}: ${missing.subject} is not available there (${missing.source}; ${missing.date})`,
      `\`migrate-lambda assess${place.region === undefined ? '' : ` --region ${place.region}`}\` tells what is.`,
    );
  }
  return found.flatMap((fact) => {
    const args = { target: title, subject: fact.subject, where, source: fact.source, date: fact.date };
    if (fact.note === closed) return [diagnostic('TARGET_CLOSED', { args, place: { file } })];
    return fact.available === 'unknown' ? [diagnostic('TARGET_AVAILABILITY_UNKNOWN', { args, place: { file } })] : [];
  });
}

/**
 * Spot capacity only where it is known to be.
 * @throws UserError when the target has none, or when it is not known to be there.
 */
export function guardSpot({ id, spot }: Target, place: Place): void {
  if (spot === undefined) throw new UserError(`--spot is not for the target "${id}"`, 'Leave --spot out, or choose --target ecs-fargate.');
  const { available, source, date } = worst(spot, place);
  if (available === 'yes') return;
  const where = place.region ?? `the partition ${place.partition}`;
  const known = available === 'no' ? 'is not available there' : 'is not known to be available there';
  throw new UserError(
    `--spot cannot be used in ${where}: ${spot} ${known} (${source}; ${date})`,
    'Leave --spot out; `migrate-lambda facts availability` prints what is known.',
  );
}

/** The row that counts; without a region, that of the regions of the partition that says most for it. */
function worst(subject: string, { region, partition }: Place): AvailabilityFact {
  if (region !== undefined) return availabilityOf(subject, { id: region, partition });
  const general = availabilityOf(subject, { id: '', partition });
  if (general.where.includes(partition) || general.available === 'yes') return general;
  const inRegions = availabilityFacts().filter(
    (row) => row.subject === subject && row.where.some((each) => findRegion(each)?.partition === partition),
  );
  const [some] = inRegions;
  if (!some) return general;
  // In some regions at least: which one it will be is not known here.
  return some.available === 'yes' ? { ...some, available: 'unknown' } : some;
}
