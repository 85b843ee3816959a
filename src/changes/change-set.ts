import { isUtf8 } from 'node:buffer';
import { readFileSync } from 'node:fs';
import type { Repository } from '../project/repository.js';

/** One file of the change set. `before` null: the file is created; `after` null: it is deleted. Texts keep their line ends. */
export interface Change {
  /** Relative to the repository root. */
  path: string;
  kind: 'create' | 'modify' | 'delete';
  before: string | null;
  after: string | null;
  /** Who changed it: ids of transforms, templates or steps, in order. */
  by: string[];
}

/** A file has to be edited that is no text: charged to the project that wants it. */
export class NotTextError extends Error {
  override readonly name = 'NotTextError';

  constructor(
    readonly path: string,
    readonly reason: string,
  ) {
    super(`${path}: ${reason}`);
  }
}

interface StagedFile {
  before: string | null;
  after: string | null;
  by: string[];
}

/**
 * Everything a run wants to write, staged in memory. It remembers what each file was when it was read; nothing touches the
 * disk until `writeChanges()`.
 */
export class ChangeSet {
  private readonly staged = new Map<string, StagedFile>();
  private readonly asked = new Set<string>();

  constructor(
    private readonly repository: Repository,
    private readonly outer?: ChangeSet,
  ) {}

  /** Current text of a file (the one behind a link): as staged, else as on disk; undefined when there is none. */
  read(name: string): string | undefined {
    const path = this.repository.behindLinks(name);
    this.asked.add(path);
    const staged = this.staged.get(path);
    if (staged) return staged.after ?? undefined;
    return this.outer ? this.outer.read(path) : this.repository.read(path);
  }

  /**
   * Stages a file's new text (null deletes it). A link stays a link: the file that it leads to is the one that changes. `by` names
   * the step.
   * @throws Error when the path leaves the repository; NotTextError when what stands there is not text that can be written back.
   */
  stage(name: string, after: string | null, by: string): void {
    if (name === '' || this.repository.resolve('', name) !== name) throw new Error(`${name} is not a path inside the repository`);
    const path = this.repository.behindLinks(name);
    this.asked.add(path);
    const entry = this.staged.get(path) ?? { before: this.original(path), after: null, by: [] };
    this.staged.set(path, { before: entry.before, after, by: entry.by.includes(by) ? entry.by : [...entry.by, by] });
  }

  /** A change set on top of this one: it sees what is staged here, and what it stages stays its own until {@link adopt}. */
  fork(): ChangeSet {
    return new ChangeSet(this.repository, this);
  }

  /** Takes over changes that were made on a fork or elsewhere from the same files. */
  adopt(changes: readonly Change[]): void {
    for (const change of changes) for (const by of change.by) this.stage(change.path, change.after, by);
  }

  /** Paths that were read or staged here: what is staged elsewhere for one of them would have been seen. */
  touched(): string[] {
    return [...this.asked];
  }

  /** True when a path that was {@link touched} elsewhere is staged, so that {@link read} gives something else than the disk. */
  has(path: string): boolean {
    return this.staged.has(path);
  }

  /** What differs from the disk, sorted by path. */
  changes(): Change[] {
    return [...this.staged]
      .filter(([, { before, after }]) => before !== after)
      .map(([path, { before, after, by }]) => ({ path, kind: kindOf(before, after), before, after, by }))
      .sort((a, b) => (a.path < b.path ? -1 : 1));
  }

  private original(path: string): string | null {
    const text = this.repository.read(path);
    if (text === undefined) {
      const failure = this.repository.readFailure(path);
      if (failure === 'missing' && !this.repository.isFolder(path)) return null;
      throw new NotTextError(path, failure === 'missing' ? 'it is a folder' : `it is ${failure ?? 'unreadable'}`);
    }
    if (text.includes('\uFFFD') && !isUtf8(readFileSync(this.repository.absolute(path)))) {
      throw new NotTextError(path, 'it is not UTF-8');
    }
    return text;
  }
}

function kindOf(before: string | null, after: string | null): Change['kind'] {
  return before === null ? 'create' : after === null ? 'delete' : 'modify';
}
