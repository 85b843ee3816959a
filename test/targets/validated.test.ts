import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { CelEngine, TemplateFile } from '@aws/cloudformation-validate';
import { afterAll, describe, expect, it } from 'vitest';
import { judgedTemplate } from '../../bench/infrastructure/template-of.js';
import { objectOf, type PlainObject } from '../../src/project/data.js';
import { defaultTarget, findTarget, targets } from '../../src/targets/index.js';
import { isFunctionTarget } from '../../src/targets/target.js';
import { fixtureNames, repositoryRoot } from '../support/fixtures.js';
import { editedDefinitions, editedFunctionDefinitions } from '../support/stacks.js';

/** Every definition that is edited or made, judged by AWS's validator of templates against what it was. */
const engine = new CelEngine();
const scratch = mkdtempSync(join(tmpdir(), 'validated-'));
afterAll(() => {
  engine.free();
  rmSync(scratch, { recursive: true });
});

/** The validator takes a default for what is deployed; nothing is, before an image is given, and what is optional is in a condition. */
const given: readonly [name: RegExp, value: string][] = [
  [/subnets$/i, 'subnet-0123456789abcdef0,subnet-0123456789abcdef1'],
  [/vpc$/i, 'vpc-0123456789abcdef0'],
  [/^container(secret|arn)/i, 'arn:aws:secretsmanager:us-east-1:123456789012:secret:name-abcdef'],
  [/^containervalue/i, 'value'],
  [/cluster$/i, 'cluster'],
  [/topic$/i, 'arn:aws:sns:us-east-1:123456789012:topic'],
  [/image$/i, '123456789012.dkr.ecr.us-east-1.amazonaws.com/image:1'],
];

function withValues(template: PlainObject): PlainObject {
  const parameters = Object.entries(objectOf(template['Parameters'])).map(([name, entry]) => {
    const value = given.find(([pattern]) => /^container/i.test(name) && pattern.test(name))?.[1];
    return [name, value === undefined ? entry : { ...objectOf(entry), Default: value }];
  });
  return parameters.length === 0 ? template : { ...template, Parameters: Object.fromEntries(parameters) };
}

/**
 * A launch template may name a parameter of Systems Manager for its image, and a variable of the user's may hold the text `${price}`.
 * https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/create-launch-template.html#use-an-ssm-parameter-instead-of-an-ami-id
 */
const falseAlarm = /^E1152 'resolve:ssm:|^E1029 .*'\$\{price\}'/;

function errorsIn(template: PlainObject): string[] {
  const file = join(scratch, 'template.json');
  writeFileSync(file, JSON.stringify(withValues(template)));
  return engine
    .validateStandard(new TemplateFile(file))
    .diagnostics.filter(({ severity }) => /^(error|fatal)$/i.test(String(severity)))
    .map(({ ruleId, message }) => `${ruleId} ${message}`)
    .filter((message) => !falseAlarm.test(message));
}

const stacks = targets.filter(({ available }) => available).map(({ id }) => findTarget(id));
const folders = [
  'targets/input',
  'projects/serverless-http-api/input',
  'projects/plain-commonjs/input',
  'projects/cloudformation-alb/input',
];
const fixtures = (await fixtureNames()).map((name) => `projects/${name}/input`);
const cases = stacks.flatMap((target) => {
  if (!isFunctionTarget(target) && !target.stack) return [];
  return (target.id === defaultTarget ? [...folders.slice(0, 1), ...fixtures] : folders).map((folder) => ({ target, folder }));
});

describe.each(cases)('$target.id: $folder', async ({ target, folder }) => {
  const path = join(repositoryRoot, 'fixtures', folder);
  const definitions = isFunctionTarget(target)
    ? // What Serverless makes of functions is not in its template.
      (await editedFunctionDefinitions(target.id, path)).filter(({ dialect }) => dialect !== 'serverless')
    : await editedDefinitions('', { target: target.id, folder: path });

  it('has no error that it did not have', () => {
    for (const definition of definitions) {
      const before = definition.before === '' ? [] : errorsIn(judgedTemplate(definition, definition.before));
      const found = errorsIn(judgedTemplate(definition, definition.after));
      expect(found.filter((each) => !before.includes(each)).map((x) => x.slice(0, 150))).toEqual([]);
    }
  });
});
