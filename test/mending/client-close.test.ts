import { afterAll, describe, expect, it } from 'vitest';
import { migrate } from '../../src/run.js';
import { cleanUp, temporaryFolder } from '../support/fixtures.js';
import { writeTree } from '../support/trees.js';
import { casesOf } from '../transforms/fixtures.js';
import { outcomes } from './run-concurrently.js';

afterAll(cleanUp);

const changing = casesOf('client-close-in-handler').filter(({ input, output }) => output !== input);

describe('a client that requests closed', () => {
  it.each(changing.map((each) => [each.name, each] as const))('is closed when the service ends: %s', async (_, { output, extension }) => {
    expect((await outcomes(output, extension)).leftOpen).toBe(0);
    const unregistered = output.replace(/^atShutdown\(.*\n/m, '');
    expect((await outcomes(unregistered, extension)).leftOpen).toBe(1);
  });

  it('is closed once, by the module that made it, when several handlers closed it', async () => {
    const folder = await temporaryFolder();
    const handler = `import { pool } from './pool.mjs';
export const handler = async (event) => {
  const { rows } = await pool.query('select $1', [event.queryStringParameters.id]);
  await pool.end();
  return { statusCode: 200, body: JSON.stringify(rows) };
};
`;
    const of = (id: string) =>
      `  ${id}: { Type: AWS::Serverless::Function, Properties: { CodeUri: src/, Handler: ${id}.handler, Runtime: nodejs22.x, Events: { Api: { Type: HttpApi, Properties: { Path: /${id}, Method: get } } } } }`;
    await writeTree(folder, {
      'template.yaml': ['Transform: AWS::Serverless-2016-10-31', 'Resources:', of('One'), of('Two'), ''].join('\n'),
      'src/package.json': JSON.stringify({ dependencies: { pg: '^8.0.0' } }),
      'src/One.mjs': handler,
      'src/Two.mjs': handler,
      'src/pool.mjs': "import pg from 'pg';\nexport const pool = new pg.Pool();\n",
    });
    const { changes } = await migrate({ folder, threads: 0, style: 'adapter' });
    const edited = new Map(changes.filter(({ path }) => path.startsWith('src/')).map(({ path, after }) => [path, after ?? '']));
    expect(['src/One.mjs', 'src/Two.mjs'].map((path) => edited.get(path)?.includes('pool.end'))).toEqual([false, false]);
    expect(edited.get('src/pool.mjs')?.match(/atShutdown\(\(\) => pool\.end\(\)\);/g)).toHaveLength(1);
  });
});
