import { isUtf8 } from 'node:buffer';
import { type Protocol, protocolOf, readCbor } from './protocol.js';
import type { OutsideRequest } from './request.js';

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
  protocol: Protocol;
  request: OutsideRequest;
}

/** Hosts of AWS that are somebody's own API: plain HTTP, signed or not. */
const customerHosts =
  /\.(execute-api|appsync-api|appsync-realtime-api|es|aoss|elb|compute|rds|awsapps)\.|\.on\.aws$|^s3-website|\.s3-website/;

/** Whether a request is one of an AWS SDK: sent to the endpoint, or signed or named as one and on its way to AWS. */
export function isAwsCall({ host, headers, query }: OutsideRequest): boolean {
  if (host === undefined) return true;
  if (!/\.(amazonaws\.com(\.cn)?|api\.aws)$/.test(host) || customerHosts.test(host)) return false;
  return (
    (headers.authorization ?? '').startsWith('AWS4-') ||
    query.has('X-Amz-Signature') ||
    headers['x-amz-target'] !== undefined ||
    headers['smithy-protocol'] !== undefined
  );
}

/** @see https://smithy.io/2.0/aws/protocols/index.html */
export function readCall(received: OutsideRequest): AwsCall {
  const service = serviceOf(received);
  const request = withBucketInPath(service, received);
  const protocol = protocolOf(service, request);
  return { service, protocol, request, ...asked(service, protocol, request) };
}

function asked(service: string, protocol: Protocol, request: OutsideRequest): Pick<AwsCall, 'operation' | 'input'> {
  const { headers, body, path } = request;
  switch (protocol) {
    case 'json': {
      const target = String(headers['x-amz-target']);
      return { operation: target.slice(target.lastIndexOf('.') + 1), input: jsonObject(body) };
    }
    case 'cbor':
      return { operation: path.at(-1) ?? '', input: readCbor(body) };
    case 'query':
    case 'ec2': {
      const form = new URLSearchParams(body.toString('utf8'));
      return { operation: form.get('Action') ?? '', input: Object.fromEntries(form) };
    }
    default:
      return { operation: restOperation(service, request), input: restInput(request) };
  }
}

/**
 * The signature's scope names the service: `Credential=AKIA…/20260101/eu-west-1/dynamodb/aws4_request`. Calls without one (those
 * to Cognito for a user) are told by their host or by the client that the SDK names.
 */
function serviceOf({ headers, query, host }: OutsideRequest): string {
  const scope =
    /Credential=[^/]+\/\d+\/[^/]+\/([^/]+)\//.exec(headers.authorization ?? '')?.[1] ?? query.get('X-Amz-Credential')?.split('/')[3];
  const client = /\bapi\/([\w-]+)#/.exec(`${headers['user-agent'] ?? ''} ${headers['x-amz-user-agent'] ?? ''}`)?.[1];
  return scope ?? (host?.endsWith('.amazonaws.com') ? host.split('.')[0] : undefined) ?? client?.replaceAll('_', '-') ?? 'unsigned';
}

/** Buckets may be named by the host: `bucket.s3.eu-west-1.amazonaws.com`. */
function withBucketInPath(service: string, request: OutsideRequest): OutsideRequest {
  const bucket = service === 's3' ? /^(.+)\.s3[.-][\w.-]*amazonaws\.com/.exec(request.host ?? '')?.[1] : undefined;
  return bucket === undefined ? request : { ...request, path: [bucket, ...request.path] };
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
function restOperation(service: string, { method, path, query }: OutsideRequest): string {
  if (service === 'lambda' && path.at(-1) === 'invocations') return 'Invoke';
  if (service === 'ses' && path.at(-1) === 'outbound-emails') return 'SendEmail';
  if (service !== 's3') return `${method} /${path.join('/')}`;
  if (path.length < 2) return method === 'GET' ? (query.has('list-type') ? 'ListObjectsV2' : 'ListBuckets') : `${method} bucket`;
  return { GET: 'GetObject', PUT: 'PutObject', HEAD: 'HeadObject', DELETE: 'DeleteObject' }[method] ?? `${method} object`;
}

/** Query parameters that only the SDK's release decides are no parameters of the call. */
const sdkOnly = new Set(['x-id']);

/** Headers of the signature, of checksums and of the SDK itself. */
const signatureOnly = /^x-amz-(date|content-sha256|security-token|user-agent|sdk-.*|checksum-.*|trailer|decoded-content-length|te)$/;

function restInput({ path, query, body, headers }: OutsideRequest): Record<string, unknown> {
  const text = headers['content-type']?.includes('json') ? jsonObject(body) : body.length > 0 ? { body: plainBody(body, headers) } : {};
  const pairs = [...query].filter(([name]) => !sdkOnly.has(name) && !name.startsWith('X-Amz-'));
  const type = headers['content-type'];
  const members = Object.entries(headers).filter(([name]) => name.startsWith('x-amz-') && !signatureOnly.test(name));
  return {
    path: path.join('/'),
    ...Object.fromEntries(pairs),
    ...(type !== undefined && { contentType: type }),
    ...(members.length > 0 && { headers: Object.fromEntries(members) }),
    ...text,
  };
}

/** As text where it is one. S3 uploads come in signed chunks: `size;chunk-signature=…` lines around the bytes. */
function plainBody(body: Buffer, headers: OutsideRequest['headers']): string {
  const bytes = isChunked(headers) ? withoutChunks(body) : body;
  return isUtf8(bytes) ? bytes.toString('utf8') : bytes.toString('base64');
}

export function isChunked(headers: OutsideRequest['headers']): boolean {
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
