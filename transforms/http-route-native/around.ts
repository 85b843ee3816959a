/** What stands around a handler in the place of middlewares that work on answers: a function that is given the handler and is the route. */
import type { Handler } from './handler.js';
import type { AddedHeaders, Effects, ErrorAnswer } from './middlewares/index.js';
import { Refused } from './refusal.js';
import type { ReplyCall } from './reply-chain.js';

export interface Around {
  /** Those that every answer of the handler gets. */
  headers: readonly AddedHeaders[];
  /** Answers of errors get them too. */
  onError: boolean;
  errors: ErrorAnswer | null;
}

/** Code of the function, which takes the handler `route`. */
export interface Wrapper {
  names: readonly string[];
  comment: string;
  lines(isTyped: boolean): readonly string[];
}

/** What the middlewares do together, first to last. `major`: version of middy, which rules in which order they see an error. */
export function aroundOf(effects: readonly Effects[], major: number, payload: '1.0' | '2.0'): Around | string | null {
  const relevant = effects.filter(({ headers, errors }) => headers || errors);
  if (relevant.length === 0) return null;
  const errors = relevant.flatMap((each) => each.errors ?? []);
  if (errors.length > 1) return 'two of its middlewares answer errors';
  const order = major <= 2 ? relevant : [...relevant].reverse();
  const headers = relevant.flatMap((each) => each.headers ?? []);
  const kept = new Set<AddedHeaders>();
  let isAnswered = false;
  for (const each of order) {
    if (each.errors) {
      if (each.errors.replacesHeaders) kept.clear();
      isAnswered = true;
      // The answer is its result, which ended the round.
      if (major === 2) break;
    }
    if (each.headers && (isAnswered || each.headers.onError === 'always')) kept.add(each.headers);
  }
  const [error = null] = errors;
  // Headers alone were an answer: of format 2.0 its body, of format 1.0 none that the front could send.
  if (major === 2 && payload === '2.0' && headers.length > 0 && !error?.answersAll)
    return 'its middlewares answer errors with nothing but headers';
  if (error && kept.size > 0 && kept.size < headers.length) return 'answers of errors get some of the headers that its middlewares add';
  return { headers, onError: error !== null && kept.size > 0, errors: error };
}

/** Refuses an answer that the middlewares would have changed otherwise. */
export function guardAnswer({ around }: Pick<Handler, 'around'>, calls: readonly ReplyCall[], node: Parameters<typeof refusal>[1]): void {
  if (!around || around.headers.length === 0) return;
  if (calls.some(({ isImplied }) => isImplied)) throw refusal('a result of it has no statusCode, which a middleware gives it', node);
  for (const { names, allows, writesToAnswer } of around.headers) {
    const given = new Map<string, unknown>();
    for (const call of calls) {
      for (const name of call.sets?.keys() ?? []) {
        const spelled = names.find((each) => each.toLowerCase() === name);
        if (spelled === undefined) continue;
        const own = call.given?.get(name);
        if (own?.name !== spelled) throw refusal(`the header ${spelled} is also added by a middleware`, node);
        given.set(name, own.value);
      }
      const isShared = call.name === 'headers' && call.argument?.type !== 'ObjectExpression';
      if (writesToAnswer && isShared) throw refusal('a middleware writes to the headers that its results share', node);
    }
    if (!allows(given)) throw refusal('a middleware sets other headers than its result', node);
  }
}

function refusal(reason: string, node: ConstructorParameters<typeof Refused>[1]): Refused {
  return new Refused(reason, node);
}

/** The function that is put around the handler. */
export function wrapperOf({ headers, onError, errors }: Around): Wrapper {
  const before = headers.flatMap((each) => each.before);
  const properties = headers.flatMap((each) => each.properties);
  const isNamed = properties.length > 0 && (onError || properties.join(', ').length > widestObject);
  const given =
    properties.length === 0 ? 'reply' : isNamed ? 'reply.headers(commonHeaders)' : `reply.headers({ ${properties.join(', ')} })`;
  const start = [...before, ...(isNamed ? objectLines('commonHeaders', properties) : [])];
  const comments = [...headers.map(({ comment }) => comment), ...(errors ? [errors.comment] : [])];
  const name = errors ? 'answerErrors' : (headers[0]?.name ?? '');
  return {
    names: [name, `${name}2`, `${name}3`],
    comment: `${sentence(comments)}.`,
    lines: (isTyped) => {
      const open = opening(isTyped, before.length > 0);
      if (!errors) return [...open, ...start.map(indented), `\treturn route(request, ${given});`, '};'];
      return [
        ...open,
        ...start.map(indented),
        '\ttry {',
        `\t\treturn await route(request, ${given});`,
        '\t} catch (error) {',
        '\t\tfor (const name of Object.keys(reply.getHeaders())) reply.removeHeader(name);',
        ...errors.body({ isTyped, headers: onError ? '.headers(commonHeaders)' : '' }).map((line) => `\t\t${line}`),
        '\t}',
        '};',
      ];
    },
  };
}

/** Columns that an object may take before its properties get lines of their own. */
const widestObject = 60;

function objectLines(name: string, properties: readonly string[]): string[] {
  const text = properties.join(', ');
  if (text.length <= widestObject) return [`const ${name} = { ${text} };`];
  return [`const ${name} = {`, ...properties.map((each) => `\t${each},`), '};'];
}

function indented(line: string): string {
  return `\t${line}`;
}

function opening(isTyped: boolean, readsRequest: boolean): string[] {
  if (!isTyped) return ['(route) => async (request, reply) => {'];
  const type = readsRequest ? "Request extends Pick<FastifyRequest, 'headers'>, Result" : 'Request, Result';
  return [
    `<${type}>(`,
    '\troute: (request: Request, reply: FastifyReply) => Promise<Result>,',
    ') => async (request: Request, reply: FastifyReply): Promise<Result | FastifyReply> => {',
  ];
}

function sentence(parts: readonly string[]): string {
  const text = parts.length < 2 ? (parts[0] ?? '') : `${parts.slice(0, -1).join(', ')}, and ${parts.at(-1)}`;
  return text.slice(0, 1).toUpperCase() + text.slice(1);
}
