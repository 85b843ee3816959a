import { readFile } from 'node:fs/promises';
import { basename, dirname, resolve } from 'node:path';
import { parse } from 'yaml';
import { z } from 'zod';
import { UserError } from '../../errors.js';

/** How the image of a service is built and started. */
export interface ComposeService {
  /** Absolute. */
  context: string;
  /** Absolute. */
  dockerfile: string;
  command: string[];
}

const composeFile = z.object({
  services: z.record(
    z.string(),
    z.object({
      build: z.object({ context: z.string(), dockerfile: z.string().default('Dockerfile') }),
      command: z.array(z.string()).min(1),
    }),
  ),
});

/**
 * Reads the services of a migrated project from the compose file that the migration wrote.
 * @throws UserError when there is none, or it is not as it was written.
 */
export async function readComposeServices(file: string, names: readonly string[]): Promise<Map<string, ComposeService>> {
  const found = composeFile.safeParse(parsed(await readFile(file, 'utf8').catch(() => '')));
  if (!found.success || !names.every((each) => Object.hasOwn(found.data.services, each))) {
    throw new UserError(
      `the migrated project has no ${basename(file)} with the services ${names.join(', ')}, each with a build and a command`,
      'Migrate it first, or verify without --container.',
    );
  }
  return new Map(
    names.map((each) => {
      const { build, command } = found.data.services[each] as z.infer<typeof composeFile>['services'][string];
      const context = resolve(dirname(file), build.context);
      return [each, { context, dockerfile: resolve(context, build.dockerfile), command }];
    }),
  );
}

function parsed(text: string): unknown {
  try {
    return parse(text);
  } catch {
    return undefined;
  }
}
