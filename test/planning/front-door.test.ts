import { describe, expect, it } from 'vitest';
import { decideFrontDoor } from '../../src/planning/front-door.js';
import type { Project } from '../../src/project/model.js';
import type { Front, GatewayFeature } from '../../src/project/trigger.js';
import { findTarget } from '../../src/targets/index.js';
import { guarded, http, lambda } from './builders.js';

const key: GatewayFeature = { kind: 'api-key' };
const cors: GatewayFeature = {
  kind: 'cors',
  cors: {
    mode: 'headers',
    allowOrigins: ['*'],
    allowMethods: [],
    allowHeaders: [],
    exposeHeaders: [],
    allowCredentials: false,
    preflightStatus: 204,
  },
};

function decided(
  features: GatewayFeature[],
  {
    wished,
    definition = 'serverless.yml',
    dialect = 'serverless',
    target = 'ecs-fargate',
    front = 'http-api',
  }: { wished?: 'alb' | 'api-gateway'; definition?: string; dialect?: string; target?: string; front?: string } = {},
) {
  const trigger = { ...guarded('GET /a', ...features), type: front as Front };
  const functions = [lambda('a', { triggers: [trigger] })];
  const project = { root: '', definition, dialect, functions, resources: {} } as unknown as Project;
  const { plan, diagnostics } = decideFrontDoor({ project, functions, target: findTarget(target), wished });
  return { door: plan?.door, because: plan?.because, codes: diagnostics.map(({ code }) => code) };
}

describe('the door of web services', () => {
  it('is a load balancer where the API only hands on requests', () => {
    expect(decided([cors])).toMatchObject({ door: 'alb', codes: [] });
  });

  it('is the API where it does more, and says what', () => {
    expect(decided([key])).toEqual({ door: 'api-gateway', because: expect.stringContaining('API keys'), codes: [] });
  });

  it('is what was asked for', () => {
    expect(decided([key], { wished: 'alb' }).door).toBe('alb');
    expect(decided([], { wished: 'api-gateway' }).door).toBe('api-gateway');
  });

  it.each([
    ['events of SAM', { dialect: 'sam', definition: 'template.yaml' }],
    ['a program', { definition: 'serverless.ts' }],
    ['a target with a front of its own', { target: 'ecs-express' }],
    ['a function URL', { front: 'function-url' }],
  ])('is a load balancer, with a reason, for %s', (_, more) => {
    expect(decided([key], { ...more, wished: 'api-gateway' })).toMatchObject({ door: 'alb', codes: ['FRONT_NOT_KEPT'] });
    expect(decided([key], more)).toMatchObject({ door: 'alb', codes: [] });
  });

  it('is none where nothing is called over HTTP', () => {
    const functions = [lambda('a', { triggers: [] }), lambda('b', { triggers: [{ ...http('GET /b'), type: 'sqs' } as never] })];
    const project = { root: '', definition: 'serverless.yml', dialect: 'serverless', functions, resources: {} } as unknown as Project;
    expect(decideFrontDoor({ project, functions, target: findTarget('ecs-fargate'), wished: undefined }).plan).toBeUndefined();
  });
});
