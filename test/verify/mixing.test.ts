import { afterAll, describe, expect, it } from 'vitest';
import { verify } from '../../src/verify/verify.js';
import { linkDependencies } from '../support/dependencies.js';
import { cleanUp, temporaryFolder } from '../support/fixtures.js';
import { writeTree } from '../support/trees.js';

afterAll(cleanUp);

/** The loop keeps the migration from proving that every request sets the variable. */
const leaky = (rest: string) => `let user;
exports.handler = async (event) => {
  const own = event.queryStringParameters?.name ?? '';
  for (const name of [own]) user = name;
  ${rest}
};
`;
const pause = 'await new Promise((resolve) => setTimeout(resolve, 2));';
const functions = {
  Answer: leaky(`${pause} return { statusCode: 200, body: user };`),
  Call: leaky(`${pause} await fetch(\`https://audit.example/\${user}/\${own}\`).catch(() => {}); return { statusCode: 204 };`),
  Log: leaky(`console.log('start', own); ${pause} console.log('end', user); return { statusCode: 204 };`),
  Safe: leaky(
    'const text = `${user}`; await fetch(`https://audit.example/${own}`).catch(() => {}); return { statusCode: 200, body: text };',
  ),
};

async function verified() {
  const folder = await temporaryFolder();
  const resources = Object.keys(functions).map(
    (id) =>
      `  ${id}: { Type: AWS::Serverless::Function, Properties: { CodeUri: src/, Handler: ${id}.handler, Runtime: nodejs22.x, Events: { Api: { Type: HttpApi, Properties: { Path: /${id}, Method: get } } } } }`,
  );
  await writeTree(folder, {
    'template.yaml': ['Transform: AWS::Serverless-2016-10-31', 'Resources:', ...resources, ''].join('\n'),
    'package.json': '{ "name": "leaks", "private": true }\n',
    ...Object.fromEntries(Object.entries(functions).map(([id, text]) => [`src/${id}.js`, text])),
  });
  return verify({ folder, runs: 2, install: linkDependencies });
}

describe('many requests at once', () => {
  it('show in answers, calls and logs what one request sees of another, by the name of what they share', async () => {
    const { functions: verdicts } = await verified();
    expect(verdicts.map(({ because }) => because)).toEqual([undefined, undefined, undefined, undefined]);
    const isolation = verdicts.map(({ function: id, findings }) => {
      const found = findings.flatMap(({ differences }) => differences).find(({ what }) => what === 'isolation');
      return [id, found?.before.replace(/ of mark.*/, ''), /requests share (.*)$/.exec(String(found?.after))?.[1]];
    });
    expect(isolation).toEqual([
      ['Answer', 'an answer', 'user (src/Answer.js:4)'],
      ['Call', 'a call to the outside', 'user (src/Call.js:4)'],
      ['Log', 'the log of one request', 'user (src/Log.js:4)'],
      ['Safe', undefined, undefined],
    ]);
  });
});
