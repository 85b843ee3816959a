import { execFileSync } from 'node:child_process';
import { satisfies } from 'semver';
import type { FunctionSettings } from './environment.js';

/**
 * Flags that Lambda's bootstrap gives Node: a heap below the function's memory, larger headers, and no experimental loading
 * of ES modules, unless the function's NODE_OPTIONS ask for it.
 * @see https://docs.aws.amazon.com/lambda/latest/dg/lambda-nodejs.html
 */
export function nodeFlags({
  memoryMb,
  environment,
  node,
}: Pick<FunctionSettings, 'memoryMb' | 'environment'> & { node?: string }): string[] {
  const wanted = environment['NODE_OPTIONS'] ?? '';
  const experimental = satisfies(versionOf(node), '>=20.19 <21 || >=22.7') ? ['require-module', 'detect-module'] : [];
  return [
    '--expose-gc',
    '--max-http-header-size=81920',
    `--max-old-space-size=${Math.floor(memoryMb * 0.9)}`,
    ...experimental.filter((feature) => !wanted.includes(`--experimental-${feature}`)).map((feature) => `--no-experimental-${feature}`),
  ];
}

const versions = new Map<string, string>();

/** Version of a Node.js binary, e.g. `22.12.0`. */
export function versionOf(node: string | undefined): string {
  if (node === undefined) return process.versions.node;
  const known = versions.get(node) ?? execFileSync(node, ['-p', 'process.versions.node'], { encoding: 'utf8', timeout: 10_000 }).trim();
  versions.set(node, known);
  return known;
}
