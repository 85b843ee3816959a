/** The event that a schedule sends when it has no input of its own. */
import { randomUUID } from 'node:crypto';
import { partitionOf } from './partition.js';
import type { Job } from './types.js';

/**
 * The event of one run, made now. A rule of EventBridge sends
 * https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-run-lambda-schedule.html, EventBridge Scheduler
 * https://docs.aws.amazon.com/scheduler/latest/UserGuide/managing-targets-templated.html; the latter also fills the
 * placeholders of an input: https://docs.aws.amazon.com/scheduler/latest/UserGuide/managing-schedule-context-attributes.html
 */
export function scheduledEvent(name: string, { input, scheduleName = name, scheduler = false }: Job): unknown {
  const region = process.env['AWS_REGION'] ?? process.env['AWS_DEFAULT_REGION'] ?? 'us-east-1';
  const account = process.env['AWS_ACCOUNT_ID'] ?? '000000000000';
  const service = scheduler ? 'scheduler' : 'events';
  const resource = scheduler ? `schedule/default/${scheduleName}` : `rule/${scheduleName}`;
  const event = {
    version: '0',
    id: randomUUID(),
    'detail-type': 'Scheduled Event',
    source: `aws.${service}`,
    account,
    time: new Date().toISOString().replace(/\.\d+Z$/, 'Z'),
    region,
    resources: [`arn:${partitionOf(region)}:${service}:${region}:${account}:${resource}`],
    detail: scheduler ? '{}' : {},
  };
  if (input === undefined) return event;
  if (!scheduler) return input;
  const values: Record<string, string> = {
    'schedule-arn': event.resources[0] ?? '',
    'scheduled-time': event.time,
    'execution-id': event.id,
    'attempt-number': '1',
  };
  const filled = JSON.stringify(input).replace(/<aws\.scheduler\.([a-z-]+)>/g, (placeholder, field: string) => {
    return JSON.stringify(values[field] ?? placeholder).slice(1, -1);
  });
  return JSON.parse(filled);
}
