import { once } from 'node:events';
import { readFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { delimiter, dirname, join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { UserError } from '../errors.js';
import type { PackageJson } from '../project/model.js';
import { accountId } from './lambda/environment.js';
import { temporaryFolder } from './leftovers.js';
import type { Outside } from './outside/side.js';
import { type Ending, type GuardedProcess, startProcess } from './processes.js';
import { send } from './send.js';
import { region } from './settings.js';

export interface MigratedOptions {
  /** Folder of its package.json, and the script of that which starts the service. */
  folder: string;
  script: string;
  /** Name of the service in the plan, e.g. `web`. */
  service: string;
  environment: Record<string, string>;
  outside: Outside;
  /** Of its task. */
  memoryMb: number;
  /** Words after the command of the script. */
  argumentsAfter?: readonly string[];
}

export interface MigratedService {
  readonly url: string;
  readonly process: GuardedProcess;
  stop(): Promise<Ending>;
}

/**
 * Starts a service of the migrated project by its package.json script, with the environment that a task would have.
 * @throws UserError when there is no such script.
 */
export async function startMigrated(options: MigratedOptions): Promise<MigratedService> {
  const { folder, script, outside, argumentsAfter = [] } = options;
  const port = await freePort();
  const home = await temporaryFolder('migrate-lambda-home-');
  const [program, ...args] = await commandOf(folder, script);
  const started = await startProcess(program, [...args, ...argumentsAfter], {
    cwd: folder,
    environment: {
      PATH: [dirname(process.execPath), '/usr/local/bin', '/usr/bin', '/bin'].join(delimiter),
      LANG: 'en_US.UTF-8',
      HOME: home.folder,
      NODE_ENV: 'production',
      ...serviceVariables(options, { port, preload: outside.preload }),
    },
  });
  return {
    url: `http://127.0.0.1:${port}`,
    process: started,
    stop: async () => {
      const ending = await started.stop(5);
      await home.remove();
      return ending;
    },
  };
}

/** What a task would be given, and what keeps it here; the image brings the rest. */
export function serviceVariables(
  { environment, outside }: MigratedOptions,
  { port, preload }: { port: number; preload: string },
): Record<string, string> {
  return {
    AWS_REGION: region,
    AWS_ACCOUNT_ID: accountId,
    AWS_ACCESS_KEY_ID: 'AKIAIOSFODNN7EXAMPLE',
    AWS_SECRET_ACCESS_KEY: 'wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY',
    // Credentials of a role have one, and presigned URLs show it.
    AWS_SESSION_TOKEN: 'session-token-of-no-account',
    ...environment,
    ...outside.environment,
    NODE_OPTIONS: `--import=${preload}`,
    PORT: String(port),
  };
}

/** The words of the script; anything but a plain call of Node goes through npm. */
async function commandOf(folder: string, name: string): Promise<[string, ...string[]]> {
  const { scripts = {} } = JSON.parse(await readFile(join(folder, 'package.json'), 'utf8')) as PackageJson;
  const script = scripts[name];
  if (script === undefined) throw new UserError(`the migrated project has no script ${name}`, 'Migrate it first.');
  const [first, ...words] = script.split(' ');
  const isPlain = first === 'node' && !/["'`$&|;<>*?]/.test(script);
  return isPlain ? [process.execPath, ...words] : ['npm', 'run', '--silent', name, '--'];
}

/** Waits until the service answers; tells why when it ends before or takes too long. */
export async function untilReady({ url, process: started }: MigratedService, path: string, seconds = 30): Promise<string | undefined> {
  let ended = false;
  void started.ended.then(() => {
    ended = true;
  });
  const request = { method: 'GET', target: path, headers: [['Host', 'localhost'] as [string, string]], body: Buffer.alloc(0) };
  for (const end = Date.now() + seconds * 1000; Date.now() < end; await sleep(50)) {
    if (ended) return `the service ended before it answered: ${lastLines(started.log())}`;
    const answer = await send(url, request, 5).catch(() => undefined);
    if (answer && (path !== '/healthz' || answer.status === 200)) return undefined;
  }
  return `the service did not answer within ${seconds} s: ${lastLines(started.log())}`;
}

function lastLines(log: string): string {
  return log.trim().split('\n').slice(-6).join(' | ').slice(-800);
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  await new Promise((resolve) => server.close(resolve));
  if (address === null || typeof address === 'string') throw new Error('no port');
  return address.port;
}
