/**
 * Which messages an event source mapping lets through, by AWS's rules.
 * @see https://docs.aws.amazon.com/lambda/latest/dg/with-sqs-filtering.html
 * @see https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-create-pattern-operators.html
 */

/** A value in an event, or a rule of a pattern. */
type Json = unknown;

/** True when one of the filters takes the record; without filters every record is taken. */
export function letsThrough(filters: readonly Json[], record: Readonly<Record<string, unknown>>): boolean {
  if (filters.length === 0) return true;
  return filters.some((filter) => matchesPattern(forBody(filter), withBody(record)));
}

/** The body is JSON or a text; a pattern is for one of both, and a text body is only met by a list of rules. */
function withBody(record: Readonly<Record<string, unknown>>): Record<string, unknown> {
  const parsed = parse(record['body']);
  return { ...record, [parsed === undefined ? 'body as text' : 'body as JSON']: parsed ?? record['body'] };
}

function forBody(filter: Json): Json {
  if (!isObject(filter)) return filter;
  const entries = Object.entries(filter).map(([key, rule]): [string, Json] => {
    if (key === '$or' && Array.isArray(rule)) return [key, rule.map(forBody)];
    return [key === 'body' ? (Array.isArray(rule) ? 'body as text' : 'body as JSON') : key, rule];
  });
  return Object.fromEntries(entries);
}

function parse(body: unknown): object | undefined {
  try {
    const value: unknown = JSON.parse(String(body));
    return typeof value === 'object' && value !== null ? value : undefined;
  } catch {
    return undefined;
  }
}

function matchesPattern(pattern: Json, value: Json): boolean {
  if (Array.isArray(pattern)) return matchesRules(pattern, value);
  if (!isObject(pattern)) return false;
  return Object.entries(pattern).every(([key, inner]) => {
    if (key === '$or' && Array.isArray(inner)) return inner.some((choice) => matchesPattern(choice, value));
    const parts = Array.isArray(value) ? value.filter(isObject) : [value];
    if (parts.length === 0) return matchesPattern(inner, undefined);
    return parts.some((part) => matchesPattern(inner, isObject(part) ? part[key] : undefined));
  });
}

/** A list in the event is met when one of its elements is. */
function matchesRules(rules: readonly Json[], value: Json): boolean {
  const values = Array.isArray(value) ? value.flat(Number.POSITIVE_INFINITY) : [value];
  return rules.some((rule) => (isExists(rule) ? rule.exists === hasLeaf(values) : values.some((each) => matchesRule(rule, each))));
}

function isExists(rule: Json): rule is { exists: boolean } {
  return isObject(rule) && typeof rule['exists'] === 'boolean';
}

/** Only leaves exist for a pattern. */
function hasLeaf(values: readonly Json[]): boolean {
  return values.some((value) => value !== undefined && !isObject(value));
}

/** One rule for one value of an event. */
function matchesRule(rule: Json, value: Json): boolean {
  if (!isObject(rule)) return rule === value;
  const [operator, operand] = Object.entries(rule)[0] ?? [];
  const test = operators[operator ?? ''];
  return test !== undefined && value !== undefined && test(operand, value);
}

const operators: Readonly<Record<string, (operand: Json, value: Json) => boolean>> = {
  prefix: (operand, value) =>
    isObject(operand)
      ? lower(value).startsWith(lower(operand['equals-ignore-case']))
      : typeof value === 'string' && value.startsWith(String(operand)),
  suffix: (operand, value) =>
    isObject(operand)
      ? lower(value).endsWith(lower(operand['equals-ignore-case']))
      : typeof value === 'string' && value.endsWith(String(operand)),
  'equals-ignore-case': (operand, value) => typeof value === 'string' && lower(value) === lower(operand),
  'anything-but': (operand, value) => !refused(operand).some((rule) => matchesRule(rule, value)),
  numeric: (operand, value) => typeof value === 'number' && Array.isArray(operand) && isWithin(operand, value),
  wildcard: (operand, value) => typeof value === 'string' && wildcard(String(operand)).test(value),
};

/** `"a"`, `["a", "b"]`, `{ prefix: "a" }` and `{ prefix: ["a", "b"] }` as plain rules. */
function refused(operand: Json): Json[] {
  if (!isObject(operand)) return [operand].flat();
  return Object.entries(operand).flatMap(([operator, inner]) => [inner].flat().map((each) => ({ [operator]: each })));
}

function lower(value: Json): string {
  return typeof value === 'string' ? value.toLowerCase() : '\0';
}

function isWithin(range: readonly Json[], value: number): boolean {
  for (let at = 0; at + 1 < range.length; at += 2) {
    const limit = Number(range[at + 1]);
    const holds = { '=': value === limit, '<': value < limit, '<=': value <= limit, '>': value > limit, '>=': value >= limit };
    if (!holds[range[at] as keyof typeof holds]) return false;
  }
  return true;
}

function wildcard(pattern: string): RegExp {
  const parts = pattern.match(/\\[\\*]|\*|[^\\*]+|\\/g) ?? [];
  const source = parts.map((part) => (part === '*' ? '[\\s\\S]*' : escaped(part.replace(/^\\([\\*])$/, '$1'))));
  return new RegExp(`^${source.join('')}$`);
}

function escaped(text: string): string {
  return text.replace(/[.*+?^${}()|[\]\\]/g, '\\$&');
}

export function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
