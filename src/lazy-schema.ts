import { createRequire } from 'node:module';
import type { z } from 'zod';

/**
 * A schema that is made when it is first asked for. zod takes longer to load than many projects take altogether, and most runs
 * read no file of ours.
 */
export function lazySchema<Schema>(make: (zod: typeof z) => Schema): () => Schema {
  let made: Schema | undefined;
  return () => {
    made ??= make((createRequire(import.meta.url)('zod') as { z: typeof z }).z);
    return made;
  };
}
