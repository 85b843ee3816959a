/** Dockerfile, its ignore file and compose.yaml. */
import { diagnostic } from '../diagnostics/catalog.js';
import type { Diagnostic } from '../diagnostics/diagnostic.js';
import { healthCheck, portOf, servicePort } from '../planning/health-check.js';
import { imageName } from '../planning/names.js';
import type { EnvironmentPlan, JobPlan, Plan, ServicePlan } from '../planning/plan.js';
import type { Project } from '../project/model.js';
import { Code, dockerfileWord, type RenderOptions, render, shellWord, yamlScalar } from '../render.js';
import { findServiceTarget } from '../targets/index.js';
import { baseImage, fromMirror } from './base-image.js';
import type { Build } from './build.js';
import type { ImagePlan } from './image.js';
import type { Layout } from './layout.js';
import { managers } from './manager.js';
import type { OwnPlaces } from './own-places.js';
import { isBelow, join, relativePath } from './paths.js';
import { installMode } from './peers.js';
import type { ServiceCommand } from './scripts.js';

export interface DockerInput {
  project: Project;
  plan: Plan;
  layout: Layout;
  image: ImagePlan;
  build: Build;
  /** Script that builds, when there is something to build. */
  imageBuild: string | undefined;
  services: readonly ServiceCommand[];
  reachable: readonly string[];
  places: OwnPlaces;
  options: RenderOptions;
}

export function dockerfile({ project, plan, layout, image, build, imageBuild, services, options }: DockerInput): string {
  const manager = managers[image.manager];
  const code = (text: string) => new Code(text);
  const base = baseImage(project, image.nodeMajor);
  const mirrored = base.copyOf !== undefined;
  const getting = (command: string) => code(mirrored ? fromMirror + command : command);
  const setUp = [manager.setUp(image.managerVersion)].flatMap((command) => (command === undefined ? [] : [getting(command)]));
  const install = (production: boolean) => {
    const prepare = image.hasPrepare ? 'npm pkg delete scripts.prepare && ' : '';
    return getting(prepare + installCommand(image, production));
  };
  const [main] = services;
  const planned = plan.services.find(({ name }) => name === main?.name) ?? { server: null };
  const port = String(portOf(planned));
  return render(
    'docker/Dockerfile.hbs',
    {
      project: project.name,
      commands: services.map(({ name }) => name).join(', '),
      contextNote: contextNote(layout),
      buildCommand: buildCommand(layout, project, plan),
      nodeImage: base.image,
      copyOf: base.copyOf ?? '',
      mirrored,
      platformNote: platformsOf(plan).includes(',')
        ? 'the functions had both, so the task definitions do.'
        : 'as the functions had it and the task definitions ask for it.',
      setUp,
      workdir: image.workdir,
      environment: Object.entries(manager.environment).map(([name, value]) => code(`${name}=${dockerfileWord(value)}`)),
      copyAllFirst: image.copyAllFirst,
      manifests: [...image.manifests, './'],
      lockNote: lockNote(image),
      mountNpmrc: code(image.secretNpmrc ? `--mount=type=secret,id=npmrc,target=${image.workdir}/.npmrc ` : ''),
      buildStage: imageBuild !== undefined && {
        setUp,
        install: install(false),
        run: code(manager.run(imageBuild) + (build.tool === 'own' ? withoutPackages : '')),
      },
      install: install(true),
      finalCopies: finalCopies(image, build),
      port: services.some(({ kind }) => kind !== 'job') ? port : '',
      // Programs of one's own may listen elsewhere without it.
      portVariable: planned.server?.start ? new Code(` PORT=${port}`) : new Code(''),
      healthCheck: healthCheck(planned, `(process.env.PORT || ${port})`),
      command: main?.command ?? ['node'],
    },
    options,
  );
}

const withoutPackages = ' && find /app -name node_modules -prune -exec rm -rf {} +';

const platforms = { X86_64: 'linux/amd64', ARM64: 'linux/arm64' } as const;

/** What the image must run on: `linux/arm64`, or a list of both. */
function platformsOf({ services }: Plan): string {
  return [...new Set(services.map(({ architecture }) => platforms[architecture]))].sort().join(',');
}

/**
 * Frozen where there is a lockfile; while that does not agree with package.json yet, an install that resolves comes second. Without one,
 * an install that leaves conflicting peer dependencies alone comes second.
 */
function installCommand({ manager, focus, lockfile, frozen, peers }: ImagePlan, production: boolean): string {
  const install = (strict: boolean, mode = installMode(peers)) =>
    managers[manager].install({ production, frozen: strict, focus, peers: mode });
  if (lockfile !== null && frozen) return install(true);
  if (lockfile === null) return peers.mode === 'unknown' ? `${install(false)} || ${install(false, 'legacy')}` : install(false);
  const [strict, loose] = [install(true), install(false)].map((command) => (command.includes('&&') ? `(${command})` : command));
  return `${strict} || ${loose}`;
}

function contextNote({ context, dockerfile: file }: Layout): string {
  const folder = file.includes('/') ? file.slice(0, file.lastIndexOf('/')) : '';
  if (context === folder) return 'this folder';
  return context === '' ? 'the root of the repository' : `the folder ${context}`;
}

/** `docker build` from the folder that is the context. */
export function buildCommand({ context, dockerfile: file }: Layout, { name }: Pick<Project, 'name'>, plan: Plan): string {
  const path = relativePath(context, file);
  return `docker build --platform ${platformsOf(plan)} -t ${imageName(name)}${path === 'Dockerfile' ? '' : ` -f ${shellWord(path)}`} .`;
}

function lockNote({ lockfile, frozen, manager, focus, secretNpmrc, hasDependencies, peers }: ImagePlan): string[] {
  const notes: string[] = [];
  if (secretNpmrc) notes.push('.npmrc holds credentials: it is there for the install only. Build with --secret id=npmrc,src=.npmrc');
  if (!hasDependencies) return notes;
  const refresh = managers[manager].refresh(installMode(peers));
  if (peers.because !== undefined) notes.push(`${peers.mode === 'legacy' ? '--legacy-peer-deps' : '--force'}: ${peers.because}.`);
  if (manager === 'yarn-berry' && !focus)
    notes.push(
      'This version of yarn installs development dependencies too; with "yarn plugin import workspace-tools" it can leave them out.',
    );
  if (lockfile === null) {
    notes.push(`There is no lockfile yet: run "${refresh}", commit it and run migrate-lambda again for a frozen install.`);
    if (peers.mode === 'unknown') notes.push('npm refuses packages whose peer dependencies conflict; the install behind || takes them.');
  } else if (!frozen) {
    const name = lockfile.split('/').at(-1);
    notes.push(
      `${name} does not list yet what was added to package.json, so a frozen install fails and the one behind || resolves it.`,
      `Run "${refresh}", commit ${name} and run migrate-lambda again: it leaves the fallback out.`,
    );
  }
  return notes;
}

function finalCopies(image: ImagePlan, build: Build): string[][] {
  // What a build of one's own makes, and where, is not known: all of it, then the packages that run.
  if (build.tool === 'own') return ['build', 'dependencies'].map((stage) => [`--from=${stage}`, '/app', '/app']);
  const built = build.outputs === undefined ? [] : [['--from=build', `${image.workdir}/${build.outputs}`, `./${build.outputs}`]];
  if (image.copyAllFirst) return [['--from=dependencies', '/app', '/app'], ...built];
  const modules = image.hasDependencies ? [['--from=dependencies', `${image.workdir}/node_modules`, './node_modules']] : [];
  const sources = build.outputs === undefined || image.hasAssets ? [['.', '.']] : [['package.json', './']];
  return [...modules, ...sources, ...built];
}

const ignoredEverywhere = [
  'node_modules',
  '.git',
  '.github',
  '.gitignore',
  '.vscode',
  '.idea',
  '.DS_Store',
  '*.log',
  '.env',
  '.env.*',
  '.envrc',
  '.aws',
  '*.p12',
  '*.pfx',
  'id_rsa*',
  'id_ed25519*',
  'credentials.json',
  'secrets.yml',
  'secrets.yaml',
  'secrets.json',
  '*.tfvars',
  '*.tfstate*',
  '.aws-sam',
  '.serverless',
  '.esbuild',
  '.webpack',
  '.build',
  'cdk.out',
  '.migrate-lambda',
  'samconfig.toml',
  'coverage',
  '__tests__',
  '*.test.*',
  '*.spec.*',
  'Dockerfile*',
  'compose*.yaml',
  'docker-compose*',
  '.dockerignore',
  'MIGRATION*.md',
] as const;

/** Patterns are relative to the build context; a reachable file is never left out, nor one that code finds beside itself. */
export function dockerignore({ layout, image, build, reachable, places, plan, options }: DockerInput): string {
  const inContext = reachable.filter((path) => isBelow(path, layout.context)).map((path) => relativePath(layout.context, path));
  const own = relativePath(layout.context, layout.packageRoot);
  const prefix = own === '.' ? '' : `${own}/`;
  const folders = ['test', 'tests', findServiceTarget(plan.target).folder, ...(build.outputs === undefined ? [] : [build.outputs])].map(
    (folder) => prefix + folder,
  );
  const patterns = [
    ...ignoredEverywhere.map((pattern) => `**/${pattern}`).filter((pattern) => !inContext.some((path) => matches(path, pattern.slice(3)))),
    ...folders.filter((folder) => !inContext.some((path) => isBelow(path, folder))),
    ...(image.secretNpmrc ? ['**/.npmrc'] : []),
    ...keptFiles(layout, places).map((path) => `!${path}`),
  ];
  return render('docker/dockerignore.hbs', { patterns: patterns.map((pattern) => new Code(pattern)) }, options);
}

/** Files that the patterns leave out and code reads: Lambda's package had them. */
function keptFiles({ context }: Layout, { read }: OwnPlaces): string[] {
  const ignored = (path: string) => [...ignoredEverywhere, 'test', 'tests'].some((pattern) => matches(path, pattern));
  return read
    .filter((path) => isBelow(path, context) && !path.split('/').includes('node_modules'))
    .map((path) => relativePath(context, path))
    .filter((path) => ignored(path) && /^[\w@%+=:,./-]+$/.test(path));
}

/** Findings about files that are as a rule secret, and that the image holds because the code reads them there. */
export function keptFileFindings(layout: Layout, places: OwnPlaces): Diagnostic[] {
  return keptFiles(layout, places)
    .filter((path) => secretFiles.some((pattern) => matches(path, pattern)))
    .map((path) =>
      diagnostic('SECRET_FILE_KEPT', { args: { file: join(layout.context, path) }, place: { file: join(layout.context, path) } }),
    );
}

const secretFiles: readonly string[] = [
  '.env',
  '.env.*',
  '*.p12',
  '*.pfx',
  'credentials.json',
  'secrets.yml',
  'secrets.yaml',
  'secrets.json',
];

/** A file whose path has a part that the pattern names. */
function matches(path: string, pattern: string): boolean {
  const expression = new RegExp(`^${pattern.replace(/[.+^$()|[\]\\]/g, '\\$&').replaceAll('*', '.*')}$`);
  return path.split('/').some((part) => expression.test(part));
}

export function compose({ project, plan, layout, services, options }: DockerInput): string {
  const folder = layout.compose.includes('/') ? layout.compose.slice(0, layout.compose.lastIndexOf('/')) : '';
  const file = layout.compose.split('/').at(-1) as string;
  const standard = file === 'compose.yaml' ? 'docker compose' : `docker compose -f ${file}`;
  const planned = services.flatMap((each) => plan.services.filter(({ name }) => name === each.name).map((service) => ({ each, service })));
  let port = servicePort;
  return render(
    'docker/compose.hbs',
    {
      project: project.name,
      up: `${standard} up --build`,
      notes: composeNotes(plan, services, standard),
      context: relativePath(folder, layout.context),
      dockerfile: relativePath(layout.context, layout.dockerfile),
      services: planned.map(({ each, service }) => ({
        key: each.name,
        context: relativePath(folder, layout.context),
        dockerfile: relativePath(layout.context, layout.dockerfile),
        platform: platforms[service.architecture],
        command: new Code(JSON.stringify(each.command).replaceAll('","', '", "')),
        port: each.kind === 'web' ? `${port++}:${portOf(service)}` : '',
        healthCheck: service.server?.start ? new Code(JSON.stringify(['CMD', ...healthCheck(service, 'process.env.PORT')])) : '',
        stopGracePeriod: `${service.stopTimeout}s`,
        noHealthCheck: each.kind === 'job',
        profile: each.kind === 'job' ? 'jobs' : '',
        environment: environment(service),
      })),
    },
    options,
  );
}

function composeNotes(plan: Plan, services: readonly ServiceCommand[], command: string): string[] {
  const found = jobCommands(plan, services).map(
    ({ service, command: words }) => `A scheduled function, once: ${command} run --rm ${service} ${words.map(shellWord).join(' ')}`,
  );
  if (services.some(({ kind }) => kind === 'worker'))
    found.push(
      'Queues: any SQS-compatible server on this machine will do; set AWS_ENDPOINT_URL to it and the *_QUEUE_URL variables to its queues.',
    );
  return found;
}

/** How each scheduled function is run once: the service and the command of its container. */
export function jobCommands(plan: Plan, services: readonly ServiceCommand[]): { service: string; job: JobPlan; command: string[] }[] {
  return services.flatMap(({ name, command }) => {
    const jobs = plan.services.find((service) => service.name === name)?.jobs ?? [];
    return jobs.map((job) => ({ service: name, job, command: [...command, job.name] }));
  });
}

interface ComposeVariable {
  name: string;
  /** Text after the colon; '' takes the variable from the shell, and leaves it out when it is not set there. */
  value: Code;
  note: string;
}

const fromShell = new Code('');

/** Literals as they are; what is not known here comes from the shell. */
function environment(service: ServicePlan): ComposeVariable[] {
  const queues = new Set(service.queues.map(({ urlVariable }) => urlVariable));
  const planned = service.environment.filter(({ name }) => !queues.has(name)).map(variable);
  const urls = [...queues].map((name) => ({ name, value: required(name, 'URL of the queue'), note: '' }));
  const stopTimeout = { name: 'STOP_TIMEOUT', value: scalar(String(service.stopTimeout)), note: '' };
  const region = { name: 'AWS_REGION', value: interpolated('AWS_REGION', ':-us-east-1'), note: '' };
  const passed = ['AWS_ACCESS_KEY_ID', 'AWS_SECRET_ACCESS_KEY', 'AWS_SESSION_TOKEN', ...(queues.size > 0 ? ['AWS_ENDPOINT_URL'] : [])];
  const port = service.server?.start ? [{ name: 'PORT', value: scalar(String(portOf(service))), note: '' }] : [];
  const variables = [...planned, ...port, ...urls, stopTimeout, region, ...passed.map((name) => ({ name, value: fromShell, note: '' }))];
  return variables.filter(({ name }, index) => variables.findIndex((each) => each.name === name) === index);
}

function variable({ name, kind, value }: EnvironmentPlan): ComposeVariable {
  if (kind === 'literal') return { name, value: scalar(value.replaceAll('$', '$$$$')), note: '' };
  if (kind === 'secret') return { name, value: required(name, 'a secret, set it in your shell'), note: '' };
  return { name, value: fromShell, note: `On Lambda: ${value}` };
}

/** Compose interpolates only names that a shell could hold. */
function required(name: string, what: string): Code {
  return /^[A-Za-z_]\w*$/.test(name) ? interpolated(name, `:?${what}`) : fromShell;
}

function interpolated(name: string, otherwise: string): Code {
  return scalar(`\${${name}${otherwise}}`);
}

function scalar(text: string): Code {
  return new Code(` ${yamlScalar(text)}`);
}
