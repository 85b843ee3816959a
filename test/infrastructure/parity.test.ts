import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { differences } from '../../bench/infrastructure/parity.js';
import { entriesOf, routeDifferences } from '../../bench/infrastructure/routes.js';
import { type MigrateOptions, migrate } from '../../src/run.js';
import { fixtureNames, projectFixtures, repositoryRoot } from '../support/fixtures.js';

/** With one service as far as that goes, with one for each function, and with the API in front where its definition can say so. */
const ways: Pick<MigrateOptions, 'front' | 'split'>[] = [{}, { front: 'alb', split: 'function' }, { front: 'api-gateway' }];

const dialects = ['sam', 'cloudformation', 'serverless'];

describe.each(await fixtureNames())('%s', (name) => {
  it.each(ways)('gives its services the variables, permissions, triggers and routes that the functions had: %j', async (way) => {
    const { projects, changes } = await migrate({ ...way, folder: join(projectFixtures, name, 'input'), infra: 'template', threads: 0 });
    for (const { project, plan, diagnostics } of projects) {
      const change = changes.find(({ path }) => path === project.definition);
      if (!dialects.includes(project.dialect) || !change?.before || !change.after?.includes('ExecutionRole')) continue;
      const told = new Set(diagnostics.map(({ code }) => code));
      const definition = { dialect: project.dialect, before: change.before, after: change.after, entries: entriesOf(changes, plan) };
      expect(differences(definition, plan, told), project.definition).toEqual([]);
    }
  });
});

describe('a service that is given something else', () => {
  const edited = async () => {
    const { projects, changes } = await migrate({ folder: join(repositoryRoot, 'fixtures/targets/input'), infra: 'template', threads: 0 });
    const { before, after } = changes.find(({ path }) => path === 'template.yaml') ?? { before: '', after: '' };
    const [only] = projects;
    if (!only) throw new Error('no project');
    return { plan: only.plan, before: before ?? '', after: after ?? '' };
  };

  const changed: [string, RegExp, string, RegExp][] = [
    ['variable', /(- Name: GREETING\n +Value: )pay/, '$1other', /GREETING is "other", and was "pay"/],
    ['permission', /- dynamodb:GetItem/, '- dynamodb:GetOther', /its role lacks .*dynamodb:GetItem/],
    ['more than it may', /- dynamodb:Query/, '- dynamodb:*', /its role may do more: .*dynamodb:\*/],
    [
      'queue',
      /(Action:\n +- sqs:ReceiveMessage[\s\S]*?Resource:\n +- )!GetAtt Orders.Arn/,
      '$1!GetAtt Products.Arn',
      /cannot poll <Orders.Arn>/,
    ],
    [
      'schedule',
      /(ScheduleExpression: )rate\(1 day\)(\n +ScheduleExpressionTimezone)/,
      '$1rate(2 days)$2',
      /no schedule rate\(1 day\) Asia\/Shanghai/,
    ],
    ['secret', /(ValueFrom: .*):secret:shop\/payment/, '$1:secret:other', /the secret PAYMENT_KEY/],
  ];

  it('has no difference before', async () => {
    const { plan, before, after } = await edited();
    expect(differences({ dialect: 'sam', before, after }, plan, new Set())).toEqual([]);
  });

  it.each(changed)('is found: %s', async (_, pattern, replacement, message) => {
    const { plan, before, after } = await edited();
    const added = after.slice(after.indexOf('# migrate-lambda: added'));
    expect(added).toMatch(pattern);
    const other = after.replace(added, () => added.replace(pattern, replacement));
    expect(differences({ dialect: 'sam', before, after: other }, plan, new Set()).join('\n')).toMatch(message);
  });
});

describe('a route that is another one', () => {
  const made = async (name: string, way: Pick<MigrateOptions, 'front' | 'split'>) => {
    const { projects, changes } = await migrate({ ...way, folder: join(projectFixtures, name, 'input'), infra: 'template', threads: 0 });
    const { project, plan } = projects[0] ?? {};
    const change = changes.find(({ path }) => path === project?.definition);
    if (!project || !plan || !change?.before || !change.after) throw new Error('it is not edited');
    const definition = { dialect: project.dialect, before: change.before, after: change.after, entries: entriesOf(changes, plan) };
    return { plan, definition };
  };
  const entriesChanged = (entries: ReadonlyMap<string, string>, pattern: RegExp, put: string) =>
    new Map([...entries].map(([name, text]) => [name, text.replace(pattern, put)]));

  it.each<[string, RegExp, string, RegExp]>([
    ['open', / +authorize: \w+,\n/, '', /GET \/mine is open, and was protected/],
    [
      'elsewhere',
      /path: '\/mine'/,
      "path: '/yours'",
      /GET \/mine of mine is no route.*\n.*GET \/yours of mine is a route of the service, and was none/,
    ],
    ['without CORS', /stage: '\$default',\n +cors,/, "stage: '$default',", /GET \/mine lacks CORS/],
    ['of another function', /function: functions.files/, 'function: functions.mine', /ANY \/files\/\{proxy\+\} of files is no route/],
  ])('is found in the entry: %s', async (_, pattern, put, message) => {
    const { plan, definition } = await made('serverless-api-front', {});
    const entries = entriesChanged(definition.entries, pattern, put);
    expect(routeDifferences(definition, plan, new Set())).toEqual([]);
    expect(routeDifferences({ ...definition, entries }, plan, new Set()).join('\n')).toMatch(message);
  });

  it.each<[string, RegExp, string, RegExp]>([
    ['path', /- \/parcels\/\{id\}/, '- /parcels/x', /GET \/parcels\/\{id\} is not called by its API/],
    ['method', /IntegrationHttpMethod: ANY/, 'IntegrationHttpMethod: GET', /ANY \/files\/\{proxy\+\} is not called by its API/],
    ['listener', /- !Ref ContainerWebListener/, '- !Ref Other', /GET \/mine is not called by its API/],
  ])('is found in the API: %s', async (_, pattern, put, message) => {
    const { plan, definition } = await made('serverless-api-front', {});
    expect(definition.after).toMatch(pattern);
    const after = definition.after.replace(pattern, put);
    expect(routeDifferences({ ...definition, after }, plan, new Set()).join('\n')).toMatch(message);
  });

  it('is found in the rules of a load balancer', async () => {
    const { plan, definition } = await made('sam-rest', { front: 'alb', split: 'function' });
    expect(definition.after).toContain('ListenerRule');
    const after = definition.after.replace(/- \/[\w*/]+(?=\n +- Field: http-request-method)/, '- /nowhere');
    expect(after).not.toBe(definition.after);
    expect(routeDifferences(definition, plan, new Set())).toEqual([]);
    expect(routeDifferences({ ...definition, after }, plan, new Set()).join()).toMatch(/ reaches /);
  });
});
