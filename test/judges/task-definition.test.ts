import { execFile } from 'node:child_process';
import { once } from 'node:events';
import { readdir } from 'node:fs/promises';
import { createServer } from 'node:http';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { cleanUp, copyInput, fixtureNames, fixtureOptions, runCli } from '../support/fixtures.js';

const run = promisify(execFile);
const received: string[] = [];
const endpoint = createServer((request, response) => {
  request.resume();
  request.on('end', () => {
    received.push(String(request.headers['x-amz-target']));
    response.setHeader('content-type', 'application/x-amz-json-1.1').end('{"taskDefinition":{}}');
  });
});

beforeAll(async () => {
  endpoint.listen(0, '127.0.0.1');
  await once(endpoint, 'listening');
});
afterAll(async () => {
  endpoint.close();
  await cleanUp();
});

async function taskDefinitions(fixture: string): Promise<string[]> {
  const output = await copyInput(fixture);
  await runCli([output, '--write', ...(await fixtureOptions(fixture)), '--infra', 'none']);
  const files = await readdir(output, { recursive: true });
  return files.filter((path) => /task-definition\.[\w-]+\.json$/.test(path)).map((path) => join(output, path));
}

describe.each(await fixtureNames())('%s', (fixture) => {
  it('has task definitions that the AWS command line accepts', async () => {
    const files = await taskDefinitions(fixture);
    expect(files.length).toBeGreaterThan(0);
    for (const file of files) {
      const address = endpoint.address();
      const port = typeof address === 'object' ? address?.port : 0;
      const before = received.length;
      await run(
        'aws',
        [
          'ecs',
          'register-task-definition',
          '--cli-input-json',
          `file://${file}`,
          '--endpoint-url',
          `http://127.0.0.1:${port}`,
          '--region',
          'us-east-1',
        ],
        {
          env: { ...process.env, AWS_ACCESS_KEY_ID: 'test', AWS_SECRET_ACCESS_KEY: 'test' },
        },
      );
      expect(received.slice(before)).toEqual(['AmazonEC2ContainerServiceV20141113.RegisterTaskDefinition']);
    }
  });
});
