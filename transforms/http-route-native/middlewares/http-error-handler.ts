/** `@middy/http-error-handler`: errors that name a status are answers. Which others are depends on its version. */
import type { ErrorAnswer, Middleware, Use } from './index.js';
import type { Option } from './options.js';

export const httpErrorHandler: Middleware = {
  specifier: '@middy/http-error-handler',
  effects: ({ version: { major, minor }, options, route }) => {
    const isKnown = major === 1 || (major === 2 && minor >= 5) || (major >= 3 && major <= 6);
    if (!isKnown || !options || Object.keys(options).some((each) => !['logger', 'fallbackMessage'].includes(each))) return null;
    const logged = logOf(options['logger']);
    const fallback = options['fallbackMessage'] ?? '';
    if (logged === null || typeof fallback !== 'string' || (major === 1 && fallback !== '')) return null;
    return {
      errors:
        major === 1 ? first(logged, route) : later({ major, logged, fallback, hasHeaders: major >= 4 || (major === 3 && minor >= 3) }),
    };
  },
};

/** The statement that logs the error; null when it is not known. */
function logOf(logger: Option): string[] | null {
  if (logger === undefined) return ['console.error(error);'];
  if (logger === false || logger === null) return [];
  return typeof logger === 'object' && 'method' in logger ? [`console.${logger.method}(error);`] : null;
}

/** Type that the front gives to an answer without one, where Fastify would give another. */
const defaultTypes = {
  'rest-api': 'application/json',
  'http-api': null,
  'function-url': 'application/json',
  alb: 'application/octet-stream',
} as const;

function first(logged: string[], { front }: Use['route']): ErrorAnswer {
  const type = defaultTypes[front];
  return {
    answersAll: false,
    replacesHeaders: true,
    comment: 'answers errors that name a status',
    body: ({ isTyped, headers }) => [
      `const { statusCode, message } = error${isTyped ? ' as { statusCode?: number; message?: string }' : ''};`,
      `if (!statusCode || !message || typeof message !== 'string') throw error;`,
      ...logged,
      `return reply.code(statusCode)${type === null ? '' : `.type('${type}')`}${headers}.send(message);`,
    ],
  };
}

interface Version {
  major: number;
  logged: string[];
  fallback: string;
  /** Errors may say headers of their answer. */
  hasHeaders: boolean;
}

function later({ major, logged, fallback, hasHeaders }: Version): ErrorAnswer {
  const answersAll = major >= 5 || fallback !== '';
  const type = typeIn(fallback);
  const otherwise = !answersAll
    ? 'throw error;'
    : fallback === ''
      ? 'return reply.code(500)$headers.send();'
      : `return reply.code(500)$headers.type('${type}').send('${fallback}');`;
  return {
    answersAll,
    replacesHeaders: false,
    comment: answersAll ? 'answers errors' : 'answers errors that name a status below 500, or may be shown',
    body: ({ isTyped, headers }) => {
      const own = hasHeaders ? '.headers(headers)' : '';
      const names = `{ statusCode = 0, message, expose = statusCode < 500${hasHeaders ? ', headers = {}' : ''} }`;
      const isFailure = "typeof (message ?? '') !== 'string'";
      return [
        ...logged,
        ...(isTyped ? typedLines(names, hasHeaders) : [`const ${names} = error;`]),
        ...(answersAll
          ? [`if (!statusCode || !expose) ${otherwise.replace('$headers', headers)}`, `if (${isFailure}) throw error;`]
          : [`if (!statusCode || !expose || ${isFailure}) throw error;`]),
        ...(major >= 5 ? [`if (!message) return reply.code(statusCode)${headers}${own}.send();`] : []),
        ...typed(major, isTyped),
        `return reply.code(statusCode)${headers}${own}.type(type).send(message);`,
      ];
    },
  };
}

function typedLines(names: string, hasHeaders: boolean): string[] {
  const members = [
    'statusCode?: number',
    'message?: string',
    'expose?: boolean',
    ...(hasHeaders ? ['headers?: Record<string, string>'] : []),
  ];
  return [`const ${names} = error as {`, ...members.map((each) => `\t${each};`), '};'];
}

function typeIn(text: string): string {
  try {
    return /^[{[]/.test(text) && JSON.parse(text) ? 'application/json' : 'text/plain';
  } catch {
    return 'text/plain';
  }
}

/** The type of a message: that of JSON when it is an object or a list of it. */
function typed(major: number, isTyped: boolean): string[] {
  const none = major >= 5 ? [] : [`if (message === undefined) type = 'application/json';`];
  return [
    `let type = 'text/plain';`,
    ...none,
    `if (/^[{[]/.test(message${major >= 5 ? '' : " ?? ''"})) {`,
    '\ttry {',
    `\t\tJSON.parse(message${isTyped && major < 5 ? " ?? ''" : ''});`,
    `\t\ttype = 'application/json';`,
    '\t} catch {}',
    '}',
  ];
}
