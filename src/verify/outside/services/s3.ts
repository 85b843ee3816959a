import { createHash } from 'node:crypto';
import { isChunked, withoutChunks } from '../call.js';
import type { AwsAnswer, AwsService } from './service.js';

interface StoredObject {
  bytes: Buffer;
  type: string;
}

/** Buckets that exist as soon as something is asked of them. */
export function s3(): AwsService {
  const objects = new Map<string, StoredObject>();
  return ({ operation, request }) => {
    const path = request.path.join('/');
    const found = objects.get(path);
    switch (operation) {
      case 'PutObject': {
        const bytes = isChunked(request.headers) ? withoutChunks(request.body) : request.body;
        objects.set(path, { bytes, type: request.headers['content-type'] ?? 'binary/octet-stream' });
        return { status: 200, headers: { etag: tag(bytes) }, body: '' };
      }
      case 'GetObject':
      case 'HeadObject':
        return found ? sent(found) : noSuchKey(path);
      case 'DeleteObject':
        objects.delete(path);
        return { status: 204, body: '' };
      case 'ListObjectsV2':
        return listing(request.path[0] ?? '', request.query.get('prefix') ?? '', objects);
      default:
        return undefined;
    }
  };
}

function sent({ bytes, type }: StoredObject): AwsAnswer {
  return {
    status: 200,
    headers: { 'content-type': type, etag: tag(bytes), 'last-modified': 'Thu, 01 Jan 2026 00:00:00 GMT' },
    body: bytes,
  };
}

function noSuchKey(path: string): AwsAnswer {
  const body = `<?xml version="1.0" encoding="UTF-8"?>\n<Error><Code>NoSuchKey</Code><Message>The specified key does not exist.</Message><Key>${escapeXml(path)}</Key></Error>`;
  return { status: 404, headers: { 'content-type': 'application/xml' }, body };
}

function listing(bucket: string, prefix: string, objects: Map<string, StoredObject>): AwsAnswer {
  const entries = [...objects]
    .map(([path, object]) => ({ key: path.slice(bucket.length + 1), bucket: path.split('/')[0], object }))
    .filter((each) => each.bucket === bucket && each.key.startsWith(prefix))
    .sort((one, other) => (one.key < other.key ? -1 : 1));
  const contents = entries.map(
    ({ key, object }) =>
      `<Contents><Key>${escapeXml(key)}</Key><LastModified>2026-01-01T00:00:00.000Z</LastModified><ETag>${escapeXml(tag(object.bytes))}</ETag><Size>${object.bytes.length}</Size><StorageClass>STANDARD</StorageClass></Contents>`,
  );
  const body = `<?xml version="1.0" encoding="UTF-8"?>\n<ListBucketResult><Name>${escapeXml(bucket)}</Name><Prefix>${escapeXml(prefix)}</Prefix><KeyCount>${entries.length}</KeyCount><MaxKeys>1000</MaxKeys><IsTruncated>false</IsTruncated>${contents.join('')}</ListBucketResult>`;
  return { status: 200, headers: { 'content-type': 'application/xml' }, body };
}

function tag(bytes: Buffer): string {
  return `"${createHash('md5').update(bytes).digest('hex')}"`;
}

function escapeXml(text: string): string {
  return text.replace(/[&<>"]/g, (character) => `&#${character.charCodeAt(0)};`);
}
