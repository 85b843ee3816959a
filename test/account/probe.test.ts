import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { readOnly } from '../../src/account/access.js';
import { probe } from '../../src/account/probe.js';
import { type Account, AwsApi } from '../support/aws-api.js';

beforeEach(() => {
  vi.stubEnv('AWS_ACCESS_KEY_ID', 'AKIDEXAMPLE');
  vi.stubEnv('AWS_SECRET_ACCESS_KEY', 'none');
});
afterEach(() => vi.unstubAllEnvs());

async function answerOf(account: Partial<Account>): Promise<string> {
  const api = await AwsApi.start({ functions: [], ...account });
  try {
    return await probe({ region: 'eu-west-1', endpointUrl: api.url });
  } finally {
    expect(api.calls.every(({ method, path }) => method === 'GET' && path.includes('/capacity-providers'))).toBe(true);
    await api.stop();
  }
}

const refused = (type: string, message: string): Partial<Account> => ({ disturb: () => [403, type, message] });

it.each([
  ['yes', { capacityProviders: [] }],
  ['not-in-region', refused('AccessDeniedException', 'Unable to determine service/operation name to be authorized')],
  ['not-in-region', { disturb: (): [number, string] => [404, 'UnknownOperationException'] }],
  ['not-in-region', {}],
  ['not-allowed', refused('AccessDeniedException', 'User: x is not authorized to perform: lambda:ListCapacityProviders')],
  ['no-credentials', refused('ExpiredTokenException', 'The security token included in the request is expired')],
  ['no-credentials', refused('UnrecognizedClientException', 'The security token included in the request is invalid.')],
  ['unknown', { disturb: (): [number, string] => [500, 'ServiceException'] }],
])('says %s', async (expected, account) => {
  expect(await answerOf(account)).toBe(expected);
});

it('says no-network where nothing answers', async () => {
  expect(await probe({ region: 'eu-west-1', endpointUrl: 'http://127.0.0.1:1' })).toBe('no-network');
});

it('says no-credentials where there are none', async () => {
  vi.stubEnv('AWS_ACCESS_KEY_ID', '');
  vi.stubEnv('AWS_SECRET_ACCESS_KEY', '');
  vi.stubEnv('AWS_EC2_METADATA_DISABLED', 'true');
  vi.stubEnv('AWS_CONFIG_FILE', '/nonexistent');
  vi.stubEnv('AWS_SHARED_CREDENTIALS_FILE', '/nonexistent');
  expect(await probe({ region: 'eu-west-1', endpointUrl: 'http://127.0.0.1:1' })).toBe('no-credentials');
});

it('cannot send anything but reads', async () => {
  const { LambdaClient, InvokeCommand, DeleteFunctionCommand } = await import('@aws-sdk/client-lambda');
  const api = await AwsApi.start({ functions: [] });
  const client = readOnly(new LambdaClient({ region: 'eu-west-1', endpoint: api.url }));
  await expect(client.send(new DeleteFunctionCommand({ FunctionName: 'f' }))).rejects.toThrow('DeleteFunctionCommand is no read');
  await expect(client.send(new InvokeCommand({ FunctionName: 'f' }))).rejects.toThrow('InvokeCommand is no read');
  expect(api.calls).toEqual([]);
  await api.stop();
});
