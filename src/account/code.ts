/** The deployed code of one function, or of a layer, as a folder. */
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { diagnostic } from '../diagnostics/catalog.js';
import type { Diagnostic } from '../diagnostics/diagnostic.js';
import { BadArchive, unpack, writePackages } from './archive.js';
import { download } from './download.js';
import { restoreSources } from './original-sources.js';
import type { FunctionRecord } from './record.js';

interface FetchedCode {
  code: string | null;
  sourceHandler: string | null;
  diagnostics: Diagnostic[];
}

/**
 * Downloads and unpacks the code of a function.
 * @param root folder of the account; `folder` is relative to it.
 */
export async function fetchCode(
  record: FunctionRecord,
  location: string | undefined,
  { root, folder, signal }: { root: string; folder: string; signal: AbortSignal | undefined },
): Promise<FetchedCode> {
  const { name, handler } = record;
  const failed = (reason: string) => ({
    code: null,
    sourceHandler: null,
    diagnostics: [diagnostic('ACCOUNT_CODE_UNREAD', { args: { function: name, reason }, function: name })],
  });
  if (location === undefined) return failed('the API did not tell where it is');
  const absolute = join(root, folder);
  try {
    const { packages } = await unpack(await download(location, signal), absolute);
    const restored = handler === null ? undefined : await restoreSources(absolute, handler);
    const known = { ...restored?.packages, ...packages };
    if (Object.keys(known).length > 0 && !existsSync(join(absolute, 'package.json'))) await writePackages(absolute, known);
    const diagnostics = restored
      ? [diagnostic('ACCOUNT_SOURCES_RESTORED', { args: { function: name, count: restored.files }, function: name })]
      : [];
    return { code: folder, sourceHandler: restored?.handler ?? null, diagnostics };
  } catch (error) {
    if (error instanceof BadArchive) return failed(error.message);
    throw error;
  }
}

/** A version of a layer never changes, so that a folder that is there is right. */
export async function fetchLayer(location: string, root: string, folder: string, signal: AbortSignal | undefined): Promise<void> {
  const absolute = join(root, folder);
  if (existsSync(absolute)) return;
  const { packages } = await unpack(await download(location, signal), absolute);
  if (Object.keys(packages).length > 0 && !existsSync(join(absolute, 'nodejs/package.json')) && !existsSync(join(absolute, 'package.json')))
    await writePackages(absolute, packages);
}
