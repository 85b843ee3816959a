import { describe, expect, it } from 'vitest';
import type { RequestValidation } from '../../../src/project/trigger.js';
import { createGateway } from '../../../src/verify/fronts/gateway.js';
import type { HeaderLine } from '../../../src/verify/fronts/http.js';

const json: HeaderLine = ['Content-Type', 'application/json'];
const arrival = { requestId: 'r', time: 0, sourceIp: '192.0.2.1', accountId: '123456789012', region: 'eu-west-1' };

/** Text of the gateway's own answer; undefined when it invokes the function. */
function refusal(validation: RequestValidation | undefined, target: string, headers: HeaderLine[], body = ''): string | undefined {
  const gateway = createGateway('rest-api', [
    {
      functionId: 'A',
      trigger: {
        type: 'rest-api',
        method: 'POST',
        path: '/orders/{id}',
        api: 'Api',
        payload: '1.0',
        gateway: [{ kind: 'request-validation', detail: 'a', validation }],
      },
    },
  ]);
  const handling = gateway({ method: 'POST', target, headers, body: Buffer.from(body) }, arrival);
  if (handling.kind !== 'answer') return undefined;
  expect(handling.response.status).toBe(400);
  return handling.response.body.toString('utf8');
}

const order = { type: 'object', required: ['id'], properties: { id: { type: 'string', format: 'email' } } };
const invalid = '{"message": "Invalid request body"}';

describe('the validator of a REST API', () => {
  it.each<[string, HeaderLine[], string, string | undefined]>([
    ['a body that fits', [json], '{"id":"a@example.com"}', undefined],
    ['a format that does not', [json], '{"id":"a"}', invalid],
    ['a body that does not', [json], '{}', invalid],
    ['no body', [json], '', invalid],
    ['no type', [], '{}', invalid],
    ['no JSON', [json], 'a', invalid],
    ['a type without a model', [['content-type', 'text/plain']], '{}', undefined],
  ])('takes or refuses %s', (_, headers, body, expected) => {
    expect(refusal({ body: { 'application/json': order } }, '/orders/1', headers, body)).toBe(expected);
  });

  it('uses the default model', () => {
    expect(refusal({ body: { $default: order } }, '/orders/1', [['content-type', 'text/plain']], '{}')).toBe(invalid);
  });

  it('asks for parameters that are not blank, before it looks at the body', () => {
    const validation = { required: ['querystring.page', 'header.X-Id', 'path.id'], body: { 'application/json': order } };
    expect(refusal(validation, '/orders/1?page=%20', [], '{}')).toBe('{"message": "Missing required request parameters: [X-Id, page]"}');
    expect(refusal(validation, '/orders/1?page=1', [['x-id', 'a']], '{}')).toBe(invalid);
  });

  it('lets everything through when it is not known', () => {
    expect(refusal(undefined, '/orders/1', [json], '[]')).toBeUndefined();
  });
});
