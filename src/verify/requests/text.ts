import { splitTarget, type WireRequest } from '../fronts/http.js';

/** Headers that every request has are not shown. */
const ordinary = new Set([
  'host',
  'user-agent',
  'content-length',
  'x-forwarded-for',
  'x-forwarded-proto',
  'x-forwarded-port',
  'x-amzn-trace-id',
]);

/** A request as people read it: request line, headers that matter, body. */
export function textOf({ method, target, headers, body }: WireRequest): string {
  const { path, query } = splitTarget(target);
  const lines = headers.filter(([name]) => !ordinary.has(name.toLowerCase())).map(([name, value]) => `${name}: ${value}`);
  const text =
    body.length === 0
      ? []
      : ['', body.length > 400 ? `${body.subarray(0, 400).toString('utf8')}… (${body.length} bytes)` : body.toString('utf8')];
  return [`${method} ${path}${query === '' ? '' : `?${query}`}`, ...lines, ...text].join('\n');
}
