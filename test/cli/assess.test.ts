import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { availabilityFacts, priceFacts } from '../../src/aws/facts.js';
import { cleanUp, projectFixtures, runCli, temporaryFolder } from '../support/fixtures.js';
import { expectDocument } from '../support/schemas.js';

afterAll(cleanUp);

interface Option {
  id: string;
  rating: string;
  availability: { value: string };
  fit: { value: string };
  effort: { level: string };
  cost: { total: { likely: number } | null; lines: { rows: string[] }[]; missing: string[] }[];
  crossing: { kind: string; requests?: number };
}
interface Document {
  functions: { id: string; options: { id: string; fit: string; ratings: Record<string, string> }[]; lambdaCost: Record<string, unknown> }[];
  regions: {
    region: string;
    currency: string;
    options: Option[];
    recommendation: { option: string; withoutRewriting: string | null; because: { key: string }[]; nextSteps: { key: string }[] };
  }[];
  trafficGiven: boolean;
  unread: { code: string }[];
}

const api = join(projectFixtures, 'serverless-http-api/input');

async function assess(...args: string[]): Promise<{ code: number; document: Document; stderr: string }> {
  const { code, stdout, stderr } = await runCli(['assess', ...args, '--json']);
  return { code, stderr, document: expectDocument<Document>(stdout, 'assess') };
}

const optionOf = (document: Document, id: string, region = 0) => document.regions[region]?.options.find((each) => each.id === id) as Option;

describe('assess an API', () => {
  it('in Ningxia: Fargate, or provisioned concurrency without rewriting', async () => {
    const { code, document } = await assess(api, '--region', 'cn-northwest-1');
    expect(code).toBe(0);
    const [region] = document.regions;
    expect(region).toMatchObject({
      region: 'cn-northwest-1',
      currency: 'CNY',
      recommendation: { option: 'ecs-fargate', withoutRewriting: 'lambda-provisioned-concurrency' },
    });
    expect(region?.options.map(({ id, availability }) => [id, availability.value])).toEqual([
      ['stay', 'yes'],
      ['ecs-fargate', 'yes'],
      ['ecs-ec2', 'yes'],
      ['ecs-express', 'unknown'],
      ['eks', 'yes'],
      ['app-runner', 'no'],
      ['ec2-asg', 'yes'],
      ['lambda-managed-instances', 'no'],
      ['lambda-web-function', 'unknown'],
      ['lambda-provisioned-concurrency', 'unknown'],
    ]);
    expect(region?.recommendation.nextSteps.map(({ key }) => key)).toEqual(
      expect.arrayContaining(['next.icp', 'next.prices', 'next.traffic']),
    );
    expect(optionOf(document, 'ecs-fargate').cost[0]).toMatchObject({ total: null, missing: expect.arrayContaining(['fargate-vcpu-x86']) });
  });

  it('judges each function and the whole, with every number from a row', async () => {
    const { document } = await assess(api, '--region', 'us-east-1,eu-west-1');
    expect(document.functions.map(({ options }) => options.length)).toEqual([10, 10, 10, 10]);
    expect(Object.keys(document.functions[0]?.options[0]?.ratings ?? {})).toEqual(['us-east-1', 'eu-west-1']);
    const rows = new Set(priceFacts().map(({ id }) => id));
    const used = document.regions.flatMap(({ options }) =>
      options.flatMap(({ cost }) => cost.flatMap(({ lines }) => lines.flatMap((line) => line.rows))),
    );
    expect(used.length).toBeGreaterThan(50);
    for (const row of used) expect(rows).toContain(row);
    expect(document.trafficGiven).toBe(false);
  });

  it('recommends to stay where Lambda is cheaper at the traffic given, and says from when on it is not', async () => {
    const { document } = await assess(api, '--region', 'us-east-1', '--traffic', 'requests=1M,duration=50ms');
    expect(document.regions[0]?.recommendation).toMatchObject({
      option: 'stay',
      because: expect.arrayContaining([expect.objectContaining({ key: 'because.staying-cheaper' })]),
    });
    const { crossing } = optionOf(document, 'ecs-fargate');
    expect(crossing).toMatchObject({ kind: 'at' });
    const busy = await assess(api, '--region', 'us-east-1', '--traffic', `requests=${(crossing.requests ?? 0) * 20},duration=50ms`);
    expect(busy.document.regions[0]?.recommendation.option).toBe('ecs-fargate');
    expect(optionOf(busy.document, 'ecs-fargate').cost[0]?.total?.likely).toBeLessThan(
      optionOf(busy.document, 'stay').cost[0]?.total?.likely ?? 0,
    );
  });

  it('takes prices from a file', async () => {
    const file = join(await temporaryFolder(), 'prices.json');
    const items = [...new Set(priceFacts().map(({ item }) => item))];
    writeFileSync(file, JSON.stringify({ prices: items.map((item) => ({ item, where: 'cn-northwest-1', amount: 0.01 })) }));
    const { document } = await assess(api, '--region', 'cn-northwest-1', '--prices', file);
    expect(document.regions[0]?.options.filter(({ cost }) => cost.length > 0 && cost[0]?.total === null)).toEqual([]);
    expect(document.regions[0]?.recommendation.nextSteps.map(({ key }) => key)).not.toContain('next.prices');
  });
});

describe('assess functions of other kinds', () => {
  it('knows that a bucket calls Lambda alone, and that function URLs are not in China', async () => {
    const { document } = await assess(join(projectFixtures, 'sam-function-url/input'), '--region', 'cn-north-1', '--region', 'us-east-1');
    const upload = document.functions.find(({ id }) => id === 'OnUpload');
    expect(upload?.options.map(({ id, fit }) => [id, fit])).toEqual(
      expect.arrayContaining([
        ['ecs-fargate', 'no'],
        ['lambda-managed-instances', 'fits'],
        ['stay', 'fits'],
      ]),
    );
    expect(optionOf(document, 'stay').availability.value).toBe('no');
    expect(optionOf(document, 'stay', 1).availability.value).toBe('yes');
  });

  it('leaves queues and schedules out of targets for HTTP', async () => {
    const { document } = await assess(join(projectFixtures, 'sam-sqs/input'), '--region', 'us-east-1');
    expect(optionOf(document, 'ecs-express')).toMatchObject({ fit: { value: 'no' }, rating: 'LOW', cost: [] });
    expect(optionOf(document, 'ecs-fargate').fit.value).toBe('fits');
  });

  it('weighs state that requests share', async () => {
    const folder = await temporaryFolder();
    writeFileSync(join(folder, 'package.json'), '{"name":"leak","main":"index.js"}');
    writeFileSync(
      join(folder, 'index.js'),
      "let user;\nexports.handler = async (event) => {\n  user = event.headers['x-user'];\n  await fetch('https://example.org');\n  return { statusCode: 200, body: user + event.rawPath };\n};\n",
    );
    const { document } = await assess(folder, '--region', 'us-east-1');
    // The migration repairs it in its copy of the code; Managed Instances run the code as it is.
    expect(optionOf(document, 'ecs-fargate')).toMatchObject({ effort: { level: 'low' }, rating: 'HIGH' });
    expect(optionOf(document, 'lambda-managed-instances')).toMatchObject({ effort: { level: 'high' }, rating: 'LOW' });
    expect(document.regions[0]?.recommendation.option).toBe('ecs-fargate');
  });

  it('says what could not be read', async () => {
    const folder = await temporaryFolder();
    writeFileSync(join(folder, 'package.json'), '{"name":"fine","main":"index.js"}');
    writeFileSync(join(folder, 'index.js'), 'exports.handler = async (event) => ({ statusCode: 200, body: event.rawPath });\n');
    writeFileSync(join(folder, 'template.yaml'), 'Transform: AWS::Serverless-2016-10-31\nResources: [');
    const { code, document } = await assess(folder, '--region', 'us-east-1');
    expect(code).toBe(1);
    expect(document.unread.map(({ code: found }) => found)).toContain('DEFINITION_UNREADABLE');
  });
});

describe('the reports', () => {
  let markdown: string;
  let html: Record<string, string>;
  beforeAll(async () => {
    const args = ['assess', api, '--region', 'us-east-1', '--region', 'cn-north-1', '--format'];
    markdown = (await runCli([...args, 'markdown'])).stdout;
    html = { en: (await runCli([...args, 'html'])).stdout, zh: (await runCli([...args, 'html', '--lang', 'zh'])).stdout };
  });

  it('as Markdown have sections, tables and sources', () => {
    expect(markdown).toContain('# Assessment');
    expect(markdown).toContain('## Region cn-north-1');
    expect(markdown).toContain('| lambda-function-url | no |');
    expect(markdown).toContain('fargate-vcpu-x86@us-east-1');
    const tables = markdown.split('\n').filter((line) => line.startsWith('|'));
    expect(tables.length).toBeGreaterThan(60);
  });

  it('name every service that is there or not, in words of their language', async () => {
    const { stdout } = await runCli(['assess', api, '--region', 'cn-north-1', '--lang', 'zh']);
    for (const subject of new Set(availabilityFacts().map((each) => each.subject))) expect(stdout).toContain(subject);
    const rest = stdout.replace(/`[^`]*`/g, '');
    expect(rest).not.toMatch(/(?<![-\w])[a-z]{2,}(?: [a-z]{2,}){2,}/);
  });

  it('as HTML need nothing from elsewhere and run nothing', () => {
    for (const page of Object.values(html)) {
      expect(page).not.toMatch(/<script|<link|<img|\bsrc=|@import|url\(/i);
      expect(page).toContain("default-src 'none'");
      expect(page.match(/<polyline data-option=/g)?.length).toBeGreaterThanOrEqual(8);
      expect(page.match(/data-readiness=/g)?.length).toBe(1);
    }
    expect(html['zh']).toContain('<html lang="zh-CN">');
  });

  it('do not take names of the user for HTML or tables', async () => {
    const folder = await temporaryFolder();
    const template = {
      Transform: 'AWS::Serverless-2016-10-31',
      Resources: {
        Bad: {
          Type: 'AWS::Serverless::Function',
          Properties: { Handler: 'index.handler', Runtime: '<img src=x onerror=alert(1)>|*x*', CodeUri: '.' },
        },
      },
    };
    writeFileSync(join(folder, 'template.json'), JSON.stringify(template));
    writeFileSync(join(folder, 'index.js'), 'exports.handler = async () => ({ statusCode: 200 });\n');
    for (const format of ['html', 'markdown']) {
      const { stdout } = await runCli(['assess', folder, '--region', 'us-east-1', '--format', format]);
      expect(stdout).not.toContain('<img');
    }
  });

  const chromium = ['/usr/bin/chromium', '/usr/bin/chromium-browser', '/usr/bin/google-chrome'].find((path) => existsSync(path));

  it.skipIf(chromium === undefined)('are drawn by a browser without overflow and without empty charts', async () => {
    const folder = await temporaryFolder();
    for (const [language, page] of Object.entries(html)) {
      const probe = `<script>addEventListener('load', () => {
        const wide = [...document.querySelectorAll('body > *')].filter((each) => each.getBoundingClientRect().right > innerWidth + 1).length;
        const lines = [...document.querySelectorAll('polyline')].map((each) => each.getBBox()).filter(({ width, height }) => width > 100 && height >= 0).length;
        const outside = [...document.querySelectorAll('svg text')].filter((each) => {
          const [text, picture] = [each.getBoundingClientRect(), each.closest('svg').getBoundingClientRect()];
          return text.right > picture.right + 1 || text.left < picture.left - 1;
        }).map((each) => each.textContent);
        document.title = JSON.stringify({ wide, lines, outside, scroll: document.documentElement.scrollWidth <= innerWidth });
      });</script>`;
      const file = join(folder, `${language}.html`);
      writeFileSync(file, page.replace(/<meta http-equiv="Content-Security-Policy"[^>]*>/, probe));
      const dom = execFileSync(
        chromium as string,
        [
          '--headless',
          '--no-sandbox',
          '--disable-gpu',
          '--window-size=1200,900',
          `--user-data-dir=${join(folder, 'profile')}`,
          '--dump-dom',
          `file://${file}`,
        ],
        { encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'], maxBuffer: 64 * 1024 * 1024 },
      );
      const found = JSON.parse(/<title>([^<]*)<\/title>/.exec(dom)?.[1]?.replaceAll('&quot;', '"') ?? '{}') as Record<string, unknown>;
      expect(found).toEqual({ wide: 0, lines: expect.any(Number), outside: [], scroll: true });
      expect(found['lines']).toBeGreaterThanOrEqual(8);
    }
  });
});

describe('assess refuses', () => {
  it.each([
    [[api], '--region'],
    [[api, '--region', 'mars-1'], 'mars-1'],
    [[api, '--region', 'us-east-1', '--traffic', 'speed=1'], 'speed=1'],
    [[api, '--region', 'us-east-1', '--traffic', 'getOrders:requests=1'], 'Did you mean getOrder'],
    [[api, '--region', 'us-east-1', '--prices', '/nowhere.json'], 'price file'],
    [[api, '--region', 'us-east-1', '--format', 'html'], '--json'],
    [['/nowhere', '--region', 'us-east-1'], '/nowhere'],
  ])('%j', async (args, told) => {
    const { code, stderr, document } = await assess(...args);
    expect(code).toBe(2);
    expect(stderr).toContain(told);
    expect(document).toMatchObject({ functions: [], error: { message: expect.any(String) } });
  });
});

it('writes nothing', async () => {
  const before = readFileSync(join(api, 'package.json'), 'utf8');
  await runCli(['assess', api, '--region', 'us-east-1']);
  expect(readFileSync(join(api, 'package.json'), 'utf8')).toBe(before);
  expect(existsSync(join(api, 'MIGRATION.md'))).toBe(false);
});
