import type { IncomingHttpHeaders } from 'node:http';

/** A request to AWS as it reached the recording endpoint. */
export interface AwsRequest {
  method: string;
  /** Decoded path segments. */
  path: string[];
  query: URLSearchParams;
  headers: IncomingHttpHeaders;
  body: Buffer;
}

/** A call that a side made to something outside of it, as it is compared and shown. */
export interface OutsideCall {
  /** `dynamodb`, `s3`; `network` for what was refused. */
  service: string;
  operation: string;
  /** What was asked, as JSON text. */
  parameters: string;
  answered: boolean;
  /** Calls of one group were under way at the same time; groups come one after the other. */
  group: number;
}

/** Service, operation and parameters of a request, whichever of AWS's protocols it speaks. */
export interface AwsCall {
  service: string;
  operation: string;
  input: Record<string, unknown>;
  request: AwsRequest;
}

/** @see https://smithy.io/2.0/aws/protocols/index.html */
export function readCall(request: AwsRequest): AwsCall {
  const service = serviceOf(request);
  const target = request.headers['x-amz-target'];
  if (typeof target === 'string') {
    return { service, operation: target.slice(target.lastIndexOf('.') + 1), input: jsonObject(request.body), request };
  }
  const form = formOf(request);
  if (form?.has('Action')) return { service, operation: form.get('Action') as string, input: Object.fromEntries(form), request };
  return { service, operation: restOperation(service, request), input: restInput(request), request };
}

/** The signature's scope names the service: `Credential=AKIA…/20260101/eu-west-1/dynamodb/aws4_request`. */
function serviceOf({ headers, query }: AwsRequest): string {
  const credential =
    /Credential=[^/]+\/\d+\/[^/]+\/([^/]+)\//.exec(headers.authorization ?? '')?.[1] ?? query.get('X-Amz-Credential')?.split('/')[3];
  return credential ?? 'unsigned';
}

function formOf({ headers, body }: AwsRequest): URLSearchParams | undefined {
  return headers['content-type']?.startsWith('application/x-www-form-urlencoded') ? new URLSearchParams(body.toString('utf8')) : undefined;
}

function jsonObject(body: Buffer): Record<string, unknown> {
  try {
    const value: unknown = JSON.parse(body.toString('utf8') || '{}');
    return typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : { value };
  } catch {
    return { body: body.toString('base64') };
  }
}

/** Names of the REST operations that are answered; others are told by method and path. */
function restOperation(service: string, { method, path, query }: AwsRequest): string {
  if (service === 'lambda' && path.at(-1) === 'invocations') return 'Invoke';
  if (service === 'ses' && path.at(-1) === 'outbound-emails') return 'SendEmail';
  if (service !== 's3') return `${method} /${path.join('/')}`;
  if (path.length < 2) return method === 'GET' ? (query.has('list-type') ? 'ListObjectsV2' : 'ListBuckets') : `${method} bucket`;
  return { GET: 'GetObject', PUT: 'PutObject', HEAD: 'HeadObject', DELETE: 'DeleteObject' }[method] ?? `${method} object`;
}

/** Query parameters that only the SDK's release decides are no parameters of the call. */
const sdkOnly = new Set(['x-id']);

function restInput({ path, query, body, headers }: AwsRequest): Record<string, unknown> {
  const text = headers['content-type']?.includes('json') ? jsonObject(body) : body.length > 0 ? { body: plainBody(body, headers) } : {};
  const pairs = [...query].filter(([name]) => !sdkOnly.has(name) && !name.startsWith('X-Amz-'));
  const type = headers['content-type'];
  return { path: path.join('/'), ...Object.fromEntries(pairs), ...(type !== undefined && { contentType: type }), ...text };
}

/** S3 uploads come in signed chunks: `size;chunk-signature=…` lines around the bytes. */
function plainBody(body: Buffer, headers: IncomingHttpHeaders): string {
  const bytes = isChunked(headers) ? withoutChunks(body) : body;
  return bytes.toString('base64');
}

export function isChunked(headers: IncomingHttpHeaders): boolean {
  return String(headers['x-amz-content-sha256'] ?? '').startsWith('STREAMING-');
}

/** The bytes of an `aws-chunked` body. */
export function withoutChunks(body: Buffer): Buffer {
  const parts: Buffer[] = [];
  for (let at = 0; at < body.length; ) {
    const end = body.indexOf('\r\n', at);
    const size = end < 0 ? 0 : Number.parseInt(body.subarray(at, end).toString('latin1'), 16);
    if (!size) break;
    parts.push(body.subarray(end + 2, end + 2 + size));
    at = end + 2 + size + 2;
  }
  return Buffer.concat(parts);
}
