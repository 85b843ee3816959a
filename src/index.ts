/**
 * The public API: the same functions that the command line calls.
 *
 * @example
 * import { migrate, reportOf, writeChanges } from 'migrate-lambda';
 * const result = await migrate({ folder: './fn' });
 * if (result.summary.failed === 0) await writeChanges(result.repository, result.changes);
 * console.log(reportOf(result).summary);
 */
export { type AssessOptions, assess } from './assess/assess.js';
export type { Assessment } from './assess/model.js';
export { findRegion } from './aws/facts.js';
export { type BatchOptions, type BatchResult, batch } from './batch/batch.js';
export { migrateRepository, type RepositoryJob, type RepositoryOutcome, type RepositoryResult } from './batch/job.js';
export { type ListEntry, readList } from './batch/list.js';
export type { Change } from './changes/change-set.js';
export { writeCopy } from './changes/copy-out.js';
export { type DiffColors, type DiffOptions, patchOf } from './changes/diff.js';
export { type UndoResult, undo } from './changes/undo.js';
export { type WriteOptions, type WriteResult, writeChanges } from './changes/write.js';
export { type CheckOptions, check } from './check.js';
export { catalog, sentences } from './diagnostics/catalog.js';
export type { Diagnostic, DiagnosticEntry, Place, Severity } from './diagnostics/diagnostic.js';
export { UserError } from './errors.js';
export { plan } from './plan.js';
export type {
  EnvironmentPlan,
  FunctionPlan,
  JobPlan,
  Outcome,
  Plan,
  QueuePlan,
  RoutePlan,
  ServicePlan,
  Style,
  Workload,
} from './planning/plan.js';
export { readPlan, writePlan } from './planning/plan-file.js';
export type { PlanFile } from './planning/plan-schema.js';
export type { Dialect, LambdaFunction, Project, Value } from './project/model.js';
export type { ReadFailure, Repository } from './project/repository.js';
export type { Trigger, TriggerType } from './project/trigger.js';
export { assessDocument } from './reports/assess/json.js';
export { type BatchReport, batchReport } from './reports/batch.js';
export { exitCodeOf, type FailOn } from './reports/exit-code.js';
export {
  type Report,
  type ReportDiagnostic,
  type ReportFunction,
  type ReportProject,
  type ReportTrigger,
  reportOf,
} from './reports/json.js';
export { type MigratedProject, type MigrateOptions, migrate, type Progress, type RunResult, type Summary } from './run.js';
export type { Difference } from './verify/compare.js';
export type { UnansweredCalls } from './verify/outside/unanswered.js';
export type { ComparisonRule } from './verify/rules.js';
export type { Finding, FunctionVerdict, VerifyResult } from './verify/verdict.js';
export { type VerifyOptions, verify } from './verify/verify.js';
