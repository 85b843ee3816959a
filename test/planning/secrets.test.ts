import { describe, expect, it } from 'vitest';
import { hasSecretValue, isSecretName, looksLikeSecret } from '../../src/planning/secrets.js';

// Put together at run time, so that no scanner takes this file for a leak.
const made = {
  accessKeyId: `AKIA${'ABCDEFGH12345678'}`,
  privateKey: `-----BEGIN RSA ${'PRIVATE KEY'}-----\nMIIE`,
  slackHook: `https://hooks.slack.com/${'services'}/T000/B000/abcdefgh`,
  stripe: `sk_${'live'}_abcdefghijklmnop`,
  jwt: `eyJ${'hbGciOiJIUzI1NiJ9'}.eyJ${'zdWIiOiIxMjM0In0'}.abc`,
  random: ['9vQ2xLr8', 'TzP4mKd7', 'WbY1nHs6', 'Gf0'].join(''),
  hex: ['9f86d081884c7d65', '9a2feaa0c55ad015'].join(''),
};

describe('secrets', () => {
  it.each([
    ['DB_PASSWORD', 'hunter2'],
    ['dbPassword', 'hunter2'],
    ['JWT_SECRET', 'abc'],
    ['STRIPE_API_KEY', 'abc'],
    ['apiKey', 'abc'],
    ['GITHUB_TOKEN', 'abc'],
    ['DB_PASS', 'abc'],
    ['DB_PWD', 'abc'],
    ['SLACK_WEBHOOK_URL', made.slackHook],
    ['DATABASE_URL', 'postgres://app:hunter2@db:5432/app'],
    ['REDIS', 'rediss://:hunter2@cache:6379'],
    ['CONNECTION', 'Server=db;User=app;Password=hunter2;'],
    ['KEY', made.accessKeyId],
    ['PEM', made.privateKey],
    ['STRIPE', made.stripe],
    ['BEARER', made.jwt],
    ['CONFIG', made.random],
    ['SEED', made.hex],
  ])('%s is one', (name, value) => expect(looksLikeSecret(name, value)).toBe(true));

  it.each([
    ['TABLE_NAME', 'orders'],
    ['ORDERS_TABLE', 'orders-dev'],
    ['DB_SECRET_ARN', 'arn:aws:secretsmanager:eu-west-1:111122223333:secret:db-AbCdEf'],
    ['DB_SECRET', 'arn:aws:secretsmanager:eu-west-1:111122223333:secret:db-AbCdEf'],
    ['SECRET_NAME', 'prod/db'],
    ['TOKEN_TTL', '3600'],
    ['MAX_TOKENS', '4096'],
    ['TOKEN_URL', 'https://login.example.com/token'],
    ['API_KEY_HEADER', 'x-api-key'],
    ['PASSWORD_MIN_LENGTH', '8'],
    ['USE_TOKEN', 'true'],
    ['DB_PASSWORD', ''],
    ['PWD', '/var/task'],
    ['DATABASE_URL', 'postgres://db:5432/app'],
    ['API', 'https://api.example.com:8443/v1?x=a@b'],
    ['USER_POOL_ID', 'us-east-1_Ab12Cd34E'],
    ['CLIENT_ID', '1h57kf5cpq17m0eml12ABCdefgh'],
    ['GIT_COMMIT', '9f86d081884c7d659a2feaa0c55ad0159f86d081'],
    ['FUNCTION_NAME', 'MyStack-OrdersFunction-1A2B3C4D5E6F'],
    ['STACK', 'MyCompanyOrdersStack-ProcessOrdersFunction2'],
    ['NODE_OPTIONS', '--enable-source-maps'],
    ['MONKEY', 'banana'],
    ['COMPASS', 'north'],
    ['LOG_LEVEL', 'debug'],
  ])('%s=%s is none', (name, value) => expect(looksLikeSecret(name, value)).toBe(false));

  it('knows names and values apart', () => {
    expect(isSecretName('TABLE')).toBe(false);
    expect(isSecretName('client-secret')).toBe(true);
    expect(hasSecretValue('postgres://u:${Password}@h')).toBe(true);
    expect(hasSecretValue('!Ref DbPassword')).toBe(false);
  });

  it('is done with hostile text at once', () => {
    const start = performance.now();
    for (const text of ['a'.repeat(100_000), `${'a+'.repeat(50_000)}:`, `aB1${'://x:'.repeat(20_000)}`]) looksLikeSecret('X', text);
    expect(performance.now() - start).toBeLessThan(1000);
  });
});
