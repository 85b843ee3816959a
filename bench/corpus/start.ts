/** Starts the services of a migrated project, one at a time, by the command of their task definition. */
import { createServer } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { run, type Started, start } from '../processes.js';
import { serviceEnvironment } from './environment.js';
import { reasonOf } from './failure.js';
import type { Service } from './services.js';

/** What a health check of ECS gives a container to start (the task definitions' startPeriod), in seconds. */
const startPeriod = 30;

/** After it is healthy, a service must stay up for so long (ms): what fails while it connects ends it a moment later. */
const settling = 1500;

/**
 * Starts a service and ends it again.
 * @returns what went wrong, or undefined: `/healthz` answered 200 and the process lived on; a job loaded its functions (it is asked
 *   for a name that it does not have, so that none of them runs).
 */
export async function startService(folder: string, service: Service): Promise<string | undefined> {
  const port = await freePort();
  const [program = 'node', ...args] = service.command;
  const env = { ...(await serviceEnvironment(service)), PORT: String(port) };
  const node = program === 'node' ? process.execPath : program;
  if (service.kind === 'job') return loadJobs(folder, node, args, env);
  const started = start(node, args, { cwd: folder, env });
  try {
    return await untilHealthy(started, port);
  } finally {
    started.end();
  }
}

async function untilHealthy({ child, output }: Started, port: number): Promise<string | undefined> {
  const isOver = () => child.exitCode !== null || child.signalCode !== null;
  for (let waited = 0; waited < startPeriod; waited += 0.2) {
    if (isOver()) return reasonOf(output());
    const answer = await fetch(`http://127.0.0.1:${port}/healthz`).catch(() => undefined);
    if (answer?.status === 200) {
      await sleep(settling);
      return isOver() ? reasonOf(output()) : undefined;
    }
    await sleep(200);
  }
  return `not healthy after ${startPeriod} s: ${reasonOf(output())}`;
}

async function loadJobs(folder: string, node: string, args: string[], env: NodeJS.ProcessEnv): Promise<string | undefined> {
  const { code, output } = await run(node, [...args, 'no-such-job'], { cwd: folder, env, timeout: startPeriod });
  return code === 2 && output.includes('There is no job') ? undefined : reasonOf(output);
}

function freePort(): Promise<number> {
  return new Promise((resolve) => {
    const server = createServer().listen(0, '127.0.0.1', () => {
      const address = server.address();
      server.close(() => resolve(typeof address === 'object' && address ? address.port : 0));
    });
  });
}
