import type { Front, HttpTrigger } from '../../project/trigger.js';
import type { InvokeOutcome } from '../lambda/outcome.js';
import { compressedFor } from './compression.js';
import { corsOf, preflightAnswer, withCorsHeaders } from './cors.js';
import type { WireRequest, WireResponse } from './http.js';
import { frontModels } from './index.js';
import type { Arrival } from './model.js';
import { chooseRoute, type ModelRoute, type Routed, routesOfPath } from './routing.js';
import { refusalOf } from './validation.js';

/** What the front does with a request: answers by itself, or invokes a function and makes its outcome an answer. */
export type Handling =
  | { kind: 'answer'; response: WireResponse }
  | { kind: 'invoke'; functionId: string; event: unknown; finish(outcome: InvokeOutcome): WireResponse }
  /** Only configuration that the project does not hold would tell. */
  | { kind: 'unknown' };

/** Models one API: routes of one front that clients reach under one address. */
export function createGateway(front: Front, routes: readonly ModelRoute[]): (request: WireRequest, arrival: Arrival) => Handling {
  const model = frontModels[front];
  return (request, arrival) => {
    const hit = chooseRoute(routes, request);
    const cors = corsFor(routes, hit, request);
    const ownOptions = hit?.trigger.method === 'OPTIONS' && cors?.mode === 'preflight';
    const preflight = cors && !ownOptions ? preflightAnswer(cors, request) : undefined;
    if (preflight) return { kind: 'answer', response: preflight };
    const finished = (response: WireResponse) => withoutForbiddenBody(request, cors ? withCorsHeaders(cors, request, response) : response);
    const own = (response: WireResponse) => finished(withErrorHeaders(hit?.trigger ?? routes[0]?.trigger, response));
    if (!hit) return model.unmatched ? { kind: 'answer', response: own(model.unmatched) } : { kind: 'unknown' };
    const refusal = refusalOf(request, hit);
    if (refusal) return { kind: 'answer', response: own(refusal) };
    return {
      kind: 'invoke',
      functionId: hit.functionId,
      event: model.toEvent(request, hit, arrival),
      finish: (outcome) => {
        const response = model.toResponse(outcome, hit, request);
        return compressedFor(request, hit.trigger, response === model.failure ? own(response) : finished(response));
      },
    };
  };
}

/** Gateway responses of the API: headers of errors that the gateway answers itself. */
function withErrorHeaders(trigger: HttpTrigger | undefined, response: WireResponse): WireResponse {
  const errors = response.status < 500 ? '4XX' : '5XX';
  const added = (trigger?.gateway ?? []).flatMap((feature) =>
    feature.kind === 'gateway-response' && feature.adds?.errors === errors ? feature.adds.headers : [],
  );
  return added.length === 0 ? response : { ...response, headers: [...response.headers, ...added] };
}

/** The settings of the route; those of the path when only its methods do not fit; those of an HTTP API for any path. */
function corsFor(routes: readonly ModelRoute[], hit: Routed | undefined, request: WireRequest) {
  if (hit && corsOf(hit.trigger)) return corsOf(hit.trigger);
  if (hit && hit.trigger.method !== 'ANY') return undefined;
  const ofPath = routesOfPath(routes, request).map(({ trigger }) => corsOf(trigger));
  const ofApi = hit ? [] : routes.map(({ trigger }) => corsOf(trigger)).filter((cors) => cors?.mode === 'headers');
  return [...ofPath, ...ofApi].find((cors) => cors !== undefined);
}

/** HTTP itself: no body after HEAD, 204 and 304. */
function withoutForbiddenBody({ method }: WireRequest, response: WireResponse): WireResponse {
  const none = method === 'HEAD' || response.status === 204 || response.status === 304;
  return none ? { ...response, body: Buffer.alloc(0) } : response;
}
