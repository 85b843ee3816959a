import type { ServerAdapter } from '../analysis/facts.js';
import { diagnostic } from '../diagnostics/catalog.js';
import type { GatewayFeature } from '../project/trigger.js';
import type { FunctionDecision } from './function-decision.js';
import type { UnwrappedServerPlan } from './plan.js';
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

/**
 * Lets functions that only wrap an HTTP server listen with that server, where nothing that the gateway did gets lost by it.
 * `asked` is the style a person wrote into the plan, by function.
 */
export function decideStyles(
  decisions: readonly FunctionDecision[],
  style: 'auto' | 'adapter',
  asked: ReadonlyMap<string, 'adapter' | 'unwrapped'>,
): void {
  for (const decision of decisions) {
    const server = decision.facts?.server;
    if (!server || decision.plan.outcome !== 'migrated' || decision.routes.length === 0) continue;
    const isProgram = server.adapter === listensByItself;
    if (!isProgram && (asked.get(decision.lambda.id) ?? style) === 'adapter') continue;
    const obstacle = obstacleTo(server, decision, decisions);
    if (obstacle === undefined) {
      decision.plan.style = 'unwrapped';
      decision.server = planOf(server, decision.lambda.id);
    } else if (isProgram) needsGateway(decision, obstacle);
    else {
      const args = { function: decision.lambda.id, adapter: server.adapter, reason: obstacle };
      decision.diagnostics.push(
        diagnostic('SERVER_STAYS_WRAPPED', { args, place: { file: server.file, line: server.line }, function: decision.lambda.id }),
      );
    }
  }
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
