/** Runs one scheduled function once: `node job.js <name>`. The exit code is the outcome. */
import { randomUUID } from 'node:crypto';
import { backgroundWorkDone, shutdownWorkDone } from './background.js';
import { invoke, TimeoutError } from './invoke.js';
import { endLoading } from './loading.js';
import { captureConsole, describeError, logLine, requestScope } from './log.js';
import { scheduledEvent } from './scheduled-event.js';
import type { Job, JobService } from './types.js';

/** What the function left running may end by itself; then the process is stopped. */
const lingerMilliseconds = 5_000;

/**
 * Runs the job that the first argument names, or the only one there is. Exit code 0: it succeeded, 1: it failed or took longer
 * than its timeout, 2: there is no such job or JOB_EVENT is no JSON.
 *
 * JOB_EVENT, a JSON text, replaces the event.
 */
export function startJob({ name: service, jobs }: JobService): void {
  endLoading();
  captureConsole();
  const chosen = chooseJob(jobs, process.argv[2]);
  if (typeof chosen === 'string') {
    refuse(chosen);
    return;
  }
  const [name, job] = chosen;
  let event: unknown;
  try {
    const given = process.env['JOB_EVENT'];
    event = given ? JSON.parse(given) : scheduledEvent(name, job);
  } catch (error) {
    refuse(`JOB_EVENT is not JSON: ${String(error)}`);
    return;
  }
  // A job has no way to stop half-way: it goes on until it is done or the platform kills it, which counts as failed.
  process.on('SIGTERM', () => logLine('warn', 'SIGTERM: the job goes on until it is done', { service, job: name }));
  void run(name, job, event);
}

/** Name and job, or what is wrong with the name. */
function chooseJob(jobs: Record<string, Job>, name: string | undefined): [name: string, job: Job] | string {
  const all = Object.entries(jobs);
  const found = name === undefined && all.length === 1 ? all[0] : all.find(([each]) => each === name);
  if (found) return found;
  const problem = name === undefined ? 'Which job? Name it as the first argument.' : `There is no job ${JSON.stringify(name)}.`;
  return `${problem} Jobs: ${all.map(([each]) => each).join(', ')}`;
}

function refuse(message: string): void {
  logLine('error', message);
  process.exitCode = 2;
}

async function run(name: string, job: Job, event: unknown): Promise<void> {
  const requestId = randomUUID();
  const place = { job: name, function: job.function.name };
  const fail = (error: unknown) => {
    process.exitCode = 1;
    logLine('error', 'the job failed', { ...place, error: describeError(error) });
  };
  let isOver = false;
  // As on Lambda, an error that nothing handles fails the run, unless the run had its outcome before.
  const crash = (error: unknown) => {
    if (isOver) logLine('error', 'error after the job was over', { ...place, error: describeError(error) });
    else fail(error);
    process.exit();
  };
  process.on('unhandledRejection', crash);
  process.on('uncaughtException', crash);
  await requestScope.run({ requestId }, async () => {
    try {
      await invoke(job.function, event, requestId);
      logLine('info', 'the job succeeded', place);
    } catch (error) {
      fail(error);
      if (error instanceof TimeoutError) process.exit();
    }
  });
  isOver = true;
  await backgroundWorkDone();
  for (const error of await shutdownWorkDone()) logLine('error', 'ending failed', { error: describeError(error) });
  setTimeout(() => process.exit(), lingerMilliseconds).unref();
}
