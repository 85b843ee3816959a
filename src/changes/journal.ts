import { createHash } from 'node:crypto';
import { existsSync, lstatSync, readdirSync, readFileSync } from 'node:fs';
import { mkdir, open, readdir, rename, rm, rmdir } from 'node:fs/promises';
import { hostname } from 'node:os';
import { join } from 'node:path';
import type { z } from 'zod';
import { UserError } from '../errors.js';
import { lazySchema } from '../lazy-schema.js';
import { Repository } from '../project/repository.js';

/**
 * The record of one write, in `.migrate-lambda/journal/<n>/` of the folder that was migrated:
 * `manifest.json`, `before/<i>` the original files themselves, `after/<i>` the new contents until they are in place.
 * There is no manifest before everything is staged, so that a journal without one means that no file was touched.
 */
const manifestSchema = lazySchema((z) =>
  z.strictObject({
    version: z.literal(1),
    /** `writing`: the process was, or is, at work; files can be in either state. */
    state: z.enum(['writing', 'done']),
    pid: z.number(),
    host: z.string(),
    entries: z.array(
      z.strictObject({
        path: z.string(),
        kind: z.enum(['create', 'modify', 'delete']),
        /** SHA-256 of the file before and after; null when there is none. */
        before: z.string().nullable(),
        after: z.string().nullable(),
      }),
    ),
    /** Folders that the write creates, outermost first. */
    folders: z.array(z.string()),
  }),
);

export type Manifest = z.infer<ReturnType<typeof manifestSchema>>;
export type JournalEntry = Manifest['entries'][number];

export const stateFolder = '.migrate-lambda';

/** One recorded write of a migrated folder. */
export class Journal {
  constructor(
    /** Absolute folder that was migrated. */
    readonly root: string,
    readonly number: number,
  ) {}

  get folder(): string {
    return join(this.root, stateFolder, 'journal', String(this.number));
  }

  original(index: number): string {
    return join(this.folder, 'before', String(index));
  }

  staged(index: number): string {
    return join(this.folder, 'after', String(index));
  }

  /** The manifest, or undefined when the write ended before it touched a file. */
  manifest(): Manifest | undefined {
    const file = join(this.folder, 'manifest.json');
    if (!existsSync(file)) return undefined;
    const parsed = manifestSchema().safeParse(parseJson(readFileSync(file, 'utf8')));
    if (parsed.success && this.isInside(parsed.data)) return parsed.data;
    throw new UserError(
      'The record of the last write is damaged',
      `Put the files of ${join(this.folder, 'before')} back by hand, then remove ${join(this.root, stateFolder)}.`,
      `${stateFolder}/journal/${this.number}/manifest.json`,
    );
  }

  /** The journal lies in the user's folder, which is untrusted: it must not lead out of it, nor through a link. */
  private isInside({ entries, folders }: Manifest): boolean {
    const repository = new Repository(this.root);
    return [...entries.map(({ path }) => path), ...folders].every((path) => path !== '' && repository.resolve('', path) === path);
  }

  /** Puts the manifest in place at once, so that it is whole or not there. */
  async save(manifest: Manifest): Promise<void> {
    const file = join(this.folder, 'manifest.json');
    await writeDurably(`${file}.new`, JSON.stringify(manifest));
    await rename(`${file}.new`, file);
    await syncFolder(this.folder);
  }

  async create(): Promise<void> {
    if (lstatSync(join(this.root, stateFolder), { throwIfNoEntry: false })?.isSymbolicLink()) {
      throw new UserError(`${stateFolder} is a symbolic link`, 'Remove it: the journal must lie in the folder itself.', stateFolder);
    }
    await mkdir(join(this.root, stateFolder, 'journal'), { recursive: true });
    await writeDurably(join(this.root, stateFolder, '.gitignore'), '*\n');
    await mkdir(this.folder);
    await mkdir(join(this.folder, 'before'));
    await mkdir(join(this.folder, 'after'));
  }

  /** New contents are in place: what is left of their staging goes. */
  async dropStaged(): Promise<void> {
    await rm(join(this.folder, 'after'), { recursive: true, force: true }).catch(() => undefined);
  }

  /** Takes the record away, and our folder with it when it was the last. */
  async remove(): Promise<void> {
    await rm(join(this.folder, 'manifest.json'), { force: true });
    await rm(this.folder, { recursive: true, force: true });
    const parent = join(this.root, stateFolder);
    try {
      await rmdir(join(parent, 'journal'));
      if ((await readdir(parent)).join() === '.gitignore') await rm(parent, { recursive: true });
    } catch {
      // Earlier writes are still recorded there.
    }
  }
}

/** The last write of a folder, or undefined when there is none. */
export function lastJournal(root: string): Journal | undefined {
  const numbers = journalNumbers(root);
  return numbers.length > 0 ? new Journal(root, Math.max(...numbers)) : undefined;
}

export function newJournal(root: string): Journal {
  return new Journal(root, Math.max(0, ...journalNumbers(root)) + 1);
}

function journalNumbers(root: string): number[] {
  const folder = join(root, stateFolder, 'journal');
  return existsSync(folder)
    ? readdirSync(folder)
        .filter((name) => /^\d{1,9}$/.test(name))
        .map(Number)
    : [];
}

/** True while the process that writes is still there. */
export function isAtWork(manifest: Manifest): boolean {
  if (manifest.state !== 'writing' || manifest.host !== hostname() || manifest.pid === process.pid) return false;
  try {
    process.kill(manifest.pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}

export function hashOf(content: Buffer | string): string {
  return createHash('sha256').update(content).digest('hex');
}

/** Writes a file and waits until it is on the disk. */
export async function writeDurably(path: string, content: string | Buffer): Promise<void> {
  const file = await open(path, 'w');
  try {
    await file.writeFile(content);
    await file.sync();
  } finally {
    await file.close();
  }
}

/** Makes renames in a folder durable; not every system can. */
export async function syncFolder(path: string): Promise<void> {
  try {
    const folder = await open(path, 'r');
    await folder.sync().finally(() => folder.close());
  } catch {
    // Windows cannot open folders.
  }
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
