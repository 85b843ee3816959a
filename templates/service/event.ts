import { eventAlb, partsAlb } from './event-alb.js';
import type { RequestParts } from './event-parts.js';
import { eventV1, partsV1 } from './event-v1.js';
import { eventV2, partsV2 } from './event-v2.js';
import type { HttpRequest } from './request.js';
import type { Match } from './router.js';
import type { Route } from './types.js';

/** What a function behind the route's front gets as its event. */
export function eventOf(match: Match, request: HttpRequest): Record<string, unknown> {
  if (match.route.front === 'alb') return eventAlb(request, match);
  return match.route.payload === '2.0' ? eventV2(request, match) : eventV1(request, match);
}

/** The same, field by field, for a handler that gets no event. */
export function partsOf({ front, payload }: Route): RequestParts {
  if (front === 'alb') return partsAlb;
  return payload === '2.0' ? partsV2 : partsV1;
}
