/**
 * `@middy/http-json-body-parser`: the value of a JSON body in the place of its text. What it throws is nobody's to catch, so that any
 * error does; which requests it fails for depends on its version.
 */
import type { Helper, Middleware } from './index.js';

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

/** From here on a body of another type is an error. */
const strict = 5;

export const httpJsonBodyParser: Middleware = {
  specifier: '@middy/http-json-body-parser',
  before: (version, options) => {
    const pattern = patterns[version];
    if (pattern === undefined || options) return null;
    const plain = helper(pattern, version);
    return { helper: plain, ...(version !== 2 && { withEvent: withEvent(plain, version) }), parsesBody: true };
  },
};

function helper(pattern: string, version: number): Helper {
  const isStrict = version >= strict;
  return {
    name: 'parseJsonBody',
    comment: isStrict
      ? 'Puts the value of a JSON body in the place of its text; fails for any other body.'
      : 'Puts the value of a JSON body in the place of its text; fails when it is none.',
    type: "Pick<FastifyRequest, 'body' | 'headers' | 'isBase64Encoded'>",
    body: (isTyped) => {
      const type = version === 1 ? `type${isTyped ? " ?? ''" : ''}` : `request.headers['content-type']${isTyped ? " ?? ''" : ''}`;
      const text = isTyped ? 'String(request.body)' : 'request.body';
      return [
        ...(version === 1
          ? [`const type = request.headers['content-type'];`, `if (type && ${malformed}.test(type)) throw new Error('invalid media type');`]
          : []),
        `if (!${pattern}.test(${type})) ${isStrict ? "throw new Error('Unsupported Media Type')" : 'return'};`,
        `const text = request.isBase64Encoded ? Buffer.from(${text}, 'base64').toString() : ${text};`,
        'request.body = JSON.parse(text);',
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
      return [...lines.slice(0, -1), ...first, ...lines.slice(-1), 'request.event.body = request.body;'];
    },
  };
}
