/** Whether the API of the functions stays in front of their services: `--front`. */
import { diagnostic } from '../diagnostics/catalog.js';
import type { Diagnostic } from '../diagnostics/diagnostic.js';
import type { LambdaFunction, Project } from '../project/model.js';
import { type GatewayFeature, type HttpTrigger, isHttp } from '../project/trigger.js';
import type { Target } from '../targets/target.js';
import type { FrontDoor, FrontDoorPlan } from './plan.js';

interface FrontDoorInput {
  project: Project;
  /** The functions that may move. */
  functions: readonly LambdaFunction[];
  target: Target;
  /** What the user asks for; else it follows from what the API does. */
  wished: FrontDoor | undefined;
}

interface DecidedFrontDoor {
  plan: FrontDoorPlan | undefined;
  diagnostics: Diagnostic[];
}

/** The API where it does more than hand on requests, and where the definition can let it call a service; else a load balancer. */
export function decideFrontDoor({ project, functions, target, wished }: FrontDoorInput): DecidedFrontDoor {
  const routes = functions.flatMap(({ id, triggers }) => triggers.filter(isHttp).map((trigger) => ({ id, trigger })));
  if (routes.length === 0) return { plan: undefined, diagnostics: [] };
  const uses = usesOf(routes.map(({ trigger }) => trigger));
  const obstacle = obstacleIn(project, routes, target);
  const because = (door: FrontDoor, text: string): DecidedFrontDoor => ({ plan: { door, because: text }, diagnostics: [] });
  if (wished === 'alb') return because('alb', 'it was asked for (--front alb)');
  if (wished === 'api-gateway' && obstacle === undefined) return because('api-gateway', 'it was asked for (--front api-gateway)');
  if (wished === 'api-gateway') {
    const args = { file: project.definition, reason: String(obstacle) };
    const found = diagnostic('FRONT_NOT_KEPT', { args, place: { file: project.definition } });
    return { plan: { door: 'alb', because: `the API cannot stay in front: ${obstacle}` }, diagnostics: [found] };
  }
  if (uses.length === 0) return because('alb', 'the API in front of the functions does nothing that the services do not do themselves');
  if (obstacle === undefined) return because('api-gateway', `the API does more than hand on requests: ${uses.join(', ')}`);
  return because('alb', `the API does more than hand on requests (${uses.join(', ')}), but cannot stay in front: ${obstacle}`);
}

const words: Readonly<Record<GatewayFeature['kind'], string | null>> = {
  cors: null,
  authorizer: 'authorizers',
  'api-key': 'API keys',
  'resource-policy': 'a resource policy',
  'mutual-tls': 'client certificates',
  throttling: 'throttling',
  'request-validation': 'request validation',
  'mapping-template': null,
  'gateway-response': 'gateway responses',
  compression: null,
  other: null,
};

function usesOf(triggers: readonly HttpTrigger[]): string[] {
  const ofApis = triggers.filter(({ type }) => type === 'rest-api' || type === 'http-api');
  const found = ofApis.flatMap(({ gateway }) => gateway.map((each) => (each.kind === 'other' ? each.detail : words[each.kind])));
  return [...new Set(found.filter((each) => each !== null))];
}

/** Why the API cannot call the services, in words that follow a colon; undefined when it can. */
function obstacleIn(
  { dialect, definition }: Project,
  routes: readonly { id: string; trigger: HttpTrigger }[],
  target: Target,
): string | undefined {
  const stands = 'fronts' in target && target.fronts?.includes('api-gateway');
  if (!stands) return `${target.title} has a front of its own`;
  const other = routes.find(({ trigger: { type } }) => type !== 'rest-api' && type !== 'http-api');
  if (other) return `${other.id} is not called by an API`;
  if (dialect !== 'serverless') return obstacles[dialect] ?? 'the definition is not edited';
  return /\.(ya?ml|json)$/.test(definition) ? undefined : 'the definition is a program';
}

const obstacles: Partial<Record<Project['dialect'], string>> = {
  sam: 'routes that are events of functions can call nothing but these functions in SAM',
  cloudformation: 'methods and integrations of a template are not changed in place yet',
};
