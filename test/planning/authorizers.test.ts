import { describe, expect, it } from 'vitest';
import type { HandlerFacts } from '../../src/analysis/facts.js';
import { type DecideOptions, decide } from '../../src/planning/decide.js';
import type { Plan } from '../../src/planning/plan.js';
import { readPlan, writePlan } from '../../src/planning/plan-file.js';
import type { LambdaFunction, Project } from '../../src/project/model.js';
import type { AuthorizerConfig, HttpTrigger, LambdaAuthorizerSettings } from '../../src/project/trigger.js';
import { facts, http, lambda, literal, project, reference } from './builders.js';

const issuer = literal('https://issuer.example');
const jwt: AuthorizerConfig = { type: 'jwt', name: 'Login', issuer, audience: [literal('shop')] };
const poolArn = 'arn:aws:cognito-idp:eu-west-1:123456789012:userpool/eu-west-1_abc';
const settings: LambdaAuthorizerSettings = {
  kind: 'token',
  payload: '1.0',
  simpleResponses: false,
  identitySources: ['header.Authorization'],
  ttlSeconds: 300,
};
const custom: AuthorizerConfig = { type: 'lambda', name: 'Check', functionId: 'Auth', lambda: settings };

const route = (text: string, authorizer: AuthorizerConfig, more: Partial<HttpTrigger> = {}) =>
  http(text, 'Api', { ...more, gateway: [{ kind: 'authorizer', authorizer }, ...(more.gateway ?? [])] });
const rest: Partial<HttpTrigger> = { type: 'rest-api', payload: '1.0' };
const auth = (more: Partial<LambdaFunction> = {}) => lambda('Auth', { triggers: [{ type: 'authorizer', source: 'Check' }], ...more });

function plan(functions: LambdaFunction[], options: DecideOptions = {}, more: Record<string, Partial<HandlerFacts>> = {}): Plan {
  const of: Project = project(functions, { resources: { Users: { type: 'AWS::Cognito::UserPool', properties: {} } } });
  return decide(of, facts(of, more), options);
}

const one = (authorizer: AuthorizerConfig, more: Partial<HttpTrigger> = {}) =>
  plan([lambda('A', { triggers: [route('GET /a', authorizer, more)] })]);
const routeIn = (made: Plan) => made.services[0]?.routes[0];
const codes = (made: Plan) => made.diagnostics.map(({ code }) => code);

describe('a JWT authorizer', () => {
  it('is done by the service with the issuer and audience of the definition', () => {
    const made = one({ ...jwt, scopes: ['read'], identitySource: 'header.X-Token' });
    expect(routeIn(made)).toMatchObject({
      guard: null,
      authorizer: {
        kind: 'jwt',
        issuer: { kind: 'literal', value: 'https://issuer.example' },
        audience: [{ kind: 'literal', value: 'shop' }],
        scopes: ['read'],
        identitySource: 'header.X-Token',
      },
    });
    expect(made.diagnostics).toMatchObject([
      {
        code: 'HTTP_AUTHORIZER_IN_SERVICE',
        severity: 'info',
        args: { check: expect.stringMatching(/https:\/\/issuer\.example.*shop.*read/) },
      },
    ]);
    expect(made.services[0]?.environment).toEqual([]);
  });

  it('reads what only the deployment knows from variables of the task definition, one for each reference', () => {
    const audience = [reference('!Ref Client'), reference('!Ref Other'), reference('!Ref Client')];
    const known: AuthorizerConfig = { ...jwt, issuer: reference('!Sub https://x/${Users}'), audience };
    const functions = [
      lambda('A', { triggers: [route('GET /a', known), route('GET /b', known)], environment: { LOGIN_AUDIENCE: literal('taken') } }),
    ];
    const made = plan(functions);
    expect(made.services[0]?.environment).toEqual([
      { name: 'LOGIN_AUDIENCE', kind: 'literal', value: 'taken' },
      { name: 'LOGIN_AUDIENCE_2', kind: 'reference', value: '!Ref Client' },
      { name: 'LOGIN_AUDIENCE_3', kind: 'reference', value: '!Ref Other' },
      { name: 'LOGIN_ISSUER', kind: 'reference', value: '!Sub https://x/${Users}' },
    ]);
    expect(routeIn(made)?.authorizer).toEqual(made.services[0]?.routes[1]?.authorizer);
  });

  it.each<[string, Partial<AuthorizerConfig>, Partial<HttpTrigger>?]>([
    ['without an issuer', { issuer: undefined }],
    ['with an issuer that is no address', { issuer: literal('issuer') }],
    ['with an issuer without TLS', { issuer: literal('http://issuer.example') }],
    ['with a secret in its issuer', { issuer: literal('https://a:hunter2@issuer.example') }],
    ['without an audience', { audience: [] }],
    ['with an empty audience', { audience: [literal('')] }],
    ['with something unclear', { unclear: 'where its token is' }],
    ['of a REST API, which has none', {}, rest],
    ['of a function URL', {}, { type: 'function-url' }],
    ['beside another', {}, { gateway: [{ kind: 'authorizer', authorizer: { type: 'iam', name: 'AWS_IAM' } }] }],
    ['beside an equal one', {}, { gateway: [{ kind: 'authorizer', authorizer: jwt }] }],
  ])('keeps its route closed %s', (_, config, more = {}) => {
    const made = one({ ...jwt, ...config }, more);
    expect(routeIn(made)).toMatchObject({ guard: { status: 401 }, authorizer: null });
    expect(codes(made)).toContain('HTTP_AUTHORIZER_GUARDED');
    expect(codes(made)).not.toContain('HTTP_AUTHORIZER_IN_SERVICE');
  });

  it('does not open a route that something else protects', () => {
    const made = one(jwt, { gateway: [{ kind: 'api-key' }] });
    expect(routeIn(made)?.guard?.status).toBe(403);
  });
});

describe('a Cognito authorizer', () => {
  const cognito: AuthorizerConfig = { type: 'cognito', name: 'Pool', userPools: [literal(poolArn)] };

  it('is done by the service with the pools of the definition', () => {
    expect(routeIn(one({ ...cognito, scopes: ['a'] }, rest))).toMatchObject({
      guard: null,
      authorizer: { kind: 'cognito', userPools: [{ kind: 'literal', value: poolArn }], scopes: ['a'] },
    });
    const made = one({ ...cognito, userPools: [reference('!GetAtt Users.Arn')] }, rest);
    expect(made.services[0]?.environment).toEqual([{ name: 'POOL_USER_POOL_ARN', kind: 'reference', value: '!GetAtt Users.Arn' }]);
  });

  it.each<[string, Partial<AuthorizerConfig>, Partial<HttpTrigger>?]>([
    ['without a pool', { userPools: undefined }],
    ['with a pool that is none', { userPools: [literal('arn:aws:1')] }],
    ['of an HTTP API, which has none', {}, { type: 'http-api' }],
  ])('keeps its route closed %s', (_, config, more = {}) => {
    const made = one({ ...cognito, ...config }, { ...rest, ...more });
    expect(routeIn(made)).toMatchObject({ guard: { status: 401 }, authorizer: null });
  });
});

describe('a Lambda authorizer', () => {
  const guarded = (more: Partial<LambdaFunction> = {}) => lambda('A', { triggers: [route('GET /a', custom, rest)], ...more });

  it('runs in the service of the routes that ask it', () => {
    const made = plan([guarded(), auth({ environment: { KEY_ID: literal('1') }, memoryMb: 2048 })]);
    expect(routeIn(made)).toMatchObject({ guard: null, authorizer: { kind: 'lambda', function: 'Auth', settings } });
    expect(made.services).toMatchObject([{ functions: ['A', 'Auth'], environment: [{ name: 'KEY_ID' }] }]);
    expect(made.services[0]?.memoryMb).toBeGreaterThanOrEqual(2048);
    expect(made.functions[1]).toMatchObject({
      id: 'Auth',
      workload: 'web',
      outcome: 'migrated',
      because: 'it decides who may call GET /a',
    });
    expect(codes(made).sort()).toEqual(['AUTHORIZER_IN_SERVICE', 'HTTP_AUTHORIZER_IN_SERVICE']);
  });

  it.each<[string, Partial<LambdaFunction>, Partial<HandlerFacts>?, DecideOptions?]>([
    ['is left out', {}, {}, { only: ['A'] }],
    ['is no Node.js', { runtime: 'python3.12' }],
    ['was not found', {}, { file: null }],
    ['cannot be read', { unreadable: 'X' }],
    [
      'is a server',
      {},
      { server: { adapter: 'serverless-http', framework: 'express', file: 'a.js', line: 1, binding: 'a', unwrappable: true } },
    ],
    ['has another architecture', { architecture: 'arm64' }],
    ['is in a VPC', { vpc: true }],
    ['has another value for a variable', { environment: { MODE: literal('b') } }],
  ])('keeps the route closed when its function %s', (_, more, code = {}, options = {}) => {
    const made = plan([guarded({ environment: { MODE: literal('a') } }), auth(more)], options, { Auth: code });
    expect(routeIn(made)).toMatchObject({ guard: { status: 401 }, authorizer: null });
    expect(made.services[0]?.functions).toEqual(['A']);
    expect(made.functions[1]?.outcome).toBe('stays');
  });

  it.each<[string, Partial<AuthorizerConfig>]>([
    ['of another project', { functionId: 'Other' }],
    ['that is not named', { functionId: undefined }],
    ['whose settings are not known', { lambda: undefined, unclear: 'its type' }],
  ])('keeps the route closed with a function %s', (_, more) => {
    const made = plan([lambda('A', { triggers: [route('GET /a', { ...custom, ...more }, rest)] }), auth()]);
    expect(routeIn(made)?.guard?.status).toBe(401);
    expect(made.functions[1]?.outcome).toBe('stays');
  });

  it('keeps functions apart that disagree with the authorizer of the other', () => {
    const other = lambda('B', { triggers: [http('GET /b', 'Other')], environment: { MODE: literal('b') } });
    const made = plan([guarded(), auth({ environment: { MODE: literal('a') } }), other]);
    expect(made.services.map(({ functions }) => functions)).toEqual([['A', 'Auth'], ['B']]);
  });

  it('may have routes of its own as well', () => {
    const both = auth({ triggers: [{ type: 'authorizer' }, http('GET /login')] });
    const made = plan([guarded(), both]);
    expect(made.services.map(({ functions }) => functions)).toEqual([['A', 'Auth']]);
    expect(made.functions[1]?.because).toBe('it has 1 HTTP route');
  });

  it('survives the plan file, and closes its routes when the plan leaves it on Lambda', () => {
    const functions = [guarded(), auth()];
    const made = plan(functions);
    const text = writePlan([made]);
    expect(text).toContain('# GET /a (A); authorizer Check: it asks the function Auth');
    expect(plan(functions, { edits: readPlan(text) })).toEqual(made);
    const edited = text.replace(/(Auth:\n\s+workload: )web/, '$1stays').replace(/\n\s+- Auth\b/, '');
    expect(edited).not.toBe(text);
    expect(routeIn(plan(functions, { edits: readPlan(edited) }))).toMatchObject({ guard: { status: 401 }, authorizer: null });
  });
});

it('a route that is declared twice is as closed as the more closed of the two', () => {
  const twice = (first: HttpTrigger, second: HttpTrigger) => routeIn(plan([lambda('A', { triggers: [first, second] }), auth()]));
  const [open, closed] = [http('GET /a'), route('GET /a', jwt)];
  for (const found of [twice(open, closed), twice(closed, open), twice(closed, closed)])
    expect(found).toMatchObject({ guard: null, authorizer: { kind: 'jwt' } });
  expect(twice(closed, route('GET /a', { ...jwt, scopes: ['read'] }))).toMatchObject({ guard: { status: 401 }, authorizer: null });
  expect(twice(closed, http('GET /a', 'Api', { gateway: [{ kind: 'api-key' }] }))).toMatchObject({ guard: { status: 403 } });
});

it.each(['serverless-http', 'lambda-web-adapter'])('a server behind %s does not listen by itself past an authorizer', (adapter) => {
  const server = { adapter, framework: 'express' as const, file: 'app.js', line: 1, binding: 'app', unwrappable: true };
  const made = plan([lambda('A', { triggers: [route('ANY $default', jwt)] })], {}, { A: { server } });
  expect(made.services.every((service) => service.server === null)).toBe(true);
});
