/**
 * What to do, as a small document that a person can read and edit (`migrate-lambda plan`). `plan()` makes it from data
 * alone; `produce()` follows it.
 */
import type { ServerStart } from '../analysis/facts.js';
import type { Diagnostic } from '../diagnostics/diagnostic.js';
import type { LambdaFunction } from '../project/model.js';
import type { Front, HttpTrigger, LambdaAuthorizerSettings, ScheduleTrigger, SqsTrigger, Trigger } from '../project/trigger.js';

/** `function`: it goes on as a function of Lambda that is run otherwise. */
export type Workload = 'web' | 'worker' | 'job' | 'function' | 'stays';
export type Style = 'native' | 'adapter' | 'unwrapped';
export type Outcome = 'migrated' | 'stays' | 'needs-person' | 'failed';

/** As Lambda names it. */
export type Architecture = LambdaFunction['architecture'];

export interface Plan {
  /** Root of the project it is for. */
  project: string;
  /** The project's definition file; with `project` it names the project (several templates can share a folder). */
  definition: string;
  target: string;
  functions: FunctionPlan[];
  services: ServicePlan[];
  /** What all services were asked to run on. */
  arch?: Architecture;
  /** Services that run on are bought as Spot capacity beyond their first task. */
  spot?: boolean;
  diagnostics: Diagnostic[];
  /** What is in front of its web services; absent where none of its functions is called over HTTP. */
  frontDoor?: FrontDoorPlan | undefined;
}

/** What requests come through: a load balancer of the services' own, or the API that the functions have, kept in front of them. */
export type FrontDoor = 'alb' | 'api-gateway';

export interface FrontDoorPlan {
  door: FrontDoor;
  /** Why, one sentence for people. */
  because: string;
}

export interface FunctionPlan {
  id: string;
  /** What it mainly becomes; a function with several supported triggers is in several services. */
  workload: Workload;
  style: Style | null;
  outcome: Outcome;
  /** Why, one sentence; always set for `stays` and `needs-person`. */
  because: string;
  /** What calls it: as declared, or inferred from the code (`inferred: true`). Secrets are taken out. */
  triggers: Trigger[];
}

/** One process of the image: a command, a task definition, an entry file. */
export interface ServicePlan {
  /** `web`, `worker`, `job`, or with a suffix when grouping needs several (`web-admin`). Names entry file, script and task definition. */
  name: string;
  kind: 'web' | 'worker' | 'job';
  /** Why these functions share the process, or why they do not share the main one. */
  because: string;
  functions: string[];
  routes: RoutePlan[];
  queues: QueuePlan[];
  jobs: JobPlan[];
  /** Set when the service is a server of the user's own, unwrapped: it has routes of its own, and `routes` are what the gateway let through. */
  server: UnwrappedServerPlan | null;
  environment: EnvironmentPlan[];
  cpu: number;
  memoryMb: number;
  /** Seconds between SIGTERM and SIGKILL. */
  stopTimeout: number;
  ephemeralStorageGb: number | null;
  architecture: 'X86_64' | 'ARM64';
}

export interface RoutePlan {
  function: string;
  trigger: HttpTrigger;
  front: Front;
  /** Set when the route is refused closed: the status and JSON body it answers, and why. */
  guard: RouteGuard | null;
  /** Set when the service itself decides who may call, as the gateway's authorizer did. */
  authorizer: AuthorizerPlan | null;
}

export interface RouteGuard {
  status: number;
  body: string;
  because: string;
  /** The API that stays in front does it, so that the route is only closed where it is reached another way. */
  doneByApi?: 'api-key' | 'other' | undefined;
}

/** A text that is known now, or that the service gets as a variable of its environment. */
export type Setting = { kind: 'literal'; value: string } | { kind: 'variable'; name: string; reference: string };

/** An authorizer that the service stands in for. */
export type AuthorizerPlan =
  | { kind: 'jwt'; name: string; issuer: Setting; audience: Setting[]; scopes: string[]; identitySource?: string | undefined }
  | {
      kind: 'cognito';
      name: string;
      userPools: Setting[];
      scopes: string[];
      identitySource?: string | undefined;
      validation?: string | undefined;
    }
  /** `function`: id of the function that decides; it runs in the service. */
  | { kind: 'lambda'; name: string; function: string; settings: LambdaAuthorizerSettings };

export interface QueuePlan {
  function: string;
  trigger: SqsTrigger;
  /** Environment variable that holds the queue's URL, e.g. `ORDERS_QUEUE_URL`. */
  urlVariable: string;
}

export interface JobPlan {
  /** `node job.js <name>`: the function's id. */
  name: string;
  function: string;
  trigger: ScheduleTrigger;
}

export interface UnwrappedServerPlan {
  function: string;
  file: string;
  /** Variable that holds the server in `file`; null when the file listens on PORT by itself (Lambda Web Adapter). */
  binding: string | null;
  /** Package of the adapter that is left out, e.g. `serverless-http`. */
  adapter: string;
  framework: string;
  /** How a program that listens by itself is started. */
  start?: ServerStart | undefined;
}

export interface EnvironmentPlan {
  name: string;
  /** Literal value; or a placeholder for a reference; or the name of a secret. */
  kind: 'literal' | 'reference' | 'secret';
  /** `literal`: the value. `reference`: the reference as the dialect writes it. `secret`: the reference or ''. Never a secret itself. */
  value: string;
}
