import { afterAll, describe, expect, it } from 'vitest';
import type { Trigger } from '../../src/project/trigger.js';
import { migrate } from '../../src/run.js';
import { writeTree } from '../project/tree.js';
import { cleanSamples, http, produceSample, schedule, sqs } from './sample.js';

afterAll(cleanSamples);

const handler = 'exports.handler = async () => 1;\n';

async function guideOf(...triggers: Trigger[]) {
  const { files } = await produceSample({
    files: { 'package.json': '{}', 'get.js': handler },
    functions: { Get: { file: 'get.js', triggers } },
  });
  return files['MIGRATION.md'] ?? '';
}

describe('MIGRATION.md', () => {
  it('does not say that nothing is left where values are to be filled in', async () => {
    const guide = await guideOf(http('GET', '/'));
    expect(guide).toContain('| `replace-with-region` |');
    expect(guide).not.toContain('Nothing that this tool knows of');
    expect(guide).toContain('\n## What is left to do\n\n');
  });

  it('tells what the role of a worker needs beyond that of the function, and speaks of queues only', async () => {
    const guide = await guideOf(sqs('orders'));
    const row = guide.split('\n').find((line) => line.includes('-worker-task`')) ?? '';
    for (const action of ['sqs:ReceiveMessage', 'sqs:DeleteMessage', 'sqs:GetQueueAttributes', 'sqs:ChangeMessageVisibility'])
      expect(row).toContain(action);
    expect(guide).toContain('Point queues back at the functions');
    expect(guide).not.toMatch(/load balancer|DNS|iam:PassRole/);
  });

  it('asks for no ECS service where there are only schedules', async () => {
    const guide = await guideOf(schedule('rate(1 minute)'));
    expect(guide).not.toMatch(/Create the ECS services|stop the ECS services|sqs:/);
    expect(guide).toContain('`ecs:RunTask`');
    expect(guide).toContain('Point schedules back at the functions');
  });

  it('starts services side by side on ports of their own', async () => {
    const guide = await guideOf(http('GET', '/'), sqs('orders'));
    expect(guide).toContain('\nnpm run start:web\ncurl http://localhost:8080/healthz\n');
    expect(guide).toContain('\nPORT=8081 npm run start:worker\ncurl http://localhost:8081/healthz\n');
  });
});

it('what several functions share is told once, with all of them', async () => {
  const uses =
    "import { last } from './last.js';\nexport const handler = async (event) => ({ statusCode: 200, body: await last(event) });\n";
  const folder = writeTree({
    'package.json': '{ "type": "module" }',
    'serverless.yml':
      'service: shop\nprovider: { name: aws, runtime: nodejs22.x }\nfunctions:\n' +
      ['put', 'get'].map((id) => `  ${id}: { handler: ${id}.handler, events: [{ httpApi: GET /${id} }] }\n`).join(''),
    'put.js': uses,
    'get.js': uses,
    'last.js':
      'class Session {\n  start(user) {\n    this.user = user;\n  }\n}\nconst session = new Session();\nexport async function last(event) {\n  session.start(event.headers.user);\n  await new Promise((ok) => setTimeout(ok, 5));\n  return session.user;\n}\n',
  });
  const { changes } = await migrate({ folder });
  const guide = changes.find(({ path }) => path === 'MIGRATION.md')?.after ?? '';
  const rows = guide.split('\n').filter((line) => line.includes('`last.js:'));
  expect(rows).toEqual([expect.stringMatching(/^- \[ \] \*\*`\w+`\*\* `last\.js:\d` \(`get`, `put`\): /)]);
});
