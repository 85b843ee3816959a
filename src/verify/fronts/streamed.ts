import type { StreamedAnswer } from '../lambda/outcome.js';
import type { HeaderLine, WireResponse } from './http.js';
import { cookieHeaders, isProxyResult, multiHeaders, singleHeaders, statusOf, union, withDefaultType } from './result.js';

/**
 * The answer of a handler that streams: status, headers and cookies of its prelude, or 200 and the type it set.
 * @see https://docs.aws.amazon.com/lambda/latest/dg/configuration-response-streaming.html
 */
export function streamedResponse({ prelude, contentType, body }: StreamedAnswer): WireResponse {
  if (!isProxyResult(prelude)) return { status: 200, headers: [['content-type', contentType]], body };
  const { statusCode, headers, multiValueHeaders, cookies } = prelude as Record<string, unknown>;
  const lines: HeaderLine[] = union(multiHeaders(multiValueHeaders), singleHeaders(headers), cookieHeaders(cookies));
  return {
    status: statusCode === undefined ? 200 : statusOf(statusCode),
    headers: withDefaultType(lines, 'application/octet-stream'),
    body,
  };
}
