import { websocketRoutes } from '../project/readers/cloudformation/events/http/websocket.js';
import { listensTo } from '../project/readers/serverless/events/other.js';
import type { TriggerKind } from './kind.js';

export const websocket: TriggerKind = {
  type: 'websocket',
  title: 'WebSocket API',
  workload: 'stays',
  reason: 'API Gateway holds the WebSocket connections and calls a function for each message',
  advice:
    'Keep the function on Lambda; a service would have to hold the connections itself, or be called through an HTTP integration of the WebSocket API.',
  serverless: { websocket: listensTo('websocket', 'route') },
  cloudformation: websocketRoutes,
};
