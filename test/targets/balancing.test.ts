import { describe, expect, it } from 'vitest';
import type { ServicePlan } from '../../src/planning/plan.js';
import { rulesBeside } from '../../src/targets/balancing.js';
import { http } from '../planning/builders.js';

const service = (name: string, ...routes: string[]) =>
  ({ name, routes: routes.map((route) => ({ trigger: http(route) })) }) as unknown as ServicePlan;

function rules(main: ServicePlan, ...others: ServicePlan[]) {
  return rulesBeside(main, others, (each) => each).map(({ method, path, owner }) => `${method} ${path} ${owner.name}`);
}

describe('rules of a load balancer', () => {
  it('lead to the other services, the more specific first', () => {
    expect(rules(service('main', 'GET /a', 'POST /a'), service('b', 'GET /b/{id}', 'GET /b/all'))).toEqual(['GET /b/all b', 'GET /b/* b']);
  });

  it('keep for the main service what a catch-all of another would take', () => {
    expect(rules(service('main', 'GET /a', 'GET /b'), service('rest', 'ANY $default'))).toEqual([
      'GET /a main',
      'GET /b main',
      'ANY /* rest',
    ]);
  });

  it('leave what only another method would take', () => {
    expect(rules(service('main', 'GET /a/b', 'PUT /x'), service('rest', 'POST /a/{proxy+}'))).toEqual(['POST /a/* rest']);
  });
});
