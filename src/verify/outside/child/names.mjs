import dns from 'node:dns';
import { isLocal } from './refusal.mjs';

const questions = ['lookup', 'resolve', 'resolve4', 'resolve6', 'resolveAny', 'resolveTxt', 'resolveSrv', 'resolveCname'];

/** No name but this machine's is looked up: a question is a message to the outside, too. */
export function guardNames(refuse) {
  for (const owner of [dns, dns.promises]) for (const name of questions) guard(owner, name, refuse);
}

function guard(owner, name, refuse) {
  const original = owner[name];
  owner[name] = (host, ...rest) => {
    if (isLocal(host)) return original.call(owner, host, ...rest);
    const error = Object.assign(refuse(`dns ${host}`), { code: 'ENOTFOUND', syscall: 'getaddrinfo', hostname: host });
    const callback = rest.at(-1);
    if (typeof callback === 'function') return void process.nextTick(callback, error);
    return Promise.reject(error);
  };
}
