/** Function URLs: `AWS::Lambda::Url` and `FunctionUrlConfig` of SAM. */
import type { TemplateContext } from '../../../../../triggers/template-context.js';
import { isPlainObject, type PlainObject } from '../../../../data.js';
import type { GatewayFeature, HttpTrigger } from '../../../../trigger.js';
import { describe, placeAt, resolvedObject, resourcesOf, textOf, type WiredTrigger } from '../resources.js';
import { authorizerFeature, headersCors } from './route.js';

export function functionUrls(context: TemplateContext): WiredTrigger[] {
  const raw = resourcesOf(context, 'AWS::Lambda::Url').flatMap(({ id, properties }) => {
    const functionId = context.functionOf(properties['TargetFunctionArn']);
    return functionId === undefined ? [] : [{ functionId, trigger: urlTrigger(context, functionId, properties, ['Resources', id]) }];
  });
  const sam = resourcesOf(context, 'AWS::Serverless::Function').flatMap(({ id, properties }) => {
    if (!isPlainObject(context.resolve(properties['FunctionUrlConfig']))) return [];
    const path = ['Resources', id, 'Properties', 'FunctionUrlConfig'];
    return [{ functionId: id, trigger: urlTrigger(context, id, resolvedObject(context, properties['FunctionUrlConfig']), path) }];
  });
  return [...raw, ...sam];
}

function urlTrigger(context: TemplateContext, functionId: string, properties: PlainObject, path: (string | number)[]): HttpTrigger {
  return {
    type: 'function-url',
    method: 'ANY',
    path: '$default',
    api: functionId,
    payload: '2.0',
    stage: '$default',
    ...(textOf(context, properties['InvokeMode']) === 'RESPONSE_STREAM' && { streaming: true }),
    gateway: [...headersCors(context, properties['Cors'], 200), ...authorizer(context, properties['AuthType'], path)],
    ...placeAt(context, path),
  };
}

function authorizer(context: TemplateContext, value: unknown, path: (string | number)[]): GatewayFeature[] {
  const type = textOf(context, value);
  if (type?.toUpperCase() === 'NONE') return [];
  const range = context.range(path);
  if (type?.toUpperCase() === 'AWS_IAM') return [authorizerFeature({ type: 'iam', name: 'AWS_IAM' }, range)];
  return [authorizerFeature({ type: 'unknown', name: describe(context, value) ?? 'AuthType' }, range)];
}
