/** What the image of a project is made of; Dockerfile, .dockerignore and compose.yaml are written from it. */
import { diagnostic } from '../diagnostics/catalog.js';
import type { Diagnostic } from '../diagnostics/diagnostic.js';
import type { PackageInfo, PackageJson, Project } from '../project/model.js';
import { parentOf, type Repository } from '../project/repository.js';
import type { Build } from './build.js';
import type { Layout } from './layout.js';
import { isLockfileCurrent } from './lockfile.js';
import { managers } from './manager.js';
import type { OwnPlaces } from './own-places.js';
import { isBelow, join, relativePath } from './paths.js';
import { decidePeers, installMode, type Peers, strictPeers } from './peers.js';

export interface ImagePlan {
  nodeMajor: number;
  manager: PackageInfo['manager'];
  managerVersion: string | undefined;
  /** The lockfile that the install uses, relative to the repository; null when there is none. */
  lockfile: string | null;
  /** The lockfile lists all that package.json asks for. */
  frozen: boolean;
  /** What npm does about peer dependencies. */
  peers: Peers;
  /** Files that an install needs, relative to the package root. */
  manifests: string[];
  /** The install needs more than manifests: workspaces, local packages, install scripts that read the sources. */
  copyAllFirst: boolean;
  /** `.npmrc` holds credentials: it is mounted for the install and never copied. */
  secretNpmrc: boolean;
  /** A `prepare` script is for a checkout (git hooks) and is left out. */
  hasPrepare: boolean;
  hasDependencies: boolean;
  /** Files that are no code lie in the project and may be read at run time. */
  hasAssets: boolean;
  /** Folder of the package root in the image. */
  workdir: string;
  /** yarn-berry: `yarn workspaces focus` is there. */
  focus: boolean;
}

export interface ImageInput {
  repository: Repository;
  project: Project;
  layout: Layout;
  /** package.json as it will be. */
  json: PackageJson;
  /** Packages that the project itself lists. */
  own: readonly string[];
  nodeMajor: number;
  build: Build;
  reachable: readonly string[];
  places: OwnPlaces;
}

export function planImage({ repository, project, layout, json, own, nodeMajor, reachable, places }: ImageInput): ImagePlan {
  const { packageRoot, context } = layout;
  const { packageInfo } = project;
  const owns = packageInfo.file !== null && parentOf(packageInfo.file) === packageRoot;
  const lockfile = owns ? packageInfo.lockfile : null;
  const manager = owns ? packageInfo.manager : 'npm';
  const present = (name: string) => repository.isFile(join(packageRoot, name));
  const secretNpmrc = /_authToken|_password|_auth\s*=/.test(repository.read(join(packageRoot, '.npmrc')) ?? '');
  const files = managers[manager].files.filter((name) => present(name) && !(secretNpmrc && name === '.npmrc'));
  const inWorkspace = owns && packageInfo.workspaceRoot !== null;
  return {
    nodeMajor,
    manager,
    managerVersion: owns ? packageInfo.managerVersion : undefined,
    lockfile,
    frozen: lockfile !== null && isLockfileCurrent(repository, lockfile, packageRoot, json),
    peers: manager === 'npm' ? decidePeers(repository, packageRoot, lockfile, json, own) : strictPeers,
    manifests: ['package.json', ...files],
    copyAllFirst: context !== packageRoot || inWorkspace || installReadsSources(repository, packageRoot, json),
    secretNpmrc,
    hasPrepare: json.scripts?.['prepare'] !== undefined,
    hasDependencies: Object.keys({ ...json.dependencies, ...json.optionalDependencies }).length > 0,
    hasAssets: places.asking.length > 0 || hasAssets(repository, project, reachable),
    workdir: packageRoot === context ? '/app' : `/app/${relativePath(context, packageRoot)}`,
    focus: canFocus(repository, project.packageInfo),
  };
}

/** Part of yarn from version 4, a plugin before. */
function canFocus(repository: Repository, { lockfile, managerVersion }: PackageInfo): boolean {
  if (managerVersion === undefined || Number.parseInt(managerVersion, 10) >= 4) return true;
  return /plugin-workspace-tools/.test(repository.read(join(parentOf(lockfile ?? ''), '.yarnrc.yml')) ?? '');
}

/** What a person has to do about the lockfile before an install can be frozen. */
export function lockfileFindings(image: ImagePlan, packageFile: string): Diagnostic[] {
  const { lockfile, hasDependencies } = image;
  return hasDependencies ? [...unfrozenFindings(image, packageFile), ...peerFindings(image.peers, lockfile ?? packageFile)] : [];
}

function peerFindings({ mode, because }: Peers, file: string): Diagnostic[] {
  if (because === undefined) return [];
  const option = mode === 'legacy' ? '--legacy-peer-deps' : '--force';
  return [diagnostic('PEER_DEPENDENCIES_RELAXED', { args: { option, because }, place: { file } })];
}

function unfrozenFindings({ lockfile, frozen, manager, peers }: ImagePlan, packageFile: string): Diagnostic[] {
  if (frozen) return [];
  const command = managers[manager].refresh(installMode(peers));
  const folder = parentOf(packageFile) || '.';
  const file = lockfile ?? packageFile;
  const code = lockfile === null ? 'LOCKFILE_MISSING' : 'LOCKFILE_STALE';
  return [diagnostic(code, { args: { file, command, folder }, place: { file } })];
}

function installReadsSources(repository: Repository, packageRoot: string, json: PackageJson): boolean {
  const { scripts = {} } = json;
  if (['preinstall', 'install', 'postinstall'].some((name) => scripts[name] !== undefined)) return true;
  const all = { ...json.devDependencies, ...json.dependencies, ...json.optionalDependencies };
  if (Object.values(all).some((range) => /^(?:file|link|portal|workspace):/.test(range))) return true;
  return ['patches', 'prisma', '.yarn'].some((name) => repository.isFolder(join(packageRoot, name)));
}

const assetExtension =
  /\.(?:html?|graphqls?|gql|ejs|hbs|pug|mustache|njk|mjml|txt|csv|sql|pem|crt|wasm|proto|png|jpe?g|gif|svg|ttf|woff2?|xml|xslt?|pdf|prisma|node|ico|css)$/i;

/** Files beside reachable code that are no code: templates, schemas, certificates, and JSON data. */
function hasAssets(repository: Repository, { root }: Project, reachable: readonly string[]): boolean {
  const folders = [...new Set(reachable.map(parentOf))];
  return repository
    .files()
    .some(
      (path) =>
        assetExtension.test(path) &&
        isBelow(path, root) &&
        folders.some((folder) => isBelow(path, folder)) &&
        !/(?:^|\/)(?:coverage|docs?|tests?)\//.test(path),
    );
}
