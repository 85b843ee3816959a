import { eventAlb } from './event-alb.js';
import { eventV1 } from './event-v1.js';
import { eventV2 } from './event-v2.js';
import type { HttpRequest } from './request.js';
import type { Match } from './router.js';

/** What a function behind the route's front gets as its event. */
export function eventOf(match: Match, request: HttpRequest): Record<string, unknown> {
  if (match.route.front === 'alb') return eventAlb(request, match);
  return match.route.payload === '2.0' ? eventV2(request, match) : eventV1(request, match);
}
