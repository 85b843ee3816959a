/** Runs one scheduled function once: `node job.js <name>`. The exit code is the outcome. */
import { randomUUID } from 'node:crypto';
import { invoke } from './invoke.js';
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
  const outcome = { job: name, function: job.function.name };
  await requestScope.run({ requestId }, async () => {
    try {
      await invoke(job.function, event, requestId);
      logLine('info', 'the job succeeded', outcome);
    } catch (error) {
      process.exitCode = 1;
      logLine('error', 'the job failed', { ...outcome, error: describeError(error) });
    }
  });
  setTimeout(() => process.exit(), lingerMilliseconds).unref();
}
