import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFile } from 'node:fs/promises';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { cleanUp, repositoryRoot, runCli, temporaryFolder } from '../support/fixtures.js';
import { expectDocument } from '../support/schemas.js';
import { zipOf } from '../support/zip.js';

const count = 1000;
const code = zipOf([{ name: 'index.mjs', content: 'export const handler = async (event) => ({ statusCode: 200 });\n' }]);

let moto: ChildProcess;
let recorder: Server;
const calls: string[] = [];

beforeAll(async () => {
  moto = spawn(process.env['JUDGES_PYTHON'] ?? 'python3', [join(repositoryRoot, 'test/judges/account.py'), String(count)], {
    stdio: ['pipe', 'pipe', 'inherit'],
  });
  const port = await firstNumber(moto);
  recorder = createServer((request, response) => void forward(port, request, response));
  await new Promise<void>((resolve) => recorder.listen(0, '127.0.0.1', resolve));
}, 600_000);

afterAll(async () => {
  recorder?.closeAllConnections();
  recorder?.close();
  moto?.stdin?.end();
  if (moto && moto.exitCode === null) await once(moto, 'exit');
  await cleanUp();
});

/** The number on a line of its own; the server also prints where it runs. Its output stays open: a closed one ends it. */
function firstNumber({ stdout }: ChildProcess): Promise<number> {
  return new Promise((resolve, reject) => {
    let text = '';
    stdout?.on('data', (chunk) => {
      text += String(chunk);
      const found = /^(\d+)\r?\n/m.exec(text)?.[1];
      if (found !== undefined) resolve(Number(found));
    });
    stdout?.on('end', () => reject(new Error(text)));
  });
}

const recorderUrl = () => `http://127.0.0.1:${(recorder.address() as AddressInfo).port}`;

/** Reads of the REST protocols, and the named operations of IAM. */
function isRead(call: string): boolean {
  return call.startsWith('GET ') || /^IAM (Get|List)/.test(call);
}

/** Every call is recorded. Code lies in S3, which this emulator does not serve under the address that it tells. */
async function forward(
  port: number,
  request: Parameters<Parameters<typeof createServer>[1] & object>[0],
  response: Parameters<Parameters<typeof createServer>[1] & object>[1],
) {
  const { method = '', url = '' } = request;
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  const body = Buffer.concat(chunks).toString('utf8');
  const action = new URLSearchParams(body).get('Action');
  calls.push(action === null ? `${method} ${url}` : `IAM ${action}`);
  if (url.startsWith('/code')) return void response.end(code);
  if (!isRead(calls.at(-1) ?? '')) return void response.writeHead(405).end();
  const headers = Object.fromEntries(Object.entries(request.headers).filter(([name]) => name !== 'host')) as Record<string, string>;
  const answer = await fetch(`http://127.0.0.1:${port}${url}`, { method, headers, ...(body !== '' && { body }) });
  const text = (await answer.text()).replace(/"Location": ?"[^"]*"/g, `"Location": "${recorderUrl()}/code"`);
  const errorType = answer.headers.get('x-amzn-errortype');
  const contentType = answer.headers.get('content-type') ?? 'application/json';
  response.writeHead(answer.status, { 'content-type': contentType, ...(errorType !== null && { 'x-amzn-errortype': errorType }) });
  response.end(text);
}

async function assess(folder: string, ...flags: string[]) {
  calls.splice(0);
  const env = { AWS_ACCESS_KEY_ID: 'test', AWS_SECRET_ACCESS_KEY: 'test' };
  const args = ['assess', folder, '--from-aws', '--endpoint-url', recorderUrl(), '--region', 'eu-west-1', '--json', ...flags];
  const { stdout, stderr, code: exit } = await runCli(args, { env });
  expect(stderr).not.toContain('fault of migrate-lambda');
  return {
    exit,
    document: expectDocument<{ functions: { id: string; triggers: string[]; outcome: string }[]; unread: unknown[] }>(stdout, 'assess'),
  };
}

it(`reads ${count} functions of an emulator that others wrote, and asks it for nothing but reads`, async () => {
  const folder = join(await temporaryFolder(), 'account');
  const { exit, document } = await assess(folder);
  expect(document.functions).toHaveLength(count);
  const by = (trigger: string) => document.functions.filter(({ triggers }) => triggers.includes(trigger)).length;
  expect([by('sqs'), by('function-url'), by('s3'), by('schedule')]).toEqual([count / 10, count / 10, count / 10, count / 10]);
  expect(document.functions.filter(({ outcome }) => outcome === 'failed')).toEqual([]);
  expect(document.unread).toEqual([]);
  expect(exit).toBe(0);
  expect(calls.length).toBeGreaterThan(count * 4);
  expect(calls.filter((call) => !isRead(call))).toEqual([]);
  const state = await readFile(join(folder, '.migrate-lambda/account.jsonl'), 'utf8');
  const template = await readFile(join(folder, 'without-stack/deployed.json'), 'utf8');
  for (const text of [state, template]) expect(text).not.toContain('hunter2');
  const { Resources: resources } = JSON.parse(template) as { Resources: Record<string, { Properties: { Policies?: unknown[] } }> };
  expect(resources['RoleRole']?.Properties.Policies).toHaveLength(2);
}, 900_000);

it('reads the functions that are asked for', async () => {
  const { document } = await assess(join(await temporaryFolder(), 'account'), '--prefix', 'shop-00', '--tag', 'team=a');
  expect(document.functions).toHaveLength(50);
}, 300_000);
