/** Models of REST APIs: resources of their own, those SAM declares under an API, and schemas of OpenAPI documents. */
import type { TemplateContext } from '../../../../../triggers/template-context.js';
import { objectOf, type PlainObject } from '../../../../data.js';
import { type FindModel, type JsonSchema, readModel } from '../../../../json-schema.js';
import { namesIn } from '../../intrinsics.js';
import { describe, resolvedObject, resourcesOf, textOf } from '../resources.js';
import type { Api } from './route.js';

/** Every API has these two without declaring them. */
const builtIn: Readonly<Record<string, JsonSchema>> = {
  Empty: { title: 'Empty Schema', type: 'object' },
  Error: { title: 'Error Schema', type: 'object', properties: { message: { type: 'string' } } },
};

/** An import does not carry these over: https://docs.aws.amazon.com/apigateway/latest/developerguide/api-gateway-known-issues.html */
const lostInImport = ['minItems', 'maxItems'];

/** Schema of an entry of `RequestModels`: a model's name, or a reference to its resource. */
export function requestModel(context: TemplateContext, value: unknown): JsonSchema | undefined {
  const found = modelResource(context, value);
  if (found) return readModel(found.schema, { findModel: (reference) => referencedModel(context, reference) });
  const name = textOf(context, value);
  return name !== undefined && Object.hasOwn(builtIn, name) ? builtIn[name] : undefined;
}

function modelResource(context: TemplateContext, value: unknown): ReturnType<FindModel> {
  const models = resourcesOf(context, 'AWS::ApiGateway::Model');
  const id = context.resourceOf(value);
  const name = textOf(context, value);
  const model = models.find((each) => each.id === id || (name !== undefined && textOf(context, each.properties['Name']) === name));
  return model && { name: model.id, schema: context.resolve(model.properties['Schema']) };
}

/** `https://apigateway.amazonaws.com/restapis/{api}/models/{model}`, put together of references. */
export function referencedModel(context: TemplateContext, reference: unknown): ReturnType<FindModel> {
  if (typeof reference === 'string' && reference.startsWith('#')) return undefined;
  const id = namesIn(reference).findLast((name) => context.resources[name]?.type === 'AWS::ApiGateway::Model');
  const name = /\/models\/(\w+)$/.exec(describe(context, reference) ?? '')?.[1];
  if (id !== undefined) return modelResource(context, { Ref: id });
  return name === undefined ? undefined : modelResource(context, name);
}

/** A schema of an API that is imported: references lead to schemas of its document and to models that SAM adds to it. */
export function importedModel(context: TemplateContext, api: Api, content: PlainObject, schema: unknown): JsonSchema | undefined {
  const models = importedModels(context, api, content);
  const findModel: FindModel = (reference) => {
    const name = /^#\/(?:definitions|components\/schemas)\/([^/]+)$/.exec(String(reference))?.[1];
    // SAM writes the names of its models in lower case.
    const key = [name, name?.toLowerCase()].find((each) => each !== undefined && Object.hasOwn(models, each));
    return key === undefined ? undefined : { name: key, schema: models[key] };
  };
  return readModel(schema, { findModel, without: lostInImport });
}

function importedModels(context: TemplateContext, api: Api, content: PlainObject): PlainObject {
  const ofSam = Object.entries(resolvedObject(context, api.properties['Models'])).map(([name, schema]) => [name.toLowerCase(), schema]);
  return { ...objectOf(content['definitions']), ...objectOf(objectOf(content['components'])['schemas']), ...Object.fromEntries(ofSam) };
}
