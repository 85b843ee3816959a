import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { GetObjectCommand, ListObjectsV2Command, PutObjectCommand, S3Client } from '@aws-sdk/client-s3';
import { SendMessageCommand, SQSClient } from '@aws-sdk/client-sqs';
import { afterAll, beforeEach, describe, expect, test } from 'vitest';
import { openOutside } from '../../../src/verify/outside/side.js';

const outside = await openOutside();
afterAll(() => outside.close());
beforeEach(() => outside.endpoint.reset());

const client = {
  endpoint: outside.endpoint.url,
  region: 'eu-central-1',
  credentials: { accessKeyId: 'AKIAIOSFODNN7EXAMPLE', secretAccessKey: 'secret' },
};

/** A signed call as the SDK of a service would send it. */
async function call(service: string, target: string | undefined, body: string, type = 'application/x-amz-json-1.0'): Promise<Response> {
  const authorization = `AWS4-HMAC-SHA256 Credential=AKIA/20260101/eu-central-1/${service}/aws4_request, SignedHeaders=host, Signature=0`;
  return fetch(outside.endpoint.url, {
    method: 'POST',
    body,
    headers: { authorization, 'content-type': type, ...(target && { 'x-amz-target': target }) },
  });
}

describe('the recording endpoint', () => {
  test('keeps objects, and tells apart what is not there', async () => {
    const s3 = new S3Client(client);
    await s3.send(new PutObjectCommand({ Bucket: 'b', Key: 'a/b c.txt', Body: 'text', ContentType: 'text/plain' }));
    const found = await s3.send(new GetObjectCommand({ Bucket: 'b', Key: 'a/b c.txt' }));
    expect(await found.Body?.transformToString()).toBe('text');
    expect((await s3.send(new ListObjectsV2Command({ Bucket: 'b', Prefix: 'a/' }))).Contents?.map(({ Key }) => Key)).toEqual(['a/b c.txt']);
    await expect(s3.send(new GetObjectCommand({ Bucket: 'b', Key: 'nothing' }))).rejects.toMatchObject({ name: 'NoSuchKey' });
    const calls = await outside.takeCalls();
    expect(calls.map(({ service, operation }) => `${service} ${operation}`)).toEqual([
      's3 PutObject',
      's3 GetObject',
      's3 ListObjectsV2',
      's3 GetObject',
    ]);
    expect(JSON.parse(calls[0]?.parameters ?? '')).toMatchObject({ path: 'b/a/b c.txt', body: 'text' });
  });

  test('takes messages with the checksum that the SDK wants', async () => {
    const sqs = new SQSClient(client);
    const sent = await sqs.send(new SendMessageCommand({ QueueUrl: 'orders', MessageBody: 'a' }));
    expect(sent.MessageId).toMatch(/^[0-9a-f-]{36}$/);
    expect(await outside.takeCalls()).toMatchObject([{ service: 'sqs', operation: 'SendMessage', answered: true }]);
  });

  test('keeps items by their keys', async () => {
    const id = { S: '1' };
    await call('dynamodb', 'DynamoDB_20120810.PutItem', JSON.stringify({ TableName: 't', Item: { id, n: { N: '1' } } }));
    await call(
      'dynamodb',
      'DynamoDB_20120810.UpdateItem',
      JSON.stringify({
        TableName: 't',
        Key: { id },
        UpdateExpression: 'SET #n = :n',
        ExpressionAttributeNames: { '#n': 'n' },
        ExpressionAttributeValues: { ':n': { N: '2' } },
      }),
    );
    const get = (key: string) =>
      call('dynamodb', 'DynamoDB_20120810.GetItem', JSON.stringify({ TableName: 't', Key: { id: { S: key } } })).then((each) =>
        each.json(),
      );
    expect(await get('1')).toEqual({ Item: { id, n: { N: '2' } } });
    expect(await get('2')).toEqual({});
    outside.endpoint.reset();
    expect(await get('1')).toEqual({});
  });

  test('answers the query protocol', async () => {
    const answer = await call('sns', undefined, 'Action=Publish&Message=hi&TopicArn=t', 'application/x-www-form-urlencoded');
    expect(await answer.text()).toContain('<PublishResult><MessageId>');
    expect(await outside.takeCalls()).toMatchObject([{ service: 'sns', operation: 'Publish', answered: true }]);
  });

  test('refuses, and shows, what it does not know', async () => {
    const answer = await call('athena', 'AmazonAthena.StartQueryExecution', '{}');
    expect(answer.status).toBe(400);
    expect(await outside.takeCalls()).toMatchObject([{ service: 'athena', operation: 'StartQueryExecution', answered: false }]);
  });

  test('calls side by side are one group, one after the other are two', async () => {
    const get = () => call('ssm', 'AmazonSSM.GetParameter', '{"Name":"a"}');
    await Promise.all([get(), get()]);
    await get();
    const groups = (await outside.takeCalls()).map(({ group }) => group);
    expect(groups[0]).toBe(groups[1]);
    expect(groups[2]).toBeGreaterThan(groups[1] as number);
  });
});

describe('nothing leaves the machine', () => {
  const attempts = {
    fetch: "await fetch('http://example.com/')",
    https: "await new Promise((resolve, reject) => require('node:https').get('https://example.com/', resolve).on('error', reject))",
    net: "await new Promise((resolve, reject) => require('node:net').connect(80, '93.184.216.34').on('data', resolve).on('error', reject))",
    dns: "await require('node:dns').promises.resolve4('example.com')",
    udp: "await new Promise((resolve, reject) => require('node:dgram').createSocket('udp4').send('x', 53, '8.8.8.8', (error) => error ? reject(error) : resolve()))",
  };
  test.each(Object.entries(attempts))('%s', async (_name, code) => {
    const script = `(async () => { try { ${code}; console.log('reached') } catch (error) { console.log(error.cause?.code ?? error.code) } process.exit() })()`;
    const { stdout } = await promisify(execFile)(process.execPath, ['--import', outside.preload, '-e', script], { timeout: 20_000 });
    expect(stdout).toMatch(/ECONNREFUSED|ENOTFOUND/);
    expect(await outside.takeCalls()).toMatchObject([{ service: expect.stringMatching(/^(network|http)$/), answered: false }]);
  });

  test('loopback is open', async () => {
    const script = `fetch('${outside.endpoint.url}').then((answer) => console.log(answer.status))`;
    const { stdout } = await promisify(execFile)(process.execPath, ['--import', outside.preload, '-e', script]);
    expect(stdout.trim()).toBe('400');
    await outside.takeCalls();
  });
});
