/** Runs the original functions and the migrated services of a checkout's projects side by side. */
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { UserError } from '../../src/errors.js';
import type { FunctionVerdict } from '../../src/verify/verdict.js';
import { openVerification } from '../../src/verify/verify.js';
import type { Checkout } from './checkouts.js';
import { install } from './install.js';

export interface VerifyResult {
  checkout: string;
  root: string;
  definition: string;
  /** One entry for each function that is part of a service. */
  functions: FunctionVerdict[];
}

export interface VerifyInput {
  checkout: Checkout;
  /** Folder of kept installs. */
  cache: string;
  runtime: 'built-in' | 'ric';
  style: 'native' | undefined;
  /** Random requests a route. */
  runs: number;
  isWanted(name: string): boolean;
  onVerified(result: VerifyResult): void;
}

/** Verifies every project with migrated functions; a failure of one project is told as its functions' verdict. */
export async function verifyAll({ checkout, cache, runtime, style, runs, isWanted, onVerified }: VerifyInput): Promise<VerifyResult[]> {
  const verification = await openVerification({ folder: checkout.folder, runtime, style, runs, install: installFrom(cache) });
  const results: VerifyResult[] = [];
  try {
    for (const project of verification.projects) {
      const { root, definition } = project.project;
      const ids = new Set(project.plan.services.flatMap((service) => service.functions));
      if (ids.size === 0 || !isWanted(`${checkout.name}/${root}`)) continue;
      const verdicts = await verification.verifyProject(project).catch((error: unknown) => failed(definition, ids, error));
      const result = { checkout: checkout.name, root, definition, functions: verdicts.filter((each) => ids.has(each.function)) };
      results.push(result);
      onVerified(result);
    }
  } finally {
    await verification.close();
  }
  return results;
}

function failed(definition: string, ids: ReadonlySet<string>, error: unknown): FunctionVerdict[] {
  const because = `verify failed: ${error instanceof Error ? (error.stack ?? error.message) : String(error)}`;
  return [...ids].map((id) => ({ definition, function: id, verdict: 'not-comparable', because, compared: 0, findings: [] }));
}

/** What a build needs is installed too. */
function installFrom(cache: string): (folder: string) => Promise<void> {
  return async (folder) => {
    const file = join(folder, 'package.json');
    if (!existsSync(file)) return;
    const { scripts } = JSON.parse(readFileSync(file, 'utf8')) as { scripts?: Record<string, string> };
    const { error } = await install({ folder, cache, production: scripts?.['build'] === undefined });
    if (error) throw new UserError(`npm cannot install its packages: ${error}`, 'Install it by hand to see more.');
  };
}
