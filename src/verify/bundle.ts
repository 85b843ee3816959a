import { createRequire } from 'node:module';
import { join } from 'node:path';
import { UserError } from '../errors.js';

export interface BundleOptions {
  /** Source file of the handler. */
  entry: string;
  /** File that the handler string of the deployed function names. */
  outfile: string;
  format: 'cjs' | 'esm';
  external: readonly string[];
  /** Where the project may have esbuild of its own. */
  projectFolder: string;
}

/**
 * Builds what a deployment would have uploaded: the handler with its packages in one file, but for what the runtime supplies.
 * @throws UserError without esbuild; Error when the sources do not bundle.
 */
export async function bundle({ entry, outfile, format, external, projectFolder }: BundleOptions): Promise<void> {
  const esbuild = await loadEsbuild(projectFolder);
  await esbuild.build({
    entryPoints: [entry],
    outfile,
    format,
    bundle: true,
    platform: 'node',
    target: `node${process.versions.node.split('.')[0]}`,
    external: ['@aws-sdk/*', 'aws-sdk', ...external],
    keepNames: true,
    logLevel: 'silent',
    // Packages written for CommonJS call require(), which ES modules have not.
    ...(format === 'esm' && {
      banner: {
        js: "import { createRequire as migrateLambdaRequire } from 'node:module'; const require = migrateLambdaRequire(import.meta.url);",
      },
    }),
  });
}

interface Esbuild {
  build(options: Record<string, unknown>): Promise<unknown>;
}

/** The project's own release first: it is what the deployment used. */
async function loadEsbuild(projectFolder: string): Promise<Esbuild> {
  for (const from of [join(projectFolder, 'package.json'), import.meta.url]) {
    try {
      return createRequire(from)('esbuild') as Esbuild;
    } catch {
      // Not there; the next place may have it.
    }
  }
  throw new UserError(
    'The function is bundled or written in TypeScript, and esbuild is not installed',
    'Run "npm install --save-dev esbuild" in the project.',
  );
}
