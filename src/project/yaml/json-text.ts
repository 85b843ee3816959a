import { findNodeAtLocation, type Node, parseTree, visit } from 'jsonc-parser';
import type { ParsedText, PathKey, Span } from '../yaml.js';

/** Strict JSON, read natively and located only when asked; undefined when the text is not strict JSON. */
export function readJsonText(text: string): ParsedText | undefined {
  const source = text.startsWith('\uFEFF') ? ` ${text.slice(1)}` : text;
  if (!/^\s*[{[]/.test(source)) return undefined;
  let value: unknown;
  try {
    value = JSON.parse(source);
  } catch {
    return undefined;
  }
  let tree: Node | undefined;
  return {
    value,
    duplicates: duplicateKeys(source),
    locate(path) {
      tree ??= parseTree(source);
      return tree && locate(tree, path);
    },
  };
}

function locate(tree: Node, path: readonly PathKey[]): Span | undefined {
  const node = path.length === 0 ? tree : findNodeAtLocation(tree, [...path]);
  if (!node) return undefined;
  const entry = node.parent?.type === 'property' ? node.parent.offset : node.offset;
  return { entry, start: node.offset, end: node.offset + node.length };
}

/** Also walks the whole text, so that nesting too deep for recursion shows here as a RangeError. */
function duplicateKeys(source: string): ParsedText['duplicates'] {
  const duplicates: ParsedText['duplicates'] = [];
  const open: Set<string>[] = [];
  visit(source, {
    onObjectBegin: () => void open.push(new Set()),
    onObjectEnd: () => void open.pop(),
    onObjectProperty(key, offset) {
      const keys = open.at(-1);
      if (keys?.has(key)) duplicates.push({ key, offset });
      keys?.add(key);
    },
  });
  return duplicates;
}
