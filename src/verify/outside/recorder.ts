import { setTimeout as sleep } from 'node:timers/promises';
import { type AwsCall, isAwsCall, type OutsideCall, readCall } from './call.js';
import { readHttpCall } from './http-call.js';
import { writeError, writeOutput } from './protocol.js';
import type { TestQueue } from './queue.js';
import { type Recordings, recordedAwsAnswer, recordedHttpAnswer } from './recordings.js';
import type { OutsideRequest, Target } from './request.js';
import { awsServices } from './services/index.js';
import type { AwsAnswer, AwsService } from './services/service.js';
import type { UnansweredLog } from './unanswered.js';

export interface RecorderOptions {
  recordings: Recordings;
  unanswered: UnansweredLog;
  queues: ReadonlyMap<string, TestQueue>;
}

/** Answers what a side asks of the outside, and keeps a record of it. */
export interface Recorder {
  /** Undefined: nobody answers, the connection is refused. */
  answer(request: OutsideRequest): Promise<AwsAnswer | undefined>;
  /** A connection that cannot be answered at all. */
  refused(target: Target | string): void;
  /** The calls since the last time. */
  takeCalls(): OutsideCall[];
  /** Answers come after uneven times by this seed; null: all after the same. */
  perturb(seed: number | null): void;
  /** Forgets everything that was put into its services. */
  reset(): void;
}

/** Calls that are made side by side reach the recorder before one of them is answered. */
const overlapMilliseconds = 5;
/** The longest that an uneven answer takes more. */
const unevenMilliseconds = 80;

export function createRecorder({ recordings, unanswered, queues }: RecorderOptions): Recorder {
  let services = new Map<string, AwsService>();
  let calls: OutsideCall[] = [];
  let inProgress = 0;
  let group = 0;
  let uneven: (() => number) | undefined;
  const serviceNamed = (name: string): AwsService | undefined => {
    const known = services.get(name) ?? (Object.hasOwn(awsServices, name) ? awsServices[name]?.() : undefined);
    if (known) services.set(name, known);
    return known;
  };
  const recorded = async (call: Omit<OutsideCall, 'group'>): Promise<void> => {
    if (inProgress++ === 0) group++;
    calls.push({ ...call, group });
    await sleep(overlapMilliseconds + (uneven?.() ?? 0));
    inProgress--;
  };
  const answerAws = async (call: AwsCall): Promise<AwsAnswer> => {
    const { service, operation, input, protocol } = call;
    const queue = service === 'sqs' ? queues.get(queueName(input['QueueUrl'])) : undefined;
    const fromQueue = await queue?.answer(call);
    if (fromQueue) return fromQueue;
    const found = recordedAwsAnswer(recordings, call) ?? inProtocol(call, serviceNamed(service)?.(call));
    if (!found) unanswered.addAws(call);
    await recorded({ service, operation, parameters: JSON.stringify(input), answered: found !== undefined });
    return (
      found ??
      writeError(protocol, { code: 'UnknownOperationException', message: `${service} ${operation} has no answer here`, status: 400 })
    );
  };
  const answerHttp = async (request: OutsideRequest): Promise<AwsAnswer | undefined> => {
    const call = readHttpCall(request);
    const found = recordedHttpAnswer(recordings, call);
    if (!found) unanswered.addHttp(call);
    const { method, url, ...parameters } = call;
    await recorded({
      service: 'http',
      operation: `${method} ${url}`,
      parameters: JSON.stringify(parameters),
      answered: found !== undefined,
    });
    return found;
  };
  return {
    answer: (request) => (isAwsCall(request) ? answerAws(readCall(request)).then(withRequestId) : answerHttp(request)),
    refused: (target) => {
      const parameters = JSON.stringify(typeof target === 'string' ? target : `${target.host}:${target.port}`);
      calls.push({ service: 'network', operation: 'refused', parameters, answered: false, group: ++group });
    },
    takeCalls: () => {
      const taken = calls;
      calls = [];
      return taken;
    },
    perturb: (seed) => {
      uneven = seed === null ? undefined : unevenBy(seed);
    },
    reset: () => {
      services = new Map();
      calls = [];
    },
  };
}

/** The same times for the same seed. https://en.wikipedia.org/wiki/Linear_congruential_generator, the numbers of Numerical Recipes. */
function unevenBy(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return (state >>> 16) % (unevenMilliseconds + 1);
  };
}

/** The services answer in JSON; a client that speaks CBOR gets that. */
function inProtocol({ protocol, operation }: AwsCall, answer: AwsAnswer | undefined): AwsAnswer | undefined {
  if (protocol !== 'cbor' || answer === undefined || answer.status !== 200) return answer;
  return writeOutput('cbor', operation, JSON.parse(answer.body.toString()));
}

function withRequestId(answer: AwsAnswer): AwsAnswer {
  return { ...answer, headers: { 'x-amzn-requestid': 'recorded', ...answer.headers } };
}

function queueName(url: unknown): string {
  return String(url).slice(String(url).lastIndexOf('/') + 1);
}
