import type { HandlerFacts } from '../analysis/facts.js';
import { diagnostic } from '../diagnostics/catalog.js';
import type { Diagnostic } from '../diagnostics/diagnostic.js';
import type { LambdaFunction, Project } from '../project/model.js';
import { type Front, type HttpTrigger, type ScheduleTrigger, type SqsTrigger, type Trigger, triggerTypes } from '../project/trigger.js';

export interface Inferred {
  triggers: Trigger[];
  diagnostics: Diagnostic[];
}

/** True when no definition says what calls the function, so that its code has to. */
export function mustInfer(project: Pick<Project, 'dialect'>, { triggers }: Pick<LambdaFunction, 'triggers'>): boolean {
  return project.dialect === 'convention' && triggers.every(({ type }) => type === 'invoke');
}

/** What calls a function, as far as its code tells. No trigger: the code tells nothing. */
export function inferTriggers(lambda: LambdaFunction, facts: HandlerFacts): Inferred {
  const report = (code: string, args: Diagnostic['args'], line: number | undefined) =>
    diagnostic(code, {
      args: { function: lambda.id, ...args },
      place: facts.file === null ? lambda.range : { file: facts.file, ...(line !== undefined && { line }) },
      function: lambda.id,
    });
  const line = facts.declaration?.line;
  if (facts.frontEvidence) {
    const { front, payload, because, line: evidenceLine } = facts.frontEvidence;
    return {
      triggers: [anyRoute(lambda.id, front, payload)],
      diagnostics: [report('TRIGGER_INFERRED', { trigger: front, because }, evidenceLine)],
    };
  }
  if (facts.streaming) {
    const because = 'it streams its answer';
    const triggers = [anyRoute(lambda.id, 'function-url', '2.0', true)];
    return { triggers, diagnostics: [report('TRIGGER_INFERRED', { trigger: 'function-url', because }, line)] };
  }
  if (facts.server) {
    const because = `it wraps a server with ${facts.server.adapter}`;
    const triggers = [anyRoute(lambda.id, 'http-api', '2.0')];
    return { triggers, diagnostics: [report('TRIGGER_INFERRED', { trigger: 'http-api', because }, facts.server.line)] };
  }
  if (facts.triggerEvidence) return fromEvidence(lambda, facts.triggerEvidence, report);
  if (facts.returnsHttpResult) {
    return { triggers: [anyRoute(lambda.id, 'http-api', '2.0')], diagnostics: [report('TRIGGER_GUESSED', { trigger: 'http-api' }, line)] };
  }
  return { triggers: [], diagnostics: [] };
}

function fromEvidence(
  lambda: LambdaFunction,
  { type, because, line }: NonNullable<HandlerFacts['triggerEvidence']>,
  report: (code: string, args: Diagnostic['args'], line: number | undefined) => Diagnostic,
): Inferred {
  if (type === 'sqs') return { triggers: [unnamedQueue(lambda.id)], diagnostics: [report('QUEUE_INFERRED', { because }, line)] };
  if (type === 'schedule')
    return { triggers: [unknownSchedule()], diagnostics: [report('TRIGGER_INFERRED', { trigger: 'schedule', because }, line)] };
  const known = triggerTypes.find((candidate) => candidate === type);
  if (known === undefined || known === 'sqs' || known === 'schedule') return { triggers: [], diagnostics: [] };
  if (isFront(known)) {
    const trigger = anyRoute(lambda.id, known, known === 'http-api' || known === 'function-url' ? '2.0' : '1.0');
    return { triggers: [trigger], diagnostics: [report('TRIGGER_INFERRED', { trigger: known, because }, line)] };
  }
  return { triggers: [{ type: known, inferred: true }], diagnostics: [report('TRIGGER_INFERRED', { trigger: known, because }, line)] };
}

function isFront(type: string): type is Front {
  return type === 'rest-api' || type === 'http-api' || type === 'function-url' || type === 'alb';
}

/** Every path and method: nothing tells which ones the gateway had. */
function anyRoute(functionId: string, front: Front, payload: '1.0' | '2.0', streaming = false): HttpTrigger {
  return route(functionId, front, payload, 'ANY', '$default', streaming);
}

export function route(
  functionId: string,
  front: Front,
  payload: '1.0' | '2.0',
  method: string,
  path: string,
  streaming = false,
): HttpTrigger {
  const trigger: HttpTrigger = { type: front, method, path, api: functionId, payload, gateway: [], inferred: true };
  return streaming ? { ...trigger, streaming } : trigger;
}

/** A queue that is only known by the environment variable that holds its URL. */
export function unnamedQueue(functionId: string): SqsTrigger {
  return {
    type: 'sqs',
    queue: { kind: 'reference', text: `queue of ${functionId}`, names: [] },
    fifo: false,
    batchSize: 10,
    maximumBatchingWindow: 0,
    reportBatchItemFailures: false,
    filters: [],
    inferred: true,
  };
}

/** A job whose schedule is set outside the project. */
export function unknownSchedule(): ScheduleTrigger {
  return { type: 'schedule', expression: '', scheduler: false, inferred: true };
}
