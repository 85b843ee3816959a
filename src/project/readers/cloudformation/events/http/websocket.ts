/** Routes of WebSocket APIs. */
import type { TemplateContext } from '../../../../../triggers/template-context.js';
import { objectOf } from '../../../../data.js';
import { functionsIn, other, placeAt, resolvedObject, resourcesOf, type WiredTrigger } from '../resources.js';
import { isWebSocketRoute, rawRoutesOf } from './http-api.js';

export function websocketRoutes(context: TemplateContext): WiredTrigger[] {
  const raw = rawRoutesOf(context)
    .filter((route) => isWebSocketRoute(context, route))
    .map(({ id, functionId, key }) => ({ functionId, trigger: other('websocket', key, placeAt(context, ['Resources', id])) }));
  const sam = resourcesOf(context, 'AWS::Serverless::WebSocketApi').flatMap(({ id, properties }) =>
    Object.entries(resolvedObject(context, properties['Routes'])).flatMap(([key, route]) =>
      functionsIn(context, objectOf(route)['FunctionArn']).map((functionId) => ({
        functionId,
        trigger: other('websocket', key, placeAt(context, ['Resources', id, 'Properties', 'Routes', key])),
      })),
    ),
  );
  return [...raw, ...sam];
}
