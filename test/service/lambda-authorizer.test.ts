import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { type LambdaAuthorizer, lambdaAuthorizer } from '../../templates/service/authorize-lambda.js';
import type { Handler, Route } from '../../templates/service/types.js';
import { type Answer, lambda, route, type Sent, send, withService } from './client.js';

beforeEach(() => {
  vi.spyOn(process.stdout, 'write').mockReturnValue(true);
  vi.stubEnv('AWS_REGION', 'eu-west-1');
  vi.stubEnv('AWS_ACCOUNT_ID', '123456789012');
});
afterEach(() => {
  vi.restoreAllMocks();
  vi.unstubAllEnvs();
  vi.useRealTimers();
});

type Front = 'rest-api' | 'http-api';
type Event = Record<string, unknown>;

interface Asked {
  answers: Answer[];
  /** What the authorizer was given, and what the handler. */
  questions: Event[];
  events: Event[];
}

const settings: Pick<LambdaAuthorizer, 'kind' | 'payload' | 'identitySources' | 'ttlSeconds'> = {
  kind: 'request',
  payload: '1.0',
  identitySources: ['header.Authorization'],
  ttlSeconds: 0,
};

/** Sends requests to a route with this authorizer, one after the other. */
async function ask(
  front: Front,
  decide: Handler,
  sent: Sent[],
  options: Partial<LambdaAuthorizer> = {},
  more: Partial<Route> = {},
): Promise<Asked> {
  const [questions, events]: [Event[], Event[]] = [[], []];
  const answering: Handler = (event, context, callback) => {
    questions.push(structuredClone(event) as Event);
    return decide(event, context, callback);
  };
  const handler: Handler = async (event: Event) => {
    events.push(event);
    return { statusCode: 200, body: 'called' };
  };
  const authorize = lambdaAuthorizer({ ...settings, ...options, function: { ...lambda(answering, options.function), handler: answering } });
  const made = route(front, handler, { path: '/orders/{id}', authorize, ...(front === 'rest-api' && { stage: 'Prod' }), ...more });
  const answers = await withService([made], async (port) => {
    const all: Answer[] = [];
    for (const each of sent) all.push(await send(port, { path: '/orders/7', ...each }));
    return all;
  });
  return { answers, questions, events };
}

const token = (value: string): Sent => ({ headers: [['Authorization', value]] });
const policy = (effect: string, resource: unknown, more: object = {}) => ({
  principalId: 'user-1',
  policyDocument: { Version: '2012-10-17', Statement: [{ Action: 'execute-api:Invoke', Effect: effect, Resource: resource }] },
  ...more,
});
const allowing: Handler = async ({ methodArn, routeArn }: { methodArn?: string; routeArn?: string }) =>
  policy('Allow', methodArn ?? routeArn);
const methodArn = 'arn:aws:execute-api:eu-west-1:123456789012:service/Prod/GET/orders/7';
const authorizerOf = (event: Event | undefined) => (event?.['requestContext'] as Event | undefined)?.['authorizer'];

const restWords = {
  unauthorized: { status: 401, text: '{"message":"Unauthorized"}' },
  forbidden: { status: 403, text: '{"Message":"User is not authorized to access this resource"}' },
  denied: { status: 403, text: '{"Message":"User is not authorized to access this resource with an explicit deny"}' },
  failed: { status: 500, text: '{"message":null}' },
};
const forbidden = { status: 403, text: '{"message":"Forbidden"}' };
const httpWords = {
  unauthorized: { status: 401, text: '{"message":"Unauthorized"}' },
  forbidden,
  denied: forbidden,
  failed: { status: 500, text: '{"message":"Internal Server Error"}' },
};

describe('a TOKEN authorizer of a REST API', () => {
  it('gets the token and the ARN of the method, and tells the handler what it found', async () => {
    const decide: Handler = async ({ methodArn: arn }: { methodArn: string }) =>
      policy('Allow', arn, { context: { name: 'Ada', age: 36, admin: true, none: null } });
    const { answers, questions, events } = await ask('rest-api', decide, [token('Bearer x')], { kind: 'token' });
    expect(answers[0]).toMatchObject({ status: 200, text: 'called' });
    expect(questions).toEqual([{ type: 'TOKEN', methodArn, authorizationToken: 'Bearer x' }]);
    expect(authorizerOf(events[0])).toEqual({
      name: 'Ada',
      age: '36',
      admin: 'true',
      principalId: 'user-1',
      integrationLatency: expect.any(Number),
    });
  });

  it('is not asked without a token, or with one of another form', async () => {
    const sent = [{}, token(''), token('Basic x'), token('Bearer x y'), token('xBearer x'), token('Bearer x')];
    const { answers, questions } = await ask('rest-api', allowing, sent, { kind: 'token', validation: 'Bearer [a-z]+' });
    expect(answers.map(({ status }) => status)).toEqual([401, 401, 401, 401, 401, 200]);
    expect(answers[0]).toMatchObject(restWords.unauthorized);
    expect(questions).toHaveLength(1);
  });

  it('may answer by callback, as on nodejs22.x', async () => {
    const decide: Handler = (_event, _context, callback) => callback(null, policy('Allow', '*'));
    const fn = { ...lambda(decide), callbacks: true, usesCallback: true };
    expect((await ask('rest-api', decide, [token('x')], { kind: 'token', function: fn })).answers[0]?.status).toBe(200);
    const refuse: Handler = (_event, _context, callback) => callback('Unauthorized');
    const { answers, events } = await ask('rest-api', refuse, [token('x')], { kind: 'token', function: fn });
    expect(answers[0]).toMatchObject(restWords.unauthorized);
    expect(events).toEqual([]);
  });
});

describe('a REQUEST authorizer', () => {
  it('of a REST API gets the request without its body', async () => {
    const sent: Sent = {
      method: 'POST',
      path: '/orders/7?a=1',
      headers: [
        ['Authorization', 'x'],
        ['Content-Type', 'text/plain'],
      ],
      body: 'secret',
    };
    const { questions } = await ask('rest-api', allowing, [sent]);
    expect(questions[0]).toMatchObject({
      type: 'REQUEST',
      methodArn: methodArn.replace('GET', 'POST'),
      resource: '/orders/{id}',
      path: '/orders/7',
      httpMethod: 'POST',
      headers: { Authorization: 'x' },
      queryStringParameters: { a: '1' },
      pathParameters: { id: '7' },
      stageVariables: null,
      requestContext: { resourcePath: '/orders/{id}', stage: 'Prod', path: '/Prod/orders/7' },
    });
    expect(JSON.stringify(questions)).not.toMatch(/secret|isBase64Encoded/);
  });

  it('of an HTTP API gets format 1.0', async () => {
    const sources = ['header.Authorization', 'querystring.key'];
    const sent: Sent = { path: '/orders/7?key=k', headers: [['Authorization', 'x']] };
    const { questions, answers } = await ask('http-api', allowing, [sent], { identitySources: sources });
    expect(answers[0]?.status).toBe(200);
    expect(questions[0]).toMatchObject({
      version: '1.0',
      type: 'REQUEST',
      methodArn: 'arn:aws:execute-api:eu-west-1:123456789012:service/$default/GET/orders/7',
      identitySource: 'x,k',
      authorizationToken: 'x,k',
      resource: '/orders/{id}',
      httpMethod: 'GET',
    });
  });

  it('of an HTTP API gets format 2.0', async () => {
    const { questions } = await ask('http-api', allowing, [token('x')], { payload: '2.0' });
    expect(questions[0]).toMatchObject({
      version: '2.0',
      type: 'REQUEST',
      routeArn: 'arn:aws:execute-api:eu-west-1:123456789012:service/$default/GET/orders/7',
      identitySource: ['x'],
      routeKey: 'ANY /orders/{id}',
      rawPath: '/orders/7',
      headers: { authorization: 'x' },
      pathParameters: { id: '7' },
    });
    expect(questions[0]).not.toHaveProperty('body');
  });

  it('has no say in the ARN by a Host header', async () => {
    const sly: Sent = {
      headers: [
        ['Host', 'x/Prod/GET/public'],
        ['Authorization', 'x'],
      ],
    };
    const { questions } = await ask('rest-api', allowing, [sly]);
    expect(questions[0]?.['methodArn']).toBe(methodArn);
  });

  it('is not asked when one of its identity sources is missing', async () => {
    const identitySources = ['header.X-Key', 'querystring.user', 'stageVariables.tenant', 'context.httpMethod'];
    const key: [string, string] = ['x-key', 'k'];
    const sent: Sent[] = [
      {},
      { headers: [key] },
      { path: '/orders/7?user=', headers: [key] },
      { path: '/orders/7?user=u', headers: [key] },
    ];
    const { answers, questions } = await ask('rest-api', allowing, sent, { identitySources }, { stageVariables: { tenant: 't' } });
    expect(answers.map(({ status }) => status)).toEqual([401, 401, 401, 200]);
    expect(questions).toHaveLength(1);
    const without = await ask('rest-api', allowing, sent, { identitySources });
    expect([without.answers.map(({ status }) => status), without.questions]).toEqual([[401, 401, 401, 401], []]);
  });

  it('is asked about every request when it has no identity sources', async () => {
    const { answers, questions } = await ask('rest-api', allowing, [{}, {}], { identitySources: [], ttlSeconds: 300 });
    expect([answers.map(({ status }) => status), questions.length]).toEqual([[200, 200], 2]);
  });
});

describe('simple responses', () => {
  const simple = { payload: '2.0' as const, simpleResponses: true };

  it('let through with a context of any shape', async () => {
    const decide: Handler = async () => ({ isAuthorized: true, context: { user: { id: 1, roles: ['a'] } } });
    const { answers, events } = await ask('http-api', decide, [token('x')], simple);
    expect(answers[0]?.status).toBe(200);
    expect(authorizerOf(events[0])).toEqual({ lambda: { user: { id: 1, roles: ['a'] } } });
    const older = await ask('http-api', decide, [token('x')], simple, { payload: '1.0' });
    expect(authorizerOf(older.events[0])).toEqual({ user: { id: 1, roles: ['a'] } });
  });

  it.each<[unknown, keyof typeof httpWords]>([
    [{ isAuthorized: false }, 'forbidden'],
    [{ isAuthorized: 'true' }, 'failed'],
    [{ isAuthorized: 1 }, 'failed'],
    [{}, 'failed'],
    [null, 'failed'],
    [true, 'failed'],
    ['{"isAuthorized":true}', 'failed'],
    [{ isAuthorized: true, context: [] }, 'failed'],
    [{ isAuthorized: true, policyDocument: { Statement: [] } }, 'forbidden'],
  ])('%j: %s', async (result, word) => {
    const { answers, events } = await ask('http-api', async () => result, [token('x')], simple);
    expect(answers[0]).toMatchObject(httpWords[word]);
    expect(events).toEqual([]);
  });

  it('do not count where they are not switched on', async () => {
    for (const options of [{ payload: '2.0' as const }, { payload: '1.0' as const, simpleResponses: true }]) {
      const { answers, events } = await ask('http-api', async () => ({ isAuthorized: true }), [token('x')], options);
      expect(answers[0]).toMatchObject(httpWords.failed);
      expect(events).toEqual([]);
    }
  });
});

describe.each<[Front, typeof restWords]>([
  ['rest-api', restWords],
  ['http-api', httpWords],
])('what a policy for a %s says', (front, words) => {
  const stage = front === 'rest-api' ? 'Prod' : '$default';
  const arn = (rest: string) => `arn:aws:execute-api:eu-west-1:123456789012:service/${stage}/${rest}`;

  it.each<[string, () => unknown, keyof typeof words | undefined]>([
    ['everything', () => policy('Allow', '*'), undefined],
    ['the method', () => policy('Allow', arn('GET/orders/*')), undefined],
    ['another method', () => policy('Allow', arn('POST/orders/*')), 'forbidden'],
    ['another path', () => policy('Allow', arn('GET/customers/*')), 'forbidden'],
    ['an explicit deny', () => policy('Deny', '*'), 'denied'],
    [
      'a condition',
      () => ({ ...policy('Allow', '*'), policyDocument: { Statement: { Effect: 'Allow', Action: '*', Resource: '*', Condition: {} } } }),
      'forbidden',
    ],
    ['no policy', () => ({ principalId: 'user-1' }), 'failed'],
    ['a policy in text', () => ({ principalId: 'user-1', policyDocument: '{"Statement":[]}' }), 'failed'],
    ['nothing', () => undefined, 'failed'],
    ['a list', () => [policy('Allow', '*')], 'failed'],
    [
      'an error named Unauthorized',
      () => {
        throw new Error('Unauthorized');
      },
      'unauthorized',
    ],
    [
      'another error',
      () => {
        throw new Error('Unauthorized: expired');
      },
      'failed',
    ],
    [
      'a text',
      () => {
        throw 'Unauthorized';
      },
      'unauthorized',
    ],
  ])('%s', async (_, decide, word) => {
    const { answers, events } = await ask(front, async () => decide(), [token('x')]);
    expect(answers[0]).toMatchObject(word === undefined ? { status: 200 } : words[word]);
    expect(events).toHaveLength(word === undefined ? 1 : 0);
  });

  it('refuses when the function does not answer in its time', async () => {
    const { answers, events } = await ask(front, () => new Promise(() => {}), [token('x')], {
      function: lambda(() => {}, { timeoutSeconds: 0.05 }),
    });
    expect([answers[0]?.status, events]).toEqual([500, []]);
  });
});

it('a REST API takes no lists in a context, and wants a principal', async () => {
  for (const result of [policy('Allow', '*', { context: { roles: ['a'] } }), policy('Allow', '*', { principalId: undefined })]) {
    const { answers, events } = await ask('rest-api', async () => result, [token('x')]);
    expect(answers[0]).toMatchObject(restWords.failed);
    expect(events).toEqual([]);
  }
});

describe('answers that are kept', () => {
  const counting = (front: Front, sent: Sent[], options: Partial<LambdaAuthorizer>, decide: Handler = allowing) =>
    ask(front, decide, sent, options);

  it('are used for the same identity, for as long as they hold', async () => {
    const same = [token('a'), token('a'), token('b'), token('a')];
    expect((await counting('rest-api', same, { ttlSeconds: 300 })).questions).toHaveLength(2);
    expect((await counting('rest-api', same, { ttlSeconds: 0 })).questions).toHaveLength(4);
  });

  it('are asked for again when their time is over', async () => {
    vi.useFakeTimers({ toFake: ['Date'] });
    let calls = 0;
    const decide: Handler = async () => {
      calls += 1;
      return policy('Allow', '*');
    };
    const authorize = lambdaAuthorizer({ ...settings, ttlSeconds: 60, function: lambda(decide) });
    const made = route('rest-api', async () => ({ statusCode: 200, body: '' }), { path: '/a', authorize });
    await withService([made], async (port) => {
      const once = () => send(port, { path: '/a', ...token('x') });
      await once();
      vi.setSystemTime(Date.now() + 59_000);
      await once();
      expect(calls).toBe(1);
      vi.setSystemTime(Date.now() + 1_001);
      await once();
      expect(calls).toBe(2);
    });
  });

  it('are applied to each method anew', async () => {
    const sent: Sent[] = [{ ...token('a') }, { ...token('a'), method: 'DELETE' }];
    const { answers, questions } = await counting('rest-api', sent, { ttlSeconds: 300 });
    expect([answers.map(({ status }) => status), questions.length]).toEqual([[200, 403], 1]);
  });

  it('are not those of errors', async () => {
    let calls = 0;
    const decide: Handler = async () => {
      calls += 1;
      if (calls === 1) throw new Error('Unauthorized');
      return policy('Allow', '*');
    };
    const { answers } = await counting('rest-api', [token('a'), token('a')], { ttlSeconds: 300 }, decide);
    expect(answers.map(({ status }) => status)).toEqual([401, 200]);
  });

  it('cannot be changed by the handler', async () => {
    const kept = policy('Deny', '*');
    const { answers } = await counting('rest-api', [token('a'), token('a')], { ttlSeconds: 300 }, async () => {
      setTimeout(() => kept.policyDocument.Statement.pop(), 0);
      return kept;
    });
    expect(answers.map(({ status }) => status)).toEqual([403, 403]);
  });
});
