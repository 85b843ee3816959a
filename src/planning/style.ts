import type { ServerAdapter } from '../analysis/facts.js';
import { diagnostic } from '../diagnostics/catalog.js';
import type { Diagnostic, Place } from '../diagnostics/diagnostic.js';
import type { TextRange } from '../project/model.js';
import type { GatewayFeature } from '../project/trigger.js';
import type { FunctionDecision } from './function-decision.js';
import type { RoutePlan, Style, UnwrappedServerPlan } from './plan.js';
import { isCatchAll } from './route-overlap.js';

/** Adapter package of programs that listen by themselves, unchanged. */
const listensByItself = 'lambda-web-adapter';

/** Frameworks whose server is a plain listener of Node's HTTP server, or has one; what the others build around theirs is not known. */
const canListen: ReadonlySet<ServerAdapter['framework']> = new Set([
  'express',
  'koa',
  'fastify',
  'hono',
  'hapi',
  'nest',
  'nest-fastify',
  'node-http',
]);

/** Says why a function cannot become a route of these, and which code forces that; undefined when it can. */
export type Rewritable = (id: string, routes: readonly RoutePlan[]) => Obstacle | undefined;

interface Obstacle {
  because: string;
  place: Place;
}

export interface StyleInput {
  /** `auto` and `native` both rewrite what is understood. */
  style: 'auto' | 'native' | 'adapter';
  /** A handler for Lambda stays beside each route. */
  keepsHandlers: boolean;
  /** The style that a person wrote into the plan, by function. */
  asked: ReadonlyMap<string, Style>;
  rewritable: Rewritable | undefined;
}

/**
 * Lets functions that only wrap an HTTP server listen with that server, where nothing that the gateway did gets lost by it, and
 * handlers that are understood become routes, unless the adapter is asked for.
 */
export function decideStyles(
  decisions: readonly FunctionDecision[],
  { style, keepsHandlers, asked, rewritable }: StyleInput,
): Diagnostic[] {
  for (const decision of decisions) {
    if (decision.plan.outcome !== 'migrated' || decision.routes.length === 0) continue;
    const wanted = asked.get(decision.lambda.id) ?? style;
    if (decision.facts?.isRoute) decision.plan.style = 'native';
    else if (wanted === 'adapter' && decision.facts?.server?.adapter !== listensByItself) continue;
    else if (decision.facts?.server) unwrap(decision, decision.facts.server, decisions);
    else if (wanted !== 'adapter') rewrite(decision, rewritable);
  }
  return keepsHandlers ? [] : leavingLambda(decisions);
}

/** Routes do not run on Lambda, whatever deploys them there. */
function leavingLambda(decisions: readonly FunctionDecision[]): Diagnostic[] {
  const left = decisions.filter(({ plan }) => plan.style === 'native');
  const [first] = left;
  if (!first) return [];
  const names = left.map(({ lambda }) => lambda.id);
  const args = { functions: names.join(', '), become: names.length === 1 ? 'becomes a route' : 'become routes' };
  return [diagnostic('ROUTES_LEAVE_LAMBDA', { args, place: first.lambda.range })];
}

function rewrite(decision: FunctionDecision, rewritable: Rewritable | undefined): void {
  if (!rewritable) return;
  const { lambda, plan, routes, queues, schedules, facts } = decision;
  const isShared = queues.length + schedules.length > 0;
  const obstacle = isShared
    ? { because: 'it is called by a queue or a schedule too', place: facts?.declaration ?? lambda.range }
    : rewritable(lambda.id, routes);
  if (!obstacle) plan.style = 'native';
  else
    decision.diagnostics.push(
      diagnostic('HANDLER_NOT_REWRITTEN', {
        args: { function: lambda.id, reason: obstacle.because },
        place: obstacle.place,
        function: lambda.id,
      }),
    );
}

function unwrap(decision: FunctionDecision, server: ServerAdapter, decisions: readonly FunctionDecision[]): void {
  const obstacle = obstacleTo(server, decision, decisions);
  if (obstacle === undefined) {
    decision.plan.style = 'unwrapped';
    decision.server = planOf(server, decision.lambda.id);
    decision.diagnostics.push(...lostWithoutAdapter(decision));
    return;
  }
  if (server.adapter === listensByItself) {
    needsGateway(decision, obstacle);
    return;
  }
  const args = { function: decision.lambda.id, adapter: server.adapter, reason: obstacle };
  decision.diagnostics.push(
    diagnostic('SERVER_STAYS_WRAPPED', { args, place: { file: server.file, line: server.line }, function: decision.lambda.id }),
  );
}

/** Only the adapter answers in place of the gateway. */
function lostWithoutAdapter({ lambda, routes }: FunctionDecision): Diagnostic[] {
  const found = new Map<string, Diagnostic>();
  for (const { trigger } of routes)
    for (const feature of trigger.gateway) {
      const lost = lostFeature(feature);
      if (!lost || found.has(lost.detail)) continue;
      const args = { function: lambda.id, route: `${trigger.method} ${trigger.path}`, detail: lost.detail };
      const place = lost.range ?? trigger.range ?? lambda.range;
      found.set(lost.detail, diagnostic(lost.code, { args, place, function: lambda.id }));
    }
  return [...found.values()];
}

function lostFeature(feature: GatewayFeature): { code: string; detail: string; range: TextRange | undefined } | undefined {
  if (feature.kind === 'gateway-response' && feature.adds)
    return { code: 'HTTP_GATEWAY_RESPONSE_LOST', detail: feature.detail, range: feature.range };
  if (feature.kind === 'compression')
    return { code: 'HTTP_FEATURE_LOST', detail: `compression of answers from ${feature.fromBytes} bytes on`, range: feature.range };
  return undefined;
}

function planOf({ file, binding, adapter, framework, start }: ServerAdapter, functionId: string): UnwrappedServerPlan {
  return { function: functionId, file, binding, adapter, framework, start };
}

/** A program without a handler cannot be fed events instead: what the gateway did for it has to be settled first. */
function needsGateway(decision: FunctionDecision, reason: string): void {
  const { lambda, plan } = decision;
  const args = { function: lambda.id, reason };
  decision.diagnostics.push(diagnostic('WEB_ADAPTER_GATEWAY', { args, place: lambda.range, function: lambda.id }));
  plan.outcome = 'needs-person';
  plan.because = `its server cannot listen without the gateway: ${reason}`;
  plan.style = null;
  decision.routes = [];
}

/** Why answers could change if the server itself listened. */
function obstacleTo(server: ServerAdapter, { routes, lambda }: FunctionDecision, all: readonly FunctionDecision[]): string | undefined {
  if (!server.unwrappable) return server.because ?? 'its server cannot be told apart from the adapter';
  if (server.adapter !== listensByItself) {
    if (server.binding === null) return 'the server is not a variable of its own';
    if (!canListen.has(server.framework)) return `how a server of ${server.framework} listens is not known`;
  }
  if (routes.some(({ guard }) => guard)) return 'a guarded route must stay closed, and only the adapter can close it';
  if (routes.some(({ authorizer }) => authorizer)) return 'an authorizer decides who may call it, and only the adapter asks one';
  const did = (feature: GatewayFeature['kind']) => routes.some(({ trigger }) => trigger.gateway.some(({ kind }) => kind === feature));
  if (did('cors')) return 'the gateway answered CORS for it';
  if (did('request-validation')) return 'the gateway validated its requests';
  const apis = new Set(routes.map(({ trigger }) => trigger.api));
  const openApis = new Set(routes.filter(({ trigger }) => isCatchAll(trigger)).map(({ trigger }) => trigger.api));
  if (openApis.size < apis.size) return 'the gateway let only some paths and methods through';
  const others = all.filter(
    (other) => other.lambda.id !== lambda.id && other.lambda.triggers.some((trigger) => 'api' in trigger && apis.has(trigger.api)),
  );
  return others.length > 0
    ? `other functions serve routes of the same API (${others.map((other) => other.lambda.id).join(', ')})`
    : undefined;
}
