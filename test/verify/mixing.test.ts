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
/** No analysis sees this variable; the migration leaves it. */
const unseen = (rest: string) => `const state = {};
exports.handler = async (event) => {
  const own = event.queryStringParameters?.name ?? '';
  Reflect.set(state, 'user', own);
  ${pause}
  ${rest}
};
`;
const functions = {
  Answer: leaky(`${pause} return { statusCode: 200, body: user };`),
  Call: leaky(`${pause} await fetch(\`https://audit.example/\${user}/\${own}\`).catch(() => {}); return { statusCode: 204 };`),
  Log: leaky(`console.log('start', own); ${pause} console.log('end', user); return { statusCode: 204 };`),
  OnlyCall: unseen('await fetch(`https://audit.example/${state.user}`).catch(() => {}); return { statusCode: 204 };'),
  OnlyLog: unseen("console.log('end', state.user); return { statusCode: 204 };"),
  Reset: leaky(`${pause} try { return { statusCode: 200, body: String(user) }; } finally { user = undefined; }`),
  Safe: leaky(
    'const text = `${user}`; await fetch(`https://audit.example/${own}`).catch(() => {}); return { statusCode: 200, body: text };',
  ),
  Cache: `const cache = new Map();
exports.handler = async (event) => {
  const own = event.queryStringParameters?.name ?? '';
  ${pause}
  cache.set(own, own.length);
  console.log('cached', [...cache.keys()].join());
  return { statusCode: 200, body: own };
};
`,
  Now: `exports.handler = async (event) => {
  await fetch('https://audit.example/', { method: 'POST', body: JSON.stringify(event.queryStringParameters) }).catch(() => {});
  console.log(JSON.stringify(event.queryStringParameters));
  return { statusCode: 200, body: event.rawQueryString, headers: { 'x-now': 'now' } };
};
`,
};
/** Another finding of the same service does not keep it from being asked. */
const different = `let count = 0;
exports.handler = async () => ({ statusCode: 200, body: String(count++ % 2 === 0) });
`;

async function verified() {
  const folder = await temporaryFolder();
  const all = { ...functions, Different: different };
  const resources = Object.keys(all).map(
    (id) =>
      `  ${id}: { Type: AWS::Serverless::Function, Properties: { CodeUri: src/, Handler: ${id}.handler, Runtime: nodejs22.x, Events: { Api: { Type: HttpApi, Properties: { Path: /${id}, Method: get } } } } }`,
  );
  await writeTree(folder, {
    'template.yaml': ['Transform: AWS::Serverless-2016-10-31', 'Resources:', ...resources, ''].join('\n'),
    'package.json': '{ "name": "leaks", "private": true }\n',
    ...Object.fromEntries(Object.entries(all).map(([id, text]) => [`src/${id}.js`, text])),
  });
  return verify({ folder, runs: 2, install: linkDependencies });
}

describe('many requests at once', () => {
  // On a busy machine requests may not meet: what leaks once in three tries leaks.
  it('show in answers, calls and logs what one request sees of another, by the name of what they share', { retry: 2 }, async () => {
    const { functions: verdicts } = await verified();
    expect(verdicts.map(({ because }) => because)).toEqual(verdicts.map(() => undefined));
    const isolation = verdicts.map(({ function: id, findings }) => {
      const found = findings.flatMap(({ differences }) => differences).find(({ what }) => what === 'isolation');
      return [id, found?.before.replace(/ of mark.*/, ''), /requests share (.*):\d+\)$/.exec(String(found?.after))?.[1]];
    });
    expect(isolation).toEqual([
      ['Answer', 'an answer', 'user (src/Answer.js'],
      ['Call', 'a call to the outside', 'user (src/Call.js'],
      ['Log', 'the log of one request', 'user (src/Log.js'],
      ['OnlyCall', 'a call to the outside', 'state (src/OnlyCall.js'],
      ['OnlyLog', 'the log of one request', 'state (src/OnlyLog.js'],
      ['Reset', 'an answer', 'user (src/Reset.js'],
      ['Safe', undefined, undefined],
      ['Cache', undefined, undefined],
      ['Now', undefined, undefined],
      ['Different', undefined, undefined],
    ]);
  });
});
