import { sentences } from '../diagnostics/catalog.js';
import type { Diagnostic, Severity } from '../diagnostics/diagnostic.js';
import type { UserError } from '../errors.js';
import type { FunctionPlan, Outcome, Style, Workload } from '../planning/plan.js';
import type { Dialect } from '../project/model.js';
import { isHttp, type Trigger, type TriggerType } from '../project/trigger.js';
import type { MigratedProject, RunResult, Summary } from '../run.js';
import { triggerSource } from './trigger-text.js';

/** The document of `--json`: a public contract, see docs/output.schema.json. Paths are relative to the folder given. */
export interface Report {
  schemaVersion: 1;
  projects: ReportProject[];
  /** What is about no project. */
  diagnostics: ReportDiagnostic[];
  summary: Summary;
  /** Set when it could not run (exit code 2): there are no projects then. */
  error?: ReportError;
}

export interface ReportProject {
  root: string;
  dialect: Dialect;
  definition: string;
  functions: ReportFunction[];
  changes: { path: string; kind: 'create' | 'modify' | 'delete' }[];
  diagnostics: ReportDiagnostic[];
}

export interface ReportFunction {
  id: string;
  runtime: string | null;
  /** `file` and `export` are null when they were not found. */
  handler: { declared: string | null; file: string | null; export: string | null };
  triggers: ReportTrigger[];
  workload: Workload;
  style: Style | null;
  outcome: Outcome;
  /** Why, one sentence; may be empty for `migrated`. */
  because: string;
  /** Codes of the project's diagnostics that are about this function. */
  diagnostics: string[];
}

export interface ReportTrigger {
  type: TriggerType;
  /** HTTP only. */
  method?: string;
  path?: string;
  /** Anything else: the queue, topic, expression, as far as it is known. */
  source?: string;
  /** False when the definition switches it off. */
  enabled?: false;
  /** True when it was inferred from the code, not declared. */
  inferred?: true;
}

export interface ReportDiagnostic {
  code: string;
  severity: Severity;
  file?: string;
  line?: number;
  column?: number;
  message: string;
  advice: string;
  function?: string;
}

export interface ReportError {
  message: string;
  advice: string;
  place?: string;
}

/** A run as plain data. */
export function reportOf({ projects, diagnostics, summary }: RunResult): Report {
  return { schemaVersion: 1, projects: projects.map(projectEntry), diagnostics: diagnostics.map(diagnosticEntry), summary };
}

/** The document of a run that could not begin. */
export function errorReport(error: UserError): Report {
  const summary = { projects: 0, functions: 0, migrated: 0, stays: 0, needsPerson: 0, failed: 0 };
  return { schemaVersion: 1, projects: [], diagnostics: [], summary, error: errorEntry(error) };
}

export function errorEntry({ message, advice, place }: UserError): ReportError {
  return { message, advice, ...(place !== undefined && { place }) };
}

/** As it is printed. */
export function jsonText(document: unknown): string {
  return `${JSON.stringify(document, null, 2)}\n`;
}

/** One project as plain data. */
export function projectEntry(migrated: MigratedProject): ReportProject {
  const { project, plan, changes, diagnostics } = migrated;
  return {
    root: project.root,
    dialect: project.dialect,
    definition: project.definition,
    functions: plan.functions.map((each) => functionEntry(each, migrated)),
    changes: changes.map(({ path, kind }) => ({ path, kind })),
    diagnostics: diagnostics.map(diagnosticEntry),
  };
}

function functionEntry(plan: FunctionPlan, { project, facts, diagnostics }: MigratedProject): ReportFunction {
  const { id, workload, style, outcome, because } = plan;
  const declared = project.functions.find((each) => each.id === id);
  const handler = Object.hasOwn(facts.functions, id) ? facts.functions[id] : undefined;
  const codes = diagnostics.filter((found) => found.function === id).map(({ code }) => code);
  return {
    id,
    runtime: declared?.runtime ?? null,
    handler: {
      declared: declared?.handler.declared ?? null,
      file: handler?.file ?? null,
      export: handler && handler.exportPath.length > 0 ? handler.exportPath.join('.') : null,
    },
    triggers: plan.triggers.map(triggerEntry),
    workload,
    style,
    outcome,
    because,
    diagnostics: [...new Set(codes)],
  };
}

function triggerEntry(trigger: Trigger): ReportTrigger {
  const source = triggerSource(trigger);
  return {
    type: trigger.type,
    ...(isHttp(trigger) && { method: trigger.method, path: trigger.path }),
    ...(source !== undefined && { source }),
    ...(trigger.enabled === false && { enabled: false as const }),
    ...(trigger.inferred === true && { inferred: true as const }),
  };
}

export function diagnosticEntry(found: Diagnostic): ReportDiagnostic {
  const { code, severity, file, line, column } = found;
  return {
    code,
    severity,
    ...(file !== undefined && { file }),
    ...(line !== undefined && { line }),
    ...(column !== undefined && { column }),
    ...sentences(found),
    ...(found.function !== undefined && { function: found.function }),
  };
}
