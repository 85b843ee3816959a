import type { Profile } from './assessment.js';
import type { AssessedTarget } from './target.js';

/** A target that can be judged, but whose files are not made yet. */
export function assessedOnly(id: string, title: string, profile: Profile): AssessedTarget {
  const availability = 'can be assessed (`migrate-lambda assess`); its files come with a later version';
  return { id, title, available: false, availability, profile };
}
