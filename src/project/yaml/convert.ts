import { type Alias, isAlias, isMap, isScalar, isSeq, type Node, type Pair, type Scalar, type YAMLMap } from 'yaml';
import { type ParsedText, UnreadableText, type YamlOptions } from '../yaml.js';
import { restored } from './placeholders.js';
import { plainScalar } from './scalars.js';

/** Values of a document with every alias counted at full size; more is an alias bomb. */
const maximumValues = 500_000;
const maximumDepth = 300;

interface Converted {
  value: unknown;
  /** How many values it holds, aliases written out. */
  size: number;
}

/** Nodes of the parser → plain data: aliases, merge keys, short tags, duplicate keys. */
export class YamlConverter {
  readonly duplicates: ParsedText['duplicates'] = [];
  private readonly anchors = new Map<string, Node>();
  private readonly targets = new WeakMap<Alias, Node>();
  private readonly anchored = new Map<Node, Converted>();
  private readonly open = new Set<Node>();
  private depth = 0;

  constructor(
    private readonly text: string,
    private readonly options: YamlOptions,
  ) {}

  convert(node: Node): unknown {
    return this.node(node).value;
  }

  /** Node that an alias stands for; known once it was converted. */
  targetOf(alias: Alias): Node | undefined {
    return this.targets.get(alias);
  }

  /** A key as text: `on`, `1` and `null` are keys as written. */
  keyText(key: unknown): string {
    if (isAlias(key)) return this.keyText(this.targets.get(key) ?? this.anchors.get(key.source));
    if (isScalar(key)) return restored(String(key.value ?? ''));
    const range = (key as Node | null | undefined)?.range;
    return range ? this.text.slice(range[0], range[1]) : '';
  }

  private node(node: Node): Converted {
    if (isAlias(node)) return this.alias(node);
    if (node.anchor !== undefined) this.anchors.set(node.anchor, node);
    if (this.depth > maximumDepth) throw new UnreadableText('it is nested too deeply', offsetOf(node));
    this.depth++;
    this.open.add(node);
    const plain = this.untagged(node);
    this.open.delete(node);
    this.depth--;
    const converted = { value: longForm(node.tag, plain.value), size: plain.size };
    if (node.anchor !== undefined) this.anchored.set(node, converted);
    if (converted.size > maximumValues) throw new UnreadableText('its aliases expand to too many values', offsetOf(node));
    return converted;
  }

  private untagged(node: Node): Converted {
    if (isScalar(node)) return { value: this.scalar(node), size: 1 };
    if (isSeq(node)) {
      const items = node.items.map((item) => this.item(item));
      return { value: items.map(({ value }) => value), size: total(items) };
    }
    return isMap(node) ? this.map(node) : { value: null, size: 1 };
  }

  private item(item: unknown): Converted {
    if (item === null || item === undefined) return { value: null, size: 1 };
    return this.node(item as Node);
  }

  private scalar(node: Scalar): unknown {
    const source = restored(String(node.value ?? ''));
    if (node.type !== 'PLAIN') return source;
    if (node.tag !== undefined && node.tag !== '!') return source;
    return plainScalar(source, this.options);
  }

  private alias(alias: Alias): Converted {
    const target = this.anchors.get(alias.source);
    if (!target) throw new UnreadableText(`the alias *${alias.source} has no anchor`, offsetOf(alias));
    this.targets.set(alias, target);
    const known = this.anchored.get(target);
    if (!known || this.open.has(target)) throw new UnreadableText(`the alias *${alias.source} contains itself`, offsetOf(alias));
    return known;
  }

  private map(map: YAMLMap): Converted {
    const value: Record<string, unknown> = {};
    const inherited: unknown[] = [];
    const seen = new Set<string>();
    let size = 1;
    for (const pair of map.items) {
      const item = this.item(pair.value);
      size += item.size;
      if (isMergeKey(pair)) {
        inherited.push(...(Array.isArray(item.value) ? item.value : [item.value]));
        continue;
      }
      if (isScalar(pair.key) && pair.key.anchor !== undefined) this.anchors.set(pair.key.anchor, pair.key);
      const key = this.keyText(pair.key);
      if (seen.has(key)) this.duplicates.push({ key, offset: offsetOf(pair.key as Node) });
      seen.add(key);
      assign(value, key, item.value);
    }
    for (const base of inherited) mergeInto(value, base);
    return { value, size };
  }
}

/** `<<` written plainly; quoted it is a key like any other. */
export function isMergeKey(pair: Pair): boolean {
  return isScalar(pair.key) && pair.key.type === 'PLAIN' && pair.key.value === '<<';
}

function mergeInto(value: Record<string, unknown>, base: unknown): void {
  if (typeof base !== 'object' || base === null || Array.isArray(base)) return;
  for (const [key, entry] of Object.entries(base)) if (!Object.hasOwn(value, key)) assign(value, key, entry);
}

/** `__proto__` is an ordinary key of a template. */
function assign(value: Record<string, unknown>, key: string, entry: unknown): void {
  if (key === '__proto__') Object.defineProperty(value, key, { value: entry, enumerable: true, writable: true, configurable: true });
  else value[key] = entry;
}

function total(items: readonly Converted[]): number {
  return items.reduce((sum, { size }) => sum + size, 1);
}

function offsetOf(node: Node | null | undefined): number {
  return node?.range?.[0] ?? 0;
}

/** Name of the long form of a short tag: `!Ref` → `Ref`, `!GetAtt` → `Fn::GetAtt`. */
export function longName(tag: string | undefined): string | undefined {
  if (tag === undefined || !/^![A-Za-z]\w*(::\w+)*$/.test(tag)) return undefined;
  const name = tag.slice(1);
  return name === 'Ref' || name === 'Condition' || name.startsWith('Fn::') ? name : `Fn::${name}`;
}

function longForm(tag: string | undefined, value: unknown): unknown {
  if (tag === undefined) return value;
  const name = longName(tag);
  if (name !== undefined) return { [name]: name === 'Fn::GetAtt' && typeof value === 'string' ? splitAttribute(value) : value };
  if (typeof value !== 'string') return value;
  if (tag === 'tag:yaml.org,2002:int' || tag === 'tag:yaml.org,2002:float') return Number(value);
  if (tag === 'tag:yaml.org,2002:bool') return /^(true|yes|on)$/i.test(value);
  return tag === 'tag:yaml.org,2002:null' ? null : value;
}

/** Nested stacks have dots in the attribute: `Stack.Outputs.Url`; a placeholder may have them in the name. */
function splitAttribute(text: string): string[] {
  const cut = text.search(/\.(?![^{}]*\}\})/);
  return cut === -1 ? [text] : [text.slice(0, cut), text.slice(cut + 1)];
}
