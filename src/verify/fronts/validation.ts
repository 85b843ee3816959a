import { Ajv } from 'ajv';
import { fullFormats } from 'ajv-formats/dist/formats.js';
import type { JsonSchema } from '../../project/json-schema.js';
import type { RequestValidation } from '../../project/trigger.js';
import { answer, headerValues, mediaTypeOf, splitTarget, type WireRequest, type WireResponse } from './http.js';
import type { RouteHit } from './model.js';

const draft4Formats = ['date-time', 'email', 'hostname', 'ipv4', 'ipv6', 'uri'] as const;

/**
 * What API Gateway answers to a request that its validator refuses; undefined when it lets the request through.
 * @see https://docs.aws.amazon.com/apigateway/latest/developerguide/api-gateway-method-request-validation.html
 */
export function refusalOf(request: WireRequest, { trigger, parameters }: RouteHit): WireResponse | undefined {
  for (const feature of trigger.gateway) {
    if (feature.kind !== 'request-validation' || !feature.validation) continue;
    const missing = missingParameters(feature.validation, request, parameters);
    if (missing.length > 0) return badRequest(`Missing required request parameters: [${missing.join(', ')}]`);
    if (!bodyFits(feature.validation, request)) return badRequest('Invalid request body');
  }
  return undefined;
}

function missingParameters({ required = [] }: RequestValidation, { target, headers }: WireRequest, path: Record<string, string>): string[] {
  const query = new URLSearchParams(splitTarget(target).query);
  const sources: Record<string, (name: string) => readonly (string | undefined)[]> = {
    querystring: (name) => query.getAll(name),
    header: (name) => headerValues(headers, name.toLowerCase()),
    path: (name) => [path[name]],
  };
  return required.toSorted().flatMap((parameter) => {
    const [source = '', ...rest] = parameter.split('.');
    const name = rest.join('.');
    return sources[source]?.(name).some((value) => value?.trim()) ? [] : [name];
  });
}

function bodyFits({ body = {} }: RequestValidation, { headers, body: bytes }: WireRequest): boolean {
  const type = mediaTypeOf(headers) || 'application/json';
  const schema = body[Object.keys(body).find((each) => each.toLowerCase() === type) ?? '$default'];
  if (!schema) return true;
  try {
    return compiled(schema)(JSON.parse(bytes.length === 0 ? '{}' : bytes.toString('utf8'))) === true;
  } catch {
    return false;
  }
}

const validators = new WeakMap<JsonSchema, (value: unknown) => unknown>();

function compiled(schema: JsonSchema): (value: unknown) => unknown {
  const known = validators.get(schema);
  if (known) return known;
  const formats = Object.fromEntries(draft4Formats.map((name) => [name, fullFormats[name]]));
  const made = new Ajv({ strict: false, logger: false, ownProperties: true, unicodeRegExp: false, formats }).compile(schema);
  validators.set(schema, made);
  return made;
}

function badRequest(message: string): WireResponse {
  return answer(400, 'application/json', `{"message": ${JSON.stringify(message)}}`);
}
