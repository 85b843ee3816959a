import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { cp, mkdir, mkdtemp, rename, rm, writeFile } from 'node:fs/promises';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { satisfies } from 'semver';
import { UserError } from '../../errors.js';
import { type FunctionSettings, generationOf } from './environment.js';
import { versionOf } from './node-flags.js';
import { childFile, type Runner } from './runner.js';

/** A release of AWS's runtime client. */
interface Release {
  version: string;
  /** Node.js that it runs on. */
  node: string;
  /** Its script, and the folder where it looks for its native add-on. */
  script: string;
  addOnFolder: string;
  argumentsFor(settings: FunctionSettings): string[];
}

const releases: Record<3 | 4, Release> = {
  3: { version: '3.3.0', node: '>=18', script: 'bin/index.mjs', addOnFolder: 'dist', argumentsFor: ({ handler }) => [handler] },
  4: { version: '4.0.2', node: '>=22', script: 'index.mjs', addOnFolder: '.', argumentsFor: () => [] },
};

/**
 * Runs handlers with `aws-lambda-ric`, AWS's own runtime client, which is installed once into a cache folder. Its native
 * add-on is not built: a stand-in of three calls talks to the same Runtime API.
 * @throws UserError when npm cannot install it, or when the Node.js at hand is older than the client needs.
 */
export function ricRunner({ cache = defaultCache(), node }: { cache?: string; node?: string | undefined } = {}): Runner {
  return {
    commandFor: async (settings) => {
      const release = releases[generationOf(settings.runtime)];
      if (!satisfies(versionOf(node), release.node)) {
        throw new UserError(
          `aws-lambda-ric ${release.version}, the runtime client of ${settings.runtime}, needs Node.js ${release.node}`,
          'Run with that Node.js, or leave out --runtime ric: the built-in runner follows the same rules.',
        );
      }
      const folder = await install(release, cache);
      return [join(folder, release.script), ...release.argumentsFor(settings)];
    },
  };
}

function defaultCache(): string {
  return join(process.env['XDG_CACHE_HOME'] || join(homedir(), '.cache'), 'migrate-lambda');
}

/** Installs beside the final folder and moves it there, so that an interruption or a second run leaves no half of it. */
async function install(release: Release, cache: string): Promise<string> {
  const home = join(cache, `aws-lambda-ric-${release.version}`);
  const folder = join(home, 'node_modules/aws-lambda-ric');
  if (existsSync(folder)) return folder;
  await mkdir(cache, { recursive: true });
  const staging = await mkdtemp(join(cache, 'installing-'));
  try {
    await writeFile(join(staging, 'package.json'), '{ "private": true }\n');
    await npmInstall(staging, `aws-lambda-ric@${release.version}`);
    await placeStandIn(join(staging, 'node_modules/aws-lambda-ric', release.addOnFolder, 'rapid-client.node'));
    await rename(staging, home).catch((error: unknown) => {
      if (!existsSync(folder)) throw error;
    });
  } finally {
    await rm(staging, { recursive: true, force: true });
  }
  return folder;
}

async function npmInstall(folder: string, what: string): Promise<void> {
  try {
    await promisify(execFile)('npm', ['install', what, '--ignore-scripts', '--no-audit', '--no-fund', '--no-package-lock'], {
      cwd: folder,
      timeout: 180_000,
    });
  } catch (error) {
    const reason = error instanceof Error ? error.message.split('\n').slice(0, 3).join(' ') : String(error);
    throw new UserError(`${what} cannot be installed: ${reason}`, 'Check that npm reaches its registry, or leave out --runtime ric.');
  }
}

/** A folder of the add-on's name: `require('./rapid-client.node')` takes it as a package. */
async function placeStandIn(folder: string): Promise<void> {
  await mkdir(folder);
  await writeFile(join(folder, 'package.json'), '{ "type": "commonjs", "main": "runtime-client.cjs" }\n');
  for (const file of ['runtime-client.cjs', 'runtime-client-worker.cjs']) await cp(childFile(file), join(folder, file));
}
