import type { AwsCall } from '../call.js';

export interface AwsAnswer {
  status: number;
  headers?: Record<string, string>;
  body: string | Buffer;
}

/** Answers the calls of one service from what was put there before; undefined for an operation it does not know. */
export type AwsService = (call: AwsCall) => AwsAnswer | undefined;

export function json(value: unknown, status = 200): AwsAnswer {
  return { status, headers: { 'content-type': 'application/x-amz-json-1.0' }, body: JSON.stringify(value) };
}

/** An answer of the query protocol. */
export function xml(operation: string, result: string): AwsAnswer {
  const body = `<${operation}Response><${operation}Result>${result}</${operation}Result><ResponseMetadata><RequestId>id</RequestId></ResponseMetadata></${operation}Response>`;
  return { status: 200, headers: { 'content-type': 'text/xml' }, body };
}

/** The same ids in the same order on both sides. */
export function idSequence(): () => string {
  let count = 0;
  return () => `00000000-0000-4000-8000-${String(++count).padStart(12, '0')}`;
}
