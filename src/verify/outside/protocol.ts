import { decode, encode } from 'cborg';
import type { OutsideRequest } from './request.js';
import type { AwsAnswer } from './services/service.js';

/** The protocols that AWS's services speak. @see https://smithy.io/2.0/aws/protocols/index.html */
export type Protocol = 'json' | 'cbor' | 'query' | 'ec2' | 'rest-json' | 'rest-xml' | 's3';

/** Services whose REST answers are XML. */
const xmlServices: Readonly<Record<string, Protocol>> = {
  s3: 's3',
  s3express: 's3',
  's3-outposts': 's3',
  route53: 'rest-xml',
  cloudfront: 'rest-xml',
};

export function protocolOf(service: string, { headers, body }: OutsideRequest): Protocol {
  if (headers['smithy-protocol'] === 'rpc-v2-cbor') return 'cbor';
  if (typeof headers['x-amz-target'] === 'string') return 'json';
  if (headers['content-type']?.startsWith('application/x-www-form-urlencoded') && /(^|&)Action=/.test(body.toString('latin1')))
    return service === 'ec2' ? 'ec2' : 'query';
  return xmlServices[service] ?? 'rest-json';
}

/** The input of the CBOR protocol as JSON would say it: times in seconds, bytes in base64. */
export function readCbor(body: Buffer): Record<string, unknown> {
  if (body.length === 0) return {};
  try {
    const value: unknown = decode(body, { tags: { 1: (content) => content() }, allowBigInt: true, allowIndefinite: true });
    return plain(value) as Record<string, unknown>;
  } catch {
    return { body: body.toString('base64') };
  }
}

function plain(value: unknown): unknown {
  if (value instanceof Uint8Array) return Buffer.from(value).toString('base64');
  if (typeof value === 'bigint') return Number(value);
  if (Array.isArray(value)) return value.map(plain);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, plain(item)]));
}

type Write = (operation: string, output: unknown) => AwsAnswer;

const writers: Record<Protocol, Write> = {
  json: (_operation, output) => ({ status: 200, headers: { 'content-type': 'application/x-amz-json-1.0' }, body: JSON.stringify(output) }),
  cbor: (_operation, output) => cbor(output, 200),
  'rest-json': (_operation, output) => ({
    status: 200,
    headers: { 'content-type': 'application/json' },
    body: typeof output === 'string' ? output : JSON.stringify(output),
  }),
  query: (operation, output) =>
    xmlAnswer(`<${operation}Response><${operation}Result>${xml(output)}</${operation}Result></${operation}Response>`),
  ec2: (operation, output) => xmlAnswer(`<${operation}Response><requestId>recorded</requestId>${xml(output)}</${operation}Response>`),
  'rest-xml': (operation, output) => xmlAnswer(`<${nameOf(operation)}>${xml(output)}</${nameOf(operation)}>`),
  // A text is the object itself, as S3 hands it out.
  s3: (operation, output) =>
    typeof output === 'string'
      ? { status: 200, headers: { 'content-type': 'application/octet-stream' }, body: output }
      : xmlAnswer(`<${nameOf(operation)}>${xml(output)}</${nameOf(operation)}>`),
};

/** Nobody reads the name of the outermost element. */
function nameOf(operation: string): string {
  return `${operation.replace(/\W/g, '')}Result`;
}

/** An operation's output in the form of its protocol. XML is written as the JSON stands: a list is an element that is repeated. */
export function writeOutput(protocol: Protocol, operation: string, output: unknown): AwsAnswer {
  return writers[protocol](operation, output);
}

/** An error in the form of its protocol, which the SDK throws under its code. */
export function writeError(protocol: Protocol, { code, message, status }: { code: string; message: string; status: number }): AwsAnswer {
  const error = `<Error><Type>Sender</Type><Code>${escapeXml(code)}</Code><Message>${escapeXml(message)}</Message></Error>`;
  switch (protocol) {
    case 'cbor':
      return cbor({ __type: code, message }, status);
    case 'ec2':
      return xmlAnswer(`<Response><Errors>${error}</Errors><RequestID>recorded</RequestID></Response>`, status);
    case 'query':
    case 'rest-xml':
      return xmlAnswer(`<ErrorResponse>${error}<RequestId>recorded</RequestId></ErrorResponse>`, status);
    case 's3':
      return xmlAnswer(error, status);
    case 'json':
    case 'rest-json':
      return {
        status,
        headers: { 'content-type': 'application/json', 'x-amzn-errortype': code },
        body: JSON.stringify({ __type: code, message }),
      };
  }
}

function cbor(value: unknown, status: number): AwsAnswer {
  return { status, headers: { 'content-type': 'application/cbor', 'smithy-protocol': 'rpc-v2-cbor' }, body: Buffer.from(encode(value)) };
}

function xmlAnswer(text: string, status = 200): AwsAnswer {
  return { status, headers: { 'content-type': 'text/xml' }, body: `<?xml version="1.0" encoding="UTF-8"?>\n${text}` };
}

function xml(value: unknown): string {
  if (value === null || value === undefined) return '';
  if (typeof value !== 'object') return escapeXml(String(value));
  return Object.entries(value)
    .map(([name, item]) =>
      Array.isArray(item) ? item.map((each) => `<${name}>${xml(each)}</${name}>`).join('') : `<${name}>${xml(item)}</${name}>`,
    )
    .join('');
}

function escapeXml(text: string): string {
  return text.replace(/[&<>"]/g, (character) => `&#${character.charCodeAt(0)};`);
}
