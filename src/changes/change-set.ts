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

/**
 * Everything a run wants to write, staged in memory. It remembers what each file was when it was read; nothing touches the
 * disk until `writeChanges()`.
 */
export class ChangeSet {
  private readonly staged = new Map<string, { before: string | null; after: string | null; by: string[] }>();

  constructor(private readonly repository: Repository) {}

  /** Current text of a file: as staged, else as on disk; undefined when there is none. */
  read(path: string): string | undefined {
    const staged = this.staged.get(path);
    return staged ? (staged.after ?? undefined) : this.repository.read(path);
  }

  /**
   * Stages a file's new text (null deletes it). `by` names the step.
   * @throws Error when the path leaves the repository.
   */
  stage(path: string, after: string | null, by: string): void {
    if (this.repository.resolve('', path) !== path) throw new Error(`${path} is not a path inside the repository`);
    const entry = this.staged.get(path) ?? { before: this.repository.read(path) ?? null, after: null, by: [] };
    this.staged.set(path, { before: entry.before, after, by: [...entry.by, by] });
  }

  /** What differs from the disk, sorted by path. */
  changes(): Change[] {
    return [...this.staged]
      .filter(([, { before, after }]) => before !== after)
      .map(([path, { before, after, by }]) => ({ path, kind: before === null ? ('create' as const) : after === null ? ('delete' as const) : ('modify' as const), before, after, by }))
      .sort((a, b) => (a.path < b.path ? -1 : 1));
  }
}
