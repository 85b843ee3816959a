import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { ECSClient, ListClustersCommand } from '@aws-sdk/client-ecs';
import { GetObjectCommand, ListBucketsCommand, S3Client } from '@aws-sdk/client-s3';
import { GetQueueUrlCommand, SQSClient } from '@aws-sdk/client-sqs';
import { decode, encode } from 'cborg';
import { afterAll, describe, expect, test } from 'vitest';
import { readRecordings } from '../../../src/verify/outside/recordings.js';
import { type Outside, openOutside } from '../../../src/verify/outside/side.js';
import { cleanUp, temporaryFolder } from '../../support/fixtures.js';

const open: Outside[] = [];
afterAll(async () => {
  for (const outside of open) await outside.close();
  await cleanUp();
});

/** An endpoint with these recordings of AWS, read from a file as a user gives them. */
async function recorded(aws: unknown[]): Promise<Outside> {
  const outside = await openOutside({ recordings: await readRecordings(await fileOf({ aws })) });
  open.push(outside);
  return outside;
}

async function fileOf(content: unknown): Promise<string> {
  const file = join(await temporaryFolder(), 'recordings.json');
  await writeFile(file, typeof content === 'string' ? content : JSON.stringify(content));
  return file;
}

function client({ endpoint }: Outside) {
  return {
    endpoint: endpoint.url,
    region: 'eu-central-1',
    maxAttempts: 1,
    credentials: { accessKeyId: 'AKIAIOSFODNN7EXAMPLE', secretAccessKey: 's' },
  };
}

function signed(
  { endpoint }: Outside,
  service: string,
  path: string,
  headers: Record<string, string>,
  body: string | Uint8Array<ArrayBuffer>,
) {
  const authorization = `AWS4-HMAC-SHA256 Credential=AKIA/20260101/eu-central-1/${service}/aws4_request, SignedHeaders=host, Signature=0`;
  return fetch(endpoint.url + path, { method: 'POST', body, headers: { authorization, ...headers } });
}

const form = { 'content-type': 'application/x-www-form-urlencoded' };

describe('every protocol of AWS', () => {
  test('JSON: an answer, and an error under its name', async () => {
    const outside = await recorded([
      {
        service: 'ecs',
        operation: 'ListClusters',
        parameters: { maxResults: 1 },
        error: { code: 'ServerException', message: 'no', status: 500 },
      },
      { service: 'ecs', operation: 'List*', answer: { clusterArns: ['a'] } },
    ]);
    const ecs = new ECSClient(client(outside));
    expect((await ecs.send(new ListClustersCommand({}))).clusterArns).toEqual(['a']);
    await expect(ecs.send(new ListClustersCommand({ maxResults: 1 }))).rejects.toMatchObject({ name: 'ServerException', message: 'no' });
    expect(await outside.takeCalls()).toMatchObject([{ answered: true }, { answered: true }]);
  });

  test('a recording comes before what the endpoint would say by itself', async () => {
    const outside = await recorded([
      { service: 'sqs', operation: 'GetQueueUrl', parameters: { QueueName: 'ord*s' }, answer: { QueueUrl: 'recorded' } },
    ]);
    const sqs = new SQSClient(client(outside));
    expect((await sqs.send(new GetQueueUrlCommand({ QueueName: 'orders' }))).QueueUrl).toBe('recorded');
    expect((await sqs.send(new GetQueueUrlCommand({ QueueName: 'others' }))).QueueUrl).toMatch(/\/others$/);
  });

  test('S3: a text is the object, an object is XML, an error has its name', async () => {
    const outside = await recorded([
      { service: 's3', operation: 'GetObject', parameters: { path: 'b/secret' }, error: { code: 'AccessDenied', status: 403 } },
      { service: 's3', operation: 'GetObject', answer: 'content' },
      { service: 's3', operation: 'ListBuckets', answer: { Buckets: { Bucket: [{ Name: 'a' }, { Name: 'b' }] } } },
    ]);
    const s3 = new S3Client(client(outside));
    expect(await (await s3.send(new GetObjectCommand({ Bucket: 'b', Key: 'k' }))).Body?.transformToString()).toBe('content');
    expect((await s3.send(new ListBucketsCommand({}))).Buckets?.map(({ Name }) => Name)).toEqual(['a', 'b']);
    await expect(s3.send(new GetObjectCommand({ Bucket: 'b', Key: 'secret' }))).rejects.toMatchObject({ name: 'AccessDenied' });
  });

  test('query: XML with the names as they stand', async () => {
    const outside = await recorded([
      { service: 'sns', operation: 'ListTopics', answer: { Topics: { member: [{ TopicArn: 'a' }, { TopicArn: '<b>' }] } } },
      { service: 'iam', operation: 'GetUser', error: { code: 'NoSuchEntity', message: 'none', status: 404 } },
    ]);
    const topics = await signed(outside, 'sns', '/', form, 'Action=ListTopics&Version=2010-03-31');
    expect(await topics.text()).toContain(
      '<ListTopicsResponse><ListTopicsResult><Topics><member><TopicArn>a</TopicArn></member><member><TopicArn>&#60;b&#62;</TopicArn></member></Topics></ListTopicsResult>',
    );
    const user = await signed(outside, 'iam', '/', form, 'Action=GetUser');
    expect([user.status, await user.text()]).toEqual([
      404,
      expect.stringContaining('<ErrorResponse><Error><Type>Sender</Type><Code>NoSuchEntity</Code>'),
    ]);
  });

  test('REST with JSON: by method and path', async () => {
    const outside = await recorded([
      { service: 'lambda', operation: 'Invoke', parameters: { path: '*/functions/price/invocations', sku: 'a' }, answer: { price: 7 } },
      { service: 'scheduler', operation: 'GET /schedules/*', error: { code: 'ResourceNotFoundException', status: 404 } },
    ]);
    const json = { 'content-type': 'application/json' };
    const price = await signed(outside, 'lambda', '/2015-03-31/functions/price/invocations', json, '{"sku":"a"}');
    expect(await price.json()).toEqual({ price: 7 });
    const authorization = 'AWS4-HMAC-SHA256 Credential=A/20260101/eu-central-1/scheduler/aws4_request, Signature=0';
    const schedule = await fetch(`${outside.endpoint.url}/schedules/nightly`, { headers: { authorization } });
    expect([schedule.status, schedule.headers.get('x-amzn-errortype')]).toEqual([404, 'ResourceNotFoundException']);
  });

  test('CBOR: both ways', async () => {
    const outside = await recorded([
      { service: 'monitoring', operation: 'GetMetricData', parameters: { MaxDatapoints: 1 }, answer: { Values: [1.5] } },
    ]);
    const body = new Uint8Array(encode({ MaxDatapoints: 1 }));
    const type = { 'smithy-protocol': 'rpc-v2-cbor', 'content-type': 'application/cbor' };
    const path = '/service/GraniteServiceVersion20100801/operation/GetMetricData';
    const answer = await signed(outside, 'monitoring', path, type, body);
    expect(decode(new Uint8Array(await answer.arrayBuffer()))).toEqual({ Values: [1.5] });
    expect(answer.headers.get('smithy-protocol')).toBe('rpc-v2-cbor');
    expect(await outside.takeCalls()).toMatchObject([{ service: 'monitoring', operation: 'GetMetricData', answered: true }]);
  });

  test('calls without a signature are named by their client', async () => {
    const outside = await recorded([{ service: 'cognito-identity-provider', operation: 'InitiateAuth', answer: { Session: 's' } }]);
    const answer = await fetch(outside.endpoint.url, {
      method: 'POST',
      body: '{}',
      headers: {
        'x-amz-target': 'AWSCognitoIdentityProviderService.InitiateAuth',
        'user-agent': 'aws-sdk-js/3 api/cognito-identity-provider#3.1',
      },
    });
    expect(await answer.json()).toEqual({ Session: 's' });
  });
});

describe('files that are not of the format', () => {
  const cases: [name: string, content: unknown, message: RegExp][] = [
    ['no JSON', '{', /no JSON/],
    ['an unknown field', { https: [] }, /https/],
    ['no answer', { aws: [{ service: 'a', operation: 'b' }] }, /aws\.0: one of "answer"/],
    ['two answers', { aws: [{ service: 'a', operation: 'b', answer: {}, error: { code: 'c' } }] }, /aws\.0: one of "answer"/],
    ['a status that there is not', { http: [{ url: 'a', answer: { status: 42 } }] }, /http\.0\.answer\.status/],
    ['a header with a line break', { http: [{ url: 'a', answer: { headers: { a: 'b\nc' } } }] }, /http\.0\.answer\.headers/],
  ];
  test.each(cases)('%s', async (_name, content, message) => {
    await expect(readRecordings(await fileOf(content))).rejects.toMatchObject({
      name: 'UserError',
      message: expect.stringMatching(message),
    });
  });

  test('nothing there, and an empty folder', async () => {
    await expect(readRecordings('/nowhere/at/all')).rejects.toMatchObject({ message: 'There are no recordings at /nowhere/at/all' });
    await expect(readRecordings(await temporaryFolder())).rejects.toMatchObject({ message: expect.stringContaining('has no .json file') });
  });
});
