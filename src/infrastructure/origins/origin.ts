import type { JobPlan } from '../../planning/plan.js';
import type { Value } from '../../project/model.js';
import type { SqsTrigger } from '../../project/trigger.js';
import type { Permissions } from '../permissions/permissions.js';

/** A value that is given when the stack is deployed. */
export interface ParameterSpec {
  type: 'String' | 'Number' | 'AWS::EC2::VPC::Id' | 'List<AWS::EC2::Subnet::Id>' | 'CommaDelimitedList';
  description: string;
  /** Without one it has to be given. */
  default?: string;
  allowed?: readonly string[];
}

/** How a parameter is declared, if at all, and read. */
export interface DeclaredParameter {
  /** Entry of `Parameters`; undefined where the dialect has parameters of its own. */
  entry?: Record<string, unknown>;
  /** The name that is given at deployment. */
  name: string;
  reference: unknown;
}

/** The network that a function was attached to, as written. */
export interface WrittenNetwork {
  subnets: unknown;
  securityGroups: unknown[];
}

export interface WrittenQueue {
  arn: unknown;
  url: unknown;
  name: unknown;
}

/**
 * What the definition says of its functions, as it was written, so that references go on working where the stack is part of it.
 * Undefined means that nothing there can be referred to: the stack then asks for a parameter.
 */
export interface Origin {
  /**
   * `beside` the functions, in a stack that is deployed already: nothing may be asked for, or made, before an image is given.
   * `instead` of them, or `apart`, in a stack of its own.
   */
  deploys: 'beside' | 'instead' | 'apart';
  variable(functionId: string, name: string): unknown;
  /** A value of the model in the words of the template. */
  value(value: Value): unknown;
  queue(trigger: SqsTrigger): WrittenQueue | undefined;
  /** Name of the dead-letter queue of a queue; undefined where it is not certain that there is one, absent where nothing can be referred to. */
  deadLetters?(trigger: SqsTrigger): unknown;
  /** Expressions of every schedule that starts a job, with what they are told besides. */
  schedules(job: JobPlan): WrittenSchedule[];
  permissions(functionId: string): Permissions;
  network(functionId: string): WrittenNetwork | undefined;
  /** Condition that the function depends on. */
  condition(functionId: string): string | undefined;
  /** Days that logs are kept; undefined when it does not say. */
  logRetention(): unknown;
  /** A text of ours, so that the dialect reads nothing into it. */
  text(literal: string): string;
  parameter(id: string, spec: ParameterSpec): DeclaredParameter;
  /** Logical ids that are taken. */
  taken(): ReadonlySet<string>;
  /** Lets the API of a function call a service instead of it; absent where nothing in the definition can. */
  reroute?(functionId: string, to: Backend): Rerouted;
}

/** A service that an API can call, through a VPC link. */
export interface Backend {
  /** Condition under which it is called; the function is else. */
  condition: string;
  /** Id of the VPC link of that kind of API, which is made when it is first asked for. */
  link(api: 'rest-api' | 'http-api'): unknown;
  /** Host and port, as parts of a text. */
  address: readonly unknown[];
  /** ARN of the listener. */
  listener: unknown;
}

export interface Rerouted {
  /** New properties of resources that the definition makes. */
  extensions: Record<string, unknown>;
  /** Routes that go on calling the function, and why. */
  left: { route: string; reason: string }[];
}

export interface WrittenSchedule {
  expression: unknown;
  timezone?: unknown;
  enabled: boolean;
}
