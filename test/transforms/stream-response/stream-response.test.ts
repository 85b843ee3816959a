/**
 * Streaming handlers before and after: the text, and what a client of Node's server gets.
 * `UPDATE_FIXTURES=1 npx vitest run test/transforms/stream-response` writes the outputs; read the diff before committing.
 */
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { createServer, type RequestListener } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { beforeAll, describe, expect, it, vi } from 'vitest';
import type { Handler } from '../../../templates/service/types.js';
import { createWeb } from '../../../templates/service/web.js';
import { streamResponse } from '../../../transforms/stream-response/index.js';
import { load } from '../../support/native.js';
import { fixturesRoot } from '../fixtures.js';

const folder = join(fixturesRoot, 'stream-response');
const cases = readdirSync(folder)
  .map((file) => /^(?<name>.+)\.input\.(?<extension>\w+)$/.exec(file)?.groups)
  .filter((groups) => groups !== undefined)
  .map(({ name = '', extension = '' }) => ({
    name,
    extension,
    input: readFileSync(join(folder, `${name}.input.${extension}`), 'utf8'),
    output: join(folder, `${name}.output.${extension}`),
  }));

beforeAll(() => {
  vi.spyOn(process.stdout, 'write').mockReturnValue(true);
});

/** Status, own headers and body of the answer to one request. */
async function asked(url: string) {
  const answer = await fetch(`${url}/any/thing`);
  const headers = ['content-type', 'x-custom-header', 'x-kind'].map((name) => answer.headers.get(name));
  return { status: answer.status, headers, cookies: answer.headers.getSetCookie(), body: await answer.text() };
}

async function onLambda(text: string, extension: string) {
  const handler = load(text, extension)['handler'] as Handler;
  const { app } = createWeb({
    name: 'test',
    routes: [
      {
        front: 'function-url',
        payload: '2.0',
        method: 'ANY',
        path: '$default',
        streaming: true,
        function: { name: 'Test', handler, timeoutSeconds: 3, memoryMb: 128 },
      },
    ],
  });
  const url = await app.listen({ port: 0, host: '127.0.0.1' });
  const found = await asked(url);
  await app.close();
  return found;
}

async function onNode(text: string, extension: string) {
  const handler = load(text, extension)['handler'] as (event: unknown, response: unknown) => Promise<void>;
  const listener: RequestListener = (request, response) => {
    void handler({ rawPath: request.url }, response);
  };
  const server = createServer(listener).listen(0, '127.0.0.1');
  await new Promise((resolve) => server.once('listening', resolve));
  const found = await asked(`http://127.0.0.1:${(server.address() as AddressInfo).port}`);
  server.closeAllConnections();
  server.close();
  return found;
}

describe.each(cases)('$name', ({ name, extension, input, output }) => {
  const { text, left } = streamResponse(`handler.${extension}`, input);
  if (process.env['UPDATE_FIXTURES'] === '1') writeFileSync(output, text ?? input);

  it('becomes what is expected, and nothing more the second time', () => {
    expect(text ?? input).toBe(readFileSync(output, 'utf8'));
    expect(text === undefined).toBe(/^(?:unchanged|refuse)-/.test(name));
    expect(left.length > 0).toBe(name.startsWith('refuse-'));
    expect(streamResponse(`handler.${extension}`, text ?? '').text).toBeUndefined();
  });

  it.skipIf(text === undefined)('is answered as before', async () => {
    expect(text).not.toMatch(/awslambda/);
    expect(await onNode(text ?? '', extension)).toEqual(await onLambda(input, extension));
  });
});

it.each([
  ["exports.h = awslambda.streamifyResponse(async (event, stream) => stream.end('a'));", 'it writes nothing'],
  ['exports.h = awslambda.streamifyResponse(async (event, { write }) => { write(1); });', 'names its stream'],
  ["exports.h = awslambda.streamifyResponse(async (event, s) => { s.end('a'); }); use(awslambda);", 'used in another way'],
])('leaves %s', (text, reason) => {
  const { text: after, left } = streamResponse('a.js', text);
  expect(after).toBeUndefined();
  expect(left.map((each) => each.reason).join()).toContain(reason);
});
