/** The untouched projects of a checkout, installed and loaded in their own folders: what fails there too is not the migration's. */
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { cp } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { build } from 'esbuild';
import type { Report } from '../../src/index.js';
import { run } from '../processes.js';
import { serviceEnvironment } from './environment.js';
import { reasonOf } from './failure.js';
import { type Install, install } from './install.js';
import type { Service } from './services.js';

type Project = Report['projects'][number];
type LambdaFunction = Project['functions'][number];

/** Loads a module, says whether it is still well a while later, and ends. */
const loader = `
process.on('unhandledRejection', (error) => { console.error(error); process.exit(1); });
import(process.argv[1]).then(
  () => setTimeout(() => process.exit(0), 2500),
  (error) => { console.error(error); process.exit(1); },
);
`;

/** Runtimes up to this major had the AWS SDK v2 in them, later ones v3. */
const lastMajorWithSdk2 = 16;

export class Original {
  private copying: Promise<void> | undefined;
  private sdk: Promise<Install> | undefined;
  private readonly installs = new Map<string, Promise<Install>>();

  /** `folder`: of the checkout; `copy`: where a copy of it may go; `cache`: folder of kept installs. */
  constructor(
    private readonly folder: string,
    private readonly copy: string,
    private readonly cache: string,
  ) {}

  /** Folder of the package that rules a file: the nearest package.json within the checkout; the project's root when there is none. */
  packageOf(project: Project, file: string): string {
    for (let folder = dirname(file); ; folder = dirname(folder)) {
      if (existsSync(join(this.folder, folder, 'package.json'))) return folder;
      if (folder === '.') return project.root === '' ? '.' : project.root;
    }
  }

  /** Absolute path of a checkout's file in the copy, whose package is installed. */
  async installed(project: Project, file: string): Promise<{ file: string; packageRoot: string }> {
    const packageFolder = this.packageOf(project, file);
    await this.install(packageFolder);
    const copy = await this.copyOf();
    return { file: join(copy, file), packageRoot: join(copy, packageFolder) };
  }

  /** Packages of the functions that were migrated. */
  packagesOf(project: Project): string[] {
    const files = migrated(project).flatMap(({ handler }) => handler.file ?? []);
    return [...new Set(files.map((file) => this.packageOf(project, file)))];
  }

  /** Installs a package once. */
  install(packageFolder: string): Promise<Install> {
    const known = this.installs.get(packageFolder);
    if (known) return known;
    const started = this.copyOf().then((copy) => install({ folder: join(copy, packageFolder), cache: this.cache }));
    this.installs.set(packageFolder, started);
    return started;
  }

  /** Why one of a project's packages does not install; undefined when all do. */
  async installError(project: Project): Promise<string | undefined> {
    for (const folder of this.packagesOf(project)) {
      const { error } = await this.install(folder);
      if (error) return error;
    }
    return undefined;
  }

  /** Why an install with install scripts fails: what they download or compile is not to be had here. */
  async installScriptsError(project: Project): Promise<string | undefined> {
    for (const packageFolder of this.packagesOf(project)) {
      const folder = join(await this.copyOf(), packageFolder);
      const { error } = await install({ folder, cache: this.cache, scripts: true });
      if (error) return error;
    }
    return undefined;
  }

  /** True when npm refuses the peer dependencies of the untouched package too. */
  async ignoresPeers(project: Project): Promise<boolean> {
    const installs = await Promise.all(this.packagesOf(project).map((folder) => this.install(folder)));
    return installs.some(({ ignoresPeers }) => ignoresPeers);
  }

  /** Why the project's own script of that name fails; undefined when it works or there is none. */
  async scriptError(project: Project, script: string): Promise<string | undefined> {
    for (const folder of this.packagesOf(project)) {
      const file = join(await this.copyOf(), folder, 'package.json');
      const scripts = existsSync(file) ? (JSON.parse(readFileSync(file, 'utf8')) as { scripts?: Record<string, string> }).scripts : {};
      if (scripts?.[script] === undefined) continue;
      await this.install(folder);
      const { code, output } = await run('npm', ['run', script], { cwd: dirname(file) });
      if (code !== 0) return reasonOf(output);
    }
    return undefined;
  }

  /** What handlers of the project say when they are loaded as Lambda would, with the variables of a service. */
  async loadErrors(project: Project, service: Service): Promise<string[]> {
    const functions = migrated(project).filter(({ workload }) => workload === service.kind);
    const files = new Map(functions.flatMap((fn) => (fn.handler.file === null ? [] : [[fn.handler.file, fn] as const])));
    const errors: string[] = [];
    for (const [file, fn] of files) {
      const installed = await this.installed(project, file);
      errors.push(...(await this.load(installed.file, fn, service)));
    }
    return errors;
  }

  /** What a handler's module says when it is loaded as it is, and when it is bundled first; empty when one of both loads. */
  private async load(file: string, fn: LambdaFunction, service: Service): Promise<string[]> {
    const env = { ...(await serviceEnvironment(service)), ...lambdaVariables(fn), ...(await this.runtimeModules(fn)) };
    const attempt = async (module: string) => {
      const { code, output } = await run(process.execPath, ['-e', loader, module], { cwd: dirname(file), env, timeout: 60 });
      return code === 0 ? undefined : reasonOf(output);
    };
    const plain = /\.[cm]?js$/.test(file) ? await attempt(file) : 'plain Node.js does not read it';
    if (plain === undefined) return [];
    const bundled = await bundle(file).then(attempt, (error: unknown) => reasonOf(String(error)));
    return bundled === undefined ? [] : [plain, bundled];
  }

  /** Lambda's runtimes bring the AWS SDK along and find it through NODE_PATH. v3 is left out: its absence then fails the migration. */
  private async runtimeModules({ runtime }: LambdaFunction): Promise<Record<string, string>> {
    const major = Number(/^nodejs(\d+)/.exec(runtime ?? '')?.[1] ?? Number.NaN);
    if (!(major <= lastMajorWithSdk2)) return {};
    const folder = join(dirname(this.copy), 'lambda-runtime');
    if (!this.sdk) {
      mkdirSync(folder, { recursive: true });
      writeFileSync(join(folder, 'package.json'), JSON.stringify({ private: true, dependencies: { 'aws-sdk': '^2.1692.0' } }));
      this.sdk = install({ folder, cache: this.cache });
    }
    await this.sdk;
    return { NODE_PATH: join(folder, 'node_modules') };
  }

  /** Made when first needed: most projects never ask. */
  private async copyOf(): Promise<string> {
    const filter = (path: string) => !['.git', 'node_modules'].includes(basename(path));
    this.copying ??= cp(this.folder, this.copy, { recursive: true, verbatimSymlinks: true, filter });
    await this.copying;
    return this.copy;
  }
}

/** The functions of a project that a service runs. */
export function migrated(project: Project): LambdaFunction[] {
  return project.functions.filter(({ outcome }) => outcome === 'migrated');
}

function lambdaVariables({ id, handler }: LambdaFunction): Record<string, string> {
  return { AWS_LAMBDA_FUNCTION_NAME: id, AWS_LAMBDA_FUNCTION_MEMORY_SIZE: '128', _HANDLER: handler.declared ?? '' };
}

/** Projects that are built use as a rule one of the bundlers that esbuild stands for here. */
async function bundle(file: string): Promise<string> {
  const outfile = join(dirname(file), `.bundle-${createHash('sha1').update(file).digest('hex').slice(0, 8)}.cjs`);
  await build({
    entryPoints: [file],
    outfile,
    bundle: true,
    platform: 'node',
    format: 'cjs',
    packages: 'external',
    logLevel: 'silent',
    loader: { '.js': 'jsx' },
  });
  return outfile;
}
