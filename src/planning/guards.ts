import { diagnostic } from '../diagnostics/catalog.js';
import type { Diagnostic, Place } from '../diagnostics/diagnostic.js';
import type { GatewayFeature, HttpTrigger } from '../project/trigger.js';
import { type Authorizers, describeAuthorizer } from './authorizers.js';
import type { AuthorizerPlan, FrontDoor, RouteGuard, RoutePlan } from './plan.js';

/** What becomes of one thing the gateway did: a diagnostic, and the answer of a route that must stay closed without it. */
interface Treatment {
  code: string;
  guard?: RouteGuard;
  authorizer?: AuthorizerPlan;
  args?: Diagnostic['args'];
}

const unauthorized = { status: 401, body: '{"message":"Unauthorized"}' };
const forbidden = { status: 403, body: '{"message":"Forbidden"}' };
const notImplemented = { status: 501, body: '{"message":"Not Implemented"}' };

/** One entry a kind of feature; null: the service does it. A kind that protected the route must have a guard. */
const treatments: {
  [Kind in GatewayFeature['kind']]: (feature: Extract<GatewayFeature, { kind: Kind }>, route: GuardedRoute) => Treatment | null;
} = {
  cors: () => null,
  authorizer: ({ authorizer }, { functionId, trigger, authorizers }) => {
    const plan = authorizers.planOf(functionId, trigger, authorizer);
    const args = { authorizer: authorizer.name, type: authorizer.type };
    if ('kind' in plan) return { code: 'HTTP_AUTHORIZER_IN_SERVICE', args: { ...args, check: describeAuthorizer(plan) }, authorizer: plan };
    return {
      code: 'HTTP_AUTHORIZER_GUARDED',
      args: { ...args, reason: plan.because },
      guard: {
        ...(authorizer.type === 'iam' ? forbidden : unauthorized),
        because: `the ${authorizer.type} authorizer ${authorizer.name} protected it`,
      },
    };
  },
  'api-key': () => ({ code: 'HTTP_API_KEY_GUARDED', guard: { ...forbidden, because: 'it required an API key' } }),
  'resource-policy': () => ({
    code: 'HTTP_RESOURCE_POLICY_GUARDED',
    guard: { ...forbidden, because: 'a resource policy of the API protected it' },
  }),
  'mutual-tls': () => ({ code: 'HTTP_MUTUAL_TLS_GUARDED', guard: { ...forbidden, because: 'the API required client certificates' } }),
  'request-validation': ({ detail, validation }) =>
    validation
      ? { code: 'HTTP_VALIDATION_IN_SERVICE', args: { detail } }
      : {
          code: 'HTTP_VALIDATION_GUARDED',
          args: { detail },
          guard: { ...notImplemented, because: `the gateway validated requests (${detail})` },
        },
  'mapping-template': ({ detail }) => ({
    code: 'HTTP_MAPPING_GUARDED',
    args: { detail },
    guard: { ...notImplemented, because: `the gateway rewrote requests or answers (${detail})` },
  }),
  throttling: () => ({ code: 'HTTP_THROTTLING_LOST' }),
  'gateway-response': ({ detail, adds }) => (adds ? null : { code: 'HTTP_GATEWAY_RESPONSE_LOST', args: { detail } }),
  compression: () => null,
  other: ({ detail }) => ({ code: 'HTTP_FEATURE_LOST', args: { detail } }),
};

/** Guards in the order in which they win when a route has several: who may call comes before what may be sent. */
const precedence: readonly GatewayFeature['kind'][] = [
  'authorizer',
  'resource-policy',
  'mutual-tls',
  'api-key',
  'mapping-template',
  'request-validation',
];

export interface GuardedRoute {
  functionId: string;
  trigger: HttpTrigger;
  authorizers: Pick<Authorizers, 'planOf'>;
  /** Where the API stays in front, it goes on doing what it did. */
  door: FrontDoor;
}

/** The route with its guard or authorizer, and what has to be said about it. */
export function decideRoute(guarded: GuardedRoute, fallbackPlace: Place): { route: RoutePlan; diagnostics: Diagnostic[] } {
  const { functionId, trigger } = guarded;
  const found = trigger.gateway.map((feature) => ({ feature, treatment: treat(feature, guarded) }));
  const closed = found
    .filter(({ treatment }) => treatment?.guard)
    .sort((a, b) => precedence.indexOf(a.feature.kind) - precedence.indexOf(b.feature.kind));
  const guard = guardOf(closed.flatMap(({ treatment }) => treatment?.guard ?? [])) ?? sourceAddressGuard(trigger);
  const authorizer = found.find(({ treatment }) => treatment?.authorizer)?.treatment?.authorizer ?? null;
  const diagnostics = found.flatMap(({ feature, treatment }) => {
    if (!treatment) return [];
    const range = 'range' in feature ? feature.range : undefined;
    const args = { function: functionId, route: `${trigger.method} ${trigger.path}`, ...treatment.args };
    return [diagnostic(treatment.code, { args, place: range ?? trigger.range ?? fallbackPlace, function: functionId })];
  });
  return {
    route: { function: functionId, trigger, front: trigger.type, guard, authorizer },
    diagnostics: [...diagnostics, ...conditions(functionId, trigger, fallbackPlace)],
  };
}

/** What nobody does closes the route; what the API in front does closes it only where it is reached another way. */
function guardOf(guards: readonly RouteGuard[]): RouteGuard | undefined {
  const [first] = guards.filter(({ doneByApi }) => doneByApi === undefined);
  const [kept] = guards;
  if (first || !kept) return first;
  return { ...kept, doneByApi: guards.some(({ doneByApi }) => doneByApi === 'api-key') ? 'api-key' : 'other' };
}

function treat(feature: GatewayFeature, route: GuardedRoute): Treatment | null {
  const treatment = treatments[feature.kind] as (feature: GatewayFeature, route: GuardedRoute) => Treatment | null;
  const treated = treatment(feature, route);
  return treated && route.door === 'api-gateway' && doneByApi.has(feature.kind) ? keptByApi(treated, feature) : treated;
}

/** What an API does before it calls anything, and after: it is the same whatever it calls. */
const doneByApi: ReadonlySet<GatewayFeature['kind']> = new Set([
  'api-key',
  'resource-policy',
  'mutual-tls',
  'throttling',
  'request-validation',
  'gateway-response',
  'other',
]);

/** Nothing is lost; the service refuses what comes another way. */
function keptByApi({ code, guard, args }: Treatment, { kind }: GatewayFeature): Treatment | null {
  if (!guard) return code === 'HTTP_VALIDATION_IN_SERVICE' ? { code, ...(args && { args }) } : null;
  return { code: 'HTTP_DONE_BY_API', args: { what: guard.because }, guard: { ...guard, doneByApi: kind === 'api-key' ? kind : 'other' } };
}

/** A load balancer rule that let only some addresses through. */
function sourceAddressGuard({ conditions: found = [] }: HttpTrigger): RoutePlan['guard'] {
  return found.some((condition) => /source-?ip/i.test(condition))
    ? { ...forbidden, because: 'a listener rule let only some addresses through' }
    : null;
}

function conditions(functionId: string, trigger: HttpTrigger, fallbackPlace: Place): Diagnostic[] {
  if (!trigger.conditions?.length) return [];
  const args = { function: functionId, route: `${trigger.method} ${trigger.path}`, conditions: trigger.conditions.join('; ') };
  const code = sourceAddressGuard(trigger) ? 'HTTP_SOURCE_ADDRESS_GUARDED' : 'HTTP_LISTENER_CONDITIONS';
  return [diagnostic(code, { args, place: trigger.range ?? fallbackPlace, function: functionId })];
}

/** Refuses every caller. */
export function unauthorizedGuard(because: string): NonNullable<RoutePlan['guard']> {
  return { ...unauthorized, because };
}

/** The route answers 501: the handler cannot get what the gateway made for it. */
export function isNotImplemented({ guard }: RoutePlan): boolean {
  return guard?.status === notImplemented.status && guard.doneByApi === undefined;
}
