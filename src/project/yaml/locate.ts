import { isAlias, isMap, isScalar, isSeq, type Node, type Pair, type YAMLMap } from 'yaml';
import type { PathKey, Span } from '../yaml.js';
import { isMergeKey, longName, type YamlConverter } from './convert.js';

/** A node on the way down a path. */
interface Stop {
  node: Node | null;
  /** Offset of its key. */
  entry: number | undefined;
  /** True when the path already went through the long name of its short tag. */
  insideTag: boolean;
}

/** Finds the place of a path of the plain data in the nodes it came from. */
export class YamlLocator {
  private readonly indexes = new WeakMap<YAMLMap, Map<string, Pair>>();

  constructor(
    private readonly text: string,
    private readonly converter: YamlConverter,
  ) {}

  locate(root: Node, path: readonly PathKey[]): Span | undefined {
    let stop: Stop | undefined = { node: root, entry: undefined, insideTag: false };
    for (const key of path) {
      stop = this.step(stop, key);
      if (stop === undefined) return undefined;
    }
    const range = stop.node?.range;
    if (!range) return stop.entry === undefined ? undefined : { entry: stop.entry, start: stop.entry, end: stop.entry };
    const [start, end] = trimmed(this.text, range[0], range[1]);
    return { entry: stop.entry ?? start, start, end };
  }

  private step(stop: Stop, key: PathKey): Stop | undefined {
    const node = isAlias(stop.node) ? (this.converter.targetOf(stop.node) ?? null) : stop.node;
    if (node === null) return undefined;
    const tag = stop.insideTag ? undefined : longName(node.tag);
    if (tag !== undefined) return tag === key ? { node, entry: stop.entry, insideTag: true } : undefined;
    if (isMap(node)) return this.entry(node, String(key));
    if (isSeq(node)) return itemAt(node.items[Number(key)]);
    // `!GetAtt A.Arn` is a list of two in the data and one scalar in the text.
    return isScalar(node) && stop.insideTag ? { node, entry: stop.entry, insideTag: true } : undefined;
  }

  private entry(map: YAMLMap, key: string): Stop | undefined {
    const pair = this.indexOf(map).get(key);
    if (pair) return { node: (pair.value as Node | null) ?? null, entry: (pair.key as Node | null)?.range?.[0], insideTag: false };
    for (const merge of map.items.filter(isMergeKey)) {
      const found = this.inMerged(merge.value as Node | null, key);
      if (found) return found;
    }
    return undefined;
  }

  private inMerged(value: Node | null, key: string): Stop | undefined {
    const target = isAlias(value) ? this.converter.targetOf(value) : value;
    if (isMap(target)) return this.entry(target, key);
    if (!isSeq(target)) return undefined;
    for (const item of target.items) {
      const found = this.inMerged(item as Node, key);
      if (found) return found;
    }
    return undefined;
  }

  private indexOf(map: YAMLMap): Map<string, Pair> {
    const known = this.indexes.get(map);
    if (known) return known;
    const index = new Map(map.items.filter((pair) => !isMergeKey(pair)).map((pair) => [this.converter.keyText(pair.key), pair]));
    this.indexes.set(map, index);
    return index;
  }
}

function itemAt(item: unknown): Stop | undefined {
  return item === undefined ? undefined : { node: item as Node | null, entry: undefined, insideTag: false };
}

/** Block collections end after their line break; the value does not. */
function trimmed(text: string, start: number, end: number): [number, number] {
  let last = end;
  while (last > start && /\s/.test(text[last - 1] as string)) last--;
  return [start, last];
}
