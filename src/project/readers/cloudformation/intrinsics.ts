/** The functions of CloudFormation in long form: recognising them, writing them, the names they read. */
import { isPlainObject, type PlainObject } from '../../data.js';

/** Nesting deeper than this is not followed anywhere: no template needs it, a hostile one may. */
export const maximumDepth = 60;

/** Name and argument of `{ Ref: … }` or `{ 'Fn::…': … }`; undefined for anything else. */
export function intrinsicOf(value: unknown): { name: string; argument: unknown } | undefined {
  if (!isPlainObject(value)) return undefined;
  const keys = Object.keys(value);
  const name = keys[0];
  if (keys.length !== 1 || name === undefined || (name !== 'Ref' && !name.startsWith('Fn::'))) return undefined;
  return { name, argument: value[name] };
}

/** Logical id and attribute of a `Fn::GetAtt` argument, which is a list or `Id.Attribute`. */
export function attributeOf(argument: unknown): { id: string; attribute: string } | undefined {
  const parts: unknown[] = typeof argument === 'string' ? argument.split('.') : Array.isArray(argument) ? argument : [];
  const [id, ...rest] = parts;
  if (typeof id !== 'string') return undefined;
  return { id, attribute: rest.filter((part) => typeof part === 'string').join('.') };
}

/** Text and own variables of a `Fn::Sub` argument. */
export function substitutionOf(argument: unknown): { text: string; variables: PlainObject } | undefined {
  const [text, variables] = Array.isArray(argument) ? (argument as unknown[]) : [argument];
  return typeof text === 'string' ? { text, variables: isPlainObject(variables) ? variables : {} } : undefined;
}

/** `${Name}` and `${Name.Attribute}` of a substitution; `${!Literal}` is none. */
export const substitutedName = /\$\{\s*([^!{}\s][^{}]*?)\s*\}/g;

/** Logical ids, parameters and pseudo parameters that a value reads, in order. */
export function namesIn(value: unknown, depth = 0): string[] {
  if (depth > maximumDepth || typeof value !== 'object' || value === null) return [];
  const intrinsic = intrinsicOf(value);
  if (!intrinsic) return unique(Object.values(value).flatMap((entry) => namesIn(entry, depth + 1)));
  const { name, argument } = intrinsic;
  if (name === 'Ref') return typeof argument === 'string' ? [argument] : [];
  if (name === 'Fn::GetAtt') return [attributeOf(argument)?.id ?? []].flat();
  if (name === 'Fn::ImportValue' && typeof argument === 'string') return [argument];
  if (name === 'Fn::Sub') {
    const substitution = substitutionOf(argument);
    if (!substitution) return [];
    const own = Object.keys(substitution.variables);
    const inText = [...substitution.text.matchAll(substitutedName)].map((match) => (match[1] as string).split('.')[0] as string);
    return unique([...inText.filter((id) => !own.includes(id)), ...namesIn(substitution.variables, depth + 1)]);
  }
  return namesIn(argument, depth + 1);
}

function unique(names: readonly string[]): string[] {
  return [...new Set(names)];
}

/** One line of YAML with short tags, as a person would write it. */
export function shortForm(value: unknown, depth = 0): string {
  if (depth > maximumDepth) return '…';
  const intrinsic = intrinsicOf(value);
  if (intrinsic) return tagged(intrinsic.name, intrinsic.argument, depth);
  if (Array.isArray(value)) return `[${value.map((entry) => shortForm(entry, depth + 1)).join(', ')}]`;
  if (isPlainObject(value))
    return `{${Object.entries(value)
      .map(([key, entry]) => `${plain(key)}: ${shortForm(entry, depth + 1)}`)
      .join(', ')}}`;
  return typeof value === 'string' ? plain(value) : JSON.stringify(value ?? null);
}

function tagged(name: string, argument: unknown, depth: number): string {
  const tag = `!${name.replace('Fn::', '')}`;
  if (name === 'Fn::GetAtt' && Array.isArray(argument) && argument.every((part) => typeof part === 'string'))
    return `${tag} ${argument.join('.')}`;
  if (name === 'Fn::Sub' && typeof argument === 'string') return `${tag} ${JSON.stringify(argument)}`;
  // A tag cannot stand before another tag.
  return intrinsicOf(argument) ? `{"${name}": ${shortForm(argument, depth + 1)}}` : `${tag} ${shortForm(argument, depth + 1)}`;
}

function plain(text: string): string {
  return /^[\w./:-]+$/.test(text) && !/[:-]$|^[-:]/.test(text) && !/^(true|false|null|yes|no|on|off|[\d.]+)$/i.test(text)
    ? text
    : JSON.stringify(text);
}
