import { fileURLToPath } from 'node:url';
import type { OriginalOptions } from '../../../src/verify/lambda/original.js';

/** Folder of the handlers that both runners run. */
export const handlers = fileURLToPath(new URL('../../../fixtures/verify/handlers', import.meta.url));

/** Settings of a small function; only what a test is about is said there. */
export function settings(handler: string, more: Partial<OriginalOptions> = {}): OriginalOptions {
  return {
    taskRoot: `${handlers}/cjs`,
    handler,
    runtime: 'nodejs22.x',
    functionName: 'shapes',
    environment: { TABLE: 'things' },
    memoryMb: 256,
    timeoutSeconds: 2,
    region: 'eu-central-1',
    ...more,
  };
}
