import { exportedServerName } from '../../transforms/index.js';
import { diagnostic } from '../diagnostics/catalog.js';
import type { Diagnostic } from '../diagnostics/diagnostic.js';
import type { Plan, RoutePlan, ServicePlan, UnwrappedServerPlan } from '../planning/plan.js';
import { isHttp } from '../project/trigger.js';
import { shellWord } from '../render.js';
import { authorizerModules } from './authorizers.js';
import type { Draft } from './draft.js';
import { adapterEntry, type EntryInput } from './entry.js';
import { formatterStyle } from './formatter.js';
import { isOurs } from './layout.js';
import { relativePath } from './paths.js';
import { routeModules } from './routes.js';
import { runtimeFiles } from './runtime.js';
import type { ServiceCommand } from './scripts.js';
import { canListen, serverEntry } from './server-entry.js';
import { entryFile, handlerTexts } from './service-module.js';
import { detectStyle } from './style.js';

/** Entry files and the runtime beside them; gives how each service is started. */
export function stageEntries(draft: Draft, diagnostics: Diagnostic[]): ServiceCommand[] {
  const { plan, layout, module, changes } = draft;
  const style = { ...detectStyle(styleTexts(draft)), ...formatterStyle(draft.repository, layout.service, module.extension) };
  const kinds = new Set<ServicePlan['kind']>();
  const commands = plan.services.map((service) => {
    if (service.server?.binding === null) return ownServerCommand(draft, service, service.server);
    const input: EntryInput = { ...draft, service, folder: layout.service, style };
    const exported = draft.listening.get(service.name);
    if (exported === undefined) kinds.add(service.kind);
    const text =
      exported === undefined
        ? adapterEntry({ ...input, service: withRoutes(service, plan) })
        : serverEntry(input, service.server as UnwrappedServerPlan, exported);
    const path = entryFile(layout.service, service.name, module);
    changes.stage(path, text, 'entry');
    diagnostics.push(...missingHandlers(draft, service));
    return commandOf(draft, service, path);
  });
  const more = [
    ...(draft.listening.size > 0 ? ['environment'] : []),
    ...plan.services.flatMap(routeModules),
    ...plan.services.flatMap(authorizerModules),
  ];
  for (const { path, content } of runtimeFiles({ kinds: [...kinds], more, module }))
    changes.stage(`${layout.service}/${path}`, content, 'runtime');
  if (draft.build.script) changes.stage(draft.build.script.path, draft.build.script.text, 'build');
  return commands;
}

/** Entries of an earlier run go on as they are; those of the first are written as the handlers are. */
function styleTexts({ plan, layout, module, repository, facts, functions }: Draft): string[] {
  const entries = plan.services.flatMap(({ name }) => repository.read(entryFile(layout.service, name, module)) ?? []).filter(isOurs);
  return entries.length > 0 ? entries : handlerTexts(repository, facts, functions);
}

/** Read from the modules as edited: a server that they do not export, or that cannot listen, has its handler fed with events. */
export function listeningServers({ plan, changes }: Pick<Draft, 'plan' | 'changes'>): Map<string, string> {
  const listening = new Map<string, string>();
  for (const { name, server } of plan.services) {
    if (!server || server.binding === null || !canListen(server)) continue;
    const exported = exportedServerName(changes.read(server.file) ?? '', server.binding);
    if (exported !== null) listening.set(name, exported);
  }
  return listening;
}

/** A server that cannot be reached is fed events; the plan lets servers listen only where the gateway let everything through. */
function withRoutes(service: ServicePlan, plan: Plan): ServicePlan {
  if (!service.server) return service;
  const routes = plan.functions
    .filter(({ id }) => service.functions.includes(id))
    .flatMap(({ id, triggers }) =>
      triggers.filter(isHttp).map((trigger): RoutePlan => ({ function: id, trigger, front: trigger.type, guard: null, authorizer: null })),
    );
  return { ...service, routes };
}

function missingHandlers({ facts }: Draft, { name, functions }: ServicePlan): Diagnostic[] {
  return functions
    .filter((id) => (facts.functions[id]?.file ?? null) === null)
    .map((id) => diagnostic('HANDLER_NOT_PRODUCED', { args: { function: id, service: name }, function: id }));
}

function commandOf({ build, layout }: Draft, { name, kind }: ServicePlan, entry: string): ServiceCommand {
  const file = build.tool === 'none' ? relativePath(layout.packageRoot, entry) : build.output(entry);
  return { name, kind, command: ['node', ...(build.tool === 'none' ? [] : ['--enable-source-maps']), file] };
}

/** Behind the Lambda Web Adapter a program listens by itself: it is started as it was. */
function ownServerCommand({ layout }: Draft, { name, kind }: ServicePlan, { file, start }: UnwrappedServerPlan): ServiceCommand {
  if (!start || start.folder === layout.packageRoot)
    return { name, kind, command: start?.command ?? ['node', relativePath(layout.packageRoot, file)] };
  // Beside other services it does not have the package to itself: it is started from its folder, where its files are.
  return {
    name,
    kind,
    command: ['sh', '-c', `cd ${shellWord(relativePath(layout.packageRoot, start.folder))} && exec "$@"`, 'sh', ...start.command],
  };
}
