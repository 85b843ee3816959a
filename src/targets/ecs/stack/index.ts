import { diagnostic } from '../../../diagnostics/catalog.js';
import type { Diagnostic } from '../../../diagnostics/diagnostic.js';
import type { Origin } from '../../../infrastructure/origins/origin.js';
import { StackDraft } from '../../../infrastructure/stack-draft.js';
import { servicePort } from '../../../planning/health-check.js';
import type { Project } from '../../../project/model.js';
import { frontsOf } from '../../balancing.js';
import type { TargetInput, TargetService, TargetStack } from '../../target.js';
import { apiFront } from './api-front.js';
import type { Capacity, PlannedTask } from './capacity.js';
import { frontResources } from './front.js';
import { jobResources } from './jobs.js';
import { serviceOf } from './service.js';
import { executionRole, type Shared, sharedResources } from './shared.js';
import { type Task, taskOf } from './task.js';
import { pascal } from './words.js';

/** Everything that runs the services on ECS, beside the functions: nothing that is there is changed or taken over. */
export function ecsStack(capacity: Capacity, { project, plan, services }: TargetInput, origin: Origin): TargetStack {
  const draft = new StackDraft(origin);
  const diagnostics: Diagnostic[] = [];
  const place = { file: project.definition };
  const withPort = services.map((each): TargetService => ({ ...each, port: each.port ?? servicePort }));
  const plans = services.map(({ service }) => service);
  const shared = sharedResources(draft, capacity, plans);
  const isBehindApi = plan.frontDoor?.door === 'api-gateway' && origin.reroute !== undefined;
  const launchOf = capacity.launch(draft, shared, plans);
  const tasks = withPort.map((each) => {
    const on = { ...capacity, launch: launchOf(each.service), ownsWeb: capacity.web !== undefined, isBehindApi };
    return { each, task: taskOf(draft, project, shared, each, on) };
  });
  executionRole(
    draft,
    tasks.flatMap(({ task }) => task.grants),
  );
  const web = tasks.filter(({ each }) => each.service.kind === 'web');
  if (capacity.web) diagnostics.push(...capacity.web.publish(draft, project, shared, web));
  else if (isBehindApi && web.length > 0) diagnostics.push(...apiFront(draft, project, shared, web));
  else balance(draft, project, shared, web);

  for (const { each, task } of tasks) {
    if (each.service.kind === 'worker') serviceOf(draft, project, shared, each, task);
    if (each.service.kind !== 'job') continue;
    for (const id of jobResources(draft, shared, each, task))
      diagnostics.push(diagnostic('SCHEDULE_TO_GIVE', { args: { function: id }, place, function: id }));
  }
  for (const { each, task } of tasks) diagnostics.push(...findings(draft, each, task, project.definition));
  return { stack: draft.stack, parameters: draft.parameters, diagnostics };
}

/** Web services behind load balancers of the stack. */
function balance(draft: StackDraft, project: Project, shared: Shared, web: readonly PlannedTask[]): void {
  frontsOf(web).forEach((members, index) => {
    const name = index === 0 ? '' : pascal(members[0]?.each.service.name ?? '');
    const balanced = frontResources(draft, project, shared, members, name);
    for (const [{ each, task }, behind] of balanced) serviceOf(draft, project, shared, each, task, behind);
  });
}

function findings({ origin }: StackDraft, { service }: TargetService, task: Task, file: string): Diagnostic[] {
  const found = task.unknown.map((reason) =>
    diagnostic('PERMISSIONS_TO_GIVE', { args: { service: service.name, reason }, place: { file } }),
  );
  const conditions = new Set(service.functions.map((id) => origin.condition(id)));
  if (conditions.size > 1) found.push(diagnostic('CONDITIONS_DIFFER', { args: { service: service.name }, place: { file } }));
  return found;
}
