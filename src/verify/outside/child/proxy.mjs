import { ChildProcess } from 'node:child_process';

const names = ['HTTP_PROXY', 'HTTPS_PROXY', 'NO_PROXY'];

/**
 * Programs that the process starts, `curl` for one, find the recorder by its proxy variables; the process itself has none, as on
 * Lambda, and needs none.
 */
export function withoutProxy() {
  const pairs = names.filter((name) => process.env[name] !== undefined).map((name) => `${name}=${process.env[name]}`);
  for (const name of names) delete process.env[name];
  const lower = pairs.map((pair) => pair.replace(/^[A-Z_]+/, (name) => name.toLowerCase()));
  const spawn = ChildProcess.prototype.spawn;
  ChildProcess.prototype.spawn = function spawnWithProxy(options) {
    if (Array.isArray(options?.envPairs)) options.envPairs.push(...pairs, ...lower);
    return spawn.call(this, options);
  };
}
