import { readFile } from 'node:fs/promises';
import { request } from 'node:http';
import { join } from 'node:path';
import { expect } from 'vitest';
import { projectFixtures } from './fixtures.js';

/** One request of a fixture's `requests.json` and what AWS answers to it. */
export interface FixtureRequest {
  name: string;
  method?: string;
  path: string;
  headers?: Record<string, string>;
  body?: string;
  expect: { status: number; headers?: Record<string, string>; setCookie?: string[]; json?: unknown; text?: string; base64?: string };
}

export async function fixtureRequests(fixture: string): Promise<FixtureRequest[]> {
  return JSON.parse(await readFile(join(projectFixtures, fixture, 'requests.json'), 'utf8')) as FixtureRequest[];
}

export interface Answer {
  status: number;
  headers: Record<string, string | string[] | undefined>;
  body: Buffer;
}

/** Sends a request as it is written: the path is not normalised. */
export async function send(
  url: string,
  { method = 'GET', path, headers = {}, body }: Omit<FixtureRequest, 'name' | 'expect'>,
): Promise<Answer> {
  const { hostname, port } = new URL(url);
  return new Promise((resolve, reject) => {
    const outgoing = request(
      { hostname, port, path, method, headers: body === undefined ? headers : { 'content-length': Buffer.byteLength(body), ...headers } },
      (incoming) => {
        const chunks: Buffer[] = [];
        incoming.on('data', (chunk: Buffer) => chunks.push(chunk));
        incoming.on('end', () => resolve({ status: incoming.statusCode ?? 0, headers: incoming.headers, body: Buffer.concat(chunks) }));
        incoming.on('error', reject);
      },
    );
    outgoing.on('error', reject);
    outgoing.end(body);
  });
}

/** Compares an answer with what the fixture expects. */
export function expectAnswer(answer: Answer, expected: FixtureRequest['expect']): void {
  const seen = {
    status: answer.status,
    ...(expected.headers && { headers: Object.fromEntries(Object.keys(expected.headers).map((name) => [name, answer.headers[name]])) }),
    ...(expected.setCookie && { setCookie: answer.headers['set-cookie'] }),
    ...('json' in expected && { json: parse(answer.body.toString('utf8')) }),
    ...(expected.text !== undefined && { text: answer.body.toString('utf8') }),
    ...(expected.base64 !== undefined && { base64: answer.body.toString('base64') }),
  };
  expect(seen).toEqual(expected);
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return { notJson: text };
  }
}
