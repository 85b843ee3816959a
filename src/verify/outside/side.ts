import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import type { OutsideCall } from './call.js';
import { type RecordingEndpoint, startEndpoint } from './endpoint.js';

/** The world around one side: AWS on loopback, and a log of everything else that it tried to reach. */
export interface Outside {
  readonly endpoint: RecordingEndpoint;
  /** Variables that lead the side's clients here. */
  readonly environment: Record<string, string>;
  /** Module for `--import` that keeps everything on this machine. */
  readonly preload: string;
  /** Calls since the last time, AWS's first; waits a moment for `expected` of them. */
  takeCalls(expected?: number): Promise<OutsideCall[]>;
  close(): Promise<void>;
}

export async function openOutside(): Promise<Outside> {
  const endpoint = await startEndpoint();
  const folder = await mkdtemp(join(tmpdir(), 'migrate-lambda-outside-'));
  const log = join(folder, 'refused.jsonl');
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
  const dead = 'http://127.0.0.1:9';
  return {
    endpoint,
    environment: {
      AWS_ENDPOINT_URL: endpoint.url,
      AWS_MAX_ATTEMPTS: '1',
      AWS_EC2_METADATA_DISABLED: 'true',
      HTTP_PROXY: dead,
      HTTPS_PROXY: dead,
      NO_PROXY: '127.0.0.1,localhost',
    },
    preload: `${new URL('./no-egress.mjs', import.meta.url).href}?log=${encodeURIComponent(log)}`,
    takeCalls: async (expected = 0) => {
      const calls = endpoint.takeCalls();
      for (let tries = 0; tries < 10 && calls.length < expected; tries++) {
        await sleep(20);
        calls.push(...endpoint.takeCalls());
      }
      return [...calls, ...(await refused())];
    },
    close: async () => {
      await endpoint.close();
      await rm(folder, { recursive: true, force: true });
    },
  };
}
