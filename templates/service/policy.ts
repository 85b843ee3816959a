/** What a policy says about a call. `none`: nothing, which refuses it too. */
export type Verdict = 'allow' | 'deny' | 'none';

interface Statement {
  Effect?: unknown;
  Action?: unknown;
  NotAction?: unknown;
  Resource?: unknown;
  NotResource?: unknown;
  Condition?: unknown;
}

const invoke = 'execute-api:invoke';

/**
 * Evaluates the IAM policy that an authorizer returned for the ARN of a method. Conditions cannot be checked here: an `Allow` with one
 * does not count, a `Deny` with one always does.
 *
 * @throws Error when it is no policy
 */
export function evaluate(document: unknown, arn: string): Verdict {
  const { Statement: written } = (document ?? {}) as { Statement?: unknown };
  if (typeof written !== 'object' || written === null) throw new Error('the authorizer returned no policy');
  const effects = ([written].flat() as Statement[]).filter((statement) => holds(statement, arn)).map(({ Effect: effect }) => effect);
  if (effects.includes('Deny')) return 'deny';
  return effects.includes('Allow') ? 'allow' : 'none';
}

function holds(statement: Statement, arn: string): boolean {
  const { Effect: effect, Condition: condition } = statement;
  if (effect !== 'Allow' && effect !== 'Deny') throw new Error('a statement of the policy neither allows nor denies');
  if (effect === 'Allow' && condition !== undefined) return false;
  const isAction = (pattern: string) => matches(pattern.toLowerCase(), invoke);
  const isResource = (pattern: string) => matchesArn(pattern, arn);
  return names(statement.Action, statement.NotAction, isAction) && names(statement.Resource, statement.NotResource, isResource);
}

function names(included: unknown, excluded: unknown, isMeant: (pattern: string) => boolean): boolean {
  const patterns: unknown[] = [included ?? excluded].flat();
  if (!patterns.every((pattern): pattern is string => typeof pattern === 'string'))
    throw new Error('a statement of the policy lacks its action or resource');
  return patterns.some(isMeant) === (included !== undefined);
}

/** The fields of an ARN match one by one, so that no `*` reaches over a colon that came with the path of a request. */
function matchesArn(pattern: string, arn: string): boolean {
  if (pattern === '*') return true;
  const [expected, actual] = [fieldsOf(pattern), fieldsOf(arn)];
  return expected.length === actual.length && expected.every((field, index) => matches(field, actual[index] ?? ''));
}

/** `arn`, partition, service, region, account, and all the rest. */
function fieldsOf(arn: string): string[] {
  const parts = arn.split(':');
  return parts.length < 6 ? parts : [...parts.slice(0, 5), parts.slice(5).join(':')];
}

/** `*` is any text, `?` one character. Takes no longer for patterns with many of them. */
function matches(pattern: string, text: string): boolean {
  let [at, index] = [0, 0];
  let retry: { at: number; index: number } | undefined;
  while (index < text.length) {
    if (pattern[at] === '*') {
      retry = { at: at + 1, index };
      at += 1;
    } else if (pattern[at] === '?' || pattern[at] === text[index]) {
      at += 1;
      index += 1;
    } else if (retry) {
      retry = { at: retry.at, index: retry.index + 1 };
      ({ at, index } = retry);
    } else return false;
  }
  return /^\**$/.test(pattern.slice(at));
}
