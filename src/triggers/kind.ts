import type { Trigger, TriggerType } from '../project/trigger.js';
import type { TemplateContext } from './template-context.js';

/** What a function becomes when this trigger calls it. */
type TriggerWorkload = 'web' | 'worker' | 'job' | 'stays';

/**
 * One event source: how each dialect writes it, what it makes of a function, and what to say when it stays on Lambda.
 * Add one: a file here, a line in `index.ts`, a fixture.
 */
export interface TriggerKind {
  type: TriggerType;
  /** For people: `SQS queue`, `Cognito user pool`. */
  title: string;
  workload: TriggerWorkload;
  /** Why a function with this trigger stays on Lambda; only for `stays`. */
  reason?: string;
  /** What to do about it; only for `stays`. */
  advice?: string;
  /**
   * SAM: types under `Events` that this kind reads, each with its reader. `properties` is plain data with intrinsics in
   * long form.
   */
  sam?: Record<string, (properties: Record<string, unknown>, context: SamEventContext) => Trigger[]>;
  /** serverless.yml: keys under `events` that this kind reads, each with its reader. `value` is what stands under the key. */
  serverless?: Record<string, (value: unknown, context: ServerlessEventContext) => Trigger[]>;
  /**
   * CloudFormation resources (also in SAM, serverless `resources:` and synthesised templates) that wire a function:
   * returns the functions called and how. Runs once a template.
   */
  cloudformation?: (context: TemplateContext) => { functionId: string; trigger: Trigger }[];
  /**
   * Service principals that call functions for this kind. A permission for one of them (`AWS::Lambda::Permission`) is the
   * last evidence of a trigger, used for a function that has no other.
   */
  principals?: readonly string[];
}

/** What a SAM event reader may ask. */
export interface SamEventContext extends TemplateContext {
  functionId: string;
  /** The event's own key under `Events`. */
  eventName: string;
  /** Path of the event in the template, for ranges. */
  path: (string | number)[];
  /** Tells why the event is no trigger; `{event}`, `{function}` and the place are filled in. */
  report(code: string, args: Readonly<Record<string, string | number>>): void;
}

/** What a serverless event reader may ask. */
export interface ServerlessEventContext {
  functionId: string;
  /** The whole resolved service (serverless.yml as data). */
  service: Record<string, unknown>;
  stage: string;
  range?: Trigger['range'];
  /** CloudFormation resources of the service (`resources:`). */
  template?: TemplateContext | undefined;
  /** Tells of something in the event that is not carried over; `{function}` and the place are filled in. */
  report?: ((code: string, args: Readonly<Record<string, string | number>>) => void) | undefined;
}
