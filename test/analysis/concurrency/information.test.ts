import { expect, it } from 'vitest';
import { findingsOf } from './cases.js';

const codesOf = (text: string) =>
  findingsOf({ set: 'information', name: 'one file', files: { 'app.js': text }, target: 'container' }).map(({ code, severity }) => [
    code,
    severity,
  ]);

const parallel = (items: string, call: string) => `const { S3Client, GetObjectCommand } = require('@aws-sdk/client-s3');
const s3 = new S3Client();
exports.handler = async (event) => {
  const items = ${items};
  const limit = (run) => run();
  return Promise.all(items.map((Key) => ${call}));
};
`;
const get = "s3.send(new GetObjectCommand({ Bucket: 'orders', Key }))";

it.each([
  ['as many as a request brings', parallel('JSON.parse(event.body).keys', get), [['PARALLEL_WITHOUT_LIMIT', 'info']]],
  ['records of a batch', parallel('event.Records', get), []],
  ['a limit', parallel('JSON.parse(event.body).keys', `limit(() => ${get})`), []],
  ['a list of the code', parallel("['a', 'b']", get), []],
  ['no call to the outside', parallel('JSON.parse(event.body).keys', 'Promise.resolve(Key.length)'), []],
])('calls for all items at once: %s', (_, text, found) => {
  expect(codesOf(text)).toEqual(found);
});

const prisma = (options: string) => `const { PrismaClient } = require('@prisma/client');
const prisma = new PrismaClient(${options});
exports.handler = async (event) => prisma.order.findUnique({ where: { id: event.id } });
`;

it('tells of a pool whose size is not in the code', () => {
  expect(codesOf(prisma(''))).toEqual([['POOL_SIZE_NOT_IN_CODE', 'info']]);
  expect(codesOf(prisma('{ datasourceUrl: `${process.env.URL}?connection_limit=5` }'))).toEqual([]);
});
