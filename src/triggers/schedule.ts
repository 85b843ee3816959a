import { samSchedule, samScheduleV2, scheduleTriggers } from '../project/readers/cloudformation/events/schedules.js';
import { eventBridgeScheduleEvent } from '../project/readers/serverless/events/other.js';
import { scheduleEvent } from '../project/readers/serverless/events/schedule.js';
import type { TriggerKind } from './kind.js';

export const schedule: TriggerKind = {
  type: 'schedule',
  title: 'Schedule',
  workload: 'job',
  serverless: { schedule: scheduleEvent, eventBridge: eventBridgeScheduleEvent },
  sam: { Schedule: samSchedule, ScheduleV2: samScheduleV2 },
  cloudformation: scheduleTriggers,
};
