import { diagnostic } from '../diagnostics/catalog.js';
import type { Diagnostic, Place } from '../diagnostics/diagnostic.js';
import type { GatewayFeature, HttpTrigger } from '../project/trigger.js';
import type { RoutePlan } from './plan.js';

/** What becomes of one thing the gateway did: a diagnostic, and the answer of a route that must stay closed without it. */
interface Treatment {
  code: string;
  guard?: NonNullable<RoutePlan['guard']>;
  args?: Diagnostic['args'];
}

const unauthorized = { status: 401, body: '{"message":"Unauthorized"}' };
const forbidden = { status: 403, body: '{"message":"Forbidden"}' };
const notImplemented = { status: 501, body: '{"message":"Not Implemented"}' };

/** One entry a kind of feature; null: the service does it. A kind that protected the route must have a guard. */
const treatments: { [Kind in GatewayFeature['kind']]: (feature: Extract<GatewayFeature, { kind: Kind }>) => Treatment | null } = {
  cors: () => null,
  authorizer: ({ authorizer }) => ({
    code: 'HTTP_AUTHORIZER_GUARDED',
    args: { authorizer: authorizer.name, type: authorizer.type },
    guard: {
      ...(authorizer.type === 'iam' ? forbidden : unauthorized),
      because: `the ${authorizer.type} authorizer ${authorizer.name} protected it`,
    },
  }),
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
  'gateway-response': ({ detail }) => ({ code: 'HTTP_GATEWAY_RESPONSE_LOST', args: { detail } }),
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

/** The route with its guard, and what has to be said about it. */
export function decideRoute(
  functionId: string,
  trigger: HttpTrigger,
  fallbackPlace: Place,
): { route: RoutePlan; diagnostics: Diagnostic[] } {
  const found = trigger.gateway.map((feature) => ({ feature, treatment: treat(feature) }));
  const guarded = found
    .filter(({ treatment }) => treatment?.guard)
    .sort((a, b) => precedence.indexOf(a.feature.kind) - precedence.indexOf(b.feature.kind));
  const guard = guarded[0]?.treatment?.guard ?? sourceAddressGuard(trigger);
  const diagnostics = found.flatMap(({ feature, treatment }) => {
    if (!treatment) return [];
    const range = 'range' in feature ? feature.range : undefined;
    const args = { function: functionId, route: `${trigger.method} ${trigger.path}`, ...treatment.args };
    return [diagnostic(treatment.code, { args, place: range ?? trigger.range ?? fallbackPlace, function: functionId })];
  });
  return {
    route: { function: functionId, trigger, front: trigger.type, guard },
    diagnostics: [...diagnostics, ...conditions(functionId, trigger, fallbackPlace)],
  };
}

function treat(feature: GatewayFeature): Treatment | null {
  const treatment = treatments[feature.kind] as (feature: GatewayFeature) => Treatment | null;
  return treatment(feature);
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

/** The route answers 501: the handler cannot get what the gateway made for it. */
export function isNotImplemented({ guard }: RoutePlan): boolean {
  return guard?.status === notImplemented.status;
}
