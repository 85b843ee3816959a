/** Archives of deployed code → files of a folder. An archive is untrusted: bounds on all it holds, no path out, no links. */
import { createWriteStream } from 'node:fs';
import { mkdir, rename, rm } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { Transform } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import semver from 'semver';
import writeFileAtomic from 'write-file-atomic';
import { type Entry, fromBufferPromise, type ZipFile } from 'yauzl';

/** Lambda allows 250 MB unpacked; a layer and a function together no more. */
const bounds = { bytes: 262_144_000, entries: 100_000, file: 50 * 1024 * 1024, path: 1_000, depth: 40 };

/** Why an archive was not unpacked; nothing of it is kept then. */
export class BadArchive extends Error {
  override readonly name = 'BadArchive';
}

export interface Unpacked {
  files: number;
  /** Packages at the top of `node_modules` with their versions: they are installed again, not kept. */
  packages: Record<string, string>;
}

const fileType = 0o170000;
const symbolicLink = 0o120000;

/**
 * Unpacks an archive into a folder that is not there yet, or gives it up whole.
 * @throws BadArchive when it is no archive, holds a path that leads out, or more than Lambda allows.
 */
export async function unpack(archive: Buffer, folder: string): Promise<Unpacked> {
  const partial = `${folder}.partial`;
  await rm(partial, { recursive: true, force: true });
  try {
    await mkdir(partial, { recursive: true });
    const unpacked = await entriesInto(archive, partial);
    await rm(folder, { recursive: true, force: true });
    await rename(partial, folder);
    return unpacked;
  } catch (error) {
    await rm(partial, { recursive: true, force: true });
    if (error instanceof BadArchive) throw error;
    throw new BadArchive(reasonOf(error));
  }
}

function reasonOf(error: unknown): string {
  const message = error instanceof Error ? error.message : '';
  if (/relative path|absolute path|invalid characters/.test(message)) return 'it holds a path that leads out of its folder';
  if ((error as NodeJS.ErrnoException).code === 'ENOSPC') return 'the disk is full';
  return 'it is not a whole zip archive';
}

async function entriesInto(archive: Buffer, folder: string): Promise<Unpacked> {
  const zip = await fromBufferPromise(archive, { strictFileNames: false, validateEntrySizes: true });
  const packages = new Map<string, string>();
  const budget = { bytes: bounds.bytes, entries: bounds.entries };
  const written = new Set<string>();
  for await (const entry of zip.eachEntry()) {
    if (--budget.entries < 0) throw new BadArchive('it holds too many files');
    const path = pathOf(entry);
    if (entry.fileName.endsWith('/') || path === undefined) continue;
    const name = packageOf(path);
    if (name !== undefined) packages.set(name, await versionIn(zip, entry, budget));
    if (/(^|\/)node_modules\//.test(path) || isLink(entry)) continue;
    // A name given twice: the first counts, as nothing may be written over what is there.
    if (written.size === written.add(path).size) continue;
    await writeEntry(zip, entry, join(folder, path), budget);
  }
  const known = [...packages].filter(([, version]) => version !== '').sort(([a], [b]) => (a < b ? -1 : 1));
  return { files: written.size, packages: Object.fromEntries(known) };
}

/** @throws BadArchive for a path that no build makes. */
function pathOf({ fileName }: Entry): string | undefined {
  const parts = fileName.split('/').filter((part) => part !== '' && part !== '.');
  if (fileName.length > bounds.path || parts.length > bounds.depth) throw new BadArchive('it holds a path that is far too long');
  const leadsOut = parts.includes('..') || /[\0]/.test(fileName) || /^([A-Za-z]:|\/)/.test(fileName);
  if (leadsOut) throw new BadArchive('it holds a path that leads out of its folder');
  return parts.length === 0 ? undefined : parts.join('/');
}

/** The upper half holds the mode where the archive was made on a system that has one. */
function isLink({ externalFileAttributes }: Entry): boolean {
  return ((externalFileAttributes >>> 16) & fileType) === symbolicLink;
}

/** `node_modules/@scope/name/package.json`, also below `nodejs/` of a layer → `@scope/name`. */
function packageOf(path: string): string | undefined {
  return /^(?:nodejs\/(?:node\d+\/)?)?node_modules\/((?:@[a-z0-9-~][\w.~-]*\/)?[a-z0-9-~][\w.~-]*)\/package\.json$/i.exec(path)?.[1];
}

/** '' for a package.json that has none. */
async function versionIn(zip: ZipFile, entry: Entry, budget: { bytes: number }): Promise<string> {
  if (entry.uncompressedSize > 1024 * 1024) return '';
  const chunks: Buffer[] = [];
  const stream = await zip.openReadStreamPromise(entry);
  for await (const chunk of stream) chunks.push(spent(chunk as Buffer, budget));
  try {
    const { version } = JSON.parse(Buffer.concat(chunks).toString('utf8')) as { version?: unknown };
    return typeof version === 'string' && semver.valid(version) !== null ? version : '';
  } catch {
    return '';
  }
}

async function writeEntry(zip: ZipFile, entry: Entry, target: string, budget: { bytes: number }): Promise<void> {
  if (entry.uncompressedSize > bounds.file) return;
  await mkdir(dirname(target), { recursive: true });
  const counted = new Transform({
    transform(chunk: Buffer, _encoding, done) {
      try {
        done(null, spent(chunk, budget));
      } catch (error) {
        done(error as Error);
      }
    },
  });
  await pipeline(await zip.openReadStreamPromise(entry), counted, createWriteStream(target, { flags: 'wx', mode: 0o644 }));
}

function spent(chunk: Buffer, budget: { bytes: number }): Buffer {
  budget.bytes -= chunk.length;
  if (budget.bytes < 0) throw new BadArchive('it is larger than Lambda allows');
  return chunk;
}

/** The package.json that code came without: what was installed beside it, at the versions that were. */
export async function writePackages(folder: string, packages: Readonly<Record<string, string>>): Promise<void> {
  const content = { private: true, dependencies: packages };
  await writeFileAtomic(join(folder, 'package.json'), `${JSON.stringify(content, null, 2)}\n`);
}
