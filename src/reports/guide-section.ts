/** The part of MIGRATION.md that `verify --guide` writes, and that a later migration keeps. */

const begin = '<!-- verify: begin -->';
const end = '<!-- verify: end -->';

/** A guide with the section: in the place of an earlier one, else at its end. */
export function withGuideSection(guide: string, section: string): string {
  const marked = `${begin}\n${section.trim()}\n${end}`;
  const earlier = rangeOf(guide);
  if (earlier) return guide.slice(0, earlier.from) + marked + guide.slice(earlier.to);
  return `${guide.trimEnd()}\n\n${marked}\n`;
}

/** A new guide with the section of the one that it replaces. */
export function keepGuideSection(guide: string, before: string | undefined): string {
  const earlier = before === undefined ? undefined : rangeOf(before);
  if (before === undefined || !earlier) return guide;
  return withGuideSection(guide, before.slice(earlier.from + begin.length, earlier.to - end.length));
}

function rangeOf(guide: string): { from: number; to: number } | undefined {
  const from = guide.indexOf(begin);
  const to = guide.indexOf(end, from);
  return from === -1 || to === -1 ? undefined : { from, to: to + end.length };
}
