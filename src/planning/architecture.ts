import { diagnostic } from '../diagnostics/catalog.js';
import type { Diagnostic } from '../diagnostics/diagnostic.js';
import type { LambdaFunction, Project } from '../project/model.js';
import type { Architecture, ServicePlan } from './plan.js';

const asTasksHaveIt: Readonly<Record<Architecture, ServicePlan['architecture']>> = { arm64: 'ARM64', x86_64: 'X86_64' };

/** The project as if all its functions ran on the architecture that is asked for (`--arch`). */
export function onArchitecture(project: Project, asked: Architecture | undefined): Project {
  if (asked === undefined) return project;
  return { ...project, functions: project.functions.map((lambda) => ({ ...lambda, architecture: asked })) };
}

/** What there is to know of what the services run on: it is another than the functions had, not known, or not one for all. */
export function architectureNotes(
  { functions, definition }: Project,
  services: readonly ServicePlan[],
  asked: Architecture | undefined,
): Diagnostic[] {
  const served = new Map(services.flatMap((service) => service.functions.map((id) => [id, service.architecture] as const)));
  const moved = functions.filter(({ id }) => served.has(id));
  const changed = moved.filter(
    ({ id, architecture, architectureUnread }) => !architectureUnread && served.get(id) !== asTasksHaveIt[architecture],
  );
  const unread = asked === undefined ? moved.filter(({ architectureUnread }) => architectureUnread) : [];
  const both = new Set(services.map(({ architecture }) => architecture)).size > 1;
  return [
    ...changedNotes(changed, served),
    ...unread.map(({ id, range }) => diagnostic('ARCHITECTURE_UNKNOWN', { args: { function: id }, place: range, function: id })),
    ...(both ? [diagnostic('ARCHITECTURES_MIXED', { args: { services: told(services) }, place: { file: definition } })] : []),
  ];
}

/** One finding for each architecture that is new to functions. */
function changedNotes(changed: readonly LambdaFunction[], served: ReadonlyMap<string, ServicePlan['architecture']>): Diagnostic[] {
  return (['arm64', 'x86_64'] as const).flatMap((architecture) => {
    const own = changed.filter(({ id }) => served.get(id) === asTasksHaveIt[architecture]);
    const [first] = own;
    if (!first) return [];
    const args = { functions: own.map(({ id }) => id).join(', '), architecture, before: first.architecture };
    return [diagnostic('ARCHITECTURE_CHANGED', { args, place: first.range })];
  });
}

function told(services: readonly ServicePlan[]): string {
  return services.map(({ name, architecture }) => `${name} (${architecture})`).join(', ');
}
