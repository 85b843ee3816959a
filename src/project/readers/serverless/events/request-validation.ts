/**
 * `request` of an `http` event: schemas of bodies and required parameters. One validator checks both, as Serverless compiles it
 * (`lib/plugins/aws/package/compile/events/api-gateway/lib/request-validator.js` of serverless 3).
 */
import type { ServerlessEventContext } from '../../../../triggers/kind.js';
import { isPlainObject, objectOf, type PlainObject } from '../../../data.js';
import { type JsonSchema, readModel } from '../../../json-schema.js';
import { validationFeature } from '../../../request-validation.js';
import type { GatewayFeature } from '../../../trigger.js';
import { referencedModel } from '../../cloudformation/events/http/models.js';
import { isKnown } from '../values.js';
import { namedChecks } from './documentation.js';
import { providerOf } from './service.js';

export function requestValidation(event: PlainObject, context: ServerlessEventContext): GatewayFeature[] {
  const request = objectOf(event['request']);
  const written = request['schemas'] ?? request['schema'];
  const schemas: PlainObject = isPlainObject(written) ? written : written ? { 'application/json': written } : {};
  const body = Object.entries(schemas).map(([mediaType, schema]) => [mediaType, schemaOf(schema, context)] as const);
  const checks = { body: Object.fromEntries(body), required: requiredParameters(objectOf(request['parameters'])) };
  // A plugin attaches validators of the service's own.
  if (event['reqValidatorName'] !== undefined) {
    const known = namedChecks(event, checks, context);
    if (known) return validationFeature(known, context.range);
    const named = { body: { 'application/json': undefined, ...checks.body }, required: checks.required };
    return validationFeature({ ...named, uncertain: true }, context.range);
  }
  return validationFeature(checks, context.range);
}

/** A schema, an object that holds one beside its name, or the name of one that the provider declares. */
function schemaOf(written: unknown, context: ServerlessEventContext): JsonSchema | undefined {
  const shared = objectOf(objectOf(objectOf(providerOf(context)['apiGateway'])['request'])['schemas']);
  const model = typeof written === 'string' && Object.hasOwn(shared, written) ? shared[written] : written;
  const schema = objectOf(model)['schema'] ?? model;
  if (!isKnown(schema)) return undefined;
  const { template } = context;
  return readModel(schema, { findModel: (reference) => (template ? referencedModel(template, reference) : undefined) });
}

/**
 * `{ querystrings: { page: true }, headers: { 'X-Id': { required: false } } }` → the required ones; an object without
 * `required` is. Parameters of the path always are there.
 */
function requiredParameters(parameters: PlainObject): string[] {
  return ['querystring', 'header'].flatMap((section) =>
    Object.entries(objectOf(parameters[`${section}s`]))
      .filter(([, value]) => (isPlainObject(value) ? (value['required'] ?? true) !== false : value === true))
      .map(([name]) => `${section}.${name}`),
  );
}
