import { promisify } from 'node:util';
import { deflate, gzip } from 'node:zlib';
import type { Compress } from './types.js';

const codings = new Map([
  ['gzip', promisify(gzip)],
  ['deflate', promisify(deflate)],
]);

/** Compresses bodies of this many bytes and more, as a REST API with a minimum compression size did. */
export function compress(fromBytes: number): Compress {
  return (body, accepted) => {
    const coding = preferred(accepted);
    const encode = codings.get(coding);
    if (!encode || Buffer.byteLength(body) < fromBytes) return undefined;
    return encode(body).then((bytes) => ({ coding, body: bytes }));
  };
}

/** The coding that the client likes best: another one is not tried when the gateway does not know it. */
function preferred(accepted: string | undefined): string {
  let best = { coding: '', quality: 0 };
  for (const each of (accepted ?? '').split(',')) {
    const [coding = '', ...parameters] = each.split(';').map((part) => part.trim().toLowerCase());
    const quality = Number(/^q=([\d.]+)$/.exec(parameters.find((part) => part.startsWith('q=')) ?? '')?.[1] ?? 1);
    if (quality > best.quality) best = { coding, quality };
  }
  return best.coding;
}
