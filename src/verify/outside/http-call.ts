import { createHash } from 'node:crypto';
import type { OutsideRequest } from './request.js';

/** An HTTP call to somebody else, as it is compared and shown. */
export interface HttpCall {
  method: string;
  url: string;
  body: string;
  /** What else belongs to the call; secrets are replaced by their digest. */
  headers: Record<string, string>;
}

/** Headers of the connection, of the client's release and of tracing: no parameters of the call. */
const transport =
  /^(host|connection|keep-alive|proxy-connection|user-agent|accept-encoding|accept-language|sec-fetch-.*|priority|content-length|transfer-encoding|expect|te|date|traceparent|tracestate|x-amzn-trace-id|x-amz-date|x-amz-security-token|x-amz-user-agent)$/;

const secret = /^(authorization|proxy-authorization|cookie|x-api-key|api-key|.*-(token|secret|key))$/;

export function readHttpCall({ method, url = '', headers, body }: OutsideRequest): HttpCall {
  const kept = Object.entries(headers).filter(([name, value]) => value !== undefined && !transport.test(name) && !isSigned(name, value));
  return {
    method,
    url,
    body: body.toString('utf8'),
    headers: Object.fromEntries(
      kept.map(([name, value]): [string, string] => [name, secret.test(name) ? digest(String(value)) : String(value)]).sort(),
    ),
  };
}

/** A signature is another one every second. */
function isSigned(name: string, value: string | string[] | undefined): boolean {
  return name === 'authorization' && String(value).startsWith('AWS4-');
}

function digest(value: string): string {
  return `sha256:${createHash('sha256').update(value).digest('hex').slice(0, 16)}`;
}
