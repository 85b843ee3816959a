import { isHttp, type Trigger } from '../project/trigger.js';

/** What calls a function, in a few words: `GET /orders/{id}`, `sqs orders`, `schedule rate(5 minutes)`. */
export function triggerText(trigger: Trigger): string {
  if (isHttp(trigger)) return `${trigger.method} ${trigger.path}`;
  return `${trigger.type} ${triggerSource(trigger) ?? ''}`.trimEnd();
}

/** What it listens to, as far as it is known: a queue, a schedule expression, a topic. */
export function triggerSource(trigger: Trigger): string | undefined {
  if (trigger.type === 'sqs') return trigger.queueName ?? trigger.queueResource ?? textOf(trigger.queue);
  if (trigger.type === 'schedule') return trigger.expression === '' ? undefined : trigger.expression;
  return 'source' in trigger ? trigger.source : undefined;
}

function textOf(value: { kind: 'literal'; value: unknown } | { kind: 'reference'; text: string }): string | undefined {
  if (value.kind === 'reference') return value.text;
  return typeof value.value === 'string' ? value.value : undefined;
}
