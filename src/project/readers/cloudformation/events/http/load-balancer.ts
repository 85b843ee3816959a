/** Application Load Balancers: listeners and rules that forward to a target group of a function. */
import type { TemplateContext } from '../../../../../triggers/template-context.js';
import { listOf, objectOf, type PlainObject, stringsOf } from '../../../../data.js';
import type { GatewayFeature, HttpTrigger } from '../../../../trigger.js';
import { describe, functionsIn, placeAt, resolvedList, resolvedObject, resourcesOf, textOf, type WiredTrigger } from '../resources.js';
import { authorizerFeature } from './route.js';

interface TargetGroup {
  functionId: string;
  multiValueHeaders: boolean;
}

export function loadBalancerRoutes(context: TemplateContext): WiredTrigger[] {
  const groups = targetGroups(context);
  if (groups.size === 0) return [];
  const listeners = resourcesOf(context, 'AWS::ElasticLoadBalancingV2::Listener').flatMap(({ id, properties }) =>
    routes(context, groups, { id, listener: id, actions: properties['DefaultActions'], conditions: [], properties }),
  );
  const rules = resourcesOf(context, 'AWS::ElasticLoadBalancingV2::ListenerRule').flatMap(({ id, properties }) => {
    const listener = context.resourceOf(properties['ListenerArn']) ?? describe(context, properties['ListenerArn']) ?? id;
    return routes(context, groups, {
      id,
      listener,
      actions: properties['Actions'],
      conditions: resolvedList(context, properties['Conditions']).map((condition) => objectOf(condition)),
      properties: context.resources[listener]?.properties ?? {},
    });
  });
  return [...listeners, ...rules];
}

function targetGroups(context: TemplateContext): Map<string, TargetGroup> {
  const groups = resourcesOf(context, 'AWS::ElasticLoadBalancingV2::TargetGroup').flatMap(({ id, properties }) => {
    const functionId = functionsIn(context, properties['Targets'])[0];
    if (functionId === undefined) return [];
    const attributes = resolvedList(context, properties['TargetGroupAttributes']).map((attribute) => objectOf(attribute));
    const multiValueHeaders = attributes.some(
      (attribute) => attribute['Key'] === 'lambda.multi_value_headers.enabled' && String(attribute['Value']) === 'true',
    );
    return [[id, { functionId, multiValueHeaders }] as const];
  });
  return new Map(groups);
}

interface Rule {
  id: string;
  listener: string;
  actions: unknown;
  conditions: readonly PlainObject[];
  /** Of the listener. */
  properties: PlainObject;
}

function routes(context: TemplateContext, groups: ReadonlyMap<string, TargetGroup>, rule: Rule): WiredTrigger[] {
  const actions = resolvedList(context, rule.actions).map((action) => objectOf(action));
  const found = actions.flatMap(forwardedTo).flatMap((arn) => groups.get(context.resourceOf(arn) ?? '') ?? []);
  const valuesOf = (field: string, config: string) => rule.conditions.flatMap((condition) => conditionValues(condition, field, config));
  const methods = valuesOf('http-request-method', 'HttpRequestMethodConfig');
  const paths = valuesOf('path-pattern', 'PathPatternConfig');
  const further = rule.conditions.flatMap(furtherCondition);
  const gateway = [...signIn(context, actions, rule), ...mutualTls(context, rule)];
  const trigger = ({ multiValueHeaders }: TargetGroup, method: string, path: string): HttpTrigger => ({
    type: 'alb',
    method,
    path,
    api: rule.listener,
    payload: '1.0',
    ...(multiValueHeaders && { multiValueHeaders: true }),
    ...(further.length > 0 && { conditions: further }),
    gateway,
    ...placeAt(context, ['Resources', rule.id]),
  });
  return found.flatMap((group) =>
    (methods.length > 0 ? methods : ['ANY']).flatMap((method) =>
      (paths.length > 0 ? paths : ['/*']).map((path) => ({
        functionId: group.functionId,
        trigger: trigger(group, method.toUpperCase(), path),
      })),
    ),
  );
}

function forwardedTo(action: PlainObject): unknown[] {
  const weighted = listOf(objectOf(action['ForwardConfig'])['TargetGroups']).map((group) => objectOf(group)['TargetGroupArn']);
  return weighted.length > 0 ? weighted : listOf(action['TargetGroupArn']);
}

function conditionValues(condition: PlainObject, field: string, config: string): string[] {
  if (condition['Field'] !== field && condition[config] === undefined) return [];
  return [...stringsOf(objectOf(condition[config])['Values']), ...stringsOf(condition['Values'])];
}

/** Conditions other than path and method, as text. */
function furtherCondition(condition: PlainObject): string[] {
  const field = condition['Field'];
  if (typeof field !== 'string' || field === 'path-pattern' || field === 'http-request-method') return [];
  const config = objectOf(Object.entries(condition).find(([key]) => key.endsWith('Config'))?.[1]);
  const name = config['HttpHeaderName'] === undefined ? field : `${field} ${String(config['HttpHeaderName'])}`;
  const values = [...listOf(config['Values']), ...listOf(condition['Values'])];
  return [`${name}: ${values.map(conditionText).join(', ')}`];
}

function conditionText(value: unknown): string {
  const { Key: key, Value: text } = objectOf(value);
  if (text !== undefined) return key === undefined ? String(text) : `${String(key)}=${String(text)}`;
  return typeof value === 'string' ? value : JSON.stringify(value);
}

function signIn(context: TemplateContext, actions: readonly PlainObject[], { id }: Rule): GatewayFeature[] {
  return actions.flatMap((action) => {
    const type = textOf(context, action['Type']) ?? '';
    if (!/^(authenticate-|jwt-validation)/.test(type)) return [];
    return [authorizerFeature({ type: 'alb-oidc', name: type }, context.range(['Resources', id]))];
  });
}

function mutualTls(context: TemplateContext, { id, properties }: Rule): GatewayFeature[] {
  const mode = textOf(context, resolvedObject(context, properties['MutualAuthentication'])['Mode']);
  const range = context.range(['Resources', id]);
  return mode === undefined || mode === 'off' ? [] : [{ kind: 'mutual-tls', ...(range && { range }) }];
}
