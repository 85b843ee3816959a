import type { InvokeOutcome } from '../lambda/outcome.js';
import { answer, splitTarget, type WireRequest, type WireResponse } from './http.js';
import { payload2Event, payload2Response } from './http-api.js';
import type { Arrival, FrontModel, RouteHit } from './model.js';
import { names } from './rest-api.js';
import { orElse } from './result.js';
import { streamedResponse } from './streamed.js';

const failure = answer(502, 'application/json', 'Internal Server Error');

/**
 * Function URL: payload format 2.0 with an undecoded path and the cookie header kept.
 * @see https://docs.aws.amazon.com/lambda/latest/dg/urls-invocation.html
 */
export const functionUrl: FrontModel = { toEvent, toResponse, unmatched: null, failure, trailingSlashMatters: true };

function toEvent(request: WireRequest, _hit: RouteHit, arrival: Arrival): unknown {
  return payload2Event(request, arrival, {
    routeKey: '$default',
    stage: '$default',
    path: splitTarget(request.target).path,
    context: { ...names(request, arrival), accountId: 'anonymous' },
    keepsCookieHeader: true,
    parameters: {},
    stageVariables: undefined,
  });
}

function toResponse(outcome: InvokeOutcome): WireResponse {
  if (outcome.kind === 'stream') return orElse(() => streamedResponse(outcome.stream), failure);
  if (outcome.kind !== 'result') return failure;
  return orElse(() => payload2Response(outcome.payload, 'application/json'), failure);
}
