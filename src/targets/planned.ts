import type { Target } from './target.js';

/** A target that is known but not built yet; it is listed so that people see what is coming. */
export function planned(id: string, title: string): Target {
  return { id, title, available: false, availability: 'comes with a later version', artefacts: () => [], placeholders: () => [] };
}
