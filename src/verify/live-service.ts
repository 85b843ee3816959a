import type { WireRequest, WireResponse } from './fronts/http.js';
import type { MigratedService } from './migrated.js';
import { textOf } from './requests/text.js';
import { send } from './send.js';
import type { Finding } from './verdict.js';

/** A request after which the service was gone. */
interface Crash {
  functionId: string | null;
  finding: Finding;
}

/** The migrated service as an orchestrator keeps it: started again when it ends, which is never overlooked. */
export interface LiveService {
  url(): string;
  /** Its output so far, since it was started last. */
  log(): string;
  /** @throws Error when there is no answer, also from a service just started. */
  ask(request: WireRequest, functionId: string | null, timeoutSeconds: number): Promise<WireResponse>;
  /** True when requests of a function have ended the service so often that it should be asked no more. */
  isDangerous(functionId: string): boolean;
  /** What ended the service since the last time. */
  takeCrashes(): Crash[];
  stop(): Promise<void>;
}

/** A service that ends again and again is left alone. */
const restartLimit = 20;

/** How often one function may end it. */
const crashLimit = 2;

/** How long a service that lost a connection may take to end. */
const endMilliseconds = 3000;

/** @param start starts the service and waits until it answers */
export function keepAlive(first: MigratedService, start: () => Promise<MigratedService>): LiveService {
  let current = first;
  let restarts = 0;
  let crashes: Crash[] = [];
  const counts = new Map<string | null, number>();
  let previous: { request: WireRequest; functionId: string | null } | undefined;

  const restart = async (culprit: { request: WireRequest; functionId: string | null }) => {
    crashes.push({ functionId: culprit.functionId, finding: crashOf(culprit.request, current.process.log()) });
    restarts++;
    counts.set(culprit.functionId, (counts.get(culprit.functionId) ?? 0) + 1);
    await current.stop();
    current = await start();
  };
  return {
    url: () => current.url,
    log: () => current.process.log(),
    ask: async (request, functionId, timeoutSeconds) => {
      const asked = { request, functionId };
      try {
        return await send(current.url, request, timeoutSeconds);
      } catch (error) {
        if (restarts >= restartLimit || !(await hasEnded(current))) throw error;
        const isRefused = error instanceof Error && 'code' in error && error.code === 'ECONNREFUSED';
        await restart((isRefused ? previous : asked) ?? asked);
        return await send(current.url, request, timeoutSeconds);
      } finally {
        previous = asked;
      }
    },
    isDangerous: (functionId) => (counts.get(functionId) ?? 0) >= crashLimit,
    takeCrashes: () => {
      const taken = crashes;
      crashes = [];
      return taken;
    },
    stop: async () => void (await current.stop()),
  };
}

function hasEnded({ process: { ended } }: MigratedService): Promise<boolean> {
  return Promise.race([ended.then(() => true), new Promise<boolean>((resolve) => setTimeout(resolve, endMilliseconds, false))]);
}

function crashOf(request: WireRequest, log: string): Finding {
  const words = log.trim().split('\n').slice(-4).join('\n').slice(-1000);
  const differences = [
    { what: 'process', before: 'other requests go on: only this environment ends, if any', after: `the service ended:\n${words}` },
  ];
  return { name: 'the service ends', request: textOf(request), differences };
}
