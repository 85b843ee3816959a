import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { differences } from '../../bench/infrastructure/parity.js';
import { migrate } from '../../src/run.js';
import { fixtureNames, projectFixtures, repositoryRoot } from '../support/fixtures.js';

const dialects = ['sam', 'cloudformation', 'serverless'];

describe.each(await fixtureNames())('%s', (name) => {
  it('gives its services the variables, permissions and triggers that the functions had', async () => {
    const { projects, changes } = await migrate({ folder: join(projectFixtures, name, 'input'), infra: 'template', threads: 0 });
    for (const { project, plan, diagnostics } of projects) {
      const change = changes.find(({ path }) => path === project.definition);
      if (!dialects.includes(project.dialect) || !change?.before || !change.after?.includes('ExecutionRole')) continue;
      const told = new Set(diagnostics.map(({ code }) => code));
      const definition = { dialect: project.dialect, before: change.before, after: change.after };
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
