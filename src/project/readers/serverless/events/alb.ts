import type { ServerlessEventContext } from '../../../../triggers/kind.js';
import { isPlainObject, listOf, objectOf, stringsOf } from '../../../data.js';
import type { HttpTrigger, Trigger } from '../../../trigger.js';
import { albAuthorizers } from './authorizer.js';
import { describe } from './service.js';

/** Conditions of a listener rule by their names at AWS; path and method are told by the trigger itself. */
const furtherConditions: Readonly<Record<string, string>> = {
  host: 'host-header',
  header: 'http-header',
  query: 'query-string',
  ip: 'source-ip',
};

/** `alb`: listener rules in front of the function, one trigger for each method and path. */
export function albEvent(value: unknown, context: ServerlessEventContext): Trigger[] {
  if (!isPlainObject(value)) return [];
  const conditions = objectOf(value['conditions']);
  const further = Object.entries(furtherConditions).flatMap(([key, name]) => {
    const texts = listOf(conditions[key]).map((text) => (typeof text === 'string' ? text : JSON.stringify(text)));
    return texts.length > 0 ? [`${name}: ${texts.join(', ')}`] : [];
  });
  const trigger = (method: string, path: string): HttpTrigger => ({
    type: 'alb',
    method,
    path,
    api: value['listenerArn'] === undefined ? 'ServerlessALB' : describe(value['listenerArn']),
    payload: '1.0',
    ...(value['multiValueHeaders'] === true && { multiValueHeaders: true }),
    ...(further.length > 0 && { conditions: further }),
    gateway: albAuthorizers(value['authorizer'], context),
    ...(context.range && { range: context.range }),
  });
  const methods = stringsOf(conditions['method']).map((method) => method.toUpperCase());
  const paths = stringsOf(conditions['path']);
  return (methods.length > 0 ? methods : ['ANY']).flatMap((method) =>
    (paths.length > 0 ? paths : ['/*']).map((path) => trigger(method, path)),
  );
}
