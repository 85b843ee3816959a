/** The syntax of `${…}` in a serverless.yml: sources separated by commas, nested anywhere. */

/** Text and variables in the order they stand in a string. */
export type Segment = string | Variable;

export interface Variable {
  /** As written, `${` and `}` included. */
  text: string;
  /** Tried in order; the first that exists is the value. */
  sources: Source[];
}

export type Source =
  | { kind: 'literal'; value: string | number | boolean | null }
  | { kind: 'nested'; segments: Segment[] }
  | { kind: 'lookup'; type: string; parameter: Segment[] | undefined; address: Segment[] | undefined };

/** Nesting deeper than this is not a variable anybody wrote. */
const maximumNesting = 20;

/** Longer texts (inline code, say) are taken as they are: matching braces in them costs and finds nothing. */
const maximumLength = 20_000;

/** Types that Serverless or its usual plugins resolve; anything else (`${AWS::Region}`, `${Bucket}`) is CloudFormation's. */
const knownTypes = new Set([
  'self',
  'opt',
  'env',
  'file',
  'sls',
  'param',
  'aws',
  'strToBool',
  'ssm',
  'cf',
  's3',
  'secretsmanager',
  'git',
  'output',
  'outputs',
  'terraform',
  'vault',
  'doppler',
  'state',
  'tfstate',
  'cft',
  'awsSsm',
  'awsSecretsManager',
  'ssm-raw',
  'prompt',
  'construct',
  // An expression of a serverless.ts that cannot be told without running it; written by the static evaluation.
  'js',
]);

/** Splits a string at its variables. A string without any comes back as one text. */
export function parseVariables(text: string, depth = 0): Segment[] {
  if (text.length > maximumLength || !text.includes('${')) return [text];
  const segments: Segment[] = [];
  let plain = '';
  for (let at = 0; at < text.length; ) {
    const end = text.startsWith('${', at) ? closingBrace(text, at + 2) : -1;
    const sources = end === -1 || depth > maximumNesting ? undefined : parseSources(text.slice(at + 2, end), depth);
    if (sources === undefined) {
      plain += text[at++];
      continue;
    }
    if (plain !== '') segments.push(plain);
    plain = '';
    segments.push({ text: text.slice(at, end + 1), sources });
    at = end + 1;
  }
  return plain === '' && segments.length > 0 ? segments : [...segments, plain];
}

/** What the variables of a text ask for, e.g. `['ssm:/db/password', 'self:custom.x']`. */
export function variableNames(text: string): string[] {
  return parseVariables(text).flatMap((segment) => (typeof segment === 'string' ? [] : [segment.text.slice(2, -1).trim()]));
}

function closingBrace(text: string, from: number): number {
  let depth = 1;
  for (let at = from; at < text.length; at++) {
    if (text.startsWith('${', at)) depth++;
    else if (text[at] === '}' && --depth === 0) return at;
  }
  return -1;
}

function parseSources(content: string, depth: number): Source[] | undefined {
  const sources = splitSources(content).map((part) => parseSource(part.trim(), depth));
  const first = sources[0];
  if (first === undefined || first.kind === 'literal') return undefined;
  return sources.every((source) => source !== undefined) ? sources : undefined;
}

/** At commas outside quotes, parentheses and nested variables. */
function splitSources(content: string): string[] {
  const parts: string[] = [];
  let start = 0;
  let depth = 0;
  let quote = '';
  for (let at = 0; at < content.length; at++) {
    const character = content[at] as string;
    if (quote !== '') quote = character === quote ? '' : quote;
    else if (character === "'" || character === '"') quote = character;
    else if (character === '(' || character === '{') depth++;
    else if (character === ')' || character === '}') depth--;
    else if (character === ',' && depth === 0) {
      parts.push(content.slice(start, at));
      start = at + 1;
    }
  }
  return [...parts, content.slice(start)];
}

function parseSource(part: string, depth: number): Source | undefined {
  const quoted = /^(['"])([\s\S]*)\1$/.exec(part);
  if (quoted) return { kind: 'literal', value: quoted[2] as string };
  if (/^(true|false|null|-?\d+(\.\d+)?)$/.test(part)) return { kind: 'literal', value: JSON.parse(part) as number | boolean | null };
  if (part.startsWith('${')) return { kind: 'nested', segments: parseVariables(part, depth + 1) };
  const type = /^[A-Za-z][\w-]*/.exec(part)?.[0];
  if (type === undefined || !knownTypes.has(type)) return undefined;
  return parseLookup(type, part.slice(type.length), depth);
}

/** `(parameter)` and `:address` after the type; at least one of them. */
function parseLookup(type: string, rest: string, depth: number): Source | undefined {
  const close = rest.startsWith('(') ? closingParenthesis(rest) : -1;
  const parameter = close === -1 ? undefined : rest.slice(1, close);
  // `${cf.eu-west-1:stack.Output}`: a region after the type, as version 1 wrote it.
  const after = rest.slice(close + 1).replace(/^\.[\w-]+(?=:)/, '');
  if (after !== '' && !after.startsWith(':')) return undefined;
  if (after === '' && parameter === undefined) return undefined;
  if (after.startsWith('::')) return undefined;
  return {
    kind: 'lookup',
    type,
    parameter: parameter === undefined ? undefined : parseVariables(parameter, depth + 1),
    address: after === '' ? undefined : parseVariables(after.slice(1), depth + 1),
  };
}

function closingParenthesis(text: string): number {
  let depth = 0;
  for (let at = 0; at < text.length; at++) {
    if (text[at] === '(') depth++;
    else if (text[at] === ')' && --depth === 0) return at;
  }
  return -1;
}
