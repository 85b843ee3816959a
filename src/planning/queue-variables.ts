import type { LambdaFunction, Project } from '../project/model.js';
import type { SqsTrigger } from '../project/trigger.js';
import { constantCase } from './names.js';
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
    const name = this.freeName(lambda, trigger);
    this.taken.add(name);
    this.names.set(queue, name);
    return name;
  }

  /** `ORDERS_QUEUE_URL`; longer for queues whose short names are equal, or already mean something else. */
  private freeName(lambda: LambdaFunction, trigger: SqsTrigger): string {
    const whole = constantCase(trigger.queueName ?? trigger.queueResource ?? lambda.id);
    const base = whole.replace(/_FIFO$/, '').replace(/_?QUEUE$/, '') || 'MAIN';
    const isUsable = (name: string) => !this.taken.has(name) && this.isFree(name, trigger);
    const found = [base, whole, `${base}_SOURCE`].map((name) => `${name}_QUEUE_URL`).find(isUsable);
    if (found !== undefined) return found;
    for (let number = 2; ; number++) {
      const name = `${base}_${number}_QUEUE_URL`;
      if (isUsable(name)) return name;
    }
  }

  /** False when a function of the project has a variable of that name for something else. */
  private isFree(name: string, trigger: SqsTrigger): boolean {
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
