import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DockerfileParser } from 'dockerfile-ast';
import fc from 'fast-check';
import { marked } from 'marked';
import { parseSync } from 'oxc-parser';
import { describe, expect, it } from 'vitest';
import { parseAllDocuments, stringify } from 'yaml';
import { stripped } from '../../src/infrastructure/text/splice.js';
import { listOf, objectOf, type PlainObject } from '../../src/project/data.js';
import { readYaml } from '../../src/project/yaml.js';
import { migrate } from '../../src/run.js';
import { defaultTarget, findTarget, targets } from '../../src/targets/index.js';
import { isFunctionTarget } from '../../src/targets/target.js';
import { write } from '../producing/sample.js';
import { hostileName, hostileText } from '../support/hostile.js';

interface Values {
  /** Name of a file. */
  file: string;
  variable: string;
  text: string;
  route: string;
  queue: string;
  name: string;
  description: string;
  tag: string;
  input: string;
  expression: string;
  zone: string;
  packageName: string;
}

const plain: Values = {
  file: 'get',
  variable: 'x',
  text: 'one',
  route: 'x',
  queue: 'orders',
  name: 'name',
  description: 'words',
  tag: 'tag',
  input: 'in',
  expression: '1 day',
  zone: 'Asia/Shanghai',
  packageName: 'shop',
};

const values: fc.Arbitrary<Values> = fc.record({
  // What comes after a dot is the name of the export.
  file: hostileName.filter((name) => !name.includes('.')),
  // No environment can hold such a name.
  variable: hostileText.map((text) => text.replaceAll('=', '-')),
  text: hostileText,
  route: hostileText,
  queue: hostileText,
  name: hostileText,
  description: hostileText,
  tag: hostileText,
  input: hostileText,
  expression: hostileText,
  // A text that is written as a reference is one: no zone begins so.
  zone: hostileText.map((text) => `Z${text}`),
  packageName: hostileText,
});

const handler = 'exports.handler = async () => ({ statusCode: 200 });\n';

/** Every value stands in the definition as its language has it. */
function samTemplate(given: Values): unknown {
  const fn = (more: PlainObject, events: PlainObject) => ({
    Type: 'AWS::Serverless::Function',
    Properties: {
      Runtime: 'nodejs22.x',
      CodeUri: 'src',
      Handler: `${given.file}.handler`,
      Description: given.description,
      FunctionName: given.name,
      Tags: { [given.tag]: given.tag },
      ...more,
      Events: events,
    },
  });
  const environment = (text: string) => ({ Environment: { Variables: { LITERAL: text, [`V${given.variable}`]: given.variable } } });
  return {
    AWSTemplateFormatVersion: '2010-09-09',
    Transform: 'AWS::Serverless-2016-10-31',
    Description: given.description,
    Resources: {
      Api: { Type: 'AWS::Serverless::HttpApi' },
      Get: fn(environment(given.text), {
        E: { Type: 'HttpApi', Properties: { ApiId: { Ref: 'Api' }, Method: 'GET', Path: `/${given.route}` } },
        F: { Type: 'HttpApi', Properties: { ApiId: { Ref: 'Api' }, Method: 'PUT', Path: '/fixed' } },
      }),
      Other: fn(environment(`${given.text}2`), {
        E: { Type: 'HttpApi', Properties: { ApiId: { Ref: 'Api' }, Method: 'POST', Path: `/other/${given.route}` } },
      }),
      Take: fn(environment(given.text), {
        E: { Type: 'SQS', Properties: { Queue: `arn:aws:sqs:us-east-1:123456789012:${given.queue}` } },
      }),
      Run: fn(environment(given.text), {
        E: {
          Type: 'ScheduleV2',
          Properties: {
            ScheduleExpression: `rate(${given.expression})`,
            ScheduleExpressionTimezone: given.zone,
            Input: JSON.stringify({ [given.input]: given.input }),
          },
        },
      }),
    },
  };
}

/** The same as a Serverless service. */
function serverlessService(given: Values): unknown {
  const fn = (text: string, event: PlainObject) => ({
    handler: `src/${given.file}.handler`,
    description: given.description,
    name: given.name,
    tags: { [given.tag]: given.tag },
    environment: { LITERAL: text, [`V${given.variable}`]: given.variable },
    events: [event],
  });
  return {
    service: 'shop',
    provider: { name: 'aws', runtime: 'nodejs22.x' },
    functions: {
      get: fn(given.text, { httpApi: { method: 'GET', path: `/${given.route}` } }),
      other: fn(`${given.text}2`, { httpApi: { method: 'POST', path: `/other/${given.route}` } }),
      take: fn(given.text, { sqs: `arn:aws:sqs:us-east-1:123456789012:${given.queue}` }),
      run: fn(given.text, { schedule: { rate: [`rate(${given.expression})`], input: { [given.input]: given.input } } }),
    },
  };
}

/** Functions of CloudFormation, and what calls them. */
function plainTemplate(given: Values): unknown {
  const {
    Transform: _,
    Resources: resources,
    ...rest
  } = samTemplate(given) as { Transform: string; Resources: Record<string, PlainObject> };
  const functions = Object.entries(resources).flatMap(([id, { Properties: properties }]) => {
    const { CodeUri: code, Events: __, ...own } = objectOf(properties);
    return code === undefined ? [] : [[id, { Type: 'AWS::Lambda::Function', Properties: { ...own, Code: code, Role: given.text } }]];
  });
  const arn = { 'Fn::GetAtt': ['Take', 'Arn'] };
  const uri = `arn:aws:apigateway:\${AWS::Region}:lambda:path/2015-03-31/functions/\${Get.Arn}/invocations`;
  return {
    ...rest,
    Resources: {
      ...Object.fromEntries(functions),
      Queue: {
        Type: 'AWS::Lambda::EventSourceMapping',
        Properties: { FunctionName: arn, EventSourceArn: `arn:aws:sqs:us-east-1:123456789012:${given.queue}` },
      },
      Rule: {
        Type: 'AWS::Events::Rule',
        Properties: {
          Description: given.description,
          Targets: [{ Id: given.name, Arn: { 'Fn::GetAtt': ['Run', 'Arn'] }, Input: given.input }],
        },
      },
      Method: { Type: 'AWS::ApiGateway::Method', Properties: { OperationName: given.name, Integration: { Uri: { 'Fn::Sub': uri } } } },
    },
  };
}

type Form = 'block' | 'json' | 'flow' | 'serverless' | 'plain' | 'plain-json';

/** The template as text; in flow style no resources fit in. */
function written(template: unknown, form: Form): string {
  if (form === 'block' || form === 'plain') return stringify(template, { version: '1.1', lineWidth: 0, aliasDuplicateObjects: false });
  const text = `${JSON.stringify(template, null, 2)}\n`;
  return form.endsWith('json') ? text : `# in flow style\n${text}`;
}

const definitionOf = (given: Values, form: Form): Record<string, string> => {
  if (form === 'serverless') return { 'serverless.yml': written(serverlessService(given), 'block') };
  return { 'template.yaml': written(form.startsWith('plain') ? plainTemplate(given) : samTemplate(given), form) };
};

async function migrated(given: Values, target: string, infra: 'none' | 'template', form: Form): Promise<Record<string, string>> {
  const folder = mkdtempSync(join(tmpdir(), 'hostile-'));
  try {
    write(folder, {
      ...definitionOf(given, form),
      'package.json': JSON.stringify({ name: given.packageName, version: '1.0.0', description: given.description }),
      [`src/${given.file}.js`]: handler,
    });
    const { changes } = await migrate({ folder, target, infra, threads: 0, style: 'adapter' });
    return Object.fromEntries(changes.map(({ path, after }) => [path, after ?? '']));
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** What CloudFormation makes of functions, as far as they are known here. */
function resolved(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(resolved);
  if (typeof value !== 'object' || value === null) return value;
  const [[name, argument] = ['', undefined], ...others] = Object.entries(value);
  if (others.length === 0 && name === 'Fn::Join') return (resolved(listOf(argument)[1]) as unknown[]).join(String(listOf(argument)[0]));
  if (others.length === 0 && name === 'Fn::Base64') return Buffer.from(String(resolved(argument))).toString('base64');
  if (others.length === 0 && name === 'Ref') return `ref-${argument}`;
  if (others.length === 0 && name.startsWith('Fn::')) return `${name.slice(4)}-value`;
  return Object.fromEntries(Object.entries(value).map(([key, entry]) => [key, resolved(entry)]));
}

const telling = [
  'shopt -s expand_aliases',
  'dnf() { :; }; mkdir() { :; }; systemctl() { :; }; shutdown() { :; }; sleep() { :; }; curl() { :; }; aws() { echo told; }; jq() { echo told; }',
  `docker() { if [ "$1" = run ]; then printf '%s\\0' "$@" >&3; fi; }`,
].join('\n');

/** Words that a script of an instance runs its container with. */
function wordsOf(script: string): string[] {
  const body = script.replace(' > /etc/docker/daemon.json', ' > /dev/null').replaceAll('/opt/aws/bin/cfn-signal', ':');
  return execFileSync('bash', ['-c', `exec 3>&1 1>&2\n${telling}\n${body}`], { encoding: 'utf8', stdio: ['ignore', 'pipe', 'pipe'] }).split(
    '\0',
  );
}

/** Headings, rules and markup of a document: there may be more or fewer findings, but nothing else. */
function shapeOfGuide(text: string): string[] {
  return marked.lexer(text).flatMap((token) => {
    if (token.type === 'heading') return [token.depth === 1 ? 'title' : `${token.depth} ${token.text}`];
    if (token.type === 'table') for (const row of token.rows as unknown[][]) expect(row).toHaveLength((token.header as unknown[]).length);
    return ['html', 'hr', 'code', 'blockquote', 'def'].includes(token.type) ? [token.type] : [];
  });
}

const environmentIn = (entries: unknown, [name, value]: readonly [string, string]): Record<string, unknown> =>
  Object.fromEntries(
    listOf(entries)
      .map(objectOf)
      .map((each) => [each[name], each[value]]),
  );

/** What each artefact is, told by its name; `given` must stand in it and nowhere else. */
function check(path: string, text: string, given: Values, usual: Record<string, string>): void {
  const expected = { LITERAL: given.text, [`V${given.variable}`]: given.variable };
  if (/\.[cm]?js$/.test(path)) expect(parseSync(path, text).errors, path).toEqual([]);
  if (path.endsWith('.json')) JSON.parse(text);
  if (path.endsWith('Dockerfile')) {
    const shape = (of: string) =>
      DockerfileParser.parse(of)
        .getInstructions()
        .map((each) => each.getKeyword());
    expect(shape(text)).toEqual(shape(usual[path] ?? ''));
  }
  if (path.endsWith('.dockerignore')) expect(text).toBe(usual[path]);
  if (path.endsWith('MIGRATION.md')) expect(shapeOfGuide(text)).toEqual(shapeOfGuide(usual[path] ?? ''));
  if (/task-definition\..*\.json$/.test(path)) {
    const [container] = (JSON.parse(text) as { containerDefinitions: PlainObject[] }).containerDefinitions;
    if (path.includes('web.json')) expect(environmentIn(container?.['environment'], ['name', 'value'])).toMatchObject(expected);
  }
  if (/user-data\..*\.sh$/.test(path)) {
    const words = wordsOf(text);
    if (path.endsWith('user-data.web.sh')) expect(words.at(-2)).toBe('service/web.js');
    if (path.endsWith('user-data.web.sh'))
      for (const [name, value] of Object.entries(expected)) expect(words).toContain(`${name}=${value}`);
  }
  if (path === 'compose.yaml') {
    const { services } = documents(text)[0] as { services: Record<string, PlainObject> };
    expect(Object.keys(services)).toEqual(Object.keys((documents(usual[path] ?? '')[0] as { services: object }).services));
    expect(services['web']?.['environment']).toMatchObject(
      Object.fromEntries(Object.entries(expected).map(([name, value]) => [name, value.replaceAll('$', '$$$$')])),
    );
  }
  if (path.startsWith('deploy/eks/')) {
    const kinds = (of: string) => documents(of).map(({ kind, apiVersion }) => [kind, apiVersion]);
    expect(kinds(text), path).toEqual(kinds(usual[path] ?? ''));
  }
  if (path === 'template.yaml' || path === 'deploy/stack.yaml') checkStack(text, [], expected, given);
  if (path === 'serverless.yml') checkStack(text, ['resources'], expected, given);
}

function documents(text: string): PlainObject[] {
  return parseAllDocuments(text).map((document) => {
    expect(document.errors).toEqual([]);
    return document.toJS() as PlainObject;
  });
}

function checkStack(text: string, base: readonly string[], expected: Record<string, string>, given: Values): void {
  const document = readYaml('', text, { yesIsTrue: true }).value;
  const resources = objectOf(base.reduce((of, key) => objectOf(of)[key] as PlainObject, objectOf(document))['Resources']);
  const own = Object.entries(resources).filter(([id]) => id.startsWith('Container'));
  expect(own.every(([id]) => /^[A-Za-z0-9]+$/.test(id))).toBe(true);
  const properties = (type: string) =>
    own.flatMap(([, entry]) => (objectOf(entry)['Type'] === type ? [objectOf(objectOf(entry)['Properties'])] : []));
  const tasks = properties('AWS::ECS::TaskDefinition').map((task) => objectOf(listOf(task['ContainerDefinitions'])[0]));
  const environments = tasks.map((task) => environmentIn(task['Environment'], ['Name', 'Value']));
  for (const { SourceConfiguration: source } of properties('AWS::AppRunner::Service')) {
    const { ImageConfiguration: image } = objectOf(objectOf(source)['ImageRepository']);
    environments.push(environmentIn(objectOf(image)['RuntimeEnvironmentVariables'], ['Name', 'Value']));
  }
  for (const { LaunchTemplateData: data } of properties('AWS::EC2::LaunchTemplate')) {
    const encoded = resolved(objectOf(data)['UserData']);
    const script = Buffer.from(String(encoded), 'base64').toString();
    if (!script.includes('docker run')) continue;
    const words = wordsOf(script);
    environments.push(
      Object.fromEntries(
        words.flatMap((word, at) =>
          words[at - 1] === '--env' ? [[word.slice(0, word.indexOf('=')), word.slice(word.indexOf('=') + 1)]] : [],
        ),
      ),
    );
  }
  const [first] = environments;
  expect(first).toBeDefined();
  expect(environments.filter((each) => each['LITERAL'] === given.text).length).toBeGreaterThan(0);
  for (const environment of environments) {
    expect([given.text, `${given.text}2`]).toContain(environment['LITERAL']);
    expect(environment).toMatchObject({ ...expected, LITERAL: environment['LITERAL'] });
  }
  for (const { Target: target, ScheduleExpression: expression, ScheduleExpressionTimezone: zone } of properties(
    'AWS::Scheduler::Schedule',
  )) {
    JSON.parse(String(resolved(objectOf(target)['Input'])));
    expect(expression).toBe(`rate(${given.expression})`);
    if (base.length === 0) expect(zone ?? '').toBe(given.zone);
  }
  const paths = properties('AWS::ElasticLoadBalancingV2::ListenerRule').flatMap(({ Conditions: conditions }) =>
    listOf(conditions).flatMap((each) => listOf(objectOf(objectOf(each)['PathPatternConfig'])['Values'])),
  );
  for (const path of paths) expect(typeof path).toBe('string');
}

/** Where a text at the end of a definition reaches as far as the file does, the resources are a stack of their own. */
function namesOf(files: Record<string, string>): string[] {
  const names = Object.keys(files).map((path) => (/^(template\.yaml|serverless\.yml|deploy\/stack\.yaml)$/.test(path) ? 'stack' : path));
  return [...new Set(names)].sort();
}

/** In Serverless such texts are variables, which are read again where they stand. Its schedules have no time zone. */
const forServerless = (drawn: Values): Values => ({
  ...(JSON.parse(JSON.stringify(drawn).replace(/[$#]+\{/g, '{')) as Values),
  zone: '',
});

const available = targets
  .filter(({ available }) => available)
  .flatMap(({ id }) => {
    const target = findTarget(id);
    return isFunctionTarget(target) ? [] : [target];
  });
const formsOf = (id: string): Form[] => (id === defaultTarget ? ['block', 'json', 'flow', 'serverless'] : ['block', 'serverless']);
const cases = available.flatMap((target) => [
  { target: target.id, infra: 'none' as const, form: 'block' as const },
  ...(target.stack ? formsOf(target.id).map((form) => ({ target: target.id, infra: 'template' as const, form })) : []),
]);

describe.each(cases)('$target with --infra $infra, $form', async ({ target, infra, form }) => {
  const usual = await migrated(plain, target, infra, form);

  it('lets no value leave its place in any file', async () => {
    await fc.assert(
      fc.asyncProperty(values, async (drawn) => {
        const given = form === 'serverless' ? forServerless(drawn) : drawn;
        const files = await migrated(given, target, infra, form);
        expect(namesOf(files)).toEqual(namesOf(usual));
        for (const [path, text] of Object.entries(files)) check(path, text, given, usual);
      }),
      { numRuns: 6 },
    );
  }, 120_000);
});

/** What is added, without the values of the user in it. */
function added(text: string, before: string): Record<string, PlainObject> {
  const resourcesIn = (of: string) => {
    const { Resources: own, resources } = objectOf(readYaml('', of, { yesIsTrue: true }).value);
    return objectOf(own ?? objectOf(resources)['Resources']);
  };
  const known = resourcesIn(before);
  return Object.fromEntries(Object.entries(resourcesIn(text)).filter(([id]) => !Object.hasOwn(known, id))) as Record<string, PlainObject>;
}

/** A definition in which functions are edited: the user's bytes are all there, and what is added is what is added to plain values. */
function checkEdited(before: string, after: string, usual: { before: string; after: string }): void {
  expect(stripped(after)).toBe(before);
  const [own, plainOnes] = [added(after, before), added(usual.after, usual.before)];
  const shape = (of: Record<string, PlainObject>) => Object.entries(of).map(([id, { Type: type }]) => [id, type]);
  expect(shape(own)).toEqual(shape(plainOnes));
  const originals = objectOf(objectOf(readYaml('', before, { yesIsTrue: true }).value)['Resources']);
  for (const [id, { Type: type, Properties: properties }] of Object.entries(own)) {
    if (!/^AWS::(Lambda|Serverless)::Function$/.test(String(type))) continue;
    const original = objectOf(objectOf(originals[id.replace(/^Managed/, '')])['Properties']);
    const copied = objectOf(properties);
    for (const name of ['Description', 'Tags', 'Environment', 'Handler', 'Role']) expect(copied[name], name).toEqual(original[name]);
  }
}

const editing = targets.flatMap(({ id, available: isThere }) => (isThere && isFunctionTarget(findTarget(id)) ? [id] : []));
const editedForms: Form[] = ['block', 'json', 'plain', 'plain-json', 'serverless'];

describe.each(editing.flatMap((target) => editedForms.map((form) => ({ target, form }))))(
  'functions of $target, $form',
  async ({ target, form }) => {
    const [path = '', before = ''] = Object.entries(definitionOf(form === 'serverless' ? forServerless(plain) : plain, form))[0] ?? [];
    const usual = await migrated(plain, target, 'template', form);
    const { [path]: after = '' } = usual;

    it.skipIf(form === 'serverless' && target === 'lambda-managed-instances')('is edited', () => expect(after).not.toBe(''));

    it('lets no value leave its place in any file', async () => {
      await fc.assert(
        fc.asyncProperty(values, async (drawn) => {
          const given = form === 'serverless' ? forServerless(drawn) : drawn;
          const files = await migrated(given, target, 'template', form);
          // A text block with blanks at its end, just where an entry would follow: the definition stays as it is, and that is told.
          if (usual[path] !== undefined && files[path] === undefined) {
            expect(files['MIGRATION.md']).toContain('FUNCTIONS_NOT_EDITED');
            return;
          }
          expect(Object.keys(files).sort()).toEqual(Object.keys(usual).sort());
          for (const [name, text] of Object.entries(files)) {
            if (name.endsWith('MIGRATION.md')) expect(shapeOfGuide(text)).toEqual(shapeOfGuide(usual[name] ?? ''));
            if (/\.[cm]?js$/.test(name)) expect(parseSync(name, text).errors, name).toEqual([]);
            if (name === path) checkEdited(definitionOf(given, form)[path] ?? '', text, { before, after });
          }
        }),
        { numRuns: 12 },
      );
    }, 120_000);
  },
);
