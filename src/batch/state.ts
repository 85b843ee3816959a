import { existsSync, readFileSync } from 'node:fs';
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import writeFileAtomic from 'write-file-atomic';
import { z } from 'zod';
import { UserError } from '../errors.js';
import type { Report } from '../reports/json.js';
import type { RepositoryResult } from './job.js';

const count = z.number().int().nonnegative();

const resultSchema = z.strictObject({
  id: z.string(),
  name: z.string(),
  outcome: z.enum(['migrated', 'unchanged', 'failed']),
  workLeft: z.boolean(),
  branch: z.string().nullable(),
  commit: z.string().nullable(),
  folder: z.string(),
  summary: z
    .strictObject({ projects: count, functions: count, migrated: count, stays: count, needsPerson: count, failed: count })
    .nullable(),
  findings: z.record(z.string(), count),
  notes: z.array(z.string()),
  error: z.strictObject({ message: z.string(), advice: z.string(), place: z.string().optional() }).nullable(),
});

const stateSchema = z.strictObject({ version: z.literal(1), results: z.record(z.string(), resultSchema) });

/**
 * What a batch has done so far, in `state.json` of its work folder, beside `clones/<id>` and `reports/<id>.json`. It is replaced
 * at once after every repository, so that an interruption loses at most the one that was at work.
 */
export class BatchState {
  private readonly results = new Map<string, RepositoryResult>();

  constructor(
    /** Absolute. */
    readonly work: string,
  ) {}

  clone(id: string): string {
    return join(this.work, 'clones', id);
  }

  report(id: string): string {
    return join(this.work, 'reports', `${id}.json`);
  }

  /** True when an earlier batch left its state here. */
  exists(): boolean {
    return existsSync(this.file);
  }

  /** @throws UserError when the state is damaged. */
  load(): void {
    const parsed = stateSchema.safeParse(parse(readFileSync(this.file, 'utf8')));
    if (!parsed.success) throw new UserError('The state of the batch is damaged', 'Start again with another --work folder.', this.file);
    for (const [id, result] of Object.entries(parsed.data.results)) {
      const { place, ...told } = result.error ?? { message: '', advice: '' };
      this.results.set(id, { ...result, error: result.error && { ...told, ...(place !== undefined && { place }) } });
    }
  }

  get(id: string): RepositoryResult | undefined {
    return this.results.get(id);
  }

  async add(result: RepositoryResult, report: Report | null): Promise<void> {
    if (report) {
      await mkdir(join(this.work, 'reports'), { recursive: true });
      await writeFileAtomic(this.report(result.id), `${JSON.stringify(report)}\n`);
    }
    this.results.set(result.id, result);
    await this.save();
  }

  async save(): Promise<void> {
    await mkdir(this.work, { recursive: true });
    await writeFileAtomic(this.file, JSON.stringify({ version: 1, results: Object.fromEntries(this.results) }));
  }

  private get file(): string {
    return join(this.work, 'state.json');
  }
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
