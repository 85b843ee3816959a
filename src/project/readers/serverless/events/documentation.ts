/**
 * Two plugins that together make a REST API validate its requests: serverless-aws-documentation declares models and gives them to methods
 * (its `src/models.js` and `src/documentation.js`, 1.1.0), serverless-reqvalidator-plugin names the validator (its `src/index.js`, 3.1.0).
 */
import type { ServerlessEventContext } from '../../../../triggers/kind.js';
import { listOf, objectOf, type PlainObject } from '../../../data.js';
import { type FindModel, type JsonSchema, readModel } from '../../../json-schema.js';
import type { RequestChecks } from '../../../request-validation.js';
import { requestModel } from '../../cloudformation/events/http/models.js';
import { isKnown } from '../values.js';
import { pluginsOf } from './service.js';

/** What a named validator lets the gateway check, with the models of the documentation; undefined when the validator is not known. */
export function namedChecks(event: PlainObject, checks: RequestChecks, context: ServerlessEventContext): RequestChecks | undefined {
  const plugins = pluginsOf(context);
  // Serverless itself ignores the name.
  if (isKnown(context.service['plugins']) && !plugins.some((plugin) => /valid/i.test(plugin))) return checks;
  if (!plugins.includes('serverless-reqvalidator-plugin')) return undefined;
  const name = event['reqValidatorName'];
  const validator = typeof name === 'string' ? context.template?.resources[name] : undefined;
  if (validator?.type !== 'AWS::ApiGateway::RequestValidator') return undefined;
  const body = validates(validator.properties['ValidateRequestBody']);
  const parameters = validates(validator.properties['ValidateRequestParameters']);
  if (body === undefined || parameters === undefined) return undefined;
  return {
    body: body ? (documentedModels(event, context) ?? checks.body) : {},
    required: parameters ? [...new Set([...checks.required, ...documentedParameters(event, context)])] : [],
  };
}

function validates(value: unknown): boolean | undefined {
  if (value === undefined || value === false || value === 'false') return false;
  return value === true || value === 'true' ? true : undefined;
}

/** They replace those that Serverless gave to the method. */
function documentedModels(event: PlainObject, context: ServerlessEventContext): RequestChecks['body'] | undefined {
  const named = Object.entries(objectOf(documentationOf(event, context)['requestModels']));
  if (named.length === 0) return undefined;
  return Object.fromEntries(named.map(([mediaType, name]) => [mediaType, modelNamed(name, context)]));
}

function documentedParameters(event: PlainObject, context: ServerlessEventContext): string[] {
  const documentation = documentationOf(event, context);
  const required = (key: string) =>
    listOf(documentation[key])
      .map(objectOf)
      .filter(({ required: isRequired }) => isRequired === true)
      .map(({ name }) => String(name));
  return [...required('queryParams').map((name) => `querystring.${name}`), ...required('requestHeaders').map((name) => `header.${name}`)];
}

/** Of an event; the plugin does nothing for a service without a section of its own. */
function documentationOf(event: PlainObject, context: ServerlessEventContext): PlainObject {
  const isActive = pluginsOf(context).includes('serverless-aws-documentation') && customOf(context)['documentation'] !== undefined;
  return isActive ? objectOf(event['documentation']) : {};
}

function customOf(context: ServerlessEventContext): PlainObject {
  return objectOf(context.service['custom']);
}

function modelNamed(name: unknown, context: ServerlessEventContext): JsonSchema | undefined {
  const models = listOf(objectOf(customOf(context)['documentation'])['models']).map(objectOf);
  const find = (wanted: unknown) => models.find((model) => model['name'] === wanted);
  const found = find(name);
  if (!found) return context.template && requestModel(context.template, name);
  if (!isKnown(found['schema'])) return undefined;
  const findModel: FindModel = (reference) => {
    const other = find(/^\{\{model:\s*([-\w]+)\}\}$/.exec(String(reference))?.[1]);
    return other && isKnown(other['schema']) ? { name: String(other['name']), schema: other['schema'] } : undefined;
  };
  return readModel(found['schema'] ?? {}, { findModel });
}
