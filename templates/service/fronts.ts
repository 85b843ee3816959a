import type { HttpRequest } from './request.js';
import type { Front } from './types.js';

/** A response, ready to be sent. */
export interface Answer {
  status: number;
  statusText?: string;
  headers: [name: string, value: string][];
  body: Buffer | string;
  /** The front answers, not the handler. */
  isFronts?: boolean;
}

/** What a front does by itself, whatever the handler says. */
interface FrontRules {
  /** No route fits. */
  unmatched: Answer;
  /** The handler failed, ran into its own timeout, or gave a result that the front cannot send. */
  failed: Answer;
  /** The front's own limit was reached before the handler's. */
  timedOut: Answer;
  limitSeconds: number;
  tooLarge: Answer;
  /** Of an answer whose handler named no type. */
  contentType: string;
  /** Headers that the front adds to every answer. */
  trace(request: HttpRequest): Answer['headers'];
}

function json(status: number, body: string, errorType?: string): Answer {
  const type = errorType ? [header('x-amzn-ErrorType', errorType)] : [];
  return { status, body, headers: [['content-type', 'application/json'], ...type], isFronts: true };
}

/** What API Gateway answers to a request that it does not let through to the handler. */
export function badRequest(message: string): Answer {
  return json(400, `{"message": ${JSON.stringify(message)}}`, 'BadRequestException');
}

function html(status: number, title: string): Answer {
  const text = `${status} ${title}`;
  return {
    status,
    headers: [['content-type', 'text/html']],
    body: `<html>\r\n<head><title>${text}</title></head>\r\n<body>\r\n<center><h1>${text}</h1></center>\r\n</body>\r\n</html>\r\n`,
  };
}

function header(name: string, value: string): [string, string] {
  return [name, value];
}

/** Statuses and bodies are those of AWS, to the byte; nothing of an error's text reaches a client. */
export const fronts: Record<Front, FrontRules> = {
  'rest-api': {
    unmatched: json(403, '{"message":"Missing Authentication Token"}', 'MissingAuthenticationTokenException'),
    failed: json(502, '{"message": "Internal server error"}', 'InternalServerErrorException'),
    timedOut: json(504, '{"message": "Endpoint request timed out"}'),
    limitSeconds: 29,
    tooLarge: json(413, '{"message":"Request Too Long"}', 'RequestTooLargeException'),
    contentType: 'application/json',
    trace: ({ requestId, traceId }) => [header('x-amzn-RequestId', requestId), header('X-Amzn-Trace-Id', traceId)],
  },
  'http-api': {
    unmatched: json(404, '{"message":"Not Found"}'),
    failed: json(500, '{"message":"Internal Server Error"}'),
    timedOut: json(503, '{"message":"Service Unavailable"}'),
    limitSeconds: 30,
    tooLarge: json(413, '{"message":"Request Entity Too Large"}'),
    contentType: 'text/plain; charset=utf-8',
    trace: ({ requestId }) => [header('Apigw-Requestid', requestId)],
  },
  'function-url': {
    unmatched: json(404, '{"message":"Not Found"}'),
    failed: { status: 502, headers: [['content-type', 'application/json']], body: 'Internal Server Error' },
    timedOut: { status: 502, headers: [['content-type', 'application/json']], body: 'Internal Server Error' },
    limitSeconds: Number.POSITIVE_INFINITY,
    tooLarge: json(413, '{"Message":"Request must be smaller than 6291456 bytes for the InvokeFunction operation"}'),
    contentType: 'application/json',
    trace: ({ requestId, traceId }) => [header('x-amzn-RequestId', requestId), header('X-Amzn-Trace-Id', traceId)],
  },
  alb: {
    unmatched: html(404, 'Not Found'),
    failed: html(502, 'Bad Gateway'),
    timedOut: html(504, 'Gateway Time-out'),
    limitSeconds: Number.POSITIVE_INFINITY,
    tooLarge: html(413, 'Request Entity Too Large'),
    contentType: 'application/octet-stream',
    trace: () => [],
  },
};
