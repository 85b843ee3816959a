/** Runs the handler of a source: once a request in a process of its own, in turn in one, and together in one. */
import { mkdtempSync, readdirSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { transformSync } from 'esbuild';
import { backgroundWorkDone, shutdownWorkDone } from '../../templates/service/background.js';

const users = ['ada', 'bob', 'cyd'];
const events = users.map((user, index) => ({
  id: String(index),
  user,
  headers: { authorization: `token of ${user}` },
  items: [`${user}-apple`, `${user}-pear`],
}));

type Event = (typeof events)[number];
type Handler = (event: Event, context: object) => unknown;

export interface Outcomes {
  alone: string[];
  inTurn: string[];
  together: string[];
  /** Clients of the database that are open at the end of the process that served all together. */
  leftOpen: number;
}

/**
 * Answers (or errors) by request as text, and last what was fetched and how many files are left. A process that is alone ends when nothing is
 * left to do, as on Lambda, where it goes on with a later request, and its /tmp goes with it; one that serves many ends after the answers and
 * what it keeps as work in the background and for its end, and is told of its end while it answers.
 */
export async function outcomes(source: string, extension: string): Promise<Outcomes> {
  const { code } = transformSync(source, { loader: extension === 'ts' ? 'ts' : 'js', format: 'cjs', target: 'node20' });
  const alone: string[] = [];
  const fetched: string[] = [];
  for (const event of events) {
    const { handler, done, emit } = load(code);
    alone.push(await outcome(handler, event));
    await sleep(30);
    emit('beforeExit');
    await shutdownWorkDone();
    await sleep(15);
    fetched.push(...done);
  }
  const inTurn: string[] = [];
  const one = load(code);
  for (const event of events) inTurn.push(await outcome(one.handler, event));
  await shutdownWorkDone();
  const shared = load(code);
  const answers = events.map((event) => outcome(shared.handler, event));
  await sleep(1);
  shared.emit('SIGTERM');
  const together = await Promise.all(answers.map((answer) => Promise.race([answer, shared.ended])));
  await backgroundWorkDone();
  await shutdownWorkDone();
  return {
    alone: [...alone, said(fetched), filesLeft(0)],
    inTurn: [...inTurn, said(one.done), filesLeft(one.left())],
    together: [...together, said(shared.done), filesLeft(shared.left())],
    leftOpen: shared.openClients(),
  };
}

function filesLeft(count: number): string {
  return `files left: ${count}`;
}

function said(fetched: readonly string[]): string {
  return [...fetched].sort().join();
}

export function differing(expected: readonly string[], found: readonly string[]): number {
  return expected.filter((each, index) => each !== found[index]).length;
}

async function outcome(handler: Handler, event: Event): Promise<string> {
  try {
    return JSON.stringify({ result: await handler(structuredClone(event), { awsRequestId: event.id }) });
  } catch (error) {
    return JSON.stringify({ error: String(error) });
  }
}

/** A module of its own with a /tmp of its own, in which later answers of `fetch` overtake earlier ones. */
function load(source: string) {
  const module = { exports: {} as Record<string, unknown> };
  const folder = temporaryFolderSync();
  const code = source.replaceAll(/(?<=['"`])\/tmp\/(kept-|(?=grown-))/g, `${folder}/`);
  const left = () => readdirSync(folder).filter((name) => name.startsWith('grown-')).length;
  let calls = 0;
  const done: string[] = [];
  const fetch = async (url: string, { body = '' }: { body?: string } = {}) => {
    await sleep(12 - 4 * (calls++ % 3));
    done.push(`${url}${body}`);
    return {
      text: async () => `answer of ${url}${body}`,
      json: async () => ({ url, sent: body === '' ? null : (JSON.parse(body) as unknown) }),
    };
  };
  const own = processOf();
  const run = new Function('require', 'exports', 'module', 'fetch', 'process', code) as (...given: unknown[]) => void;
  const real = createRequire(import.meta.url);
  const database = databaseOf();
  const stubs: Record<string, unknown> = {
    mongoose: mongooseOf(),
    pg: postgresOf(),
    'mysql2/promise': mysqlOf(),
    pino: pinoOf(done),
    winston: winstonOf(done),
  };
  run((name: string) => (/^\.\/database/.test(name) ? database : (stubs[name] ?? real(name))), module.exports, module, fetch, own.process);
  return { handler: module.exports.handler as Handler, done, emit: own.emit, ended: own.ended, openClients: database.openClients, left };
}

/** The process, but for its end: `ended` settles when the code ends it, as the answer of requests that are lost then. */
function processOf() {
  const listeners: { event: string; listener: () => unknown }[] = [];
  const { promise: ended, resolve } = lost();
  const listen = (event: string, listener: () => unknown) => listeners.push({ event, listener });
  const real = Object.assign(Object.create(process) as typeof process, {
    on: listen,
    once: listen,
    exit: () => resolve(JSON.stringify({ error: 'the connection was closed' })),
  });
  const emit = (wanted: string) => {
    for (const { event, listener } of listeners) if (event === wanted) listener();
  };
  return { process: real, emit, ended };
}

function lost() {
  let resolve: (outcome: string) => void = () => undefined;
  const promise = new Promise<string>((settle) => {
    resolve = settle;
  });
  return { promise, resolve };
}

const folders: string[] = [];

function temporaryFolderSync(): string {
  const folder = mkdtempSync(join(tmpdir(), 'mended-'));
  folders.push(folder);
  return folder;
}

/** Removes what the runs have left in their folders. */
export async function removeFolders(): Promise<void> {
  for (const folder of folders.splice(0)) await rm(folder, { recursive: true, force: true });
}

/** A client that fails unless it is connected; `connect.count` tells how many there are. */
function databaseOf() {
  const clients: { isOpen: boolean }[] = [];
  class Client {
    isOpen = false;
    constructor() {
      clients.push(this);
    }
    async connect() {
      connect.count++;
      await sleep(5);
      this.isOpen = true;
    }
    async end() {
      this.isOpen = false;
    }
    async get(id: string) {
      await sleep(4 - Number(id));
      if (!this.isOpen) throw new Error('not connected');
      return `order ${id}`;
    }
  }
  const connect = Object.assign(
    async () => {
      const client = new Client();
      await client.connect();
      return client;
    },
    { count: 0 },
  );
  const open = () => {
    const client = new Client();
    client.isOpen = true;
    return client;
  };
  return { Client, connect, open, openClients: () => clients.filter(({ isOpen }) => isOpen).length };
}

/** A connection that the database ends at the statement of request 1; what comes after on it fails. */
class Connection {
  private isLost = false;
  private last: Promise<unknown> = Promise.resolve();
  async connect() {}
  query(text: string, values: readonly string[]): Promise<unknown> {
    const run = async () => {
      await sleep(2);
      if (this.isLost || values[0] === '1') {
        this.isLost = true;
        throw new Error('connection lost');
      }
      return { rows: [{ text, id: values[0] }] };
    };
    const result = this.last.then(run, run);
    this.last = result;
    return result;
  }
}

/** Closes what it is connected to, as it is closed. */
function mongooseOf() {
  let connected: { end(): Promise<void> } | undefined;
  return {
    connect: (client: { end(): Promise<void> }) => {
      connected = client;
    },
    disconnect: () => connected?.end(),
  };
}

function postgresOf() {
  class Pool {
    query(text: string, values: readonly string[]) {
      return new Connection().query(text, values);
    }
  }
  return { Client: Connection, Pool };
}

function mysqlOf() {
  const { Pool } = postgresOf();
  return { createConnection: async () => new Connection(), createPool: () => new Pool() };
}

/** pino itself, whose lines count as what was done. */
function pinoOf(lines: string[]) {
  const real = createRequire(createRequire(import.meta.url).resolve('fastify'))('pino') as (options: object, stream: object) => object;
  const pino = (options: object = {}) =>
    real({ base: null, timestamp: false, ...options }, { write: (line: string) => lines.push(line.trim()) });
  return Object.assign(pino, { pino });
}

/** Puts a line together as `_addDefaultMeta` and `log` of winston's lib/winston/logger.js do. */
function winstonOf(lines: string[]) {
  return {
    createLogger: ({ defaultMeta = null }: { defaultMeta?: object | null } = {}) => ({
      defaultMeta,
      info(message: string) {
        lines.push(JSON.stringify({ ...this.defaultMeta, message }));
      },
    }),
    transports: { Console: class {} },
  };
}
