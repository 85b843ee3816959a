/**
 * `npm run bench:service`: requests a second, and processor time a request, of the service that the tool makes, as routes and as adapted
 * handlers, beside one written by hand with Fastify, in turn, in one run. Prints medians and ratios. Processor time is the steadier of the
 * two where other programs run beside; it is read from `/proc`, so that it is there on Linux alone.
 */
import { type ChildProcess, spawn } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, openSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { availableParallelism, tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import autocannon from 'autocannon';
import { migrate } from '../src/index.js';
import { endAllAtExit } from './processes.js';
import { replaceSection, today } from './results.js';

const { values } = parseArgs({
  options: { rounds: { type: 'string', default: '5' }, seconds: { type: 'string', default: '4' }, results: { type: 'string' } },
});
const rounds = Number(values.rounds);
const seconds = Number(values.seconds);
const connections = 50;

/** Sources stay beside the package; this file runs in `dist/bench`. */
const root = fileURLToPath(new URL('../..', import.meta.url));
const scratch = mkdtempSync(join(tmpdir(), 'bench-service-'));
const children: ChildProcess[] = [];
endAllAtExit(() => {
  for (const child of children) child.kill('SIGKILL');
  rmSync(scratch, { recursive: true, force: true });
});

const byHand = join(root, 'bench/service/by-hand.mjs');
const contenders = {
  'by hand': await start('by-hand', byHand),
  'by hand, requests logged': await start('by-hand-logged', byHand, { LOG: '1' }),
  native: await start('native', await migrated('native')),
  adapter: await start('adapter', await migrated('adapter')),
};
type Name = keyof typeof contenders;
const names = Object.keys(contenders) as Name[];

interface Round {
  rate: number;
  /** Milliseconds of processor time a request. */
  processor: number;
  latency: number;
}

const found = new Map<Name, Round[]>(names.map((name) => [name, []]));
for (const name of names) await load(contenders[name], 2);
for (let round = 0; round < rounds; round++)
  for (const name of round % 2 === 0 ? names : [...names].reverse()) found.get(name)?.push(await load(contenders[name], seconds));

const of = (name: Name, field: keyof Round) => median((found.get(name) ?? []).map((each) => each[field]));
const ratio = (name: Name, other: Name) => (of(name, 'rate') / of(other, 'rate')).toFixed(2);
const saved = (name: Name, other: Name) => (of(other, 'processor') / of(name, 'processor')).toFixed(2);
const lines = [
  `${today()}, Node.js ${process.version}, ${availableParallelism()} cores, ${connections} connections, three routes in turn; medians of ${rounds} rounds of ${seconds} s`,
  '',
  '| service | requests/s | of by hand | of by hand, logged | processor ms/request | of by hand | of by hand, logged | p99 ms |',
  '| --- | ---: | ---: | ---: | ---: | ---: | ---: | ---: |',
  ...names.map((name) =>
    [
      `| ${name}`,
      Math.round(of(name, 'rate')),
      ratio(name, 'by hand'),
      ratio(name, 'by hand, requests logged'),
      of(name, 'processor').toFixed(3),
      saved(name, 'by hand'),
      saved(name, 'by hand, requests logged'),
      `${of(name, 'latency')} |`,
    ].join(' | '),
  ),
  '',
  'Shares of processor time are by hand divided by the service: 1 is as cheap, 0.5 twice as dear.',
];
console.log(lines.join('\n'));
if (values.results) replaceSection(values.results, 'bench-service', lines.join('\n'));
process.exit(0);

function median(all: number[]): number {
  const sorted = all.sort((a, b) => a - b);
  return sorted[Math.floor(sorted.length / 2)] ?? 0;
}

/** The bench's project as the tool migrates it; gives the entry file. */
async function migrated(style: 'native' | 'adapter'): Promise<string> {
  const folder = join(scratch, style);
  cpSync(join(root, 'bench/service/project'), folder, { recursive: true });
  symlinkSync(join(root, 'node_modules'), join(folder, 'node_modules'));
  const { changes, projects } = await migrate({ folder, style });
  const styles = projects.flatMap(({ plan }) => plan.functions.map((each) => each.style));
  if (styles.some((each) => each !== style)) throw new Error(`not all functions are ${style}: ${styles.join(', ')}`);
  for (const { path, after } of changes) {
    mkdirSync(dirname(join(folder, path)), { recursive: true });
    writeFileSync(join(folder, path), after ?? '');
  }
  return join(folder, 'service/web.js');
}

interface Contender {
  url: string;
  pid: number;
}

/** Processor time that a process has used, user and system, in milliseconds (proc_pid_stat(5): ticks of 10 ms). */
function processorTime(pid: number): number {
  const fields = readFileSync(`/proc/${pid}/stat`, 'utf8')
    .replace(/^.*\) /s, '')
    .split(' ');
  return (Number(fields[11]) + Number(fields[12])) * 10;
}

/** Starts a service on a port of its own choice; gives its address. Its log goes to a file: a pipe would have to be read by whom it loads. */
async function start(name: string, entry: string, env: Record<string, string> = {}): Promise<Contender> {
  const log = join(scratch, `${name}.log`);
  const child = spawn(process.execPath, [entry], {
    env: { PATH: process.env['PATH'] ?? '', PORT: '0', NODE_ENV: 'production', ...env },
    stdio: ['ignore', openSync(log, 'w'), 'inherit'],
  });
  children.push(child);
  for (let wait = 0; wait < 600 && child.exitCode === null; wait++) {
    const port = /"address":"http:\/\/[^"]*:(\d+)"/.exec(readFileSync(log, 'utf8'))?.[1];
    if (port) return { url: `http://127.0.0.1:${port}`, pid: child.pid ?? 0 };
    await sleep(50);
  }
  throw new Error(`${name} does not listen`);
}

/** Every answer has to be the one that the route gives: a fast refusal is no result. */
async function load({ url, pid }: Contender, duration: number): Promise<Round> {
  const json = { 'content-type': 'application/json' };
  const before = processorTime(pid);
  const result = await autocannon({
    url,
    duration,
    connections,
    requests: [
      { method: 'GET', path: '/hello?name=you' },
      { method: 'GET', path: '/items/42' },
      { method: 'POST', path: '/items', headers: json, body: '{"name":"tea","price":4.5}' },
    ],
  });
  if (result.non2xx > 0 || result.errors > 0) throw new Error(`${url}: ${result.non2xx} other answers, ${result.errors} errors`);
  const processor = (processorTime(pid) - before) / result.requests.total;
  return { rate: result.requests.average, processor, latency: result.latency.p99 };
}
