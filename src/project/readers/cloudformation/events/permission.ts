/** `AWS::Lambda::Permission`: who may call a function, the last evidence of what does. */
import type { TriggerKind } from '../../../../triggers/kind.js';
import type { TemplateContext } from '../../../../triggers/template-context.js';
import type { HttpTrigger, OtherTrigger, Trigger } from '../../../trigger.js';
import { resourcesOf, sourceName, textOf, type WiredTrigger } from './resources.js';

/** What the permissions of a template say, for functions without better evidence. */
export function permissionTriggers(context: TemplateContext, kinds: readonly TriggerKind[]): WiredTrigger[] {
  return resourcesOf(context, 'AWS::Lambda::Permission').flatMap(({ id, properties }) => {
    const functionId = context.functionOf(properties['FunctionName']);
    const principal = textOf(context, properties['Principal']);
    if (functionId === undefined || principal === undefined) return [];
    const trigger = triggerFor(principal, properties, kinds, context);
    const range = context.range(['Resources', id]);
    return trigger ? [{ functionId, trigger: { ...trigger, ...(range && { range }) } }] : [];
  });
}

function triggerFor(
  principal: string,
  properties: Record<string, unknown>,
  kinds: readonly TriggerKind[],
  context: TemplateContext,
): Trigger | undefined {
  if (principal === 'apigateway.amazonaws.com') return routeOf(properties['SourceArn'], context);
  if (principal === 'elasticloadbalancing.amazonaws.com') return loadBalancerRoute();
  const kind = kinds.find(({ principals }) => principals?.some((known) => principal === known || principal.startsWith(`${known}.`)));
  if (kind?.workload !== 'stays') return undefined;
  const source = sourceName(context, properties['SourceArn']);
  return { type: kind.type as OtherTrigger['type'], ...(source !== undefined && { source }) };
}

function describe(value: unknown, context: TemplateContext): string {
  const known = context.toValue(value);
  return known.kind === 'literal' ? String(known.value) : known.text;
}

/** Some API outside the template calls it. What guards the route is not known, so it counts as guarded. */
function routeOf(sourceArn: unknown, context: TemplateContext): HttpTrigger | OtherTrigger {
  const text = sourceArn === undefined ? '' : describe(sourceArn, context);
  if (/\/authorizers\//.test(text)) return { type: 'authorizer', source: text };
  const resource = context.resourceOf(sourceArn);
  const isHttpApi = resource !== undefined && /ApiGatewayV2::Api|Serverless::HttpApi/.test(context.resources[resource]?.type ?? '');
  const route = /\/[^/"]*\/(GET|POST|PUT|PATCH|DELETE|HEAD|OPTIONS|ANY|\*)(\/[^"'\s]*)?["']?$/.exec(text);
  const path = route?.[2] === undefined || route[2].includes('*') ? '/{proxy+}' : route[2];
  return {
    type: isHttpApi ? 'http-api' : 'rest-api',
    method: route?.[1] === undefined || route[1] === '*' ? 'ANY' : route[1],
    path,
    api: resource ?? 'ApiOutsideTemplate',
    payload: '1.0',
    gateway: [{ kind: 'authorizer', authorizer: { type: 'unknown', name: 'an API that the template does not describe' } }],
  };
}

/** A load balancer outside the template; what its listener asks for is not known, so it counts as guarded. */
function loadBalancerRoute(): HttpTrigger {
  return {
    type: 'alb',
    method: 'ANY',
    path: '/*',
    api: 'LoadBalancerOutsideTemplate',
    payload: '1.0',
    gateway: [{ kind: 'authorizer', authorizer: { type: 'unknown', name: 'a listener that the template does not describe' } }],
  };
}
