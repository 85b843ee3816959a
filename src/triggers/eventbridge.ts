import { patternRules, samRule } from '../project/readers/cloudformation/events/schedules.js';
import { cloudwatchEvent, eventBridgePattern } from '../project/readers/serverless/events/other.js';
import type { TriggerKind } from './kind.js';

export const eventbridge: TriggerKind = {
  type: 'eventbridge',
  title: 'EventBridge rule',
  workload: 'stays',
  reason: 'an EventBridge rule calls it, and a service needs a queue in between',
  advice:
    'Give the rule an SQS queue as its target and read the queue: its message body is the event. Until then keep the function on Lambda.',
  serverless: { eventBridge: eventBridgePattern, cloudwatchEvent },
  sam: { EventBridgeRule: samRule, CloudWatchEvent: samRule },
  cloudformation: patternRules,
  principals: ['events.amazonaws.com'],
};
