import { chmod, cp, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { temporaryFolder } from '../leftovers.js';
import type { OutsideCall } from './call.js';
import { type EndpointOptions, type RecordingEndpoint, startEndpoint } from './endpoint.js';
import { askKeepers, type Keeper } from './keepers.js';

/** The world around one side: AWS on loopback, and a log of everything else that it tried to reach. */
export interface Outside {
  readonly endpoint: RecordingEndpoint;
  /** Variables that lead the side's clients here. */
  readonly environment: Record<string, string>;
  /** Folder of what the side's processes load and write. */
  readonly folder: string;
  /** Module for `--import` that keeps everything on this machine. */
  readonly preload: string;
  /** The same where the folder has another path: in a container. */
  preloadIn(folder: string): string;
  /** Calls since the last time, AWS's first; waits a moment for `expected` of them. */
  takeCalls(expected?: number): Promise<OutsideCall[]>;
  /** From now on what the side waits for (timers, files, answers of others) comes in an order of its own, until it is calmed with null. */
  perturb(seed: number | null): Promise<void>;
  /** Variables of these files that hold a text of this pattern now, somewhere within; empty when its process does not answer. */
  keepers(pattern: string, files: readonly string[]): Promise<Keeper[]>;
  close(): Promise<void>;
}

export async function openOutside(options: EndpointOptions = {}): Promise<Outside> {
  const endpoint = await startEndpoint(options);
  const { folder, remove } = await temporaryFolder('migrate-lambda-outside-');
  // A user of an image who is nobody here writes into it.
  await chmod(folder, 0o777);
  const log = join(folder, 'refused.jsonl');
  await cp(fileURLToPath(new URL('./child', import.meta.url)), join(folder, 'preload'), { recursive: true });
  const preloadIn = (place: string) => {
    const settings = new URLSearchParams({
      door: String(endpoint.door),
      log: join(place, 'refused.jsonl'),
      perturb: join(place, 'perturb'),
      keepers: join(place, 'keepers'),
    });
    return `${pathToFileURL(join(place, 'preload/no-egress.mjs')).href}?${settings}`;
  };
  let read = 0;
  const refused = async (): Promise<OutsideCall[]> => {
    const lines = (await readFile(log, 'utf8').catch(() => '')).split('\n').filter((line) => line !== '');
    const fresh = lines.slice(read);
    read = lines.length;
    return fresh.map((parameters, index) => ({
      service: 'network',
      operation: 'refused',
      parameters,
      answered: false,
      group: 1_000_000 + read + index,
    }));
  };
  return {
    endpoint,
    environment: {
      AWS_ENDPOINT_URL: endpoint.url,
      AWS_MAX_ATTEMPTS: '1',
      AWS_EC2_METADATA_DISABLED: 'true',
      HTTP_PROXY: endpoint.url,
      HTTPS_PROXY: endpoint.url,
      NO_PROXY: '127.0.0.1,localhost',
    },
    folder,
    preload: preloadIn(folder),
    preloadIn,
    takeCalls: async (expected = 0) => {
      const calls = endpoint.takeCalls();
      for (let tries = 0; tries < 10 && calls.length < expected; tries++) {
        await sleep(20);
        calls.push(...endpoint.takeCalls());
      }
      return [...calls, ...(await refused())];
    },
    perturb: async (seed) => {
      endpoint.perturb(seed);
      if (seed === null) await rm(join(folder, 'perturb'), { force: true });
      else await writeFile(join(folder, 'perturb'), String(seed));
    },
    keepers: (pattern, files) => askKeepers(folder, pattern, files),
    close: async () => {
      await endpoint.close();
      await remove();
    },
  };
}
