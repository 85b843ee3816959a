/** Results of earlier runs: a project whose commit and generated files are the same is not installed and started again. */
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Report } from '../../src/index.js';
import type { BootResult } from './boot.js';

type Project = Report['projects'][number];

export class KeptResults {
  private readonly folder: string;

  constructor(
    cache: string,
    private readonly commit: string | undefined,
    private readonly out: string,
  ) {
    this.folder = join(cache, 'results');
  }

  read(project: Project): BootResult | undefined {
    const file = this.fileOf(project);
    return file && existsSync(file) ? (JSON.parse(readFileSync(file, 'utf8')) as BootResult) : undefined;
  }

  write(project: Project, result: BootResult): void {
    const file = this.fileOf(project);
    if (!file) return;
    mkdirSync(this.folder, { recursive: true });
    writeFileSync(file, JSON.stringify(result));
  }

  /** undefined without a commit: then nothing says that the sources are the same. */
  private fileOf({ root, definition, changes }: Project): string | undefined {
    if (this.commit === undefined) return undefined;
    const hash = createHash('sha256').update(JSON.stringify([this.commit, root, definition, process.version]));
    for (const { path, kind } of changes) hash.update(`\0${path}\0`).update(kind === 'delete' ? '' : readFileSync(join(this.out, path)));
    return join(this.folder, `${hash.digest('hex').slice(0, 32)}.json`);
  }
}
