import type { ValidateFunction } from 'ajv';
import { Ajv } from 'ajv';
import { fullFormats } from 'ajv-formats/dist/formats.js';
import { mediaType } from './event-parts.js';
import { headerValue } from './request.js';
import type { Validate, ValidatedRequest } from './types.js';

/** What API Gateway checked before it called the handler. */
export interface Checks {
  /** Media type or `$default` → JSON schema. A body of another type is not looked at. */
  body?: Record<string, object>;
  /** Parameters that must be there and not blank: `querystring.page`, `header.X-Id`. */
  required?: string[];
}

// The formats of draft 4, which the gateway's models are written in; it has no others.
const { 'date-time': dateTime, email, hostname, ipv4, ipv6, uri } = fullFormats;

const ajv = new Ajv({
  strict: false,
  ownProperties: true,
  logger: false,
  // Patterns were written without the stricter rules of the flag `u`.
  unicodeRegExp: false,
  formats: { 'date-time': dateTime, email, hostname, ipv4, ipv6, uri },
});

/** The checks as one function. Throws when a schema is none, which is when the service starts. */
export function validate({ body = {}, required = [] }: Checks): Validate {
  const schemas = new Map(Object.entries(body).map(([type, schema]) => [type.toLowerCase(), ajv.compile(schema)]));
  const parameters = [...required].sort();
  return (request, pathParameters) => {
    const missing = parameters.filter((name) => !isThere(name, request, pathParameters)).map((name) => name.slice(name.indexOf('.') + 1));
    if (missing.length > 0) return `Missing required request parameters: [${missing.join(', ')}]`;
    const schema = schemas.get(mediaType(headerValue(request.headers, 'content-type')) || 'application/json') ?? schemas.get('$default');
    return schema && !fits(schema, request.body) ? 'Invalid request body' : undefined;
  };
}

function isThere(name: string, request: ValidatedRequest, pathParameters: Record<string, string> | null): boolean {
  const dot = name.indexOf('.');
  const values = valuesOf(name.slice(0, dot), name.slice(dot + 1), request, pathParameters);
  return values.some((value) => value !== undefined && value.trim() !== '');
}

function valuesOf(place: string, name: string, { headers, query }: ValidatedRequest, pathParameters: Record<string, string> | null) {
  if (place === 'path') return [pathParameters?.[name]];
  if (place.endsWith('header')) return [headerValue(headers, name.toLowerCase())];
  return new URLSearchParams(query).getAll(name);
}

/** No body at all counts as an empty object. */
function fits(schema: ValidateFunction, body: Buffer): boolean {
  try {
    return schema(JSON.parse(body.toString('utf8') || '{}'));
  } catch {
    return false;
  }
}
