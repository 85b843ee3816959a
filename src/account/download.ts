/** Fetches archives from where the API says they lie. The address is signed and good for ten minutes: it is never told. */
import { BadArchive } from './archive.js';

/** Lambda's bound for the unpacked code, which the archive cannot usefully exceed. */
const maximumBytes = 262_144_000;
const attempts = 4;
const timeout = 120_000;

/**
 * @throws BadArchive saying why there is no archive; it goes on after failures that pass.
 */
export async function download(location: string, signal: AbortSignal | undefined): Promise<Buffer> {
  if (!/^https?:\/\//.test(location)) throw new BadArchive('its address is not one of the web');
  for (let attempt = 1; ; attempt++) {
    signal?.throwIfAborted();
    const answer = await tried(location, signal);
    if (Buffer.isBuffer(answer)) return answer;
    if (!answer.passes || attempt === attempts) throw new BadArchive(answer.reason);
    await new Promise((resolve) => setTimeout(resolve, 200 * 2 ** attempt * (0.5 + Math.random() / 2)));
  }
}

async function tried(location: string, signal: AbortSignal | undefined): Promise<Buffer | { reason: string; passes: boolean }> {
  try {
    const response = await fetch(location, {
      redirect: 'error',
      signal: AbortSignal.any([AbortSignal.timeout(timeout), ...(signal ? [signal] : [])]),
    });
    if (!response.ok || !response.body) {
      await response.body?.cancel();
      const passes = response.status === 429 || response.status >= 500;
      return { reason: `the download was answered with ${response.status}`, passes };
    }
    const chunks: Uint8Array[] = [];
    let size = 0;
    for await (const chunk of response.body) {
      size += chunk.length;
      if (size > maximumBytes) return { reason: 'it is larger than Lambda allows', passes: false };
      chunks.push(chunk);
    }
    return Buffer.concat(chunks);
  } catch {
    signal?.throwIfAborted();
    return { reason: 'the download was cut off', passes: true };
  }
}
