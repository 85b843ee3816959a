import type { JsonSchema } from './json-schema.js';
import type { TextRange } from './model.js';
import type { GatewayFeature } from './trigger.js';

export interface RequestChecks {
  /** Media type → schema; undefined for one that could not be read. */
  body: Record<string, JsonSchema | undefined>;
  /** `querystring.page`, `header.X-Id` */
  required: readonly string[];
  /** Only possibly checked: who decides stands outside the definition. */
  uncertain?: boolean;
}

/** The feature of a route whose requests are checked; none when nothing is. */
export function validationFeature({ body, required, uncertain = false }: RequestChecks, range: TextRange | undefined): GatewayFeature[] {
  const mediaTypes = Object.keys(body);
  if (mediaTypes.length === 0 && required.length === 0) return [];
  const detail = [
    ...(mediaTypes.length > 0 ? [`body: ${mediaTypes.join(', ')}`] : []),
    ...(required.length > 0 ? [`required: ${required.join(', ')}`] : []),
  ].join('; ');
  const schemas = Object.entries(body).flatMap(([mediaType, schema]) => (schema ? [[mediaType, schema] as const] : []));
  const isKnown = !uncertain && schemas.length === mediaTypes.length;
  const validation = {
    ...(schemas.length > 0 && { body: Object.fromEntries(schemas) }),
    ...(required.length > 0 && { required: [...required] }),
  };
  return [{ kind: 'request-validation', detail, ...(isKnown && { validation }), ...(range && { range }) }];
}
