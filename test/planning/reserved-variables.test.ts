import { expect, test } from 'vitest';
import { understand } from '../../src/analysis/understand.js';
import { decide } from '../../src/planning/decide.js';
import { openRepository } from '../../src/project/open-repository.js';
import { projectOf, type Tree, writeTree } from '../project/tree.js';

const files: Tree = {
  'package.json': '{ "type": "module" }',
  'serverless.yml': `service: shop
provider: { name: aws, runtime: nodejs22.x }
functions:
  get: { handler: get.handler, events: [{ httpApi: GET /a }] }
  put: { handler: put.handler, events: [{ httpApi: PUT /a }] }
  stays: { handler: stays.handler, events: [{ s3: uploads }] }
`,
  'get.js': `import { isLocal } from './local.js';
const { AWS_LAMBDA_FUNCTION_VERSION: version, TABLE } = process.env;
process.env.AWS_LAMBDA_LOG_LEVEL = 'info';
export const handler = async () => ({ statusCode: 200, body: [isLocal, version, TABLE, process.env.AWS_REGION].join() });
`,
  'put.js': `import { isLocal } from './local.js';
// process.env.LAMBDA_TASK_ROOT
export const handler = async () => ({ statusCode: 200, body: String(isLocal) });
`,
  'local.js': `export const isLocal = !process.env['AWS_LAMBDA_FUNCTION_NAME'];
export const prefix = process.env['AWS_LAMBDA_FUNCTION_NAME'] + '-';
`,
  'stays.js': 'export const handler = async () => process.env.LAMBDA_TASK_ROOT;\n',
};

test('what only Lambda sets and a migrated function reads is told once a place, with what says the same', async () => {
  const repository = openRepository(writeTree(files));
  const { project } = await projectOf(files);
  const { diagnostics } = decide(project, understand(repository, project), {});
  const found = diagnostics.filter(({ code }) => code === 'LAMBDA_VARIABLE_READ');
  expect(found).toMatchObject([
    {
      file: 'get.js',
      line: 2,
      function: 'get',
      args: { name: 'AWS_LAMBDA_FUNCTION_VERSION', advice: expect.stringContaining('functionVersion') },
    },
    { file: 'local.js', line: 2, args: { name: 'AWS_LAMBDA_FUNCTION_NAME', functions: 'get, put' } },
  ]);
  expect(found).toHaveLength(2);
});
