import { expect, test } from 'vitest';
import { understand } from '../../src/analysis/understand.js';
import { decide } from '../../src/planning/decide.js';
import { openRepository } from '../../src/project/open-repository.js';
import { projectOf, type Tree, writeTree } from '../project/tree.js';

const code = `import { store } from './store.js';
const { BUCKET, LEVEL: level = 'info' } = process.env;
// process.env.NOT_READ
export const handler = async () => ({ statusCode: 200, body: [BUCKET, level, process.env.TABLE, process.env['API_TOKEN'], store].join() });
`;
const files: Tree = {
  'package.json': '{ "type": "module" }',
  'app.js': code,
  'store.js': 'export const store = process.env.STORE ?? process.env.AWS_REGION;\n',
};
const service = (rest: string) => `service: shop
provider: { name: aws, runtime: nodejs22.x, environment: { TABLE: orders } }
functions: { get: { handler: app.handler, events: [{ httpApi: GET /a }] } }
${rest}`;

async function environmentOf(rest: string) {
  const tree = { ...files, 'serverless.yml': service(rest) };
  const repository = openRepository(writeTree(tree));
  const { project } = await projectOf(tree);
  const { services, diagnostics } = decide(project, understand(repository, project), {});
  const environment = Object.fromEntries(services[0]?.environment.map(({ name, kind }) => [name, kind]) ?? []);
  return {
    environment,
    diagnostics: diagnostics.filter((found) => found.code.startsWith('ENVIRONMENT') || found.code.startsWith('SECRET')),
  };
}

test('what the code reads and only .env files set is part of the service, and said once', async () => {
  const { environment, diagnostics } = await environmentOf('plugins: [serverless-dotenv-plugin]');
  expect(environment).toEqual({ API_TOKEN: 'secret', BUCKET: 'reference', LEVEL: 'reference', STORE: 'reference', TABLE: 'literal' });
  expect(diagnostics).toMatchObject([
    { code: 'ENVIRONMENT_FROM_DOTENV', file: 'serverless.yml', line: 4, args: { variables: 'API_TOKEN, BUCKET, LEVEL, STORE' } },
  ]);
});

test('the plugin may be told what to give', async () => {
  const included = await environmentOf(
    'plugins: [serverless-dotenv-plugin]\ncustom: { dotenv: { include: [STORE, LEVEL], exclude: [LEVEL] } }',
  );
  expect(included.environment).toEqual({ STORE: 'reference', TABLE: 'literal' });
  const none = await environmentOf('plugins: [serverless-dotenv-plugin]\ncustom: { dotenv: { include: [] } }');
  expect(none).toEqual({ environment: { TABLE: 'literal' }, diagnostics: [] });
});

test('without the plugin the code finds on Lambda what the definition sets', async () => {
  expect(await environmentOf('useDotenv: true')).toEqual({ environment: { TABLE: 'literal' }, diagnostics: [] });
});
