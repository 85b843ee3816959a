import type { RoutePlan, ServicePlan } from '../planning/plan.js';
import type { RequestValidation } from '../project/trigger.js';

/** Everything that the gateway checked on a route, as far as it is known; undefined when that is nothing. */
export function validationOf({ trigger }: RoutePlan): RequestValidation | undefined {
  const known = trigger.gateway.flatMap((feature) => (feature.kind === 'request-validation' ? (feature.validation ?? []) : []));
  if (known.length === 0) return undefined;
  const body = Object.assign({}, ...known.map((each) => each.body)) as NonNullable<RequestValidation['body']>;
  const required = [...new Set(known.flatMap((each) => each.required ?? []))];
  return { ...(Object.keys(body).length > 0 && { body }), ...(required.length > 0 && { required }) };
}

/** The service needs the validating part of the runtime. */
export function validates({ routes }: ServicePlan): boolean {
  return routes.some((route) => validationOf(route) !== undefined);
}
