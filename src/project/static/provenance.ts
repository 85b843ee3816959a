import type { TextRange } from '../model.js';

export type Key = string | number;

/** Range of what stands at a path below an object of a definition: the value alone, or the entry from its key on. */
export type Origin = (path: readonly Key[], part: 'value' | 'entry') => TextRange | undefined;

/**
 * Where every object and list of a resolved service was written. Values travel between files (`${file(…)}`, imports), so
 * each container remembers its own place; copies made while resolving keep it.
 */
export class Provenance {
  private readonly origins = new WeakMap<object, Origin>();

  /** Remembers a whole document: every container in `value` at its path. */
  addDocument(value: unknown, range: Origin): void {
    const seen = new Set<object>();
    const visit = (node: unknown, path: readonly Key[]): void => {
      if (typeof node !== 'object' || node === null || seen.has(node)) return;
      seen.add(node);
      this.origins.set(node, (below, part) => range([...path, ...below], part));
      for (const [key, child] of Object.entries(node)) visit(child, [...path, Array.isArray(node) ? Number(key) : key]);
    };
    visit(value, []);
  }

  add(container: object, origin: Origin): void {
    this.origins.set(container, origin);
  }

  /** `copy` was made from `original`. */
  copy<T extends object>(copy: T, original: object): T {
    const origin = this.origins.get(original);
    if (origin) this.origins.set(copy, origin);
    return copy;
  }

  /** Place of the value at `path` below `container`, else of the nearest container that has one. */
  range(container: unknown, ...path: readonly Key[]): TextRange | undefined {
    const { origin, pending } = this.nearest(container, path);
    return origin?.(pending, 'value') ?? origin?.([], 'value');
  }

  /** The same from the key on. What a variable or import brought in is told where the variable stands. */
  entryRange(container: unknown, ...path: readonly Key[]): TextRange | undefined {
    const { origin, pending } = this.nearest(container, path.slice(0, -1));
    const last = path.at(-1);
    return (last !== undefined && origin?.([...pending, last], 'entry')) || this.range(container, ...path);
  }

  private nearest(container: unknown, path: readonly Key[]): { origin: Origin | undefined; pending: readonly Key[] } {
    let node: unknown = container;
    let origin = this.originOf(node);
    let pending: Key[] = [];
    for (const key of path) {
      node = typeof node === 'object' && node !== null ? (node as Record<Key, unknown>)[key] : undefined;
      const own = this.originOf(node);
      pending = own ? [] : [...pending, key];
      origin = own ?? origin;
    }
    return { origin, pending };
  }

  private originOf(node: unknown): Origin | undefined {
    return typeof node === 'object' && node !== null ? this.origins.get(node) : undefined;
  }
}
