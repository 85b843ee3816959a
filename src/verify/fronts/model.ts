import type { HttpTrigger } from '../../project/trigger.js';
import type { InvokeOutcome } from '../lambda/outcome.js';
import type { WireRequest, WireResponse } from './http.js';

/** What AWS knows about a request besides what the client sent. */
export interface Arrival {
  requestId: string;
  /** Milliseconds since the epoch. */
  time: number;
  sourceIp: string;
  accountId: string;
  region: string;
}

/** A route that fits a request. */
export interface RouteHit {
  trigger: HttpTrigger;
  /** Path variables as they stand in the path. */
  parameters: Record<string, string>;
}

/**
 * An HTTP front of Lambda, from AWS's documentation alone: it must share nothing with the service that is generated, because
 * it is what that service is measured by.
 */
export interface FrontModel {
  toEvent(request: WireRequest, hit: RouteHit, arrival: Arrival): unknown;
  /** The answer to the client; errors of the function leak nothing. */
  toResponse(outcome: InvokeOutcome, hit: RouteHit, request: WireRequest): WireResponse;
  /** No route fits; null when only the user's own configuration tells (a load balancer's default action). */
  unmatched: WireResponse | null;
  /** The answer to a function that failed or whose result is none. */
  failure: WireResponse;
  /** A trailing slash makes another path; null: not documented. */
  trailingSlashMatters: boolean | null;
}
