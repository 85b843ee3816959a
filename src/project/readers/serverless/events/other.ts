/** Events whose functions stay on Lambda for now: what matters is what they listen to. */
import type { ServerlessEventContext } from '../../../../triggers/kind.js';
import { isPlainObject, listOf, objectOf } from '../../../data.js';
import type { OtherTrigger, Trigger } from '../../../trigger.js';
import { toValue } from '../values.js';
import { eventBridgeSchedule } from './schedule.js';

type OtherType = OtherTrigger['type'];
type EventReader = (value: unknown, context: ServerlessEventContext) => Trigger[];

/** A reader that names the source by the first of `keys` that is there, or by the value itself. */
export function listensTo(type: OtherType, ...keys: string[]): EventReader {
  return (value, context) => [other(type, sourceOf(value, keys), value, context)];
}

/** `stream: <arn>` or `{ type: kinesis, arn }`: one key for two event sources, so each kind reads its own. */
export function streamEvent(type: 'dynamodb-stream' | 'kinesis'): EventReader {
  return (value, context) => (streamType(value, context) === type ? [other(type, sourceOf(value, ['arn']), value, context)] : []);
}

function streamType(value: unknown, context: ServerlessEventContext): 'dynamodb-stream' | 'kinesis' {
  const stated = objectOf(value)['type'];
  if (stated === 'kinesis') return 'kinesis';
  if (stated === 'dynamodb') return 'dynamodb-stream';
  const arn = isPlainObject(value) && 'arn' in value ? value['arn'] : value;
  const resource = context.template?.resourceOf(arn);
  const type = resource === undefined ? '' : (context.template?.resources[resource]?.type ?? '');
  return type === 'AWS::Kinesis::Stream' || /:kinesis:/.test(JSON.stringify(arn ?? '')) ? 'kinesis' : 'dynamodb-stream';
}

/** `eventBridge`: a pattern, or a schedule. */
export function eventBridgePattern(value: unknown, context: ServerlessEventContext): Trigger[] {
  const settings = objectOf(value);
  if (settings['pattern'] === undefined && settings['schedule'] !== undefined) return [];
  return [other('eventbridge', JSON.stringify(settings['pattern'] ?? settings['eventBus'] ?? value), value, context)];
}

export function eventBridgeScheduleEvent(value: unknown, context: ServerlessEventContext): Trigger[] {
  const settings = objectOf(value);
  return settings['schedule'] === undefined ? [] : eventBridgeSchedule(settings['schedule'], settings, context);
}

/** `cloudwatchEvent: { event }`: an EventBridge rule by its old name. */
export function cloudwatchEvent(value: unknown, context: ServerlessEventContext): Trigger[] {
  return [other('eventbridge', JSON.stringify(objectOf(value)['event'] ?? value), value, context)];
}

function other(type: OtherType, source: string | undefined, value: unknown, context: ServerlessEventContext): OtherTrigger {
  return {
    type,
    ...(source !== undefined && { source }),
    ...(objectOf(value)['enabled'] === false && { enabled: false }),
    ...(context.range && { range: context.range }),
  };
}

function sourceOf(value: unknown, keys: readonly string[]): string | undefined {
  const settings = objectOf(value);
  const key = keys.find((candidate) => settings[candidate] !== undefined);
  const named = key === undefined ? value : listOf(settings[key])[0];
  if (named === undefined || named === null || typeof named === 'boolean') return undefined;
  const known = toValue(named);
  return known.kind === 'literal' ? String(known.value) : known.text;
}
