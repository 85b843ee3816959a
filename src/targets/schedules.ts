/** Schedules of EventBridge Scheduler, which start the runs of scheduled functions. */
import { ref } from '../infrastructure/cloudformation.js';
import type { StackDraft } from '../infrastructure/stack-draft.js';
import type { JobPlan } from '../planning/plan.js';
import type { PlainObject } from '../project/data.js';
import { assumedBy, under } from './ecs/stack/shared.js';

/** A job and what its schedules call. */
export interface ScheduledStart {
  job: JobPlan;
  target: PlainObject;
}

/** One resource a schedule; `name` begins their logical ids. Gives the functions whose time is not known here. */
export function scheduleResources(
  draft: StackDraft,
  name: string,
  starts: readonly ScheduledStart[],
  condition: string | undefined,
): string[] {
  const state = scheduleState(draft);
  return starts.flatMap(({ job, target }, at) => {
    const schedules = draft.origin.schedules(job);
    schedules.forEach(({ expression, timezone, enabled }, index) => {
      draft.resource(
        `${name}Schedule${at + 1}${index === 0 ? '' : `n${index + 1}`}`,
        'AWS::Scheduler::Schedule',
        {
          ScheduleExpression: expression,
          ScheduleExpressionTimezone: timezone,
          State: enabled ? state : 'DISABLED',
          FlexibleTimeWindow: { Mode: 'OFF' },
          Target: target,
        },
        under(condition),
      );
    });
    return schedules.length === 0 ? [job.function] : [];
  });
}

/** Who may use the role of a schedule: EventBridge Scheduler, for this account. */
export function schedulerTrust(): unknown {
  return assumedBy('scheduler.amazonaws.com', { StringEquals: { 'aws:SourceAccount': ref('AWS::AccountId') } });
}

/** Functions stay beside the service at first: what both did would happen twice. */
function scheduleState(draft: StackDraft): unknown {
  if (draft.origin.deploys === 'instead') return 'ENABLED';
  return draft.parameter('Schedules', {
    type: 'String',
    description: 'ENABLED starts the scheduled tasks; first switch off the schedules of their functions',
    default: 'DISABLED',
    allowed: ['DISABLED', 'ENABLED'],
  });
}
