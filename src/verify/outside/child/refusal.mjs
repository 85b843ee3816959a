import { appendFileSync } from 'node:fs';

export function isLocal(host) {
  return host === undefined || host === '' || host === 'localhost' || host === '::1' || host === '0.0.0.0' || /^(::ffff:)?127\./.test(host);
}

/** The error of a connection that is not let out. */
export function refusedError(target) {
  return Object.assign(new Error(`connect ECONNREFUSED ${target} (verify lets nothing leave this machine)`), {
    code: 'ECONNREFUSED',
    syscall: 'connect',
  });
}

/** Notes what was refused in a file, at once: the process may end the next moment. */
export function refusal(log) {
  return (target) => {
    if (log) appendFileSync(log, `${JSON.stringify(target)}\n`);
    return refusedError(target);
  };
}
