import { spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { cp } from 'node:fs/promises';
import type { AddressInfo, Server } from 'node:net';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { UserError } from '../../errors.js';
import { onEnd } from '../leftovers.js';
import { type MigratedOptions, type MigratedService, serviceVariables } from '../migrated.js';
import type { Outside } from '../outside/side.js';
import type { GuardedProcess } from '../processes.js';
import { multiplex } from './child/mux.mjs';
import type { Image } from './image.js';

/** A network without any way out but the recorder, and the containers in it. */
export interface Pod {
  start(options: MigratedOptions): Promise<MigratedService>;
  close(): Promise<void>;
}

/** Where the side's folder is mounted. */
const mount = '/migrate-lambda-verify';

/** Port of the service; the network has no other. */
const servicePort = 8080;

/**
 * Opens a network that holds loopback and nothing else. A first container of the same image listens in it for the recorder's
 * ports and hands everything on over its standard input and output, so that no port and no socket file crosses the border.
 * @throws UserError when the container does not start.
 */
export async function openPod(image: Image, outside: Outside): Promise<Pod> {
  const { engine, tag } = image;
  await cp(fileURLToPath(new URL('./child', import.meta.url)), join(outside.folder, 'bridge'), { recursive: true });
  const name = `${tag}-${randomBytes(3).toString('hex')}`;
  const containers = new Set([name]);
  const removeAll = () => engine.removeNow({ containers: [...containers].reverse() });
  const forget = onEnd(removeAll);
  const ports = [new URL(outside.endpoint.url).port, String(outside.endpoint.door)];
  const words = [
    'run',
    '-i',
    '--rm',
    '--name',
    name,
    '--network=none',
    ...limits(engine.runOptions, 128, outside),
    '--entrypoint',
    'node',
    tag,
  ];
  const bridge = spawn(engine.program, [...words, `${mount}/bridge/bridge.mjs`, ...ports], {
    stdio: ['pipe', 'pipe', 'pipe'],
    detached: true,
  });
  let problems = '';
  bridge.stderr.on('data', (chunk: Buffer) => {
    problems = (problems + chunk.toString()).slice(-2000);
  });
  bridge.stdin.on('error', () => undefined);
  const close = async () => {
    bridge.stdin.end();
    removeAll();
    bridge.kill('SIGKILL');
    forget();
  };
  let mux: ReturnType<typeof multiplex> | undefined;
  const ready = await new Promise<boolean>((resolve) => {
    const timer = setTimeout(resolve, 60_000, false);
    const done = (isReady: boolean) => {
      clearTimeout(timer);
      resolve(isReady);
    };
    mux = multiplex(bridge.stdout, bridge.stdin, { firstId: 2, onReady: () => done(true) });
    bridge.on('error', () => done(false));
    bridge.on('exit', () => done(false));
  });
  if (!ready || !mux) {
    await close();
    throw new UserError(`its container does not start: ${problems.trim().split('\n').slice(-3).join(' | ')}`, 'Try the image by hand.');
  }
  const server = await mux.listen(0, servicePort);
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  return {
    start: async (options) => {
      const container = `${name}-${randomBytes(3).toString('hex')}`;
      containers.add(container);
      const process = await startContainer(image, `container:${name}`, container, options);
      return {
        url,
        process,
        stop: async () => {
          const ending = await process.stop(5);
          engine.removeNow({ containers: [container] });
          containers.delete(container);
          return ending;
        },
      };
    },
    close: async () => {
      const closed = closeServer(server);
      mux?.close();
      await closed;
      await close();
    },
  };
}

async function startContainer(image: Image, network: string, name: string, options: MigratedOptions): Promise<GuardedProcess> {
  const { engine, tag, services } = image;
  const { service, argumentsAfter = [], memoryMb, outside } = options;
  const variables = serviceVariables(options, { port: servicePort, preload: outside.preloadIn(mount) });
  const environment = Object.entries(variables).flatMap(([key, value]) => ['-e', `${key}=${value}`]);
  const words = [
    'run',
    '--rm',
    '--name',
    name,
    `--network=${network}`,
    '--no-healthcheck',
    ...limits(engine.runOptions, memoryMb, outside),
  ];
  return engine.start(...words, ...environment, tag, ...(services.get(service)?.command ?? []), ...argumentsAfter);
}

/** As the task definitions have it: no way to write, no capabilities, a bound on memory; and one on processes. */
function limits(runOptions: readonly string[], memoryMb: number, { folder }: Outside): string[] {
  const memory = `${memoryMb}m`;
  return [
    ...runOptions,
    '--read-only',
    '--tmpfs=/tmp:rw,mode=1777',
    '--cap-drop=ALL',
    '--security-opt=no-new-privileges',
    `--memory=${memory}`,
    `--memory-swap=${memory}`,
    '--pids-limit=512',
    '-v',
    `${folder}:${mount}:z`,
  ];
}

function closeServer(server: Server): Promise<void> {
  return new Promise((resolve) => server.close(() => resolve()));
}
