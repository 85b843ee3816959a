/** What calls what, before a migration and after it, as nodes and arrows that formats draw in their own way. */
import type { FunctionPlan, Plan, ServicePlan } from '../planning/plan.js';
import { isHttp, type Trigger } from '../project/trigger.js';
import { triggerText } from '../reports/trigger-text.js';

export type NodeKind = 'source' | 'function' | 'front' | 'service';

export interface DiagramNode {
  /** Letters and digits. */
  id: string;
  kind: NodeKind;
  /** Text of the user's, as it is: formats encode it. */
  label: string;
}

interface DiagramEdge {
  from: string;
  to: string;
  label?: string;
}

export interface Diagram {
  nodes: DiagramNode[];
  edges: DiagramEdge[];
}

/** Names in one box; the others are counted. */
const mostNames = 6;

/** What calls a function: routes of one API are one source. */
function sourceOf(trigger: Trigger): string {
  return isHttp(trigger) ? `${trigger.type} ${trigger.api}` : triggerText(trigger);
}

function counted(names: readonly string[]): string {
  const left = names.length - mostNames;
  return left > 0 ? `${names.slice(0, mostNames).join(', ')} and ${left} more` : names.join(', ');
}

/** Collects nodes by their kind and label, and arrows once each. */
class Drawing {
  readonly nodes: DiagramNode[] = [];
  readonly edges: DiagramEdge[] = [];

  node(kind: NodeKind, label: string): string {
    const known = this.nodes.find((each) => each.kind === kind && each.label === label);
    if (known) return known.id;
    const id = `${kind}${this.nodes.length + 1}`;
    this.nodes.push({ id, kind, label });
    return id;
  }

  edge(from: string, to: string, label?: string): void {
    if (this.edges.some((each) => each.from === from && each.to === to)) return;
    this.edges.push({ from, to, ...(label !== undefined && { label }) });
  }
}

interface Group {
  sources: string[];
  /** Routes by source. */
  routes: Map<string, number>;
  ids: string[];
}

/** Functions that are called by the same are one box. */
function functionsInto(drawing: Drawing, functions: readonly FunctionPlan[]): void {
  const groups = new Map<string, Group>();
  for (const { id, triggers } of functions) {
    const sources = [...new Set(triggers.map(sourceOf))];
    const group: Group = groups.get(JSON.stringify(sources)) ?? { sources, routes: new Map(), ids: [] };
    group.ids.push(id);
    for (const trigger of triggers) {
      if (isHttp(trigger)) group.routes.set(sourceOf(trigger), (group.routes.get(sourceOf(trigger)) ?? 0) + 1);
    }
    groups.set(JSON.stringify(sources), group);
  }
  for (const { sources, routes, ids } of groups.values()) {
    const to = drawing.node('function', counted(ids));
    for (const source of sources) drawing.edge(drawing.node('source', source), to, routesText(routes.get(source)));
  }
}

function routesText(count: number | undefined): string | undefined {
  if (count === undefined) return undefined;
  return count === 1 ? '1 route' : `${count} routes`;
}

/** Functions, and what calls them. */
export function diagramBefore({ functions }: Pick<Plan, 'functions'>): Diagram {
  const drawing = new Drawing();
  functionsInto(drawing, functions);
  return drawing;
}

/** Services, what is in front of them, and the functions that stay. */
export function diagramAfter({ functions, services }: Pick<Plan, 'functions' | 'services'>): Diagram {
  const drawing = new Drawing();
  for (const service of services) {
    const to = drawing.node('service', labelOf(service));
    const routes = new Map<string, number>();
    for (const { trigger } of service.routes) routes.set(trigger.api, (routes.get(trigger.api) ?? 0) + 1);
    for (const [api, count] of routes) drawing.edge(drawing.node('front', `HTTP, in place of ${api}`), to, routesText(count));
    for (const { trigger } of [...service.queues, ...service.jobs]) drawing.edge(drawing.node('source', sourceOf(trigger)), to);
  }
  const moved = new Set(services.flatMap((service) => service.functions));
  functionsInto(
    drawing,
    functions.filter(({ id }) => !moved.has(id)),
  );
  return drawing;
}

function labelOf({ name, functions }: ServicePlan): string {
  return `${name}: ${counted(functions)}`;
}
