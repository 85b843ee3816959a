import { randomBytes } from 'node:crypto';
import { relative } from 'node:path';
import { UserError } from '../../errors.js';
import { onEnd } from '../leftovers.js';
import { type ComposeService, readComposeServices } from './compose-file.js';
import { type Engine, interruptBuild } from './engine.js';

/** The image of a migrated project. */
export interface Image {
  readonly engine: Engine;
  readonly tag: string;
  /** How each service is started in it. */
  readonly services: ReadonlyMap<string, ComposeService>;
  /** Folder that it was built from, and the one of the image that holds the same. */
  readonly context: string;
  readonly root: string;
  remove(): void;
}

/** Installs and builds may take a while, and an end. */
const buildMinutes = 20;

/**
 * Builds the image of a project as its compose file says, for the architecture of this machine.
 * @param folder the project's root in the migrated copy, and its compose file
 * @throws UserError when it cannot be built, with the last lines of the build, or when it runs as root.
 */
export async function buildImage(
  engine: Engine,
  { folder, compose }: { folder: string; compose: string },
  names: readonly string[],
  signal?: AbortSignal,
): Promise<Image> {
  const services = await readComposeServices(compose, names);
  const [{ context, dockerfile }] = [...services.values()] as [ComposeService];
  const tag = `migrate-lambda-verify-${randomBytes(6).toString('hex')}`;
  const removeNow = () => engine.removeNow({ images: [tag] });
  const forget = onEnd(removeNow);
  const remove = () => {
    removeNow();
    forget();
  };
  const build = await engine.build('-t', tag, '-f', dockerfile, context);
  const timer = setTimeout(() => interruptBuild(build.pid), buildMinutes * 60_000);
  const { code } = await build.ended;
  clearTimeout(timer);
  if (code !== 0) {
    remove();
    signal?.throwIfAborted();
    throw new UserError(
      `its image cannot be built: ${lastLines(build.log())}`,
      'Mend the Dockerfile or what it installs, then verify again.',
    );
  }
  const [user = '', workdir = '/'] = (
    await engine.call('image', 'inspect', '--format', '{{.Config.User}}|{{.Config.WorkingDir}}', tag)
  ).split('|');
  if (/^(root|0)?(:|$)/.test(user)) {
    remove();
    throw new UserError('its image runs as root', 'Say "USER node" in the Dockerfile: the task definitions let nobody be root either.');
  }
  return { engine, tag, services, context, root: rootOf(workdir, relative(context, folder)), remove };
}

/** The image may work in a folder of its context: `/app/services/prices`. */
function rootOf(workdir: string, place: string): string {
  return place !== '' && workdir.endsWith(`/${place}`) ? workdir.slice(0, -place.length - 1) : workdir;
}

function lastLines(log: string): string {
  return log.trim().split('\n').slice(-12).join('\n').slice(-1500);
}
