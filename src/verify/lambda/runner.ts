import { fileURLToPath } from 'node:url';
import type { FunctionSettings } from './environment.js';
import { generationOf } from './environment.js';

/** A way to run a handler against the Runtime API. */
export interface Runner {
  /** Arguments for Node: the runtime's script and its own arguments. */
  commandFor(settings: FunctionSettings): Promise<string[]>;
}

/** The runner of this tool: no download, follows the rules of AWS's runtime client of the function's generation. */
export const builtInRunner: Runner = {
  commandFor: async ({ runtime }) => [childFile('runner.mjs'), String(generationOf(runtime))],
};

/** Path of a script that runs in the function's process. */
export function childFile(name: string): string {
  return fileURLToPath(new URL(`./child/${name}`, import.meta.url));
}
