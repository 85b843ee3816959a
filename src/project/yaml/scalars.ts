import type { YamlOptions } from '../yaml.js';

const integer = /^[-+]?(0|[1-9]\d*)$/;
/** An exponent needs a point before it: `12e45` is part of a commit hash more often than a number. */
const decimal = /^[-+]?(0|[1-9]\d*)?\.\d+([eE][-+]?\d+)?$|^[-+]?(0|[1-9]\d*)\.$/;
const prefixed = /^0(x[\da-fA-F]+|o[0-7]+)$/;

/**
 * A plain scalar as a value. Kept as text although a YAML version would convert them, because people mean the text: dates,
 * `12:30`, digits with leading zeros (account ids), integers that a number cannot hold.
 */
export function plainScalar(source: string, options: YamlOptions): string | number | boolean | null {
  const word = wordValue(source, options);
  if (word !== undefined) return word;
  if (integer.test(source)) return Number.isSafeInteger(Number(source)) ? Number(source) : source;
  return decimal.test(source) || prefixed.test(source) ? Number(source) : source;
}

function wordValue(source: string, { yesIsTrue }: YamlOptions): boolean | null | undefined {
  if (source.length > 5) return undefined;
  if (source === '' || source === '~') return null;
  if (!/^(?:[a-z]+|[A-Z][a-z]+|[A-Z]+)$/.test(source)) return undefined;
  const word = source.toLowerCase();
  if (word === 'null') return null;
  if (word === 'true' || (yesIsTrue && (word === 'yes' || word === 'on'))) return true;
  if (word === 'false' || (yesIsTrue && (word === 'no' || word === 'off'))) return false;
  return undefined;
}
