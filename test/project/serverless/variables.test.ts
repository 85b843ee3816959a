import { describe, expect, it } from 'vitest';
import { codesOf, discoverTree, functionOf, projectOf, type Tree } from '../tree.js';
import { readYml } from './service.js';

/** Environment of one function whose variables are given as YAML. */
async function environmentOf(environment: string, rest = '', files: Tree = {}, options = {}) {
  const indented = environment
    .trim()
    .split('\n')
    .map((line) => `      ${line}`)
    .join('\n');
  const { functions, diagnostics } = await readYml(
    `functions:\n  fn:\n    handler: a.b\n    environment:\n${indented}\n${rest}`,
    files,
    options,
  );
  const values = Object.entries(functions['fn']?.environment ?? {}).map(([name, value]) => [
    name,
    value.kind === 'literal' ? value.value : { text: value.text, names: value.names },
  ]);
  return { environment: Object.fromEntries(values) as Record<string, unknown>, diagnostics };
}

describe('variables of serverless.yml', () => {
  it.each([
    ['${self:service}', 'shop'],
    ['${self:provider.runtime}', 'nodejs20.x'],
    ['${self:custom.table}-x', 'orders-dev-x'],
    ['${self:custom.nested.${self:custom.key}}', 'found'],
    ["${self:custom.none, 'a, b'}", 'a, b'],
    ['${self:custom.none, self:custom.key}', 'deep'],
    ['${self:custom.none, ${self:custom.key}}', 'deep'],
    ['${opt:stage}', 'dev'],
    ["${opt:stage, 'other'}", 'other'],
    ['${opt:stage, self:provider.stage}', 'dev'],
    ["${opt:region, 'eu-west-1'}", 'eu-west-1'],
    ['${sls:stage}', 'dev'],
    ['${aws:region}', 'us-east-1'],
    ["${env:HOME, 'nowhere'}", 'nowhere'],
    ["${strToBool('true')}", true],
    ['${strToBool(${self:custom.flag})}', false],
    ['${param:size}', 3],
    ['${self:custom.number}', 7],
    ['${file(config.yml):region}', 'eu-central-1'],
    ['${file(./config.${sls:stage}.json):a.b.1}', 'second'],
    ["${file(missing.yml):x, 'fallback'}", 'fallback'],
    ['${file(note.txt)}', 'plain text'],
    ['$notAVariable and {braces}', '$notAVariable and {braces}'],
  ])('%s', async (text, expected) => {
    const custom = `custom:
  table: orders-\${sls:stage}
  key: deep
  flag: 'false'
  number: 7
  nested: { deep: found }
params:
  default: { size: 3 }
`;
    const files = { 'config.yml': 'region: eu-central-1\n', 'config.dev.json': '{"a":{"b":["first","second"]}}', 'note.txt': 'plain text' };
    expect((await environmentOf(`X: "${text}"`, custom, files)).environment).toEqual({ X: expected });
  });

  it.each([
    ['${ssm:/db/password}', ['ssm:/db/password']],
    ['${cf:other-stack.Url}', ['cf:other-stack.Url']],
    ['${s3:bucket/key}', ['s3:bucket/key']],
    ['${cf.eu-west-1:stack.Out}', ['cf.eu-west-1:stack.Out']],
    ['${cf(eu-west-1):stack.Out}', ['cf(eu-west-1):stack.Out']],
    ['${ssm:/aws/reference/secretsmanager/db~true}', ['ssm:/aws/reference/secretsmanager/db~true']],
    ['${self:custom.remote}', ['cf:shared.Url']],
    ['https://${self:custom.remote}/x', ['cf:shared.Url']],
    ['${env:HOME}', ['env:HOME']],
    ['${aws:accountId}', ['aws:accountId']],
    ['arn:aws:sns:${aws:region}:${aws:accountId}:orders', ['aws:accountId']],
    ['arn:aws:sns:#{AWS::Region}:x', ['AWS::Region']],
    ["${ssm:/none, 'never'}", ["ssm:/none, 'never'"]],
  ])('keeps %s as a reference', async (text, names) => {
    const { environment } = await environmentOf(`X: "${text}"`, 'custom:\n  remote: ${cf:shared.Url}\n');
    expect(environment['X']).toMatchObject({ names });
    expect(JSON.stringify(environment)).not.toContain(String(process.env['HOME']));
  });

  it('keeps intrinsics with the names they read and their place', async () => {
    const { functions } = await readYml(
      'functions:\n  fn:\n    handler: a.b\n    environment:\n      X: !Sub "${Table}-${AWS::Region}"\n      Y: { Ref: Table }\n',
    );
    expect(functions['fn']?.environment['X']).toMatchObject({
      kind: 'reference',
      text: '!Sub ${Table}-${AWS::Region}',
      names: ['Table', 'AWS::Region'],
    });
    expect(functions['fn']?.environment['Y']).toMatchObject({
      text: '!Ref Table',
      names: ['Table'],
      range: { file: 'serverless.yml', line: 11, column: 10 },
    });
  });

  it('takes the stage and parameters that the user gives', async () => {
    const rest = 'params:\n  default: { size: 1, color: red }\n  live: { size: 2 }\n';
    const { environment } = await environmentOf(
      'A: ${sls:stage}\nB: ${param:size}\nC: ${param:color}\nD: ${opt:stage}',
      rest,
      {},
      { stage: 'live', parameters: { color: 'blue' } },
    );
    expect(environment).toEqual({ A: 'live', B: 2, C: 'blue', D: 'live' });
  });

  it('never runs a JavaScript include', async () => {
    const files = { 'env.js': 'require("node:fs").writeFileSync("ran", ""); module.exports = { a: 1 };' };
    const { environment, diagnostics } = await environmentOf('X: ${file(env.js):a}', '', files);
    expect(environment).toEqual({ X: { text: '${file(env.js):a}', names: ['file(env.js):a'] } });
    expect(diagnostics).toMatchObject([{ code: 'SERVERLESS_FILE_NOT_RUN', line: 10, args: { path: 'env.js' } }]);
  });

  it('refuses a file outside the repository, and tells of one that is missing', async () => {
    const { environment, diagnostics } = await environmentOf('X: ${file(../../etc/passwd)}\nY: ${file(none.yml):a}');
    expect(Object.keys(environment)).toEqual(['X', 'Y']);
    expect(diagnostics.map(({ code, line }) => [code, line])).toEqual([
      ['SERVERLESS_FILE_REFUSED', 10],
      ['SERVERLESS_FILE_MISSING', 11],
    ]);
  });

  it('tells of an included file that cannot be read, once', async () => {
    const files = { 'binary.yml': Buffer.from([97, 0, 98]), 'broken.yml': 'a: [\n' };
    const { diagnostics } = await environmentOf('X: ${file(binary.yml):a}\nY: ${file(broken.yml):a}\nZ: ${file(broken.yml):b}', '', files);
    expect(diagnostics.map(({ code, file }) => [code, file])).toEqual([
      ['SERVERLESS_FILE_UNREADABLE', 'serverless.yml'],
      ['DEFINITION_UNREADABLE', 'broken.yml'],
    ]);
  });

  it('tells once of files that include each other', async () => {
    const files = { 'a.yml': 'x: ${file(b.yml):x}\n', 'b.yml': 'x: ${file(a.yml):x}\n' };
    const { environment, diagnostics } = await environmentOf('X: ${file(a.yml):x}', '', files);
    expect(environment['X']).toMatchObject({ names: ['file(a.yml):x'] });
    expect(codesOf(diagnostics)).toEqual(['SERVERLESS_VARIABLE_CIRCULAR']);
  });

  it('tells of whole files that include each other, and of a variable that leads to itself', async () => {
    const files = { 'a.yml': 'inner: ${file(b.yml)}\n', 'b.yml': 'inner: ${file(a.yml)}\n' };
    const { diagnostics } = await environmentOf(
      'X: ${self:custom.x}',
      'custom:\n  x: ${self:custom.y}\n  y: ${self:custom.x}\n  z: ${file(a.yml)}\n',
      files,
    );
    expect(new Set(codesOf(diagnostics))).toEqual(new Set(['SERVERLESS_VARIABLE_CIRCULAR']));
    expect(diagnostics.length).toBeLessThanOrEqual(2);
  });

  it('bounds what variables multiply into', async () => {
    const rows = Array.from({ length: 12 }, (_, level) => `  l${level + 1}: [${Array(10).fill(`"\${self:custom.l${level}}"`).join(', ')}]`);
    const { diagnostics } = await environmentOf('X: a', `custom:\n  l0: lol\n${rows.join('\n')}\n`);
    expect(codesOf(diagnostics)).toContain('SERVERLESS_TOO_LARGE');
  });

  it('reads functions, environment and events from files, with the places of these files', async () => {
    const { project } = await projectOf({
      'serverless.yml':
        'service: shop\nprovider:\n  name: aws\n  environment: ${file(env.yml):${sls:stage}}\nfunctions:\n  - ${file(orders/functions.yml)}\n  - ${file(users.json)}\n',
      'env.yml': 'dev:\n  TABLE: orders-dev\n',
      'orders/functions.yml': 'list:\n  handler: orders/list.handler\n  events: ${file(orders/events.yml)}\n',
      'orders/events.yml': '- httpApi: GET /orders\n',
      'users.json': '{"me": {"handler": "users/me.handler"}}',
    });
    expect(functionOf(project, 'list')).toMatchObject({
      handler: { declared: 'orders/list.handler', codeRoot: '', range: { file: 'orders/functions.yml', line: 2, column: 12 } },
      environment: { TABLE: { value: 'orders-dev', range: { file: 'env.yml', line: 2 } } },
      triggers: [{ type: 'http-api', method: 'GET', path: '/orders', range: { file: 'orders/events.yml', line: 1 } }],
      range: { file: 'orders/functions.yml', line: 1, column: 1 },
    });
    expect(functionOf(project, 'me').range).toMatchObject({ file: 'users.json', line: 1 });
  });

  it('reads sections that are variables themselves, anchors and merge keys', async () => {
    const { project } = await projectOf({
      'serverless.yml': `service: \${file(service.yml):name}
provider: \${file(provider.yml)}
custom: \${file(config/\${opt:stage, 'dev'}.yml)}
x-defaults: &defaults
  memorySize: 256
  timeout: 20
functions:
  one:
    <<: *defaults
    handler: \${self:custom.folder}/one.handler
    timeout: 5
    environment:
      URL: \${self:custom.\${self:custom.kind}.url, self:custom.default.url}
    events:
      - \${file(events.yml):list}
resources:
  - \${file(resources/queues.yml)}
  - Outputs: {}
`,
      'service.yml': 'name: typed',
      'provider.yml': 'name: aws\nruntime: nodejs22.x\nstage: dev\n',
      'config/dev.yml': 'folder: src\nkind: none\ndefault: { url: https://x.test }\n',
      'events.yml': 'list:\n  httpApi: { path: /one, method: get }\n',
      'resources/queues.yml': 'Resources:\n  Jobs: { Type: AWS::SQS::Queue }\n',
    });
    expect(project.name).toBe('typed');
    expect(functionOf(project, 'one')).toMatchObject({
      runtime: 'nodejs22.x',
      memoryMb: 256,
      timeoutSeconds: 5,
      handler: { declared: 'src/one.handler' },
      environment: { URL: { value: 'https://x.test' } },
      triggers: [{ type: 'http-api', method: 'GET', path: '/one' }],
    });
    expect(project.resources).toMatchObject({ Jobs: { type: 'AWS::SQS::Queue', range: { file: 'resources/queues.yml' } } });
  });

  it('says that functions behind a JavaScript include are not known', async () => {
    const { projects, diagnostics } = await discoverTree({
      'serverless.yml': 'service: shop\nprovider: { name: aws }\nfunctions: ${file(functions.js)}\n',
      'functions.js': 'module.exports = {};',
    });
    expect(projects).toEqual([]);
    expect(diagnostics.map(({ code, line }) => [code, line])).toEqual([
      ['SERVERLESS_FILE_NOT_RUN', 3],
      ['SERVERLESS_FUNCTIONS_UNRESOLVED', 3],
    ]);
  });
});

it('parts of an included section may refer to each other', async () => {
  const common = 'custom:\n  domain:\n    name: ${self:custom.domains.${sls:stage}}\n    certificate: "*.${self:custom.domain.name}"\n';
  const custom = 'custom:\n  domain: ${file(common.yml):custom.domain}\n  domains:\n    dev: dev.example.com\n';
  const { environment, diagnostics } = await environmentOf('CERTIFICATE: ${self:custom.domain.certificate}', custom, {
    'common.yml': common,
  });
  expect(environment).toEqual({ CERTIFICATE: '*.dev.example.com' });
  expect(codesOf(diagnostics)).toEqual([]);
});
