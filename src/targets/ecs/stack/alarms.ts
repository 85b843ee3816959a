/** Alarms for whoever is on call. There are none before a topic is given that they are told to: each costs money. */
import { both, equals, getAtt, not, ref } from '../../../infrastructure/cloudformation.js';
import type { StackDraft } from '../../../infrastructure/stack-draft.js';
import type { QueuePlan, ServicePlan } from '../../../planning/plan.js';
import type { PlainObject } from '../../../project/data.js';
import { queueIn } from './queues.js';
import { under } from './shared.js';
import { pascal } from './words.js';

/** An alarm of the stack. */
export interface MadeAlarm {
  id: string;
  /** Under which it is there, once the stack is deployed. */
  condition: string;
}

interface AlarmSpec {
  description: string;
  /** Minutes that it lasts before it is told, and how many of them have to be bad. */
  minutes: number;
  bad?: number;
  /** It is bad at this value and above. */
  threshold: number;
  metric: PlainObject;
  /** What no data means; nothing bad where it is absent. */
  missing?: 'ignore';
}

/** `condition`: of what is watched. */
function alarm(draft: StackDraft, name: string, condition: string | undefined, spec: AlarmSpec): MadeAlarm {
  const topic = draft.parameter('AlarmTopic', {
    type: 'String',
    description: 'ARN of a topic of SNS that alarms are told to; without one there are no alarms',
    default: '',
  });
  const told = draft.condition('TellsAlarms', not(equals(topic, '')));
  const own =
    condition === undefined ? told : draft.condition(`TellsAlarmsIf${condition}`, both({ Condition: condition }, { Condition: told }));
  const id = draft.resource(
    `${name}Alarm`,
    'AWS::CloudWatch::Alarm',
    {
      AlarmDescription: draft.origin.text(spec.description),
      ...spec.metric,
      ComparisonOperator: 'GreaterThanOrEqualToThreshold',
      Threshold: spec.threshold,
      EvaluationPeriods: spec.minutes,
      DatapointsToAlarm: spec.bad ?? spec.minutes,
      TreatMissingData: spec.missing ?? 'notBreaching',
      AlarmActions: [topic],
      OKActions: [topic],
    },
    under(own),
  );
  return { id, condition: own };
}

/** One metric by the minute. */
const metric = (namespace: string, name: string, statistic: 'Sum' | 'Maximum', dimensions: Readonly<Record<string, unknown>>) => ({
  Namespace: namespace,
  MetricName: name,
  Dimensions: Object.entries(dimensions).map(([Name, Value]) => ({ Name, Value })),
  Statistic: statistic,
  Period: 60,
});

interface Watched {
  /** Logical ids. */
  balancer: string;
  targetGroup: string;
  service: ServicePlan;
  condition: string | undefined;
}

const dimensionsOf = ({ balancer, targetGroup }: Watched) => ({
  LoadBalancer: getAtt(balancer, 'LoadBalancerFullName'),
  TargetGroup: getAtt(targetGroup, 'TargetGroupFullName'),
});

/** Per cent of the requests that fail. */
const failing = 5;

/**
 * More requests of a service fail than it should be.
 * https://docs.aws.amazon.com/elasticloadbalancing/latest/application/load-balancer-cloudwatch-metrics.html
 */
export function failingAlarm(draft: StackDraft, watched: Watched): MadeAlarm {
  const { name } = watched.service;
  const count = (id: string, metricName: string) => {
    const { Statistic: statistic, Period: period, ...counted } = metric('AWS/ApplicationELB', metricName, 'Sum', dimensionsOf(watched));
    return { Id: id, MetricStat: { Metric: counted, Stat: statistic, Period: period }, ReturnData: false };
  };
  return alarm(draft, `${pascal(name)}Errors`, watched.condition, {
    description: `${failing} % or more of the requests to the service ${name} are answered with a status of 500 or above`,
    minutes: 5,
    bad: 3,
    threshold: failing,
    metric: {
      Metrics: [
        count('errors', 'HTTPCode_Target_5XX_Count'),
        count('requests', 'RequestCount'),
        {
          Id: 'share',
          Label: 'Requests that fail (%)',
          // Nothing is counted while nothing fails.
          Expression: 'IF(requests > 0, 100 * FILL(errors, 0) / requests, 0)',
          ReturnData: true,
        },
      ],
    },
  });
}

/** Tasks or instances of a service do not answer their health check. */
export function unhealthyAlarm(draft: StackDraft, watched: Watched, kind: 'ApplicationELB' | 'NetworkELB'): void {
  const { name } = watched.service;
  alarm(draft, `${pascal(name)}Unhealthy`, watched.condition, {
    description: `A target of the service ${name} is not healthy`,
    minutes: 5,
    threshold: 1,
    metric: metric(`AWS/${kind}`, 'UnHealthyHostCount', 'Maximum', dimensionsOf(watched)),
  });
}

/** A load balancer answers by itself because no service does. */
export function unansweredAlarm(draft: StackDraft, name: string, balancer: string, condition: string | undefined): void {
  alarm(draft, `${name}LoadBalancerErrors`, condition, {
    description: 'The load balancer answers requests with a status of 500 or above, because no service does',
    minutes: 5,
    bad: 3,
    threshold: 5,
    metric: metric('AWS/ApplicationELB', 'HTTPCode_ELB_5XX_Count', 'Sum', { LoadBalancer: getAtt(balancer, 'LoadBalancerFullName') }),
  });
}

/** Seconds that a message waits at most. */
const oldest = 15 * 60;

/** Messages of a worker wait too long, or go to a dead-letter queue that the definition names. */
export function queueAlarms(draft: StackDraft, { name, queues }: ServicePlan, condition: string | undefined): void {
  const distinct = [...new Map(queues.map((queue) => [queue.urlVariable, queue])).values()];
  distinct.forEach((queue, index) => {
    const number = index === 0 ? '' : String(index + 1);
    const title = titleOf(queue);
    alarm(draft, `${pascal(name)}OldestMessage${number}`, condition, {
      description: `A message waits ${oldest / 60} minutes or longer in ${title}, which the service ${name} polls`,
      minutes: 5,
      threshold: oldest,
      metric: metric('AWS/SQS', 'ApproximateAgeOfOldestMessage', 'Maximum', { QueueName: queueIn(draft, queue).name }),
    });
    const dead = draft.origin.deadLetters?.(queue.trigger);
    if (dead === undefined) return;
    alarm(draft, `${pascal(name)}DeadLetters${number}`, condition, {
      description: `Messages of ${title} failed as often as they may, and lie in its dead-letter queue`,
      minutes: 1,
      threshold: 1,
      metric: metric('AWS/SQS', 'ApproximateNumberOfMessagesVisible', 'Maximum', { QueueName: dead }),
      // A queue that nobody uses tells nothing after some hours; its messages lie there all the same.
      missing: 'ignore',
    });
  });
}

function titleOf({ trigger }: QueuePlan): string {
  return `the queue ${trigger.queueName ?? trigger.queueResource ?? ''}`.trim();
}

/** What `service/job.js` says of a run that failed. */
const failedRun = '{ $.level = "error" && ($.message = "the job failed" || $.message = "the functions cannot be loaded") }';

/** Runs of schedules fail, as their logs tell. */
export function failedRunsAlarm(draft: StackDraft, { name }: ServicePlan, logGroup: string, condition: string | undefined): void {
  const title = `${pascal(name)}FailedRuns`;
  const { condition: isTold } = alarm(draft, title, condition, {
    description: `A scheduled run of the service ${name} failed`,
    minutes: 1,
    threshold: 1,
    metric: { Namespace: ref('AWS::StackName'), MetricName: title, Statistic: 'Sum', Period: 60 },
  });
  draft.resource(
    title,
    'AWS::Logs::MetricFilter',
    {
      LogGroupName: ref(logGroup),
      FilterPattern: failedRun,
      MetricTransformations: [{ MetricNamespace: ref('AWS::StackName'), MetricName: title, MetricValue: '1' }],
    },
    under(isTold),
  );
}
