/** Scheduled functions as CronJobs: each run is a pod of its own. */
import { diagnostic } from '../../diagnostics/catalog.js';
import type { Diagnostic } from '../../diagnostics/diagnostic.js';
import { schedulesOf } from '../../infrastructure/origins/written.js';
import { unique } from '../../planning/names.js';
import type { JobPlan, ServicePlan } from '../../planning/plan.js';
import type { Project } from '../../project/model.js';
import type { ScheduleTrigger } from '../../project/trigger.js';
import type { TargetService } from '../target.js';
import { kubernetesCron } from './cron.js';
import type { Manifest } from './manifest.js';
import { label, labelsOf } from './names.js';
import { podSpec } from './pod.js';
import { serviceAccount } from './service.js';

/** The 31st of February: a CronJob that only starts by hand. */
export const neverSchedule = '0 0 31 2 *';

/** One schedule of a job, and the CronJob that it becomes. */
export interface PlannedCron {
  name: string;
  job: JobPlan;
  trigger: ScheduleTrigger;
  /** Fields of Kubernetes; {@link neverSchedule} where it cannot say the expression. */
  schedule: string;
  /** Why it cannot. */
  reason?: string;
  /** It runs as often, but not counted from the same moment. */
  moved: boolean;
}

/** Every schedule of a service; names of CronJobs have at most 52 characters. */
export function plannedCrons({ functions }: Project, { jobs }: ServicePlan): PlannedCron[] {
  const taken = new Set<string>();
  return jobs.flatMap((job) => {
    const lambda = functions.find(({ id }) => id === job.function);
    return schedulesOf(job, lambda).map((trigger): PlannedCron => {
      const name = unique(label(job.name, 48), taken);
      const cron = kubernetesCron(trigger.expression);
      const zone = zoneOf(trigger);
      if ('reason' in cron) return { name, job, trigger, schedule: neverSchedule, reason: cron.reason, moved: false };
      if (zone === undefined)
        return { name, job, trigger, schedule: neverSchedule, reason: 'its time zone is not known here', moved: false };
      return { name, job, trigger, ...cron };
    });
  });
}

/** Schedules are in UTC unless they name a zone. */
function zoneOf({ timezone }: ScheduleTrigger): string | undefined {
  return timezone === undefined ? 'Etc/UTC' : /^[A-Za-z]+(?:[/_+-][A-Za-z0-9]+)*$/.test(timezone) ? timezone : undefined;
}

export function jobManifests(project: Project, each: TargetService): Manifest[] {
  const { service } = each;
  return [serviceAccount(project, each), ...plannedCrons(project, service).map((planned) => cronJob(project, each, planned))];
}

function cronJob(project: Project, each: TargetService, { name, job, trigger, schedule }: PlannedCron): Manifest {
  const { service } = each;
  const labels = { ...labelsOf(project, service.name), 'app.kubernetes.io/component': label(job.name) };
  const lambda = project.functions.find(({ id }) => id === job.function);
  return {
    apiVersion: 'batch/v1',
    kind: 'CronJob',
    metadata: { name, labels },
    spec: {
      schedule,
      timeZone: zoneOf(trigger) ?? 'Etc/UTC',
      // Functions stay beside the service at first: what both did would happen twice.
      suspend: true,
      // As Lambda does: runs may overlap unless only one is allowed at a time.
      concurrencyPolicy: lambda?.reservedConcurrency === 1 ? 'Forbid' : 'Allow',
      startingDeadlineSeconds: 300,
      jobTemplate: {
        spec: {
          // As Lambda does: an event that fails is tried twice more.
          backoffLimit: 2,
          ttlSecondsAfterFinished: 86400,
          template: { metadata: { labels }, spec: podSpec(project, each, [job.name]) },
        },
      },
    },
  };
}

export function cronFindings(project: Project, { service }: TargetService): Diagnostic[] {
  const place = { file: project.definition };
  return plannedCrons(project, service).flatMap(({ name, job, trigger, schedule, reason, moved }) => {
    const args = { function: job.function, expression: trigger.expression, cronjob: name };
    const about = { place, function: job.function };
    if (reason !== undefined) return [diagnostic('SCHEDULE_NOT_CRON', { args: { ...args, reason }, ...about })];
    return moved ? [diagnostic('SCHEDULE_MOVED', { args: { ...args, schedule, zone: zoneOf(trigger) ?? '' }, ...about })] : [];
  });
}
