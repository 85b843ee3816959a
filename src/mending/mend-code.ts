/** Applies mends one after the other: each edit stands only when the analysis no longer finds its hazard, and none that was not there. */
import type { Hazard } from '../analysis/concurrency/find-hazards.js';
import { parseModule } from '../analysis/source-module.js';
import type { Values } from '../analysis/values.js';
import type { Mend, MendContext, NewTexts } from './mend.js';

export interface MendInput {
  mends: readonly Mend[];
  /** Names and hazards of the code with these texts in the place of those of the repository. */
  look(texts: NewTexts): { values: Values; hazards: Hazard[] };
  sharedFiles: ReadonlySet<string>;
}

export interface Mended {
  texts: NewTexts;
  /** Key of a hazard that is gone → the transform that mended it. */
  by: ReadonlyMap<string, string>;
  /** File → transforms that edited it, in order. */
  edits: ReadonlyMap<string, readonly string[]>;
}

/** More than this many edits in one project: what is left is work for a person. */
const maximumEdits = 40;

/** Edits code until nothing is left that a mend can prove. */
export function mendCode({ mends, look, sharedFiles }: MendInput): Mended {
  let texts: NewTexts = new Map();
  const by = new Map<string, string>();
  const edits = new Map<string, string[]>();
  const refused = new Set<string>();
  let now = look(texts);
  for (let count = 0; count < maximumEdits; ) {
    const context: MendContext = { values: now.values, traces: [...new Set(now.hazards.map(({ trace }) => trace))], sharedFiles };
    const hazard = now.hazards.find((each) => isWork(each) && !refused.has(identityOf(each)) && mendsOf(mends, each).length > 0);
    if (!hazard) break;
    const made = firstThatHolds(mendsOf(mends, hazard), hazard, context, texts, now.hazards, look);
    if (!made) {
      refused.add(identityOf(hazard));
      continue;
    }
    count++;
    const left = new Set(made.seen.hazards.map(keyOf));
    for (const key of now.hazards.map(keyOf)) if (!left.has(key)) by.set(key, made.id);
    for (const file of made.files) edits.set(file, [...new Set([...(edits.get(file) ?? []), made.id])]);
    texts = made.texts;
    now = made.seen;
  }
  return { texts, by, edits };
}

function mendsOf(mends: readonly Mend[], { finding }: Hazard): Mend[] {
  return mends.filter(({ codes }) => codes.includes(finding.code));
}

interface Made {
  id: string;
  texts: NewTexts;
  files: string[];
  seen: ReturnType<MendInput['look']>;
}

function firstThatHolds(
  mends: readonly Mend[],
  hazard: Hazard,
  context: MendContext,
  texts: NewTexts,
  before: readonly Hazard[],
  look: MendInput['look'],
): Made | null {
  for (const { mend, meta } of mends) {
    const edited = attempt(() => mend(hazard, context));
    if (!edited || [...edited].some(([file, text]) => !parseModule(file, text).program)) continue;
    const next = new Map([...texts, ...edited]);
    const seen = look(next);
    if (isBetter(before, seen.hazards, hazard)) return { id: meta.id, texts: next, files: [...edited.keys()], seen };
  }
  return null;
}

/** Code that a mend does not expect costs only the mend: the hazard stays told. */
function attempt(mend: () => NewTexts | null): NewTexts | null {
  try {
    return mend();
  } catch {
    return null;
  }
}

/** The hazard is gone, and no kind of finding has become more. */
function isBetter(before: readonly Hazard[], after: readonly Hazard[], hazard: Hazard): boolean {
  const had = counted(before);
  const has = counted(after);
  if ((has.get(keyOf(hazard)) ?? 0) >= (had.get(keyOf(hazard)) ?? 0)) return false;
  return [...has].every(([key, count]) => count <= (had.get(key) ?? 0));
}

function counted(hazards: readonly Hazard[]): Map<string, number> {
  const counts = new Map<string, number>();
  for (const hazard of hazards) if (isWork(hazard)) counts.set(keyOf(hazard), (counts.get(keyOf(hazard)) ?? 0) + 1);
  return counts;
}

function isWork({ diagnostic }: Hazard): boolean {
  return diagnostic.severity !== 'info';
}

/** The same hazard in the code before and after an edit: lines may have moved. */
export function keyOf({ diagnostic: { code, file, args } }: Pick<Hazard, 'diagnostic'>): string {
  return JSON.stringify([code, file, args.function, args.name ?? args.call ?? args.path ?? args.library ?? args.what ?? '']);
}

function identityOf(hazard: Hazard): string {
  return `${keyOf(hazard)} ${hazard.finding.at.node.start}`;
}
