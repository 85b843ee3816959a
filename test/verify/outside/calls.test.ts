/** Calls of a side to anybody but AWS, made with each client that people use. */
import { execFile } from 'node:child_process';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, afterEach, describe, expect, test } from 'vitest';
import { openOutside } from '../../../src/verify/outside/side.js';
import { unansweredLog } from '../../../src/verify/outside/unanswered.js';
import { repositoryRoot } from '../../support/fixtures.js';

const unanswered = unansweredLog();
const outside = await openOutside({
  unanswered,
  recordings: {
    aws: [],
    http: [
      { method: 'GET', url: 'https://api.example.com/users/*', answer: { status: 200, headers: {}, body: { name: 'Ada' } } },
      {
        method: 'POST',
        url: 'https://api.example.com/users',
        body: { name: 'Ada' },
        answer: { status: 201, headers: { 'x-a': 'b' }, body: 'made' },
      },
      { method: 'GET', url: 'http://plain.example.com:8080/', answer: { status: 418, headers: {}, base64: '/w==' } },
    ],
  },
});
afterAll(() => outside.close());
afterEach(() => void outside.endpoint.takeCalls());

/** Runs a script as the user's code runs; gives what it printed. */
async function run(code: string): Promise<string> {
  const script = `const print = (value) => console.log(JSON.stringify(value));
(async () => { ${code} })().catch((error) => console.log(error.cause?.code ?? error.code ?? String(error))).finally(() => process.exit())`;
  const { stdout } = await promisify(execFile)(process.execPath, ['--import', outside.preload, '-e', script], {
    cwd: repositoryRoot,
    env: { PATH: process.env['PATH'], ...outside.environment },
    timeout: 20_000,
  });
  return stdout.trim();
}

const clients: Record<string, { get: string; post: string; refused: string }> = {
  fetch: {
    get: "const answer = await fetch('https://api.example.com/users/1'); print([answer.status, await answer.json()])",
    post: "const answer = await fetch('https://api.example.com/users', { method: 'POST', body: JSON.stringify({ name: 'Ada' }) }); print([answer.status, await answer.text()])",
    refused: "await fetch('https://api.example.com/nothing')",
  },
  axios: {
    get: "const { status, data } = await require('axios').get('https://api.example.com/users/1'); print([status, data])",
    post: "const { status, data } = await require('axios').post('https://api.example.com/users', { name: 'Ada' }); print([status, data])",
    refused: "await require('axios').get('https://api.example.com/nothing')",
  },
  undici: {
    get: "const { statusCode, body } = await require('undici').request('https://api.example.com/users/1'); print([statusCode, await body.json()])",
    post: "const { statusCode, body } = await require('undici').request('https://api.example.com/users', { method: 'POST', body: '{\"name\":\"Ada\"}' }); print([statusCode, await body.text()])",
    refused: "await require('undici').request('https://api.example.com/nothing')",
  },
  'https.request': {
    get: "const answer = await asked({ path: '/users/1' }); print([answer.status, JSON.parse(answer.text)])",
    post: "const answer = await asked({ path: '/users', method: 'POST' }, '{\"name\":\"Ada\"}'); print([answer.status, answer.text])",
    refused: "await asked({ path: '/nothing' })",
  },
};

const asked = `const asked = (options, body) => new Promise((resolve, reject) => {
  const request = require('node:https').request({ hostname: 'api.example.com', ...options }, (answer) => {
    let text = ''; answer.on('data', (chunk) => { text += chunk }); answer.on('end', () => resolve({ status: answer.statusCode, text }));
  });
  request.on('error', reject); request.end(body);
});`;

describe.each(Object.entries(clients))('%s', (name, { get, post, refused }) => {
  const prelude = name === 'https.request' ? asked : '';

  test('gets what is recorded', async () => {
    expect(JSON.parse(await run(prelude + get))).toEqual([200, { name: 'Ada' }]);
    expect(outside.endpoint.takeCalls()).toMatchObject([
      { service: 'http', operation: 'GET https://api.example.com/users/1', answered: true },
    ]);
  });

  test('is told apart by its body', async () => {
    expect(JSON.parse(await run(prelude + post))).toEqual([201, 'made']);
    const [call] = outside.endpoint.takeCalls();
    expect(JSON.parse(call?.parameters ?? '')).toMatchObject({ body: '{"name":"Ada"}' });
  });

  test('is refused where nothing is recorded, and shown', async () => {
    expect(await run(prelude + refused)).toBe('ECONNREFUSED');
    expect(outside.endpoint.takeCalls()).toMatchObject([
      { service: 'http', operation: 'GET https://api.example.com/nothing', answered: false },
    ]);
    expect(unanswered.calls().http).toContainEqual({
      method: 'GET',
      url: 'https://api.example.com/nothing',
      answer: { status: 200, body: {} },
    });
  });
});

describe('what is no plain call', () => {
  test('bytes, in plain HTTP, from another port', async () => {
    const code =
      "const answer = await fetch('http://plain.example.com:8080/'); print([answer.status, Buffer.from(await answer.arrayBuffer()).toString('hex')])";
    expect(JSON.parse(await run(code))).toEqual([418, 'ff']);
  });

  test('calls to AWS that know no endpoint are answered as AWS', async () => {
    const headers =
      "{ authorization: 'AWS4-HMAC-SHA256 Credential=A/20260101/eu-central-1/ssm/aws4_request, SignedHeaders=host, Signature=0', 'x-amz-target': 'AmazonSSM.GetParameter' }";
    const code = `const answer = await fetch('https://ssm.eu-central-1.amazonaws.com/', { method: 'POST', headers: ${headers}, body: '{"Name":"a"}' }); print((await answer.json()).Parameter.Value)`;
    expect(JSON.parse(await run(code))).toBe('value of a');
    expect(outside.endpoint.takeCalls()).toMatchObject([{ service: 'ssm', operation: 'GetParameter', answered: true }]);
  });

  test('a bucket in the host is one in the path', async () => {
    const url =
      'https://pictures.s3.eu-central-1.amazonaws.com/a.png?X-Amz-Credential=A%2F20260101%2Feu-central-1%2Fs3%2Faws4_request&X-Amz-Signature=0';
    await run(`await fetch('${url}', { method: 'PUT', body: 'text' })`);
    const [call] = outside.endpoint.takeCalls();
    expect(call).toMatchObject({ service: 's3', operation: 'PutObject' });
    expect(JSON.parse(call?.parameters ?? '')).toMatchObject({ path: 'pictures/a.png' });
  });

  test.each([
    ['a database', "require('node:net').connect(5432, 'db.example.com')", 'db.example.com:5432'],
    ['a client that waits to be greeted', "require('node:net').connect(7000, 'greeter.example.com')", 'greeter.example.com:7000'],
    ['HTTP/2', "require('node:tls').connect({ host: 'h2.example.com', port: 443, ALPNProtocols: ['h2'] })", 'h2.example.com:443'],
    [
      'another protocol',
      "const s = require('node:net').connect(7000, 'bytes.example.com'); s.write(Buffer.from([0, 1, 2]))",
      'bytes.example.com:7000',
    ],
  ])('%s is refused', async (_name, code, target) => {
    const socket = code.startsWith('const s') ? `${code}; const socket = s` : `const socket = ${code}`;
    expect(await run(`${socket}; await new Promise((resolve, reject) => socket.on('error', reject).on('close', resolve))`)).toBe(
      'ECONNREFUSED',
    );
    expect(await outside.takeCalls()).toMatchObject([{ service: 'network', parameters: JSON.stringify(target), answered: false }]);
  });

  test('this machine is reached as always', async () => {
    const server = createServer((socket) => socket.end('hello'));
    await new Promise<void>((resolve) => void server.listen(0, '127.0.0.1', resolve));
    const address = server.address();
    const port = typeof address === 'object' ? address?.port : 0;
    const code = `const socket = require('node:net').connect(${port}, '127.0.0.1'); socket.on('data', (data) => print(String(data)));
await new Promise((resolve) => socket.on('close', resolve))`;
    expect(await run(code)).toBe('"hello"');
    server.close();
  });

  test('programs that the code starts come to the recorder, too', async () => {
    const child = "fetch(process.env.HTTP_PROXY, { method: 'GET' }).then(() => console.log('proxy'))";
    const code = `print(process.env.HTTP_PROXY ?? 'none');
const { execFile } = require('node:child_process');
await new Promise((resolve) => execFile(process.execPath, ['-e', ${JSON.stringify(child)}], (error, text) => resolve(console.log(text.trim()))))`;
    expect(await run(code)).toBe('"none"\nproxy');
  });
});

test('secrets of a call are compared by their digest', async () => {
  await run(
    "await fetch('https://api.example.com/users/1', { headers: { authorization: 'Bearer abc', 'X-Api-Key': 'def', 'X-Other': 'g' } })",
  );
  const [call] = outside.endpoint.takeCalls();
  expect(call?.parameters).not.toMatch(/abc|def/);
  expect(JSON.parse(call?.parameters ?? '')).toMatchObject({
    headers: { authorization: expect.stringMatching(/^sha256:/), 'x-api-key': expect.stringMatching(/^sha256:/), 'x-other': 'g' },
  });
});

test('the hook is one folder, which an image can be given', () => {
  expect(outside.preload).toContain(join(outside.folder, 'preload/no-egress.mjs'));
  expect(outside.preloadIn('/elsewhere')).toMatch(
    /^file:\/\/\/elsewhere\/preload\/no-egress\.mjs\?door=\d+&log=%2Felsewhere%2Frefused\.jsonl&perturb=%2Felsewhere%2Fperturb&keepers=%2Felsewhere%2Fkeepers$/,
  );
});
