import type { Rule, RuleInput } from '../concurrency/rule.js';
import type { Call } from '../concurrency/trace.js';
import { declaredWhere, nameOfState } from '../concurrency/words.js';
import { unwrap } from '../syntax.js';

/** A regular expression of the module with the flag `g` or `y` remembers where its last match ended. */
export const regexPosition: Rule = {
  id: 'regex-position',
  find: (input) =>
    input.trace.calls
      .filter((call) => /^(test|exec)$/.test(call.name) && keepsPosition(call) && !isSetBack(call, input) && !isWholeLoop(call))
      .map(({ spot, receiver }) => {
        const { shared, path } = receiver as NonNullable<Call['receiver']>;
        return {
          code: 'REGEX_POSITION_SHARED',
          at: spot,
          args: { name: nameOfState({ shared, path }), declared: declaredWhere(shared, spot) },
        };
      }),
};

function keepsPosition({ receiver }: Call): boolean {
  const literal = unwrap(receiver?.shared.initial?.node ?? null);
  const { flags = '' } = (literal?.['regex'] ?? {}) as { flags?: string };
  return receiver?.path.length === 0 && /[gy]/.test(flags);
}

/** `PATTERN.lastIndex = 0` just before. */
function isSetBack(call: Call, { trace }: RuleInput): boolean {
  return trace.writes.some(
    ({ key, segment, order }) => key === `${call.receiver?.shared.key}.lastIndex` && segment === call.segment && order < call.order,
  );
}

/** `while ((match = PATTERN.exec(text)))` goes on until there is no match, which sets it back. */
function isWholeLoop({ name, inLoop }: Call): boolean {
  return name === 'exec' && inLoop;
}
