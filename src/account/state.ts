/** What was read so far, one line a function, so that an interrupted run over thousands goes on where it stopped. */
import { existsSync, lstatSync, readdirSync } from 'node:fs';
import { appendFile, mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import { stateFolder } from '../changes/journal.js';
import { UserError } from '../errors.js';
import { type FunctionRecord, recordSchema } from './record.js';

/** What the records were read for; others are not mixed with them. */
const headSchema = z.object({ version: z.literal(1), region: z.string(), endpoint: z.string().nullable(), values: z.boolean() });

export type StateHead = Omit<z.infer<typeof headSchema>, 'version'>;

const endSchema = z.object({ complete: z.literal(true) });

export class AccountState {
  private readonly records = new Map<string, FunctionRecord>();
  /** The last run came to its end: what it read can be out of date by now, except code of the same hash. */
  private complete = false;

  private constructor(private readonly file: string) {}

  /**
   * @throws UserError for a folder that holds anything else: it is the user's, and is not written over.
   */
  static async open(folder: string, head: StateHead): Promise<AccountState> {
    const state = join(folder, stateFolder);
    const file = join(state, 'account.jsonl');
    guardFolder(folder, file);
    const opened = new AccountState(file);
    const known = existsSync(file) ? await opened.load(head) : [];
    await mkdir(state, { recursive: true });
    await writeFile(join(state, '.gitignore'), '*\n');
    const lines = [{ version: 1, ...head }, ...known];
    await writeFile(file, lines.map((line) => `${JSON.stringify(line)}\n`).join(''), { mode: 0o600 });
    return opened;
  }

  /** Lines that a crash cut off, or that do not fit, are read again from the account. */
  private async load(head: StateHead): Promise<FunctionRecord[]> {
    const lines = (await readFile(this.file, 'utf8')).split('\n').filter((line) => line !== '');
    const [first, ...rest] = lines.map(parsed);
    const before = headSchema.safeParse(first);
    if (before.success && (before.data.region !== head.region || before.data.endpoint !== head.endpoint)) {
      throw new UserError(`The folder holds the functions of ${before.data.region}`, 'Give another folder for this region.');
    }
    const usable = before.success && before.data.values === head.values;
    for (const line of rest) {
      const record = recordSchema.safeParse(line);
      if (record.success && usable) this.records.set(record.data.name, record.data);
      else if (endSchema.safeParse(line).success) this.complete = true;
    }
    // Of a run that ended, only the code is taken over, also when the next one is interrupted.
    return [...this.records.values()].map((record) => (this.complete ? { ...record, revision: null } : record));
  }

  /** What an interrupted run read, when the function has not changed since. */
  unchanged(name: string, revision: string | null): FunctionRecord | undefined {
    const known = this.records.get(name);
    return !this.complete && known && revision !== null && known.revision === revision ? known : undefined;
  }

  /** Its code is the one that was unpacked before. */
  sameCode(name: string, hash: string | null): FunctionRecord | undefined {
    const known = this.records.get(name);
    return known?.code !== null && hash !== null && known?.codeSha256 === hash ? known : undefined;
  }

  async add(record: FunctionRecord): Promise<void> {
    this.records.set(record.name, record);
    await appendFile(this.file, `${JSON.stringify(record)}\n`);
  }

  async end(): Promise<void> {
    await appendFile(this.file, `${JSON.stringify({ complete: true })}\n`);
  }
}

function parsed(line: string): unknown {
  try {
    return JSON.parse(line);
  } catch {
    return undefined;
  }
}

function guardFolder(folder: string, file: string): void {
  if (!existsSync(folder)) return;
  const state = join(folder, stateFolder);
  const linked = [state, file].some((path) => lstatSync(path, { throwIfNoEntry: false })?.isSymbolicLink());
  if (linked) throw new UserError(`${stateFolder} is a symbolic link`, 'Remove it, or give another folder.');
  if (existsSync(join(state, 'journal'))) {
    throw new UserError(
      `The folder ${folder} was migrated`,
      'Run it without --from-aws, undo it with "migrate-lambda undo", or give another folder.',
    );
  }
  if (!existsSync(file) && readdirSync(folder).length > 0) {
    throw new UserError(`The folder ${folder} holds other files`, 'Give a new or empty folder for the code of the account.');
  }
}
