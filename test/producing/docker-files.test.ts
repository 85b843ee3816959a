import { DockerfileParser } from 'dockerfile-ast';
import { validate } from 'dockerfile-utils';
import { afterAll, describe, expect, it } from 'vitest';
import { parse as parseYaml } from 'yaml';
import type { LambdaFunction } from '../../src/project/model.js';
import { cleanSamples, http, produceSample, schedule, sqs } from './sample.js';

afterAll(cleanSamples);

const handler = 'exports.handler = async () => 1;\n';

async function produced(lambda: Partial<LambdaFunction> = {}, files: Record<string, string> = {}) {
  const get = { file: 'get.js', lambda, triggers: [http('GET', '/')] };
  const { files: made } = await produceSample({ files: { 'package.json': '{}', 'get.js': handler, ...files }, functions: { Get: get } });
  return made;
}

describe('Dockerfile', () => {
  it('has a base image by name, a last stage without root, and a command in exec form', async () => {
    const text = (await produced())['Dockerfile'] ?? '';
    expect(validate(text)).toEqual([]);
    const instructions = DockerfileParser.parse(text).getInstructions();
    const last = (keyword: string) => instructions.findLast((each) => each.getKeyword() === keyword)?.getArgumentsContent();
    expect(last('USER')).toBe('node');
    expect(last('CMD')).toBe('["node", "service/web.js"]');
    expect(last('VOLUME')).toBe('/tmp');
    expect(last('EXPOSE')).toBe('8080');
  });

  it.each([
    ['nodejs18.x', '22'],
    ['nodejs22.x', '22'],
    ['nodejs24.x', '24'],
    [null, '22'],
  ])('of %s has Node.js %s', async (runtime, major) => {
    expect((await produced({ runtime }))['Dockerfile']).toContain(`ARG NODE_IMAGE=node:${major}-slim\n`);
  });

  it('says which architecture to build it for', async () => {
    expect((await produced({ architecture: 'arm64' }))['Dockerfile']).toContain('docker build --platform linux/arm64 -t shop .');
    expect((await produced())['compose.yaml']).toContain('platform: linux/amd64\n');
  });

  it('keeps credentials of a registry out of the image', async () => {
    const files = await produced({}, { '.npmrc': '//npm.example/:_authToken=abc\n' });
    expect(files['Dockerfile']).toContain('RUN --mount=type=secret,id=npmrc,target=/app/.npmrc npm install');
    expect(files['Dockerfile']).not.toMatch(/^COPY .*npmrc/m);
    expect(files['.dockerignore']).toContain('**/.npmrc\n');
  });

  it('runs no script that is meant for a checkout', async () => {
    const files = await produced({}, { 'package.json': '{"scripts":{"prepare":"husky"}}' });
    expect(files['Dockerfile']).toContain('RUN npm pkg delete scripts.prepare && npm install');
  });

  it('copies all first where an install reads more than manifests', async () => {
    const files = await produced({}, { 'package.json': '{"dependencies":{"lib":"file:./lib"}}', 'lib/package.json': '{"name":"lib"}' });
    expect(files['Dockerfile']).toMatch(/COPY \. \/app\n(?:#.*\n)*RUN npm install/);
  });
});

describe('.dockerignore', () => {
  it('leaves out what never belongs into an image, but no code that runs', async () => {
    const { files } = await produceSample({
      files: { 'package.json': '{}', 'tests/handler.js': handler },
      functions: { Get: { file: 'tests/handler.js', triggers: [http('GET', '/')] } },
    });
    const patterns = (files['.dockerignore'] ?? '').split('\n');
    expect(patterns).toEqual(expect.arrayContaining(['**/node_modules', '**/.git', '**/.env', '**/.env.*', 'test', 'deploy/ecs']));
    expect(patterns).not.toContain('tests');
  });
});

describe('compose.yaml', () => {
  it('runs every service hardened, with what is not known from the shell', async () => {
    const environment = {
      TABLE: { kind: 'literal' as const, value: 'a$b' },
      TOPIC: { kind: 'reference' as const, text: '!Ref Topic', names: ['Topic'] },
      DB_PASSWORD: { kind: 'reference' as const, text: '{{resolve:ssm-secure:/db}}', names: [] },
    };
    const { files } = await produceSample({
      files: { 'package.json': '{}', 'get.js': handler },
      functions: {
        Get: { file: 'get.js', lambda: { environment }, triggers: [http('GET', '/')] },
        Work: { file: 'get.js', lambda: { environment }, triggers: [sqs('orders')] },
        Clean: { file: 'get.js', triggers: [schedule('rate(1 hour)')] },
      },
    });
    const { services } = parseYaml(files['compose.yaml'] ?? '') as { services: Record<string, { environment: Record<string, string> }> };
    expect(services['web']).toMatchObject({
      read_only: true,
      init: true,
      tmpfs: ['/tmp'],
      ports: ['8080:8080'],
      stop_grace_period: expect.stringMatching(/^\d+s$/),
    });
    expect(services['web']?.environment).toMatchObject({ TABLE: 'a$$b', TOPIC: null, AWS_ACCESS_KEY_ID: null });
    expect(services['web']?.environment['DB_PASSWORD']).toMatch(/^\$\{DB_PASSWORD:\?/);
    expect(services['worker']?.environment['ORDERS_QUEUE_URL']).toMatch(/^\$\{ORDERS_QUEUE_URL:\?/);
    expect(services['job']).toMatchObject({ profiles: ['jobs'], healthcheck: { disable: true } });
    expect(files['compose.yaml']).toContain('docker compose run --rm job node service/job.js Clean');
  });
});

describe('MIGRATION.md', () => {
  it('has every function, every file to fill in, and how each scheduled function becomes a task', async () => {
    const environment = { TOPIC: { kind: 'reference' as const, text: '!Ref Topic', names: ['Topic'] } };
    const { files } = await produceSample({
      files: { 'package.json': '{}', 'get.js': handler },
      functions: {
        Get: { file: 'get.js', lambda: { environment }, triggers: [http('GET', '/x')] },
        Clean: { file: 'get.js', triggers: [schedule('cron(0 3 * * ? *)')] },
        Stays: { file: 'get.js', triggers: [{ type: 's3', source: 'Bucket' }] },
      },
    });
    const guide = files['MIGRATION.md'] ?? '';
    for (const row of [
      /\| `Get` \| `GET \/x` \| migrated \| `web`/,
      /\| `Clean` \| `cron\(0 3 \* \* \? \*\)` \| migrated \| `job`/,
      /\| `Stays` \| `s3` \| stays on Lambda \| – \|/,
    ])
      expect(guide).toMatch(row);
    expect(guide).toContain(
      '| `REPLACE WITH THE VALUE OF !Ref Topic` | the deployed value of TOPIC | `deploy/ecs/task-definition.web.json` |',
    );
    expect(guide).toContain('{"containerOverrides":[{"name":"job","command":["node","service/job.js","Clean"]}]}');
    expect(guide).toContain('| `web` | `TOPIC` | as on Lambda: `!Ref Topic` |');
  });
});
