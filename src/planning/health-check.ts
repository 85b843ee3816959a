/** How a container is asked whether it is well: a command that runs inside the image, which has neither curl nor wget. */
import type { ServicePlan } from './plan.js';

/** Port that services listen on, but for programs that listen by themselves: those keep theirs. */
export const servicePort = 8080;

export function portOf({ server }: Pick<ServicePlan, 'server'>): number {
  return server?.start?.port ?? servicePort;
}

/** Command in exec form. `port`: JavaScript expression of the port. */
export function healthCheck({ server }: Pick<ServicePlan, 'server'>, port: string): string[] {
  const readiness = server?.start?.readiness;
  if (readiness?.protocol === 'tcp') {
    const connect = `require('node:net').connect(${port}, '127.0.0.1')`;
    return ['node', '-e', `${connect}.on('connect', () => process.exit(0)).on('error', () => process.exit(1))`];
  }
  const isWell = readiness
    ? readiness.healthy.map(([from, to]) => `(answer.status >= ${from} && answer.status <= ${to})`).join(' || ')
    : 'answer.ok';
  const path = JSON.stringify(readiness?.path ?? '/healthz')
    .replace(/^"|"$/g, "'")
    .replaceAll('\\"', '"');
  const options = readiness ? ", { redirect: 'manual' }" : '';
  const script = `fetch('http://127.0.0.1:' + ${port} + ${path}${options}).then((answer) => process.exit(${isWell} ? 0 : 1), () => process.exit(1))`;
  return ['node', '-e', script];
}
