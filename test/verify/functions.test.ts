import { afterAll, expect, it } from 'vitest';
import { verify } from '../../src/verify/verify.js';
import { cleanUp, temporaryFolder } from '../support/fixtures.js';
import { writeTree } from '../support/trees.js';

afterAll(cleanUp);

it.each(['lambda-managed-instances', 'lambda-provisioned-concurrency'])(
  'functions that %s runs have no service beside them',
  async (target) => {
    const folder = await temporaryFolder();
    await writeTree(folder, {
      'template.yaml': `Transform: AWS::Serverless-2016-10-31
Resources:
  Get: { Type: AWS::Serverless::Function, Properties: { Runtime: nodejs22.x, Handler: index.handler, CodeUri: . } }
`,
      'index.js': 'exports.handler = async () => ({ statusCode: 200 });\n',
    });
    const { functions } = await verify({ folder, target, threads: 0 });
    expect(functions).toMatchObject([
      { function: 'Get', verdict: 'not-comparable', because: 'it goes on as a function of Lambda: there is no service to compare it with' },
    ]);
  },
);
