/** AWS's codemod as a step. `UPDATE_FIXTURES=1 npx vitest run test/transforms/sdk-v3` writes the outputs; read the diff before committing. */
import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { migrate } from '../../../src/run.js';
import { sdkV3 } from '../../../transforms/sdk-v3/index.js';
import { fixturesRoot } from '../fixtures.js';

const folder = join(fixturesRoot, 'sdk-v3');
const update = process.env['UPDATE_FIXTURES'] === '1';
const cases = readdirSync(folder).flatMap((file) => /^(.+)\.input\.(\w+)$/.exec(file)?.slice(1) ?? []);
const pairs = Array.from({ length: cases.length / 2 }, (_each, index) => cases.slice(index * 2, index * 2 + 2) as [string, string]);

describe.each(pairs)('%s.%s', (name, extension) => {
  const input = readFileSync(join(folder, `${name}.input.${extension}`), 'utf8');
  const output = join(folder, `${name}.output.${extension}`);
  const reasons = join(folder, `${name}.diagnostics.json`);

  it('becomes what is expected, and stays so', async () => {
    const { text = input, left } = await sdkV3(`src/${name}.${extension}`, input);
    if (update) {
      writeFileSync(output, text);
      if (left.length > 0) writeFileSync(reasons, `${JSON.stringify(left)}\n`);
      else rmSync(reasons, { force: true });
    }
    expect(text).toBe(readFileSync(output, 'utf8'));
    expect(left).toEqual(existsSync(reasons) ? JSON.parse(readFileSync(reasons, 'utf8')) : []);
    if (text !== input) expect(await sdkV3(`src/${name}.${extension}`, text)).toEqual({ text: undefined, left: [] });
  });
});

describe('a project', () => {
  const files: Record<string, string> = {
    'serverless.yml':
      "service: shop\nprovider: { name: aws, runtime: nodejs20.x }\nfunctions:\n  show: { handler: src/show.handler, events: [{ http: 'GET /items/{id}' }] }\n",
    'package.json': '{"name":"shop","dependencies":{"aws-sdk":"^2.1692.0"}}',
    'src/show.js': readFileSync(join(folder, 'document-client.input.js'), 'utf8'),
  };
  const run = async (sdkV3: boolean) => {
    const root = mkdtempSync(join(tmpdir(), 'sdk-v3-'));
    try {
      for (const [name, text] of Object.entries(files)) {
        mkdirSync(dirname(join(root, name)), { recursive: true });
        writeFileSync(join(root, name), text);
      }
      return await migrate({ folder: root, style: 'native', sdkV3, threads: 0 });
    } finally {
      rmSync(root, { recursive: true, force: true });
    }
  };

  it('lists the packages of version 3, and is rewritten besides', async () => {
    const { changes, projects } = await run(true);
    const after = Object.fromEntries(changes.map((change) => [change.path, change.after ?? '']));
    expect(after['src/show.js']).toContain('DynamoDBDocument.from(new DynamoDB())');
    expect(after['src/show.js']).toContain('request.params.id');
    expect(Object.keys((JSON.parse(after['package.json'] ?? '{}') as { dependencies: object }).dependencies)).toEqual(
      expect.arrayContaining(['@aws-sdk/client-dynamodb', '@aws-sdk/lib-dynamodb']),
    );
    expect(projects.flatMap(({ diagnostics }) => diagnostics.map(({ code }) => code))).toContain('SDK_CONVERTED');
  });

  it('stays with version 2 unless asked', async () => {
    const { changes, projects } = await run(false);
    expect(changes.find(({ path }) => path === 'src/show.js')?.after).toContain("require('aws-sdk')");
    expect(projects.flatMap(({ diagnostics }) => diagnostics.map(({ code }) => code))).not.toContain('SDK_CONVERTED');
  });
});
