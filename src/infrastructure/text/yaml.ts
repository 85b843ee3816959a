import { Document, Pair, Scalar, YAMLMap, YAMLSeq } from 'yaml';
import { isPlainObject } from '../../project/data.js';
import { attributeOf, intrinsicOf } from '../../project/readers/cloudformation/intrinsics.js';

/**
 * Data as lines of block YAML, references with their short tags. Texts that YAML 1.1 would read as something else (AWS reads 1.1) are
 * quoted.
 */
export function yamlLines(value: unknown, indent: number): string[] {
  const document = new Document(nodeOf(value), { version: '1.1', aliasDuplicateObjects: false });
  // Block scalars would carry line breaks that an indentation put in front of every line could change.
  const text = document.toString({ indent, lineWidth: 0, blockQuote: false, singleQuote: true, directives: false });
  return text.replace(/\n$/, '').split('\n');
}

function nodeOf(value: unknown): unknown {
  const short = shortTag(value);
  if (short) return short;
  if (Array.isArray(value)) {
    const list = new YAMLSeq();
    list.items = value.map(nodeOf);
    return list;
  }
  if (isPlainObject(value)) {
    const map = new YAMLMap();
    map.items = Object.entries(value).map(([key, entry]) => new Pair(scalar(key), nodeOf(entry)));
    return map;
  }
  return scalar(value);
}

function scalar(value: unknown): Scalar {
  const node = new Scalar(value);
  // Line breaks of any kind and control characters go into escapes.
  if (typeof value === 'string' && /[\p{Cc}\u2028\u2029\ufeff]/u.test(value)) node.type = 'QUOTE_DOUBLE';
  return node;
}

/** `!Ref Id`, `!GetAtt Id.Attribute`, `!Sub text`: other functions stay in long form, which nests without rules. */
function shortTag(value: unknown): Scalar | undefined {
  const intrinsic = intrinsicOf(value);
  if (!intrinsic) return undefined;
  const { name, argument } = intrinsic;
  if (name === 'Ref' && typeof argument === 'string') return tagged('!Ref', argument);
  if (name === 'Fn::Sub' && typeof argument === 'string') return tagged('!Sub', argument);
  if (name !== 'Fn::GetAtt' || !Array.isArray(argument)) return undefined;
  if (argument.length !== 2 || argument.some((each) => typeof each !== 'string')) return undefined;
  const attribute = attributeOf(argument);
  return attribute && /^\w+$/.test(attribute.id) ? tagged('!GetAtt', `${attribute.id}.${attribute.attribute}`) : undefined;
}

function tagged(tag: string, text: string): Scalar {
  const node = scalar(text);
  node.tag = tag;
  return node;
}
