import type { ScheduleTrigger } from '../../project/trigger.js';

/**
 * The event of a schedule: its constant input, or the scheduled event of a rule, or `{}` from EventBridge Scheduler.
 * @see https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-run-lambda-schedule.html
 */
export function scheduleEvent(trigger: ScheduleTrigger, where: { region: string; accountId: string; time: number; id: string }): unknown {
  const name = trigger.name ?? 'schedule';
  const time = `${new Date(where.time).toISOString().slice(0, 19)}Z`;
  if (trigger.input !== undefined) return trigger.scheduler ? filled(trigger.input, name, time, where) : trigger.input;
  return {
    version: '0',
    id: where.id,
    'detail-type': 'Scheduled Event',
    source: trigger.scheduler ? 'aws.scheduler' : 'aws.events',
    account: where.accountId,
    time,
    region: where.region,
    resources: [
      trigger.scheduler
        ? `arn:aws:scheduler:${where.region}:${where.accountId}:schedule/default/${name}`
        : `arn:aws:events:${where.region}:${where.accountId}:rule/${name}`,
    ],
    detail: trigger.scheduler ? '{}' : {},
  };
}

/**
 * EventBridge Scheduler fills its placeholders in texts of the input.
 * @see https://docs.aws.amazon.com/scheduler/latest/UserGuide/managing-schedule-context-attributes.html
 */
function filled(input: unknown, name: string, time: string, where: { region: string; accountId: string; id: string }): unknown {
  const values: Record<string, string> = {
    '<aws.scheduler.schedule-arn>': `arn:aws:scheduler:${where.region}:${where.accountId}:schedule/default/${name}`,
    '<aws.scheduler.scheduled-time>': time,
    '<aws.scheduler.execution-id>': where.id,
    '<aws.scheduler.attempt-number>': '1',
  };
  return JSON.parse(JSON.stringify(input), (_key, value: unknown) =>
    typeof value === 'string'
      ? Object.entries(values).reduce((text, [placeholder, each]) => text.replaceAll(placeholder, each), value)
      : value,
  );
}
