import { afterAll, describe, expect, it } from 'vitest';
import type { Trigger } from '../../src/project/trigger.js';
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
