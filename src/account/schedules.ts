/** Schedules of EventBridge Scheduler: they call by a role, so that no policy of the function tells of them. */
import type { GetScheduleOutput, SchedulerClient, ScheduleSummary } from '@aws-sdk/client-scheduler';
import { diagnostic } from '../diagnostics/catalog.js';
import type { Diagnostic } from '../diagnostics/diagnostic.js';
import { hasSecretValue } from '../planning/secrets.js';
import { objectOf, type PlainObject } from '../project/data.js';
import type { AccountApis } from './access.js';
import { failureKind, failureReason } from './failures.js';
import type { FunctionRecord } from './record.js';
import { several } from './several.js';

/** A schedule that calls a function of the account. */
export interface DeployedSchedule {
  /** Properties of `AWS::Scheduler::Schedule`; its event is left out where `secret` says so. */
  properties: PlainObject & { Name: string; Target: PlainObject };
  /** The event holds a secret. */
  secret: boolean;
}

const concurrency = 4;

type Report = (found: Diagnostic, of?: FunctionRecord) => void;

/** The schedules of each function by its name; what cannot be read is a finding of the function, or of all where it is the list. */
export async function readSchedules(
  apis: AccountApis,
  records: readonly FunctionRecord[],
  report: Report,
): Promise<Map<string, DeployedSchedule[]>> {
  const client = await apis.schedules();
  const listed = await listSchedules(client, records, report);
  const read = await several(listed, concurrency, (each) => readSchedule(client, each, records, report));
  const found = new Map<string, DeployedSchedule[]>();
  for (const { record, schedule } of read.flatMap((each) => each ?? [])) {
    if (schedule.secret) report(diagnostic('ACCOUNT_INPUT_LEFT_OUT', { args: { rule: schedule.properties.Name } }));
    found.set(record.name, [...(found.get(record.name) ?? []), schedule]);
  }
  return found;
}

interface Listed {
  summary: ScheduleSummary;
  /** Undefined: only the event of the schedule names the function. */
  record: FunctionRecord | undefined;
}

/** The target that calls an API, which is told by its event alone. */
const invokes = /^arn:[\w-]+:scheduler:::aws-sdk:lambda:invoke$/i;

async function listSchedules(client: SchedulerClient, records: readonly FunctionRecord[], report: Report): Promise<Listed[]> {
  const { paginateListSchedules } = await import('@aws-sdk/client-scheduler');
  const found: Listed[] = [];
  try {
    for await (const { Schedules: schedules = [] } of paginateListSchedules({ client, pageSize: 100 }, {})) {
      for (const summary of schedules) {
        const target = summary.Target?.Arn ?? '';
        const record = recordOf(records, target);
        if (record || invokes.test(target)) found.push({ summary, record });
      }
    }
  } catch (error) {
    // A region without the service has no schedules.
    if (failureKind(error) !== 'no-such-call') report(unread(error));
  }
  return found;
}

function unread(error: unknown): Diagnostic {
  return diagnostic('ACCOUNT_SCHEDULES_UNREAD', { args: { reason: failureReason(error) } });
}

/** By name or ARN, that of a version or an alias too. */
function recordOf(records: readonly FunctionRecord[], named: string): FunctionRecord | undefined {
  const arn = /^(?:[^:]*:){6}[^:]+/.exec(named)?.[0];
  const [name] = named.split(':');
  return records.find((each) => each.arn === arn || each.name === name);
}

async function readSchedule(
  client: SchedulerClient,
  { summary, record }: Listed,
  records: readonly FunctionRecord[],
  report: Report,
): Promise<{ record: FunctionRecord; schedule: DeployedSchedule } | undefined> {
  const { GetScheduleCommand } = await import('@aws-sdk/client-scheduler');
  try {
    const { Name: name = '', GroupName: group } = summary;
    const answer = await client.send(new GetScheduleCommand({ Name: name, ...(group !== undefined && { GroupName: group }) }));
    const input = answer.Target?.Input;
    const of = record ?? recordOf(records, calledBy(input));
    return of && { record: of, schedule: scheduleOf(name, answer) };
  } catch (error) {
    const call = { call: 'GetSchedule', reason: failureReason(error) };
    if (record) report(diagnostic('ACCOUNT_PART_UNREAD', { args: { function: record.name, ...call }, function: record.name }), record);
    else report(unread(error));
    return undefined;
  }
}

/** `FunctionName` of the request that the schedule sends. */
function calledBy(input: string | undefined): string {
  try {
    const { FunctionName: name } = objectOf(JSON.parse(input ?? ''));
    return typeof name === 'string' ? name : '';
  } catch {
    return '';
  }
}

function scheduleOf(name: string, answer: GetScheduleOutput): DeployedSchedule {
  const { GroupName, ScheduleExpression, ScheduleExpressionTimezone, State, FlexibleTimeWindow, StartDate, EndDate, Target } = answer;
  const secret = hasSecretValue(Target?.Input ?? '');
  const properties = {
    Name: name,
    GroupName,
    ScheduleExpression,
    ScheduleExpressionTimezone,
    State,
    FlexibleTimeWindow,
    StartDate: StartDate?.toISOString(),
    EndDate: EndDate?.toISOString(),
    Target: { Arn: Target?.Arn, Input: secret ? undefined : Target?.Input },
  };
  return { secret, properties };
}
