/** MIGRATION.md: what was done, what is left, how to try, cut over and go back. The same input gives the same text. */
import type { Facts } from '../analysis/facts.js';
import { sentences } from '../diagnostics/catalog.js';
import type { Diagnostic } from '../diagnostics/diagnostic.js';
import { editFindings } from '../diagnostics/producing.js';
import { diagramAfter, diagramBefore } from '../diagram/diagram.js';
import { mermaid } from '../diagram/mermaid.js';
import { portOf } from '../planning/health-check.js';
import type { FunctionPlan, Plan } from '../planning/plan.js';
import type { Project } from '../project/model.js';
import { isHttp, type Trigger } from '../project/trigger.js';
import { Code, markdownCode, markdownText, type RenderOptions, render, shellWord } from '../render.js';
import type { GuidePart, Placeholder, TargetGuide } from '../targets/target.js';
import type { BaseImage } from './base-image.js';
import { deployGuide } from './deploy-guide.js';
import { buildCommand, jobCommands } from './docker-files.js';
import { frontGuide } from './front-guide.js';
import type { Layout } from './layout.js';
import type { Manager } from './manager.js';
import { relativePath } from './paths.js';
import type { ServiceCommand } from './scripts.js';
import type { StagedStack } from './stage-infrastructure.js';

export interface GuideInput {
  project: Project;
  facts: Facts;
  plan: Plan;
  layout: Layout;
  manager: Manager;
  imageBuild: string | undefined;
  /** Command that installs, and brings the lockfile up to date. */
  refresh: string;
  services: readonly ServiceCommand[];
  diagnostics: readonly Diagnostic[];
  placeholders: readonly Placeholder[];
  base: BaseImage;
  /** What the target says of itself. */
  target: TargetGuide;
  /** Resources that run the services, when they were written. */
  stack: StagedStack | undefined;
  /** Generated files, relative to the repository. */
  files: readonly string[];
  options: RenderOptions;
}

export function migrationGuide(input: GuideInput): string {
  const { project, plan, services, layout, options, target } = input;
  const part = ({ template, values }: GuidePart) => code(render(template, values, options).trimEnd());
  const { open, notes } = findings(input.diagnostics);
  const kinds = new Set(services.map(({ kind }) => kind));
  const front = frontGuide(plan, input.stack);
  return render(
    'report/MIGRATION.md.hbs',
    {
      project: project.name,
      definition: relativePath(project.root, project.definition),
      functions: plan.functions.map((each) => functionRow(each, plan)),
      services: services.map((each) => serviceRow(each, input)),
      before: mermaid(diagramBefore(plan), 'Functions, and what calls them').map(code),
      after: mermaid(diagramAfter(plan), 'Services, and what calls them').map(code),
      files: code(list(input.files.map((path) => relativePath(project.root, path)))),
      open,
      notes,
      placeholders: placeholderRows(input.placeholders),
      tryCommands: tryCommands(input),
      environment: environmentRows(plan, target.stopSetting),
      deploy: input.stack ? deployGuide(input.stack, project, { build: buildCommand(layout, project, plan), base: input.base }) : null,
      cutOver: input.stack?.cutOver === true,
      canCutOver: input.stack?.inPlace === true && !front.keeps,
      front,
      steps: part(target.steps),
      schedules: code(target.schedules),
      stop: code(target.stop),
      appendix: target.appendix && part(target.appendix),
      hasWeb: kinds.has('web'),
      routes: routesOf(input),
      hasUnwrapped: plan.functions.some(({ style }) => style === 'unwrapped'),
      hasServers: kinds.has('web') || kinds.has('worker'),
      traffic: code(trafficOf(kinds)),
      hasWorker: kinds.has('worker'),
      hasJobs: plan.services.some(({ jobs }) => jobs.length > 0),
    },
    options,
  );
}

/** Functions whose handlers are routes now, and left nothing for Lambda. */
function routesOf({ plan, facts }: GuideInput): Code | null {
  const isKept = (id: string) => facts.functions[id]?.routeExport !== undefined;
  const routes = plan.functions.filter(({ id, style }) => style === 'native' && !isKept(id)).map(({ id }) => id);
  return routes.length > 0 ? code(list(routes)) : null;
}

const code = (text: string) => new Code(text);

function trafficOf(kinds: ReadonlySet<ServiceCommand['kind']>): string {
  const names = { web: 'requests', worker: 'queues', job: 'schedules' } as const;
  const moved = (['web', 'worker', 'job'] as const).filter((kind) => kinds.has(kind)).map((kind) => names[kind]);
  return moved.length < 2 ? moved.join('') : `${moved.slice(0, -1).join(', ')} and ${moved.at(-1)}`;
}

function list(words: readonly string[]): string {
  return words.map(markdownCode).join(', ') || '–';
}

function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}

const outcomes = { migrated: 'migrated', stays: 'stays on Lambda', 'needs-person': 'needs you', failed: 'failed' } as const;

export function functionRow({ id, workload, style, outcome, because, triggers }: FunctionPlan, plan: Plan) {
  const runsIn = plan.services.filter(({ functions }) => functions.includes(id)).map(({ name }) => name);
  return {
    id,
    triggers: code(list(triggers.map(triggerText))),
    outcome: outcomes[outcome],
    runsIn: code(runsIn.length > 0 ? `${list(runsIn)}${style ? ` (${style})` : ''}` : '–'),
    because: because || (workload === 'stays' ? '' : '–'),
  };
}

function triggerText(trigger: Trigger): string {
  if (isHttp(trigger)) return `${trigger.method} ${trigger.path}`;
  if (trigger.type === 'sqs') return `sqs ${trigger.queueName ?? trigger.queueResource ?? ''}`.trim();
  if (trigger.type === 'schedule') return trigger.expression;
  return trigger.type;
}

function serviceRow({ name }: ServiceCommand, { plan, manager, layout }: GuideInput) {
  const service = plan.services.find((each) => each.name === name);
  const end = layout.suffix === undefined ? '' : `:${layout.suffix}`;
  return {
    name,
    start: manager.run(`start:${name}${end}`),
    functions: code(list(service?.functions ?? [])),
    size: service ? `${service.cpu / 1024} vCPU, ${service.memoryMb} MiB` : '–',
    because: service?.because || '–',
  };
}

/** Errors and warnings are work; what only informs is told once more below. What functions share is one row, with all of them. */
export function findings(diagnostics: readonly Diagnostic[]) {
  const byText = new Map<string, ReturnType<typeof findingRow> & { names: Set<string> }>();
  for (const found of diagnostics) {
    if (editFindings.has(found.code)) continue;
    const row = findingRow(found);
    const { names } = byText.get(JSON.stringify(row)) ?? { names: new Set() };
    byText.set(JSON.stringify(row), { ...row, names: found.function === undefined ? names : names.add(found.function) });
  }
  const rows = [...byText.values()].map(({ names, ...row }) => {
    const functions = [...names].sort(compare);
    return { ...row, first: functions[0] ?? '', functions: functions.length === 0 ? '' : code(list(functions)) };
  });
  const order = { error: 0, warning: 1, info: 2 };
  rows.sort(
    (a, b) => order[a.severity] - order[b.severity] || compare(a.place, b.place) || compare(a.code, b.code) || compare(a.first, b.first),
  );
  return { open: rows.filter(({ severity }) => severity !== 'info'), notes: rows.filter(({ severity }) => severity === 'info') };
}

function findingRow(found: Diagnostic) {
  return {
    code: found.code,
    place: found.file === undefined ? '' : `${found.file}${found.line === undefined ? '' : `:${found.line}`}`,
    severity: found.severity,
    ...sentences(found),
  };
}

/** One row a text, however many files it stands in. */
function placeholderRows(placeholders: readonly Placeholder[]) {
  const rows = new Map<string, { paths: string[]; text: string; meaning: string }>();
  for (const { path, text, meaning } of placeholders) {
    const row = rows.get(`${text}\0${meaning}`) ?? { paths: [], text, meaning };
    row.paths = [...new Set([...row.paths, path])].sort();
    rows.set(`${text}\0${meaning}`, row);
  }
  const sorted = [...rows.values()].sort(
    (a, b) => b.paths.length - a.paths.length || compare(a.paths[0] ?? '', b.paths[0] ?? '') || compare(a.text, b.text),
  );
  return sorted.map(({ paths, text, meaning }) => ({ files: code(list(paths)), text, meaning }));
}

function tryCommands({ project, services, manager, layout, imageBuild, refresh, plan }: GuideInput): Code[] {
  const end = layout.suffix === undefined ? '' : `:${layout.suffix}`;
  const lines = [refresh, ...(imageBuild === undefined ? [] : [manager.run(imageBuild)])];
  const servers = services.filter(({ kind }) => kind !== 'job').map(({ name }) => name);
  for (const { name, kind } of services) {
    const job = plan.services.find((service) => service.name === name)?.jobs[0]?.name;
    const argument =
      kind === 'job' && job !== undefined && /^[\w-]+$/.test(job)
        ? ` ${manager === undefined || manager.run('x').startsWith('npm') ? '-- ' : ''}${job}`
        : '';
    const place = servers.indexOf(name);
    const server = plan.services.find((service) => service.name === name)?.server ?? null;
    // Where several run side by side, each listens on a port of its own.
    const moved = server?.start ? 0 : Math.max(0, place);
    const port = portOf({ server }) + moved;
    lines.push(`${moved === 0 ? '' : `PORT=${port} `}${manager.run(`start:${name}${end}`)}${argument}`);
    if (place !== -1)
      lines.push(`curl ${oneLineWord(`http://localhost:${port}${server?.start?.readiness?.path ?? (server?.start ? '/' : '/healthz')}`)}`);
  }
  const file = layout.compose.split('/').at(-1);
  const compose = `docker compose${file === 'compose.yaml' ? '' : ` -f ${file}`}`;
  lines.push(buildCommand(layout, project, plan));
  if (services.some(({ kind }) => kind !== 'job')) lines.push(`${compose} up --build`);
  const [job] = jobCommands(plan, services);
  if (job) lines.push(`${compose} run --rm --build ${job.service} ${job.command.map(oneLineWord).join(' ')}`);
  return lines.map(code);
}

/** Inside a block of commands a line break would begin another one. */
function oneLineWord(word: string): string {
  return shellWord(word.replace(/[\s\p{Cc}\u2028\u2029]+/gu, ' ')).replaceAll('```', "'``'`'");
}

function environmentRows(plan: Plan, stopSetting: string) {
  return plan.services.flatMap(({ name: service, kind, environment, queues, stopTimeout }) => [
    ...environment.map(({ name, kind, value }) => ({ service, name, value: code(environmentText(kind, value)) })),
    ...queues
      .filter(({ urlVariable }) => !environment.some(({ name }) => name === urlVariable))
      .map(({ urlVariable }) => ({ service, name: urlVariable, value: code('URL of the queue') })),
    ...(kind === 'job' ? [] : [{ service, name: 'PORT', value: code('8080 unless set') }]),
    {
      service,
      name: 'STOP_TIMEOUT',
      value: code(`seconds to finish in after SIGTERM: ${stopTimeout}, as ${markdownCode(stopSetting)} has it`),
    },
  ]);
}

function environmentText(kind: 'literal' | 'reference' | 'secret', value: string): string {
  if (kind === 'literal') return markdownCode(value) || 'empty';
  if (kind === 'secret') return 'a secret: kept in Secrets Manager or Parameter Store';
  return `${markdownText('as on Lambda:')} ${markdownCode(value)}`;
}
