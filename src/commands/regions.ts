import { findRegion, type RegionFact, regionFacts } from '../aws/facts.js';
import { UserError } from '../errors.js';
import { nearest } from '../nearest.js';

/** Regions named with `--region`, each once. @throws UserError for one that is not in the data. */
export function regionsOf(names: readonly string[]): RegionFact[] {
  return [...new Set(names)].map((name) => {
    const region = findRegion(name);
    if (region) return region;
    const ids = regionFacts().map(({ id }) => id);
    const near = nearest(name, ids);
    const known = 'See "migrate-lambda facts regions".';
    throw new UserError(`There is no region "${name}"`, near.length > 0 ? `Did you mean ${near.join(' or ')}? ${known}` : known);
  });
}

/** The region that a migration is made for. @throws UserError for several, or one that is not in the data. */
export function oneRegion(names: readonly string[] = []): string | undefined {
  const [region, ...others] = regionsOf(names);
  if (others.length > 0) throw new UserError('A migration is made for one region', 'Give --region once.');
  return region?.id;
}
