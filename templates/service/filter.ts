/**
 * Event filters as Lambda's event source mappings and EventBridge read them. Rules and their meaning:
 * https://docs.aws.amazon.com/lambda/latest/dg/invocation-eventfiltering.html and
 * https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-create-pattern-operators.html
 */

type Test = (value: unknown) => boolean;
type Fields = Record<string, unknown>;

/**
 * One test of all patterns: a record passes when any pattern matches it, or when there are none.
 *
 * @throws Error for a rule that is not known: a filter that is read wrongly would delete messages.
 */
export function compileFilters(patterns: unknown[]): Test {
  const tests = patterns.map((pattern) => compilePattern(pattern, compileRecordField));
  return (record) => tests.length === 0 || tests.some((test) => test(record));
}

/** All fields of a pattern must match. */
function compilePattern(pattern: unknown, compile: (key: string, rule: unknown) => Test): Test {
  if (!isFields(pattern)) throw unknownRule(pattern);
  const tests = Object.entries(pattern).map(([key, rule]) => {
    if (key === '$or' && Array.isArray(rule)) {
      const choices = rule.map((choice) => compilePattern(choice, compile));
      return (record: unknown) => choices.some((choice) => choice(record));
    }
    const test = compile(key, rule);
    return (record: unknown) => test(isFields(record) ? record[key] : undefined);
  });
  return (record) => tests.every((test) => test(record));
}

/** Rules in braces look into a body that is JSON; rules in a list look at a text. A body of the other kind does not match. */
function compileRecordField(key: string, rule: unknown): Test {
  const test = compileField(key, rule);
  if (key !== 'body') return test;
  return (body) => {
    const parsed = parseBody(body);
    return Array.isArray(rule) ? parsed === undefined && test(body) : parsed !== undefined && test(parsed);
  };
}

function parseBody(body: unknown): object | undefined {
  try {
    const parsed: unknown = JSON.parse(String(body));
    return typeof parsed === 'object' && parsed !== null ? parsed : undefined;
  } catch {
    return undefined;
  }
}

function compileField(_key: string, rule: unknown): Test {
  if (Array.isArray(rule)) {
    const tests = rule.map(compileRule);
    return (value) => {
      const leaves = flatten(value).filter((leaf) => !isFields(leaf));
      return tests.some((test) => test(leaves));
    };
  }
  const nested = compilePattern(rule, compileField);
  return (value) => {
    const objects = flatten(value).filter(isFields);
    // Without the object its fields are absent, which `exists: false` asks for.
    return objects.length === 0 ? nested({}) : objects.some(nested);
  };
}

/** A list in a record stands for each of its elements. */
function flatten(value: unknown): unknown[] {
  if (Array.isArray(value)) return value.flatMap(flatten);
  return value === undefined ? [] : [value];
}

function compileRule(rule: unknown): (leaves: unknown[]) => boolean {
  if (!isFields(rule)) {
    if (Array.isArray(rule)) throw unknownRule(rule);
    return (leaves) => leaves.includes(rule);
  }
  if (typeof rule['exists'] === 'boolean' && Object.keys(rule).length === 1) return (leaves) => leaves.length > 0 === rule['exists'];
  const test = compileOperator(rule);
  return (leaves) => leaves.some(test);
}

function compileOperator(rule: Fields): Test {
  const [operator = '', operand] = Object.entries(rule)[0] ?? [];
  const compile = Object.keys(rule).length === 1 && Object.hasOwn(operators, operator) ? operators[operator] : undefined;
  const test = compile?.(operand);
  if (!test) throw unknownRule(rule);
  return test;
}

/** What each operator tests, or undefined when its operand is not understood. */
const operators: Record<string, (operand: unknown) => Test | undefined> = {
  prefix: (operand) => compileAffix(operand, (text, affix) => text.startsWith(affix)),
  suffix: (operand) => compileAffix(operand, (text, affix) => text.endsWith(affix)),
  'equals-ignore-case': (operand) =>
    typeof operand === 'string' ? (value) => typeof value === 'string' && value.toLowerCase() === operand.toLowerCase() : undefined,
  wildcard: (operand) => {
    if (typeof operand !== 'string') return undefined;
    const expression = wildcardExpression(operand);
    return (value) => typeof value === 'string' && expression.test(value);
  },
  numeric: (operand) => (Array.isArray(operand) && operand.length > 0 ? compileRange(operand) : undefined),
  'anything-but': (operand) => {
    const refused = isFields(operand) ? compileRefused(operand) : (value: unknown) => [operand].flat().includes(value);
    return (value) => !refused(value);
  },
};

/** `{"prefix": "a"}` or `{"prefix": {"equals-ignore-case": "a"}}`. */
function compileAffix(operand: unknown, has: (text: string, affix: string) => boolean): Test | undefined {
  if (typeof operand === 'string') return (value) => typeof value === 'string' && has(value, operand);
  const affix = isFields(operand) ? operand['equals-ignore-case'] : undefined;
  if (typeof affix !== 'string') return undefined;
  return (value) => typeof value === 'string' && has(value.toLowerCase(), affix.toLowerCase());
}

/** `{"prefix": "a"}` or `{"prefix": ["a", "b"]}`, the same for the other operators on texts. */
function compileRefused(rule: Fields): Test {
  const [operator = '', operand] = Object.entries(rule)[0] ?? [];
  const tests = [operand].flat().map((each) => compileOperator({ ...rule, [operator]: each }));
  return (value) => tests.some((test) => test(value));
}

/** `*` stands for any characters; `\*` and `\\` for themselves. */
function wildcardExpression(pattern: string): RegExp {
  const source = pattern.replace(/\\([\\*])|[.+?^${}()|[\]\\/*-]/g, (found, escaped?: string) => {
    if (found === '*') return '[^]*';
    return `\\${escaped ?? found}`;
  });
  return new RegExp(`^${source}$`);
}

const comparisons: Record<string, (value: number, limit: number) => boolean> = {
  '=': (value, limit) => value === limit,
  '<': (value, limit) => value < limit,
  '<=': (value, limit) => value <= limit,
  '>': (value, limit) => value > limit,
  '>=': (value, limit) => value >= limit,
};

/** `[">", 0, "<=", 5]`: every pair must hold. */
function compileRange(operand: unknown[]): Test | undefined {
  const tests: ((value: number) => boolean)[] = [];
  for (let at = 0; at < operand.length; at += 2) {
    const compare = comparisons[String(operand[at])];
    const limit = operand[at + 1];
    if (!compare || typeof limit !== 'number') return undefined;
    tests.push((value) => compare(value, limit));
  }
  return (value) => typeof value === 'number' && tests.every((test) => test(value));
}

function isFields(value: unknown): value is Fields {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function unknownRule(rule: unknown): Error {
  return new Error(`This filter rule is not known: ${JSON.stringify(rule)}`);
}
