import { diagnostic } from '../diagnostics/catalog.js';
import type { Diagnostic } from '../diagnostics/diagnostic.js';
import { isHttp } from '../project/trigger.js';
import type { FunctionDecision } from './function-decision.js';
import { overlap } from './route-overlap.js';

/** Routes of functions that do not move, whose requests a wider route of the same API would now take. */
export function routesLeftOut(decisions: readonly FunctionDecision[]): Diagnostic[] {
  const moved = decisions.flatMap(({ routes }) => routes);
  return decisions
    .filter(({ routes }) => routes.length === 0)
    .flatMap(({ lambda, plan }) =>
      plan.triggers.filter(isHttp).flatMap((trigger) => {
        const wider = moved.find((route) => route.trigger.api === trigger.api && overlap(route.trigger, trigger));
        if (!wider) return [];
        const args = { function: lambda.id, route: `${trigger.method} ${trigger.path}`, other: wider.function };
        return [diagnostic('ROUTE_LEFT_OUT', { args, place: trigger.range ?? lambda.range, function: lambda.id })];
      }),
    );
}
