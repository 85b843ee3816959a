/**
 * `@middy/http-json-body-parser`: the value of a JSON body in the place of its text. Where nobody answers what it throws, any error
 * does; which requests it fails for depends on its version.
 */
import type { Node } from '../../../src/analysis/syntax.js';
import type { RouteShape } from '../handler.js';
import type { PackageVersion } from '../package-version.js';
import type { Helper, Middleware } from './index.js';
import type { Options } from './options.js';

/** Content types that it parses. The first version took the header apart, without regard to case. */
const patterns: Readonly<Record<number, string>> = {
  1: String.raw`/^\s*application\/(.*\+)?json\s*(;|$)/i`,
  2: String.raw`/^application\/(.+\+)?json(;.*)?$/`,
  3: String.raw`/^application\/(.+\+)?json(;.*)?$/`,
  4: String.raw`/^application\/(.+\+)?json($|;.+)/`,
  5: String.raw`/^application\/(.+\+)?json($|;.+)/`,
  6: String.raw`/^application\/(.+\+)?json($|;.+)/`,
  7: String.raw`/^application\/(.+\+)?json($|;.+)/`,
};

/** The first version failed for a content type that it could not take apart. */
const malformed = String.raw`!/^\s*[\w!#$%&*+.^|~-]+\/[\w!#$%&*+.^|~-]+\s*(; *[\w!#$%&*+.^|~-]+ *= *("[^"]*"|[\w!#$%&*+.^|~-]+) *)*$/`;

/** From version 5 on a body of another type is an error, unless an option of version 4.1 says otherwise; null when options are not known. */
function isStrict({ major, minor }: PackageVersion, argument: Node | null, options: Options | null): boolean | null {
  if (!argument) return major >= 5;
  const { disableContentTypeError: isSilent, ...others } = options ?? { other: true };
  const isKnown = major > 4 || (major === 4 && minor >= 1);
  return isKnown && typeof isSilent === 'boolean' && Object.keys(others).length === 0 ? !isSilent : null;
}

interface Failure {
  status: number;
  message: string;
}

/** What it throws for a body that is no JSON, where it is answered; null when that is not known of the version. */
function failureOf({ major, minor, patch }: PackageVersion, { payload }: RouteShape): Failure | null {
  if (major <= 2) return { status: 422, message: 'Content type defined as JSON but an invalid JSON was provided' };
  // Some say another thing of an event that has no body.
  if (major === 7 || (major === 6 && payload === '2.0' && minor >= 1 && (minor < 4 || (minor === 4 && patch < 2)))) return null;
  return { status: major === 3 || (major === 4 && minor === 0) ? 422 : 415, message: 'Invalid or malformed JSON was provided' };
}

export const httpJsonBodyParser: Middleware = {
  specifier: '@middy/http-json-body-parser',
  effects: ({ version, argument, options, isAnswered, route }) => {
    const { major } = version;
    const pattern = patterns[major];
    const failure = isAnswered ? failureOf(version, route) : undefined;
    const fails = isStrict(version, argument, options);
    if (pattern === undefined || fails === null || failure === null) return null;
    const plain = helper({ pattern, version: major, failure, fails });
    return { helper: plain, ...(major !== 2 && { withEvent: withEvent(plain, major) }), parsesBody: true };
  },
};

interface Parser {
  pattern: string;
  version: number;
  failure: Failure | undefined;
  /** A body of another type is an error. */
  fails: boolean;
}

function helper({ pattern, version, failure, fails }: Parser): Helper {
  const thrown = (status: number, message: string) =>
    failure ? `throw Object.assign(new Error('${message}'), { statusCode: ${status} })` : `throw new Error('${message}')`;
  return {
    name: 'parseJsonBody',
    comment: fails
      ? 'Puts the value of a JSON body in the place of its text; fails for any other body.'
      : 'Puts the value of a JSON body in the place of its text; fails when it is none.',
    type: "Pick<FastifyRequest, 'body' | 'headers' | 'isBase64Encoded'>",
    body: (isTyped) => {
      const type = version === 1 ? `type${isTyped ? " ?? ''" : ''}` : `request.headers['content-type']${isTyped ? " ?? ''" : ''}`;
      const text = isTyped ? 'String(request.body)' : 'request.body';
      const parse = [
        `const text = request.isBase64Encoded ? Buffer.from(${text}, 'base64').toString() : ${text};`,
        'request.body = JSON.parse(text);',
      ];
      return [
        ...(version === 1
          ? [`const type = request.headers['content-type'];`, `if (type && ${malformed}.test(type)) throw new Error('invalid media type');`]
          : []),
        `if (!${pattern}.test(${type})) ${fails ? thrown(415, 'Unsupported Media Type') : 'return'};`,
        ...(failure
          ? ['try {', ...parse.map((line) => `\t${line}`), '} catch {', `\t${thrown(failure.status, failure.message)};`, '}']
          : parse),
      ];
    },
  };
}

/** The event gets the value too, and in one version its text under another name. The second began to do that with a minor version. */
function withEvent({ body, ...helper }: Helper, version: number): Helper {
  const first = version === 3 ? ['request.event.rawBody = request.body;'] : [];
  return {
    ...helper,
    name: 'parseJsonBodyOfEvent',
    type: "Pick<FastifyRequest, 'body' | 'event' | 'headers' | 'isBase64Encoded'>",
    body: (isTyped) => {
      const lines = [...body(isTyped)];
      const at = lines.findIndex((line) => line.trim().startsWith('request.body ='));
      return [...lines.slice(0, at), ...first, ...lines.slice(at), 'request.event.body = request.body;'];
    },
  };
}
