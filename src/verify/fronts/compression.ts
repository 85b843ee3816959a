import { deflateSync, gzipSync } from 'node:zlib';
import type { HttpTrigger } from '../../project/trigger.js';
import { headerValues, type WireRequest, type WireResponse } from './http.js';

const encoders: Record<string, (body: Buffer) => Buffer> = { gzip: gzipSync, deflate: deflateSync };

/**
 * The answer of an API with a minimum compression size: compressed when it is large enough, has no coding of its own, and the client's
 * first choice is a coding that API Gateway knows.
 * @see https://docs.aws.amazon.com/apigateway/latest/developerguide/api-gateway-receive-response-with-compressed-payload.html
 * @see https://docs.aws.amazon.com/apigateway/latest/developerguide/api-gateway-enable-compression.html
 */
export function compressedFor({ headers }: WireRequest, trigger: HttpTrigger, response: WireResponse): WireResponse {
  const { fromBytes } = trigger.gateway.find((feature) => feature.kind === 'compression') ?? {};
  const coding = firstChoice(headerValues(headers, 'accept-encoding').at(-1) ?? '');
  const encode = encoders[coding];
  const hasNoBody = response.status === 204 || response.status === 304;
  if (fromBytes === undefined || !encode || hasNoBody || response.body.length < fromBytes) return response;
  if (headerValues(response.headers, 'content-encoding').length > 0) return response;
  return { ...response, headers: [...response.headers, ['content-encoding', coding]], body: encode(response.body) };
}

function firstChoice(accepted: string): string {
  const weighted = accepted.split(',').map((each) => {
    const [name = '', ...parameters] = each
      .trim()
      .toLowerCase()
      .split(/\s*;\s*/);
    const weight = parameters.find((parameter) => parameter.startsWith('q='));
    return { name, weight: weight === undefined ? 1 : Number(weight.slice(2)) };
  });
  // Equal weights keep their order.
  const [first] = weighted.filter(({ weight }) => weight > 0).toSorted((one, other) => other.weight - one.weight);
  return first?.name ?? '';
}
