import { readFile, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { z } from 'zod';

const keeperList = z.array(z.object({ name: z.string().max(200), file: z.string().max(1000), line: z.number().int() })).max(1000);

/** A variable of a module of the user's; its file by the folder in which the process runs. */
export type Keeper = z.infer<typeof keeperList>[number];

/** How long a process may look for them. */
const milliseconds = 10_000;

/**
 * Asks the process whose preload looks into the folder (`child/keepers.mjs`) which variables of these files hold a text; of all files where it
 * runs none of these, because they were built. Empty when it does not answer.
 */
export async function askKeepers(folder: string, pattern: string, files: readonly string[]): Promise<Keeper[]> {
  const question = join(folder, 'keepers.ask');
  const answer = join(folder, 'keepers.json');
  await writeFile(`${question}.partial`, JSON.stringify({ pattern, files }));
  await rename(`${question}.partial`, question);
  try {
    for (const end = Date.now() + milliseconds; Date.now() < end; await sleep(50)) {
      const text = await readFile(answer, 'utf8').catch(() => null);
      if (text !== null) return keepersIn(text);
    }
    return [];
  } finally {
    await rm(question, { force: true });
    await rm(answer, { force: true });
  }
}

/** Written in the process of the user's code: it may be anything. */
function keepersIn(text: string): Keeper[] {
  try {
    return keeperList.parse(JSON.parse(text));
  } catch {
    return [];
  }
}
