/** Values of Terraform in the words of CloudFormation, so that what reads templates reads these too. */
import { isPlainObject } from '../../data.js';
import { attributeOf, intrinsicOf, maximumDepth, substitutionOf } from '../cloudformation/intrinsics.js';

/** An expression that only Terraform can work out, kept as it was written. */
export function unknownExpression(text: string): { 'Fn::Terraform': string } {
  return { 'Fn::Terraform': text.replace(/\s+/g, ' ').trim() };
}

export function variableReference(name: string): { Ref: string } {
  return { Ref: `var.${name}` };
}

/** `aws_sqs_queue.orders` and `arn`: an attribute of a resource. */
export function attributeReference(address: string, attribute: string): { 'Fn::GetAtt': [string, string] } {
  return { 'Fn::GetAtt': [address, attribute] };
}

/** True when nothing in it depends on the deployment. */
export function isKnown(value: unknown, depth = 0): boolean {
  if (typeof value !== 'object' || value === null) return true;
  if (depth > maximumDepth || intrinsicOf(value)) return false;
  return Object.values(value).every((entry) => isKnown(entry, depth + 1));
}

/** Parts of a text put together; a part that is not known stays a substitution. */
export function joinedText(parts: readonly unknown[]): unknown {
  if (parts.every((part) => typeof part !== 'object')) return parts.map(String).join('');
  const variables: Record<string, unknown> = {};
  const text = parts.map((part) => {
    if (typeof part !== 'object') return String(part).replaceAll('${', '${!');
    const inner = intrinsicOf(part)?.name === 'Fn::Sub' ? substitutionOf(intrinsicOf(part)?.argument) : undefined;
    if (!inner) return placeholder(variables, part);
    return inner.text.replace(/\$\{(v\d+)\}/g, (_, name: string) => placeholder(variables, inner.variables[name]));
  });
  return { 'Fn::Sub': [text.join(''), variables] };
}

function placeholder(variables: Record<string, unknown>, part: unknown): string {
  const name = `v${Object.keys(variables).length}`;
  variables[name] = part;
  return `\${${name}}`;
}

/** A JSON document that `jsonencode`, a heredoc or a file makes, as data; what the deployment tells stays a reference in it. */
export function documentOf(value: unknown, parse: (text: string) => unknown = JSON.parse): unknown {
  const intrinsic = intrinsicOf(value);
  if (intrinsic?.name === 'Fn::ToJsonString') return intrinsic.argument;
  const written = intrinsic?.name === 'Fn::Sub' ? substitutionOf(intrinsic.argument) : { text: value, variables: {} };
  if (typeof written?.text !== 'string') return value;
  try {
    return withReferences(parse(written.text), written.variables);
  } catch {
    return value;
  }
}

function withReferences(value: unknown, variables: Readonly<Record<string, unknown>>): unknown {
  if (typeof value === 'string') {
    const whole = /^\$\{(v\d+)\}$/.exec(value)?.[1];
    if (whole !== undefined && whole in variables) return variables[whole];
    const used = Object.entries(variables).filter(([name]) => value.includes(`\${${name}}`));
    return used.length === 0 ? value : { 'Fn::Sub': [value, Object.fromEntries(used)] };
  }
  if (Array.isArray(value)) return value.map((entry) => withReferences(entry, variables));
  if (!isPlainObject(value)) return value;
  return Object.fromEntries(Object.entries(value).map(([key, entry]) => [key, withReferences(entry, variables)]));
}

/** A value as Terraform writes it, on one line. */
export function terraformText(value: unknown, depth = 0): string {
  if (typeof value !== 'object' || value === null || depth > maximumDepth) return JSON.stringify(value) ?? 'null';
  const intrinsic = intrinsicOf(value);
  if (intrinsic?.name === 'Ref' || intrinsic?.name === 'Fn::Terraform') return String(intrinsic.argument);
  if (intrinsic?.name === 'Fn::GetAtt') {
    const { id = '', attribute = '' } = attributeOf(intrinsic.argument) ?? {};
    return `${id}.${attribute}`;
  }
  if (intrinsic?.name === 'Fn::ToJsonString') return `jsonencode(${terraformText(intrinsic.argument, depth + 1)})`;
  if (intrinsic?.name === 'Fn::Sub') return substitutionText(intrinsic.argument, depth);
  if (Array.isArray(value)) return `[${value.map((entry) => terraformText(entry, depth + 1)).join(', ')}]`;
  return `{ ${Object.entries(value)
    .map(([key, entry]) => `${key} = ${terraformText(entry, depth + 1)}`)
    .join(', ')} }`;
}

function substitutionText(argument: unknown, depth: number): string {
  const { text = '', variables = {} } = substitutionOf(argument) ?? {};
  const written = text.replace(/\$\{(v\d+)\}/g, (_, name: string) => `\${${terraformText(variables[name], depth + 1)}}`);
  return `"${written.replaceAll('${!', '$${').replace(/\s+/g, ' ')}"`;
}
