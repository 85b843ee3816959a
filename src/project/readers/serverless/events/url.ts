import type { ServerlessEventContext } from '../../../../triggers/kind.js';
import { isPlainObject, objectOf } from '../../../data.js';
import type { HttpTrigger, Trigger } from '../../../trigger.js';
import { urlAuthorizer } from './authorizer.js';
import { urlCors } from './cors.js';

/** `url: true` of a function, or its settings. */
export function urlProperty(value: unknown, context: ServerlessEventContext): Trigger[] {
  if (value !== true && !isPlainObject(value)) return [];
  const settings = objectOf(value);
  const trigger: HttpTrigger = {
    type: 'function-url',
    method: 'ANY',
    path: '$default',
    api: context.functionId,
    payload: '2.0',
    stage: '$default',
    ...(settings['invokeMode'] === 'RESPONSE_STREAM' && { streaming: true }),
    gateway: [...urlCors(settings['cors']), ...urlAuthorizer(settings['authorizer'], context)],
    ...(context.range && { range: context.range }),
  };
  return [trigger];
}
