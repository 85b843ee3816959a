import type { LambdaFunction, Project } from '../project/model.js';
import type { SqsTrigger } from '../project/trigger.js';
import { constantCase, unique } from './names.js';
import { target } from './resource-names.js';

/** Names of the environment variables that hold queue URLs: one a queue, the same in every service, never one that means something else. */
export class QueueVariables {
  private readonly names = new Map<string, string>();
  private readonly taken = new Set<string>();

  constructor(private readonly project: Pick<Project, 'functions' | 'resources'>) {}

  /** @example `orders` → `ORDERS_QUEUE_URL` */
  of(lambda: LambdaFunction, trigger: SqsTrigger): string {
    const queue = trigger.queueResource ?? trigger.queueName ?? (trigger.inferred ? lambda.id : queueKey(trigger, lambda));
    const known = this.names.get(queue);
    if (known !== undefined) return known;
    const base =
      constantCase(trigger.queueName ?? trigger.queueResource ?? lambda.id)
        .replace(/_FIFO$/, '')
        .replace(/_?QUEUE$/, '') || 'MAIN';
    const name = this.free(`${base}_QUEUE_URL`, trigger)
      ? unique(`${base}_QUEUE_URL`, this.taken)
      : unique(`${base}_SOURCE_QUEUE_URL`, this.taken);
    this.names.set(queue, name);
    return name;
  }

  /** False when a function of the project has a variable of that name for something else. */
  private free(name: string, trigger: SqsTrigger): boolean {
    return this.project.functions.every(({ environment }) => {
      const value = environment[name];
      if (!value) return true;
      if (value.kind === 'literal') return trigger.queueName !== undefined && String(value.value).endsWith(`/${trigger.queueName}`);
      return trigger.queueResource !== undefined && target(value.text).id === trigger.queueResource;
    });
  }
}

function queueKey({ queue }: SqsTrigger, lambda: LambdaFunction): string {
  return queue.kind === 'literal' ? String(queue.value) : queue.text || lambda.id;
}
