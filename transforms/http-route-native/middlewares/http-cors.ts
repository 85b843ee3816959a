/** `@middy/http-cors`: headers that let pages of other origins read the answers. Which ones depends on its version. */
import type { PackageVersion } from '../package-version.js';
import type { AddedHeaders, Middleware, Use } from './index.js';
import type { Options } from './options.js';

export const httpCors: Middleware = {
  specifier: '@middy/http-cors',
  effects: (use) => {
    const { version, route } = use;
    const options = optionsOf(use);
    if (!options) return null;
    // The first versions know an event by its method, which those of format 2.0 have elsewhere.
    if (route.payload === '2.0' && isBefore(version, 2, 5, 2)) return {};
    const origin = originOf(options, use);
    return origin ? { headers: added(origin, options, use) } : null;
  },
};

interface CorsOptions {
  origin: string | undefined;
  origins: readonly string[];
  credentials: boolean;
  /** Headers that are always the same. */
  plain: readonly (readonly [name: string, value: string])[];
}

const known = new Set([
  'origin',
  'origins',
  'credentials',
  'headers',
  'methods',
  'exposeHeaders',
  'maxAge',
  'disableBeforePreflightResponse',
]);

function optionsOf({ options, version: { major }, route }: Use): CorsOptions | null {
  if (!options || major < 1 || major > 6 || Object.keys(options).some((each) => !known.has(each))) return null;
  const { credentials, maxAge, disableBeforePreflightResponse: isSilent = true } = options;
  const texts = ['origin', 'headers', 'methods', 'exposeHeaders'].map((each) => options[each]);
  const isPlain =
    texts.every((each) => each === undefined || (typeof each === 'string' && each !== '')) &&
    (credentials === undefined || typeof credentials === 'boolean') &&
    (maxAge === undefined || typeof maxAge === 'number' || typeof maxAge === 'string') &&
    (isSilent === true || !['OPTIONS', 'ANY'].includes(route.method));
  const origins = options['origins'] ?? [];
  if (!isPlain || !Array.isArray(origins)) return null;
  return {
    origin: typeof options['origin'] === 'string' ? options['origin'] : major === 6 ? undefined : '*',
    origins: origins as string[],
    credentials: credentials === true,
    plain: plainHeaders(options, major),
  };
}

function isBefore(version: PackageVersion, ...[major, minor, patch]: [number, number, number]): boolean {
  if (version.major !== major) return version.major < major;
  return version.minor === minor ? version.patch < patch : version.minor < minor;
}

function plainHeaders({ credentials, headers, methods, exposeHeaders, maxAge }: Options, major: number): [string, string][] {
  const all = [
    ['Access-Control-Allow-Credentials', credentials === true],
    ['Access-Control-Allow-Headers', headers],
    // The first version did not know these two.
    ['Access-Control-Allow-Methods', major > 1 && methods],
    ['Access-Control-Expose-Headers', major > 1 && exposeHeaders],
    ['Access-Control-Max-Age', maxAge],
  ] as const;
  return all.flatMap(([name, value]) => (value ? [[name, String(value)]] : []));
}

interface Origin {
  before: string[];
  properties: string[];
  names: string[];
  /** What the header says when it is always the same. */
  fixed: string | undefined;
  varies: boolean;
}

/** The origin that is allowed, and whether answers say that they depend on it. */
function originOf({ origin, origins, credentials }: CorsOptions, { version: { major, minor } }: Use): Origin | null {
  const saysSo = major >= 3;
  const fixed = (value: string, varies: boolean): Origin => ({
    before: [],
    properties: [`'Access-Control-Allow-Origin': '${value}'`, ...(varies ? [`Vary: 'Origin'`] : [])],
    names: ['Access-Control-Allow-Origin', ...(varies ? ['Vary'] : [])],
    fixed: value,
    varies,
  });
  const asked = (code: string, varies: boolean): Origin => ({
    before: [`const origin = ${code};`],
    properties: [
      `'Access-Control-Allow-Origin': origin`,
      ...(!varies ? [] : major === 6 ? [`Vary: 'Origin'`] : [`...(origin !== '*' && { Vary: 'Origin' })`]),
    ],
    names: ['Access-Control-Allow-Origin', ...(varies ? ['Vary'] : [])],
    fixed: undefined,
    varies,
  });
  if (origins.length > 0) {
    const [first = ''] = origins;
    // Later versions take patterns, and send no header to an origin that is not among them.
    if (major > 5 || (major === 5 && minor >= 3) || origins.some((each) => each.includes('*'))) return null;
    if (origins.length === 1) return fixed(first, saysSo);
    const list = `[${origins.map((each) => `'${each}'`).join(', ')}]`;
    return {
      ...asked(`${list}.find((each) => each === request.headers.origin) ?? '${first}'`, false),
      ...(saysSo && {
        properties: [`'Access-Control-Allow-Origin': origin`, `Vary: 'Origin'`],
        names: ['Access-Control-Allow-Origin', 'Vary'],
      }),
      varies: saysSo,
    };
  }
  if (origin === undefined) return { before: [], properties: [], names: [], fixed: undefined, varies: false };
  if (major === 6 && origin !== '*' && origin.includes('*')) return null;
  if (origin === '*' && credentials) return asked(`request.headers.origin || '*'`, saysSo);
  return fixed(origin, saysSo && major < 6 && origin !== '*');
}

function added(origin: Origin, { plain, credentials }: CorsOptions, { version: { major, minor } }: Use): AddedHeaders {
  return {
    name: 'allowOrigins',
    comment: 'Lets pages of other origins read the answers',
    before: origin.before,
    properties: [...origin.properties, ...plain.map(([name, value]) => `'${name}': '${value}'`)],
    names: [
      ...new Set([...origin.names, ...plain.map(([name]) => name), 'Access-Control-Allow-Credentials', 'Access-Control-Allow-Origin']),
    ],
    allows: (given) => allows(given, { origin, credentials, major }),
    writesToAnswer: origin.before.length > 0 && (major < 6 || minor < 1),
    onError: major <= 2 ? 'always' : 'answered',
  };
}

/** Whether answers that say these themselves are sent as they are, beside what the others get. */
function allows(
  given: ReadonlyMap<string, unknown>,
  { origin, credentials, major }: { origin: Origin; credentials: boolean; major: number },
): boolean {
  const own = given.get('access-control-allow-origin');
  const hasOwn = given.has('access-control-allow-origin');
  if (given.has('access-control-allow-credentials')) {
    const value = given.get('access-control-allow-credentials');
    // What an answer says of credentials is the option from then on, where it is no text: a false one.
    const isSame = value === 'true' || (major === 1 && value === true);
    if (!isSame || !(credentials || (major === 1 && hasOwn))) return false;
  }
  if (major === 6) return !(hasOwn && origin.names.length > 0) && !(given.has('vary') && origin.varies);
  if (!hasOwn || major <= 2) return true;
  // The origin that the answer names is what it depends on.
  return own === '*' ? !origin.varies : typeof own === 'string' && origin.varies && origin.fixed !== undefined && origin.fixed !== '*';
}
