/** What each package manager is told: to install, to run a script, to be there in the first place. */
import type { PackageInfo } from '../project/model.js';
import type { PeerMode } from './peers.js';

export type ManagerName = PackageInfo['manager'];

interface InstallOptions {
  production: boolean;
  /** Only what the lockfile lists; fails when it does not agree with package.json. */
  frozen: boolean;
  /** yarn-berry: the project's version can install production dependencies alone. */
  focus: boolean;
  /** npm: what is done about peer dependencies; the other managers only warn. */
  peers: Exclude<PeerMode, 'unknown'>;
}

export interface Manager {
  /** Command that puts the manager into a `node:*-slim` image; undefined when it is there. */
  setUp(version: string | undefined): string | undefined;
  install(options: InstallOptions): string;
  /** Runs a script of package.json. */
  run(script: string): string;
  /** What a person runs to bring the lockfile up to date. */
  refresh(peers: InstallOptions['peers']): string;
  /** Adds a package, whose name follows. */
  add: string;
  /** Files beside package.json that an install reads, when they are there. */
  files: readonly string[];
  /** Environment of the install. */
  environment: Readonly<Record<string, string>>;
  /** Refuses to install under a Node.js that `engines` of the package excludes, also on the machine of a developer. */
  enforcesEngines: boolean;
}

const major = (version: string | undefined, fallback: string) =>
  version === undefined ? fallback : (/^\d+(?:\.\d+){0,2}(?:-[\w.]+)?/.exec(version)?.[0] ?? fallback);

const peerFlags = { strict: '', legacy: ' --legacy-peer-deps', force: ' --force' } as const;

export const managers: Readonly<Record<ManagerName, Manager>> = {
  npm: {
    setUp: () => undefined,
    install: ({ production, frozen, peers }) =>
      `npm ${frozen ? 'ci' : 'install --no-audit --no-fund'}${production ? ' --omit=dev' : ''}${peerFlags[peers]}`,
    run: (script) => `npm run ${script}`,
    refresh: (peers) => `npm install${peerFlags[peers]}`,
    add: 'npm install',
    files: ['package-lock.json', 'npm-shrinkwrap.json', '.npmrc'],
    environment: {},
    enforcesEngines: false,
  },
  pnpm: {
    setUp: (version) => `npm install --global pnpm@${major(version, '10')}`,
    install: ({ production, frozen }) =>
      `pnpm install ${frozen ? '--frozen-lockfile' : '--no-frozen-lockfile'}${production ? ' --prod' : ''}`,
    run: (script) => `pnpm run ${script}`,
    refresh: () => 'pnpm install',
    add: 'pnpm add',
    files: ['pnpm-lock.yaml', 'pnpm-workspace.yaml', '.npmrc', '.pnpmfile.cjs'],
    environment: {},
    enforcesEngines: false,
  },
  yarn: {
    // Newer Node images come without yarn; --force because older ones bring it.
    setUp: () => 'npm install --global --force yarn@1',
    install: ({ production, frozen }) =>
      `yarn install --non-interactive${frozen ? ' --frozen-lockfile' : ''}${production ? ' --production' : ''}`,
    run: (script) => `yarn run ${script}`,
    refresh: () => 'yarn install',
    add: 'yarn add',
    files: ['yarn.lock', '.npmrc', '.yarnrc'],
    environment: {},
    enforcesEngines: true,
  },
  'yarn-berry': {
    setUp: (version) => `npm install --global --force @yarnpkg/cli-dist@${major(version, '4')}`,
    // `focus` does not look whether the lockfile agrees, so that is checked first.
    install: ({ production, frozen, focus }) => {
      const check = frozen ? '--immutable' : '--no-immutable';
      return production && focus
        ? `yarn install ${check} --mode=update-lockfile && yarn workspaces focus --production`
        : `yarn install ${check}`;
    },
    run: (script) => `yarn run ${script}`,
    refresh: () => 'yarn install',
    add: 'yarn add',
    files: ['yarn.lock', '.yarnrc.yml', '.npmrc'],
    environment: { YARN_NODE_LINKER: 'node-modules' },
    enforcesEngines: false,
  },
  bun: {
    setUp: (version) => `npm install --global bun@${major(version, '1')}`,
    install: ({ production, frozen }) => `bun install${frozen ? ' --frozen-lockfile' : ''}${production ? ' --production' : ''}`,
    run: (script) => `bun run ${script}`,
    refresh: () => 'bun install',
    add: 'bun add',
    files: ['bun.lock', 'bun.lockb', 'bunfig.toml', '.npmrc'],
    environment: {},
    enforcesEngines: false,
  },
};
