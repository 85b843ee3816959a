import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { temporaryFolder } from '../leftovers.js';
import { type GuardedProcess, startProcess } from '../processes.js';
import { type FunctionSettings, functionArn, lambdaEnvironment } from './environment.js';
import { nodeFlags } from './node-flags.js';
import type { InvokeOutcome } from './outcome.js';
import { builtInRunner, type Runner } from './runner.js';
import { type RuntimeApi, type RuntimeReport, startRuntimeApi } from './runtime-api.js';

export interface OriginalOptions extends FunctionSettings {
  /** How the handler is run; default: the built-in runner. */
  runner?: Runner;
  /** Node.js binary; default: the one that runs this. */
  node?: string;
  /** Modules for `--import`, before anything of the function. */
  preload?: readonly string[];
  /** Seconds for the init phase; on Lambda 10. */
  initSeconds?: number;
}

export interface Invocation {
  requestId: string;
  outcome: InvokeOutcome;
  /** True when the process was started for it. */
  coldStart: boolean;
  /** False when the process ended, or its init time, before it asked for the event. */
  taken: boolean;
}

/** The original function: one execution environment, one event at a time, a new process after a crash or a timeout. */
export interface Original {
  /** Invokes the function; calls that overlap wait for each other, as one environment does. */
  invoke(event: unknown): Promise<Invocation>;
  /** Everything that its processes printed. */
  log(): string;
  stop(): Promise<void>;
}

interface Environment {
  process: GuardedProcess;
  startedAt: number;
}

/**
 * Starts a function as Lambda would: own process, the reserved environment, the runtime's rules for its Node.js version.
 * The process starts with the first event.
 */
export async function startOriginal(options: OriginalOptions): Promise<Original> {
  const api = await startRuntimeApi();
  const home = await temporaryFolder('migrate-lambda-home-');
  const command = await (options.runner ?? builtInRunner).commandFor(options);
  let environment: Environment | undefined;
  let logOfEnded = '';
  let queue: Promise<unknown> = Promise.resolve();

  const retire = async () => {
    if (!environment) return;
    await environment.process.stop();
    logOfEnded += environment.process.log();
    environment = undefined;
    api.reset();
  };
  const start = async (): Promise<Environment> => {
    const args = [...nodeFlags(options), ...(options.preload ?? []).flatMap((file) => ['--import', file]), ...command];
    const started = await startProcess(options.node ?? process.execPath, args, {
      cwd: options.taskRoot,
      environment: lambdaEnvironment(options, api.address, home.folder),
    });
    return { process: started, startedAt: Date.now() };
  };
  const invokeOnce = async (event: unknown): Promise<Invocation> => {
    const coldStart = environment === undefined;
    environment ??= await start();
    const requestId = randomUUID();
    let taken = false;
    const onTaken = () => {
      taken = true;
    };
    const outcome = await outcomeOf({ api, process: environment.process, options, id: requestId, event, onTaken });
    if (outcome.kind === 'error' || outcome.kind === 'stream') await settle(api, environment.process);
    if (hasEnded(outcome) || (await endedNow(environment.process))) await retire();
    return { requestId, outcome, coldStart, taken };
  };
  return {
    invoke: (event) => {
      const result = queue.then(() => invokeOnce(event));
      queue = result.catch(() => undefined);
      return result;
    },
    log: () => logOfEnded + (environment?.process.log() ?? ''),
    stop: async () => {
      await retire();
      await api.close();
      await home.remove();
    },
  };
}

/** Kinds of ends that leave no process to go on with. */
function hasEnded({ kind }: InvokeOutcome): boolean {
  return kind === 'timeout' || kind === 'exit' || kind === 'init-error';
}

/** Longest wait (ms) for a runtime that neither ends nor asks for the next event. */
const settleMilliseconds = 3000;

/** After an error that nobody caught, the runtime posts it and exits, while it asks for the next event after any other. */
function settle(api: RuntimeApi, process: GuardedProcess): Promise<unknown> {
  const asked = api.idle().then(() => sleep(20));
  return Promise.race([process.ended, asked, sleep(settleMilliseconds, undefined, { ref: false })]);
}

function endedNow(process: GuardedProcess): Promise<boolean> {
  return Promise.race([process.ended.then(() => true), new Promise<boolean>((resolve) => setImmediate(() => resolve(false)))]);
}

interface Asking {
  api: RuntimeApi;
  process: GuardedProcess;
  options: OriginalOptions;
  id: string;
  event: unknown;
  /** Called when the runtime has the event. */
  onTaken(): void;
}

/** Waits for the first of: the runtime's report, the end of the process, the end of the function's time. */
function outcomeOf({ api, process, options, id, event, onTaken }: Asking): Promise<InvokeOutcome> {
  return new Promise((resolve) => {
    const initSeconds = options.initSeconds ?? 10;
    let timer = setTimeout(() => finish(timedOut(id, initSeconds)), initSeconds * 1000);
    const finish = (outcome: InvokeOutcome) => {
      clearTimeout(timer);
      resolve(outcome);
    };
    api.onReport = (report: RuntimeReport) => {
      if (report.id === null || report.id === id) finish(report.outcome);
    };
    // The report may still be on its way when the process has ended already.
    void process.ended.then(({ code, signal }) => setTimeout(() => finish(exited(id, code, signal)), 50));
    api.offer(
      { id, payload: JSON.stringify(event), arn: functionArn(options), traceId: traceId(), timeoutSeconds: options.timeoutSeconds },
      () => {
        onTaken();
        clearTimeout(timer);
        timer = setTimeout(() => finish(timedOut(id, options.timeoutSeconds)), options.timeoutSeconds * 1000);
      },
    );
  });
}

function timedOut(id: string, seconds: number): InvokeOutcome {
  const errorMessage = `RequestId: ${id} Error: Task timed out after ${seconds.toFixed(2)} seconds`;
  return { kind: 'timeout', error: { errorType: 'Sandbox.Timedout', errorMessage } };
}

function exited(id: string, code: number | null, signal: NodeJS.Signals | null): InvokeOutcome {
  const how = signal ? `signal: ${signalNames[signal] ?? signal}` : `exit status ${code}`;
  const errorMessage =
    code === 0
      ? `RequestId: ${id} Error: Runtime exited without providing a reason`
      : `RequestId: ${id} Error: Runtime exited with error: ${how}`;
  return { kind: 'exit', error: { errorType: 'Runtime.ExitError', errorMessage }, code, signal };
}

const signalNames: Partial<Record<NodeJS.Signals, string>> = {
  SIGKILL: 'killed',
  SIGABRT: 'aborted',
  SIGTERM: 'terminated',
  SIGSEGV: 'segmentation fault',
};

function traceId(): string {
  const hex = randomUUID().replaceAll('-', '');
  return `Root=1-${Math.floor(Date.now() / 1000).toString(16)}-${hex.slice(0, 24)};Parent=${hex.slice(16)};Sampled=0`;
}
