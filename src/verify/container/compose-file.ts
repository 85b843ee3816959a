import { readdir, readFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
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
 * @param folder the project's root in the migrated copy
 * @throws UserError when there is none, or it is not as it was written.
 */
export async function readComposeServices(folder: string, names: readonly string[]): Promise<Map<string, ComposeService>> {
  const files = (await readdir(folder)).filter((name) => /^compose(\..+)?\.yaml$/.test(name)).sort();
  for (const name of files) {
    const found = composeFile.safeParse(parsed(await readFile(join(folder, name), 'utf8')));
    if (!found.success || !names.every((each) => Object.hasOwn(found.data.services, each))) continue;
    return new Map(
      names.map((each) => {
        const { build, command } = found.data.services[each] as z.infer<typeof composeFile>['services'][string];
        const context = resolve(folder, build.context);
        return [each, { context, dockerfile: resolve(context, build.dockerfile), command }];
      }),
    );
  }
  throw new UserError(
    `the migrated project has no compose.yaml with the services ${names.join(', ')}, each with a build and a command`,
    'Migrate it first, or verify without --container.',
  );
}

function parsed(text: string): unknown {
  try {
    return parse(text);
  } catch {
    return undefined;
  }
}
