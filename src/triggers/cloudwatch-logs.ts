import { logTriggers, samSource } from '../project/readers/cloudformation/events/callers.js';
import { listensTo } from '../project/readers/serverless/events/other.js';
import type { TriggerKind } from './kind.js';

export const cloudwatchLogs: TriggerKind = {
  type: 'cloudwatch-logs',
  title: 'CloudWatch Logs subscription',
  workload: 'stays',
  reason: 'a CloudWatch Logs subscription calls it',
  advice:
    'Keep the function on Lambda, or send the subscription to Kinesis or Firehose. A service that logs into the same log group would feed itself.',
  serverless: { cloudwatchLog: listensTo('cloudwatch-logs', 'logGroup') },
  sam: { CloudWatchLogs: samSource('cloudwatch-logs', 'LogGroupName') },
  cloudformation: logTriggers,
  principals: ['logs.amazonaws.com', 'logs'],
};
